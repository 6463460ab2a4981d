/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.deployment;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.jxmpp.jid.impl.JidCreate;
import org.jxmpp.stringprep.XmppStringprepException;
import org.perc4j.e2e.xmpp.XmppServer;
import org.perc4j.endpoint.deployment.DeploymentException.Reason;
import org.perc4j.endpoint.web.WebClient;
import org.perc4j.endpoint.web.WebException;
import org.perc4j.endpoint.web.XmppSockets;

/**
 * The servers that a meeting is held on, as browsers find them: by the {@code config.js} beside the
 * meeting's page. Immutable and thread-safe.
 *
 * <pre>{@code
 * JitsiDeployment deployment =
 *     JitsiDeployment.find(MeetingUrl.parse("https://meet.example/Room"), WebClient.create());
 * XmppRoom room = deployment.server().room(deployment.room(), "alice");
 * }</pre>
 */
public final class JitsiDeployment {
  /** The longest {@code config.js} that is taken. */
  public static final int MAX_CONFIGURATION_BYTES = 1024 * 1024;

  private static final int MAX_REDIRECTS = 5;

  private final MeetingUrl url;
  private final WebClient web;
  private final DeploymentConfiguration configuration;

  private JitsiDeployment(MeetingUrl url, WebClient web, DeploymentConfiguration configuration) {
    this.url = url;
    this.web = web;
    this.configuration = configuration;
  }

  /**
   * Gets the configuration, and waits for it. Redirects are followed on the same host only.
   *
   * @throws DeploymentException if there is none to be had, or none that is valid
   */
  public static JitsiDeployment find(MeetingUrl url, WebClient web) throws DeploymentException {
    String script = null;
    if (url.tenant() != null) {
      script = get(url, web, url.at("/" + url.tenant() + "/config.js"));
    }
    if (script == null) {
      script = get(url, web, url.at("/config.js"));
    }
    if (script == null) {
      throw DeploymentException.noJitsi(url, "it has no config.js");
    }
    DeploymentConfiguration configuration = DeploymentConfiguration.parse(script, url);
    JitsiDeployment deployment = new JitsiDeployment(url, web, configuration);
    try {
      Object unused = JidCreate.entityBareFrom(deployment.room());
    } catch (XmppStringprepException e) {
      throw new DeploymentException(
          Reason.MALFORMED, "no address in XMPP: " + WebException.printable(deployment.room()));
    }
    return deployment;
  }

  /** Returns a script, or null if there is nothing. */
  private static @Nullable String get(MeetingUrl url, WebClient web, URI start)
      throws DeploymentException {
    URI address = start;
    for (int i = 0; i <= MAX_REDIRECTS; i++) {
      WebClient.Answer answer;
      try {
        answer = web.get(address, MAX_CONFIGURATION_BYTES);
      } catch (WebException e) {
        throw DeploymentException.of(e);
      }
      String location = answer.location();
      if (answer.status() / 100 == 3 && location != null) {
        address = redirected(address, location);
      } else if (answer.status() == 404 || answer.status() == 410) {
        return null;
      } else if (answer.status() != 200) {
        throw new DeploymentException(
            Reason.REFUSED,
            "%s refuses its config.js with HTTP status %d".formatted(url.host(), answer.status()));
      } else if (answer.contentType().equals("text/html")) {
        throw DeploymentException.noJitsi(url, "its config.js is a page");
      } else {
        return answer.body();
      }
    }
    throw new DeploymentException(Reason.REDIRECTED, url.host() + " redirects in circles");
  }

  private static URI redirected(URI from, String location) throws DeploymentException {
    try {
      URI to = from.resolve(URI.create(location));
      if (from.getHost().equalsIgnoreCase(to.getHost())
          && from.getScheme().equalsIgnoreCase(to.getScheme())) {
        return to;
      }
    } catch (IllegalArgumentException e) {
      throw elsewhere(from, location);
    }
    throw elsewhere(from, location);
  }

  private static DeploymentException elsewhere(URI from, String location) {
    return new DeploymentException(
        Reason.REDIRECTED,
        "%s redirects to %s, which is not followed"
            .formatted(from.getHost(), WebException.printable(location)));
  }

  /** Returns the meeting's URL. */
  public MeetingUrl url() {
    return url;
  }

  /** Returns what the deployment says of itself. */
  public DeploymentConfiguration configuration() {
    return configuration;
  }

  /**
   * Returns the XMPP domain to log in to without an account: that of guests if there is one, unless
   * the URL has a token.
   */
  public String domain() {
    String guests = configuration.anonymousDomain();
    return guests == null || url.token() != null ? configuration.domain() : guests;
  }

  /** Returns the bare JID of the meeting's room. */
  public String room() {
    return url.room() + "@" + configuration.roomDomain();
  }

  /** Returns the bare JID of Jicofo. */
  public String focusUser() {
    return configuration.focusUser();
  }

  /**
   * Returns the address for XMPP over WebSocket, with the room and the token, if there is one, in
   * its query. It is a secret, then; so are the others.
   */
  public URI webSocket() {
    return withToken(withRoom(configuration.webSocket()));
  }

  /** Returns the address for BOSH, with the room and the token in its query. */
  public URI bosh() {
    return withToken(withRoom(configuration.bosh()));
  }

  /**
   * Returns the address to ask from time to time, with the room in its query, or null: {@link
   * #webSocket} serves then, with another scheme.
   */
  public @Nullable URI keepAlive() {
    URI address = configuration.keepAlive();
    return address == null ? null : withRoom(address);
  }

  /**
   * Returns the address for conference requests over HTTP, with the room in its query, or null if
   * they go over XMPP. The token is not in it: it goes into the request's {@code Authorization}.
   */
  public @Nullable URI conferenceRequest() {
    URI address = configuration.conferenceRequest();
    return address == null ? null : withRoom(address);
  }

  private URI withRoom(URI address) {
    return with(address, "room=" + URLEncoder.encode(url.room(), StandardCharsets.UTF_8));
  }

  private URI withToken(URI address) {
    return url.token() == null ? address : with(address, "token=" + url.token());
  }

  private static URI with(URI address, String parameter) {
    String text = address.toString();
    int fragment = text.indexOf('#');
    String base = fragment < 0 ? text : text.substring(0, fragment);
    return URI.create(base + (base.indexOf('?') < 0 ? "?" : "&") + parameter);
  }

  /**
   * Returns how to connect as a guest, or as whom the token names: over WebSocket, or over BOSH if
   * the WebSocket cannot be opened for another reason than its certificate. A failure to connect is
   * a {@link org.perc4j.e2e.room.RoomException} with a {@link WebException} as its cause.
   *
   * @throws DeploymentException if an address is not secure
   */
  public XmppServer server() throws DeploymentException {
    return server(domain());
  }

  /**
   * Returns how to connect with an account.
   *
   * @throws DeploymentException if an address is not secure
   */
  public XmppServer server(String user, String password) throws DeploymentException {
    String domain = configuration.authenticatedDomain();
    return server(domain == null ? configuration.domain() : domain).withAccount(user, password);
  }

  private XmppServer server(String domain) throws DeploymentException {
    try {
      return XmppServer.through(
          XmppSockets.overWebSocket(web, webSocket())
              .orElse(XmppSockets.overBosh(web, bosh(), domain)),
          domain);
    } catch (WebException e) {
      throw DeploymentException.of(e);
    }
  }

  /** Without the token. */
  @Override
  public String toString() {
    return url + " on " + configuration.domain();
  }
}
