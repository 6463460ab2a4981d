/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.deployment;

import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.jxmpp.jid.impl.JidCreate;
import org.jxmpp.stringprep.XmppStringprepException;
import org.perc4j.endpoint.deployment.DeploymentException.Reason;
import org.perc4j.endpoint.web.WebException;

/**
 * What a deployment's {@code config.js} says of its servers. It is a script for browsers; here it
 * is read without being run. Values that cannot be told that way, and those that are not there, are
 * what Jitsi's packages have unless told. Immutable.
 */
public final class DeploymentConfiguration {
  private static final String DOMAIN = "hosts.domain";
  private static final String ANONYMOUS_DOMAIN = "hosts.anonymousdomain";
  private static final String AUTHENTICATED_DOMAIN = "hosts.authdomain";
  private static final String ROOMS = "hosts.muc";
  private static final String FOCUS = "hosts.focus";
  private static final String WEBSOCKET = "websocket";
  private static final String BOSH = "bosh";
  private static final String KEEPALIVE = "websocketKeepAliveUrl";
  private static final String CONFERENCE_REQUEST = "conferenceRequestUrl";
  private static final String FOCUS_USER = "focusUserJid";

  private static final Set<String> WANTED =
      Set.of(
          DOMAIN,
          ANONYMOUS_DOMAIN,
          AUTHENTICATED_DOMAIN,
          ROOMS,
          FOCUS,
          WEBSOCKET,
          BOSH,
          KEEPALIVE,
          CONFERENCE_REQUEST,
          FOCUS_USER);

  /** A name of RFC 1035, or an address of IPv6; others are written in ASCII (RFC 5891). */
  private static final Pattern DOMAIN_NAME =
      Pattern.compile("[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)*\\.?|\\[[0-9A-Fa-f:.]+]");

  private final MeetingUrl url;
  private final Map<String, String> values;
  private final List<String> unread;

  private DeploymentConfiguration(MeetingUrl url, Map<String, String> values, List<String> unread) {
    this.url = url;
    this.values = values;
    this.unread = unread;
  }

  /**
   * Reads a {@code config.js}.
   *
   * @param url the meeting's, for what depends on its host and tenant
   * @throws DeploymentException if there is no configuration in it, or not a valid one
   */
  public static DeploymentConfiguration parse(String script, MeetingUrl url)
      throws DeploymentException {
    String tenant = url.tenant();
    // Jitsi's web server writes these into the script, which changes them by calling methods.
    Map<String, String> variables =
        Map.of(
            "subdomain", tenant == null ? "" : subdomain(tenant) + ".",
            "subdir", tenant == null ? "" : tenant + "/");
    ConfigurationScript read = ConfigurationScript.read(script, WANTED, variables);
    if (!read.isFound()) {
      throw DeploymentException.noJitsi(url, "its config.js has none");
    }
    DeploymentConfiguration configuration =
        new DeploymentConfiguration(url, read.values(), List.copyOf(read.unread()));
    configuration.check();
    return configuration;
  }

  private static String subdomain(String tenant) {
    return tenant.replace('.', '_').toLowerCase(Locale.ROOT);
  }

  private void check() throws DeploymentException {
    for (String name : List.of(DOMAIN, ANONYMOUS_DOMAIN, AUTHENTICATED_DOMAIN, ROOMS, FOCUS)) {
      String value = values.get(name);
      if (value != null) {
        requireDomain(name, value);
      }
    }
    requireDomain(DOMAIN, domain());
    requireDomain(ROOMS, roomDomain());
    try {
      Object unused = JidCreate.entityBareFrom(focusUser());
    } catch (XmppStringprepException e) {
      throw invalid(FOCUS_USER, focusUser());
    }
    for (String name : List.of(WEBSOCKET, BOSH, KEEPALIVE, CONFERENCE_REQUEST)) {
      String value = values.get(name);
      if (value != null && resolved(value) == null) {
        throw invalid(name, value);
      }
    }
  }

  private static void requireDomain(String name, String value) throws DeploymentException {
    if (!DOMAIN_NAME.matcher(value).matches()) {
      throw invalid(name, value);
    }
  }

  private static DeploymentException invalid(String name, String value) {
    return new DeploymentException(
        Reason.MALFORMED,
        "config.js has no valid %s: %s".formatted(name, WebException.printable(value)));
  }

  /** An address, which may leave out the scheme, or scheme and host; null if it is none. */
  private @Nullable URI resolved(String written) {
    try {
      URI address = url.at("/").resolve(URI.create(written));
      return address.getHost() == null ? null : address;
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  private @Nullable URI address(String name) {
    String value = values.get(name);
    return value == null ? null : resolved(value);
  }

  /** Returns the XMPP domain of users, and of guests unless they have one of their own. */
  public String domain() {
    return values.getOrDefault(DOMAIN, url.host());
  }

  /** Returns the XMPP domain of guests where others have to log in, or null. */
  public @Nullable String anonymousDomain() {
    return values.get(ANONYMOUS_DOMAIN);
  }

  /** Returns the XMPP domain of those who log in where it is not {@link #domain}, or null. */
  public @Nullable String authenticatedDomain() {
    return values.get(AUTHENTICATED_DOMAIN);
  }

  /** Returns the domain of the rooms, which may be of the tenant. */
  public String roomDomain() {
    String tenant = url.tenant();
    String value = values.get(ROOMS);
    return (value != null
            ? value
            : "conference." + (tenant == null ? "" : subdomain(tenant) + ".") + domain())
        .toLowerCase(Locale.ROOT);
  }

  /** Returns the domain that conference requests are addressed to in XMPP. */
  public String focus() {
    return values.getOrDefault(FOCUS, "focus." + domain());
  }

  /** Returns the bare JID of Jicofo, which moderates the rooms and speaks Jingle. */
  public String focusUser() {
    return values.getOrDefault(FOCUS_USER, "focus@auth." + domain());
  }

  /** Returns the address for XMPP over WebSocket. */
  public URI webSocket() {
    URI address = address(WEBSOCKET);
    return secureWebSocket(address == null ? url.at(prefix() + "/xmpp-websocket") : address);
  }

  /** A scheme that was left out is that of the page. */
  private static URI secureWebSocket(URI address) {
    String text = address.toString();
    return URI.create(text.replaceFirst("^(?i:http)(s?:)", "ws$1"));
  }

  /** Returns the address for BOSH. */
  public URI bosh() {
    URI address = address(BOSH);
    return address == null ? url.at(prefix() + "/http-bind") : address;
  }

  private String prefix() {
    return url.tenant() == null ? "" : "/" + url.tenant();
  }

  /** Returns the address that is asked from time to time, to stay on the same server, or null. */
  public @Nullable URI keepAlive() {
    return address(KEEPALIVE);
  }

  /** Returns the address for conference requests over HTTP, or null: then they go over XMPP. */
  public @Nullable URI conferenceRequest() {
    return address(CONFERENCE_REQUEST);
  }

  /**
   * Returns which of the values could not be told, such as {@code hosts.muc}, in order: they are
   * put together in ways that are not understood, or assigned under a condition.
   */
  public List<String> unread() {
    return unread;
  }
}
