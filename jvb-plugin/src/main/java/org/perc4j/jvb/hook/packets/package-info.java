/* SPDX-License-Identifier: Apache-2.0 */
/**
 * What a packet remembers on its way, what must not read it, and the last guard before it leaves.
 */
@NullMarked
@CheckReturnValue
package org.perc4j.jvb.hook.packets;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
