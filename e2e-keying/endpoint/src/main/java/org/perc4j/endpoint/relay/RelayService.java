/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.relay;

import java.time.Instant;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A STUN or TURN server, and what it asks for. Immutable.
 *
 * @param host a name or an IP address, for which the certificate has to be if there is TLS
 * @param port 1 to 65535
 * @param username for TURN, or null
 * @param password for TURN, or null
 * @param expires when user name and password are not taken any more, or null if that was not told
 */
public record RelayService(
    Kind kind,
    String host,
    int port,
    Transport transport,
    @Nullable String username,
    @Nullable String password,
    @Nullable Instant expires) {
  /** The longest user name in octets (RFC 8489, section 14.3), which is enough for the others. */
  public static final int MAX_CREDENTIAL_BYTES = 508;

  private static final int MAX_PORT = 0xFFFF;

  /** Letters, digits, and what stands in names and in IPv6 addresses; as long as names can be. */
  private static final Pattern HOST = Pattern.compile("[0-9A-Za-z:][0-9A-Za-z._:-]{0,252}");

  /** What a server does, and whether TLS protects the way to it. */
  public enum Kind {
    /** Tells addresses. */
    STUN("stun", false, 3478),
    /** Tells addresses, over TLS. */
    STUNS("stuns", true, 5349),
    /** Relays. */
    TURN("turn", false, 3478),
    /** Relays, over TLS. */
    TURNS("turns", true, 5349);

    private final String token;
    private final boolean secure;
    private final int defaultPort;

    Kind(String token, boolean secure, int defaultPort) {
      this.token = token;
      this.secure = secure;
      this.defaultPort = defaultPort;
    }

    /** Returns the scheme of its URIs (RFC 7064, RFC 7065). */
    public String token() {
      return token;
    }

    /** Whether there is TLS, or DTLS over UDP. */
    public boolean isSecure() {
      return secure;
    }

    /** Whether it relays. */
    public boolean isRelay() {
      return this == TURN || this == TURNS;
    }

    /** Returns the port if none is told. */
    public int defaultPort() {
      return defaultPort;
    }
  }

  /** What lies below STUN, or below TLS. */
  public enum Transport {
    /** Datagrams. */
    UDP("udp"),
    /** A stream. */
    TCP("tcp");

    private final String token;

    Transport(String token) {
      this.token = token;
    }

    /** Returns its name in URIs and in XMPP. */
    public String token() {
      return token;
    }
  }

  /** Checks the ranges. */
  public RelayService {
    if (!HOST.matcher(host).matches()) {
      throw new IllegalArgumentException("not a host");
    }
    if (port < 1 || port > MAX_PORT) {
      throw new IllegalArgumentException("port " + port);
    }
    if (!isCredential(username) || !isCredential(password)) {
      throw new IllegalArgumentException("a user name or password that can not be one");
    }
  }

  private static boolean isCredential(@Nullable String text) {
    // Time-limited ones are digits, a colon and a name; and Base64. Others would need PRECIS.
    return text == null
        || (!text.isEmpty()
            && text.length() <= MAX_CREDENTIAL_BYTES
            && text.chars().allMatch(character -> character >= ' ' && character <= '~'));
  }

  /** Returns its URI (RFC 7064, RFC 7065), which tells no secret. */
  public String uri() {
    String authority = host.indexOf(':') < 0 ? host : "[" + host + "]";
    return kind.token() + ":" + authority + ":" + port + "?transport=" + transport.token();
  }

  /** The same as {@link #uri()}: user names and passwords do not get into logs. */
  @Override
  public String toString() {
    return uri();
  }
}
