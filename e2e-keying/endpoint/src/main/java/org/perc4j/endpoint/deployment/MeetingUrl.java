/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.deployment;

import java.io.ByteArrayOutputStream;
import java.net.IDN;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.perc4j.endpoint.deployment.MeetingUrlException.Fault;
import org.perc4j.endpoint.web.WebException;

/**
 * The URL of a meeting: {@code https://HOST[:PORT]/[TENANT/]ROOM[?jwt=TOKEN]}, or the same with a
 * scheme by which Jitsi's applications are opened, which stands for https. What is in the query
 * besides the token, and the fragment, with which people change a browser's configuration, is
 * ignored. Immutable.
 */
public final class MeetingUrl {
  private static final Pattern PARTS =
      Pattern.compile(
          "(?:([A-Za-z][A-Za-z0-9+.-]*)://)?([^/?#]*)([^?#]*)(?:\\?([^#]*))?(?:#.*)?",
          Pattern.DOTALL);
  private static final Pattern AUTHORITY =
      Pattern.compile("(\\[[0-9A-Fa-f:.]+]|[^:\\[\\]]*)(?::([0-9]*))?");
  private static final Pattern HOST_NAME =
      Pattern.compile(
          "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*\\.?");

  /** Links to Jitsi's applications, on desktops and on phones. */
  private static final Set<String> APPLICATIONS = Set.of("jitsi-meet", "org.jitsi.meet");

