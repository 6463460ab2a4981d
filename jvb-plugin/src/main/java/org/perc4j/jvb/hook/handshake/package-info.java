/* SPDX-License-Identifier: Apache-2.0 */
/** Which profiles a handshake offers and takes, and what becomes of its keys. */
@NullMarked
@CheckReturnValue
package org.perc4j.jvb.hook.handshake;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
