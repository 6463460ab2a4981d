/* SPDX-License-Identifier: Apache-2.0 */
/**
 * What audio levels and packet sizes tell a bridge, and what it needs of them: the measurements.
 */
@NullMarked
@CheckReturnValue
package org.perc4j.it.activity;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
