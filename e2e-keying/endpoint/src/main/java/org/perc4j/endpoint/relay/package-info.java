/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Servers that tell an endpoint its public address (STUN, RFC 8489) and that relay what it sends
 * and receives (TURN, RFC 8656), over UDP, TCP and TLS. Knows neither ICE nor XMPP.
 */
@NullMarked
@CheckReturnValue
package org.perc4j.endpoint.relay;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
