/* SPDX-License-Identifier: Apache-2.0 */
/** What the scenarios rely on. */
@NullMarked
@CheckReturnValue
package org.perc4j.it.harness;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
