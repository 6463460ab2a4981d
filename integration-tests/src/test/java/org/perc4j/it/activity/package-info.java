/* SPDX-License-Identifier: Apache-2.0 */
/** Whether the measurements measure. */
@NullMarked
@CheckReturnValue
package org.perc4j.it.activity;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
