/* SPDX-License-Identifier: Apache-2.0 */
/** What the plugin keeps on a packet for as long as that is inside the bridge. */
@NullMarked
@CheckReturnValue
package org.perc4j.jvb.packet;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
