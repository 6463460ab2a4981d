/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Checks that the bridge at hand has every class and member that the plugin was compiled against.
 */
@NullMarked
@CheckReturnValue
package org.perc4j.jvb.compat;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
