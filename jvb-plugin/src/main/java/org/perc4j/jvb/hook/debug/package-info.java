/* SPDX-License-Identifier: Apache-2.0 */
/** What the bridge's debug pages tell of the plugin. */
@NullMarked
@CheckReturnValue
package org.perc4j.jvb.hook.debug;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
