/* SPDX-License-Identifier: Apache-2.0 */
/** Peers that break the rules of the handshake. */
@NullMarked
@CheckReturnValue
package org.perc4j.it.transport;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
