/* SPDX-License-Identifier: Apache-2.0 */
/** Conferences of many sessions in one process. */
@NullMarked
@CheckReturnValue
package org.perc4j.it.keying;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
