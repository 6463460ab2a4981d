/* SPDX-License-Identifier: Apache-2.0 */
/**
 * How the plugin gets into the bridge. Each concern has a package below this one: a module, which
 * names the bridge's methods and has the advice that goes into them, and the hooks that the advice
 * calls.
 */
@NullMarked
@CheckReturnValue
package org.perc4j.jvb.hook;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
