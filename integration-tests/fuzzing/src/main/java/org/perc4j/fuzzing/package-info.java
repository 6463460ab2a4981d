/* SPDX-License-Identifier: Apache-2.0 */
/** Runs the fuzz targets of other modules' tests; never shipped. */
@NullMarked
@CheckReturnValue
package org.perc4j.fuzzing;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
