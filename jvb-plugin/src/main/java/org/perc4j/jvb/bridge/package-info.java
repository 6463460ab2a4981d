/* SPDX-License-Identifier: Apache-2.0 */
/** What classes of the plugin that extend those of the bridge say of themselves. */
@NullMarked
@CheckReturnValue
package org.perc4j.jvb.bridge;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
