/* SPDX-License-Identifier: Apache-2.0 */
/** Conferences on a real bridge. */
@NullMarked
@CheckReturnValue
package org.perc4j.it.scenario;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
