/* SPDX-License-Identifier: Apache-2.0 */
/** What the bridge's pages tell of the plugin. */
@NullMarked
@CheckReturnValue
package org.perc4j.jvb.hook.pages;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
