/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.web;

import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.security.SecureRandom;
import java.util.regex.Pattern;

/**
 * Makes sockets with a stream of XMPP (RFC 6120) over a WebSocket, or over BOSH, for a client that
 * speaks XMPP over TCP and does not negotiate TLS. Only {@link #createSocket()} is there; the
 * socket's {@code connect} takes any address and goes where these lead, within the timeout that it
 * is given, or 30 s, and throws {@link WebException} if it cannot. What breaks the connection later
 * is thrown to whoever reads, as a {@link WebException} as well. Thread-safe.
 *
 * <p>A socket's output waits while half a megabyte was not sent yet; nothing more is taken from the
 * server while 256 KiB were not read yet. Elements of up to 1 MiB are taken, either way. Closing a
 * socket wakes whoever reads, writes or connects.
 */
public final class XmppSockets extends UnconnectedSockets {
  /** A domain goes into XML; internationalized ones are written in ASCII there. */
  private static final Pattern DOMAIN = Pattern.compile("[A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+]");

  private static final SecureRandom RANDOM = new SecureRandom();

  private interface Maker {
    StreamSocket make() throws SocketException;
  }

  private final String words;
  private final Maker maker;

  private XmppSockets(String words, Maker maker) {
    this.words = words;
    this.maker = maker;
  }

  /**
   * Sockets over a WebSocket (RFC 7395).
   *
   * @param uri {@code wss}; its query goes to the server as it is
   * @throws WebException if it is another scheme, or not an address
   */
  public static XmppSockets overWebSocket(WebClient web, URI uri) throws WebException {
    web.requireSecure(uri, "wss", "ws");
    Object unused = WebClient.httpUrl(uri);
    return new XmppSockets(
        "WebSocket at " + WebClient.authority(uri), () -> new WebSocketStreamSocket(web, uri));
  }

  /**
   * Sockets over BOSH (XEP-0124, XEP-0206).
   *
   * @param uri {@code https}; its query goes to the server as it is
   * @param domain XMPP domain that the stream is for
   * @throws WebException if it is another scheme, or not an address, or the domain is none
   */
  public static XmppSockets overBosh(WebClient web, URI uri, String domain) throws WebException {
    web.requireSecure(uri, "https", "http");
    Object unused = WebClient.httpUrl(uri);
    if (!DOMAIN.matcher(domain).matches()) {
      throw WebException.malformed("no domain: " + WebException.printable(domain));
    }
    return new XmppSockets(
        "BOSH at " + WebClient.authority(uri),
        () -> new BoshStreamSocket(web, uri, domain, RANDOM));
  }

  /**
   * Returns sockets that use others, if these cannot be opened, with half of the time for each. If
   * that is because of what the certificate says, the others are not tried. The choice is made anew
   * for each socket.
   */
  public XmppSockets orElse(XmppSockets others) {
    return new XmppSockets(
        words + ", else " + others.words,
        () -> new AlternativesSocket(maker.make(), others.maker.make()));
  }

  @Override
  public Socket createSocket() throws SocketException {
    return maker.make();
  }

  /** Without the query, which may have a token. */
  @Override
  public String toString() {
    return words;
  }
}
