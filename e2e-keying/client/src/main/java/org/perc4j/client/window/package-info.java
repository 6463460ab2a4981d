/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The client in a window: who speaks large, the others small, and a sign of how private it is.
 * Components are made and changed on Swing's thread only.
 */
@NullMarked
@CheckReturnValue
package org.perc4j.client.window;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