  private static final Pattern TENANT = Pattern.compile("[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)*");
  private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9._~=-]{1,8192}");

  /** Browsers' clients take these out of a path; they can be no part of a JID or mean something. */
  private static final Pattern LEFT_OUT = Pattern.compile("[:?#\\[\\]@!$&'()*+,;=></\"]");

  /** As in JavaScript's {@code encodeURIComponent}. */
  private static final String NOT_ENCODED = "-_.!~*'()";

  private static final int MAX_LOCAL_PART_BYTES = 1023;
  private static final int MAX_HOST_CHARS = 253;
  private static final int MAX_TENANT_CHARS = 63;
  private static final int MAX_URL_CHARS = 16 * 1024;
  private static final int MAX_PORT = 65_535;

  private final String scheme;
  private final String host;
  private final int port;
  private final @Nullable String tenant;
  private final String room;
  private final @Nullable String token;

  private MeetingUrl(
      String scheme,
      String host,
      int port,
      @Nullable String tenant,
      String room,
      @Nullable String token) {
    this.scheme = scheme;
    this.host = host;
    this.port = port;
    this.tenant = tenant;
    this.room = room;
    this.token = token;
  }

  /**
   * Reads what a person gave. White space around it does not matter.
   *
   * @throws MeetingUrlException if it is none
   */
  public static MeetingUrl parse(String text) throws MeetingUrlException {
    return parse(text, true);
  }

  /** Takes {@code http} as well, for tests. */
  static MeetingUrl parse(String text, boolean requiresTls) throws MeetingUrlException {
    Matcher parts = PARTS.matcher(text.strip());
    if (text.length() > MAX_URL_CHARS || !parts.matches()) {
      throw new MeetingUrlException(Fault.PATH, "the URL is too long");
    }
    String scheme = scheme(parts.group(1), requiresTls);
    String authority = group(parts, 2);
    if (authority.indexOf('@') >= 0) {
      throw new MeetingUrlException(Fault.USER_INFO, "the URL names a user in front of the host");
    }
    Matcher hostAndPort = AUTHORITY.matcher(authority);
    if (!hostAndPort.matches()) {
      throw noHost(authority);
    }
    String host = host(group(hostAndPort, 1));
    int port = port(hostAndPort.group(2));
    String[] path = group(parts, 3).split("/", -1);
    if (path.length < 2 || path[path.length - 1].isEmpty()) {
      throw noRoom();
    }
    if (path.length > 3) {
      throw new MeetingUrlException(
          Fault.PATH, "the URL has more in its path than a tenant and a room");
    }
    String tenant = path.length == 3 ? tenant(path[1]) : null;
    String room = room(path[path.length - 1]);
    return new MeetingUrl(scheme, host, port, tenant, room, token(group(parts, 4)));
  }

  private static String group(Matcher matcher, int group) {
    String text = matcher.group(group);
    return text == null ? "" : text;
  }

  private static String scheme(@Nullable String scheme, boolean requiresTls)
      throws MeetingUrlException {
    if (scheme == null) {
      throw new MeetingUrlException(Fault.NO_SCHEME, "the URL does not begin with https://");
    }
    String lower = scheme.toLowerCase(Locale.ROOT);
    if (APPLICATIONS.contains(lower)) {
      return "https";
    }
    if (lower.equals("http") && requiresTls) {
      throw new MeetingUrlException(Fault.NOT_SECURE, "the URL is http://, only https:// is taken");
    }
    if (!lower.equals("https") && !lower.equals("http")) {
      throw new MeetingUrlException(
          Fault.OTHER_SCHEME, "the URL is " + lower + "://, only https:// is taken");
    }
    return lower;
  }

  private static String host(String written) throws MeetingUrlException {
    try {
      String host =
          (written.startsWith("[") ? written : IDN.toASCII(written)).toLowerCase(Locale.ROOT);
      boolean isAddress = host.startsWith("[");
      // The class for URIs is stricter about numbers, and has no host then.
      if ((isAddress || (host.length() <= MAX_HOST_CHARS && HOST_NAME.matcher(host).matches()))
          && host.equals(new URI("https://" + host + "/").getHost())) {
        return host;
      }
    } catch (IllegalArgumentException | URISyntaxException e) {
      throw noHost(written);
    }
    throw noHost(written);
  }

  private static MeetingUrlException noHost(String written) {
    return new MeetingUrlException(
        Fault.HOST,
        written.isEmpty()
            ? "the URL names no host"
            : "the URL names no host: " + WebException.printable(written));
  }

  private static int port(@Nullable String written) throws MeetingUrlException {
    if (written == null || written.isEmpty()) {
      return -1;
    }
    int port = written.length() > 5 ? 0 : Integer.parseInt(written);
    if (port < 1 || port > MAX_PORT) {
      throw new MeetingUrlException(Fault.PORT, "the URL has no port from 1 to 65535");
    }
    return port;
  }

  private static MeetingUrlException noRoom() {
    return new MeetingUrlException(Fault.NO_ROOM, "the URL names no room");
  }

  private static String tenant(String written) throws MeetingUrlException {
    String tenant = LEFT_OUT.matcher(written).replaceAll("");
    if (tenant.length() > MAX_TENANT_CHARS || !TENANT.matcher(tenant).matches()) {
      throw new MeetingUrlException(
          Fault.TENANT, "the URL has no valid tenant: " + WebException.printable(written));
    }
    return tenant;
  }

  private static String room(String written) throws MeetingUrlException {
    String decoded = decode(LEFT_OUT.matcher(written).replaceAll(""));
    String normal = Normalizer.normalize(decoded, Normalizer.Form.NFKC).toLowerCase(Locale.ROOT);
    // JavaScript leaves it as it is, and no JID can have it.
    String room = encode(normal).replace("'", "").toLowerCase(Locale.ROOT);
    if (room.isBlank()) {
      throw noRoom();
    }
    if (room.length() > MAX_LOCAL_PART_BYTES
        || normal.codePoints().anyMatch(MeetingUrl::isControl)) {
      throw new MeetingUrlException(
          Fault.ROOM, "the room's name is too long, or has control characters");
    }
    return room;
  }

  private static boolean isControl(int codePoint) {
    return Character.getType(codePoint) == Character.CONTROL;
  }

  private static String decode(String text) throws MeetingUrlException {
    byte[] octets = text.getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream decoded = new ByteArrayOutputStream();
    for (int i = 0; i < octets.length; i++) {
      if (octets[i] != '%') {
        decoded.write(octets[i]);
        continue;
      }
      int high = i + 2 < octets.length ? Character.digit(octets[i + 1], 16) : -1;
      int low = i + 2 < octets.length ? Character.digit(octets[i + 2], 16) : -1;
      if (high < 0 || low < 0) {
        throw badEncoding();
      }
      decoded.write(high << 4 | low);
      i += 2;
    }
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(decoded.toByteArray()))
          .toString();
    } catch (CharacterCodingException e) {
      throw badEncoding();
    }
  }

  private static MeetingUrlException badEncoding() {
    return new MeetingUrlException(
        Fault.ENCODING, "the room's name in the URL is not encoded correctly");
  }

  private static String encode(String text) {
    StringBuilder encoded = new StringBuilder();
    for (byte octet : text.getBytes(StandardCharsets.UTF_8)) {
      char character = (char) (octet & 0xFF);
      if ((character < 0x80 && Character.isLetterOrDigit(character))
          || NOT_ENCODED.indexOf(character) >= 0) {
        encoded.append(character);
      } else {
        encoded.append('%').append(String.format(Locale.ROOT, "%02x", (int) character));
      }
    }
    return encoded.toString();
  }

  private static @Nullable String token(String query) throws MeetingUrlException {
    for (String parameter : query.split("&", -1)) {
      if (parameter.startsWith("jwt=")) {
        String token = parameter.substring("jwt=".length());
        if (!TOKEN.matcher(token).matches()) {
          throw new MeetingUrlException(Fault.TOKEN, "the URL has no valid token behind jwt=");
        }
        return token;
      }
    }
    return null;
  }

  /** Returns the host in ASCII and lower case; an IPv6 address is in brackets. */
  public String host() {
    return host;
  }

  /** Returns the port that is written, or -1 if none is. */
  public int port() {
    return port;
  }

  /** Returns the tenant as it is written, or null if there is none. */
  public @Nullable String tenant() {
    return tenant;
  }

  /**
   * Returns the room's name as Jitsi's clients make the address of it: normalized (NFKC), in lower
   * case, and what is not ASCII encoded as in URLs, so that it can be the local part of a JID and
   * stand in a query.
   */
  public String room() {
    return room;
  }

  /** Returns the token (JWT), or null if there is none. It is a secret. */
  public @Nullable String token() {
    return token;
  }

  /**
   * Returns an address on the meeting's host.
   *
   * @param path begins with a slash
   */
  URI at(String path) {
    return URI.create(scheme + "://" + host + (port < 0 ? "" : ":" + port) + path);
  }

  /** For people, without the token. */
  @Override
  public String toString() {
    String path = room;
    for (char leftOut : "!*()".toCharArray()) {
      path = path.replace(String.valueOf(leftOut), "%" + Integer.toHexString(leftOut));
    }
    return at("/" + (tenant == null ? "" : tenant + "/") + path).toString();
  }
}
