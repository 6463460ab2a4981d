/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Where the plugin is called from inside the bridge: the list of hooked methods and one advice
 * class for each kind.
 */
@NullMarked
@CheckReturnValue
package org.perc4j.jvb.hook;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
