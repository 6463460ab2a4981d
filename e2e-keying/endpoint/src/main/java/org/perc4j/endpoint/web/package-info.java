/* SPDX-License-Identifier: Apache-2.0 */
/**
 * XMPP as it is let through to browsers: over a WebSocket (RFC 7395), else over HTTP requests that
 * are held (BOSH, XEP-0124 and XEP-0206). Both are made to look like a TCP socket with a stream of
 * RFC 6120, so that whatever speaks XMPP over TCP can use them.
 *
 * <pre>
 *   {@link org.perc4j.endpoint.web.WebClient}    whom to trust, how long to wait; requests
 *   {@link org.perc4j.endpoint.web.XmppSockets}  makes the sockets
 *   {@link org.perc4j.endpoint.web.WebException} says what went wrong
 * </pre>
 *
 * <p>TLS and a certificate for the host are required. Every octet from a server is taken for an
 * attack: sizes and queues are bounded, and what is malformed breaks the connection.
 */
@NullMarked
@CheckReturnValue
package org.perc4j.endpoint.web;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
