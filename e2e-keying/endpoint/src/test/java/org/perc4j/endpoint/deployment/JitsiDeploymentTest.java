/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.deployment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.perc4j.endpoint.deployment.DeploymentException.Reason;
import org.perc4j.endpoint.web.WebClient;

@Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class JitsiDeploymentTest {
  private static final WebClient WEB = WebClient.create().dangerouslyWithoutTls();
  private static final String SCRIPT =
      """
      var config = {
        hosts: { domain: 'a.example', anonymousdomain: 'guest.a.example', muc: 'rooms.a.example' },
        websocket: 'wss://127.0.0.1/xmpp-websocket', bosh: 'https://127.0.0.1/b?x=y',
        conferenceRequestUrl: '/conference-request/v1', websocketKeepAliveUrl: '/_unlock',
      };
      """;

  private final List<String> asked = new CopyOnWriteArrayList<>();
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private void serve(String path, int status, String header, String value, String body) {
    server.createContext(
        path,
        exchange -> {
          try (exchange) {
            asked.add(exchange.getRequestURI().toString());
            exchange.getResponseHeaders().add(header, value);
            byte[] octets = body.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, octets.length == 0 ? -1 : octets.length);
            if (octets.length > 0) {
              exchange.getResponseBody().write(octets);
            }
          }
        });
  }

  private JitsiDeployment find(String path) throws Exception {
    return JitsiDeployment.find(url(server.getAddress().getPort(), path), WEB);
  }

  private static MeetingUrl url(int port, String path) throws MeetingUrlException {
    return MeetingUrl.parse("http://127.0.0.1:" + port + path, false);
  }

  private Reason refusal() {
    DeploymentException refusal = assertThrows(DeploymentException.class, () -> find("/Room"));
    assertEquals(1, String.valueOf(refusal.getMessage()).lines().count());
    return refusal.reason();
  }

  @Test
  void findsServers() throws Exception {
    serve("/config.js", 200, "Content-Type", "application/javascript; charset=utf-8", SCRIPT);
    JitsiDeployment deployment = find("/R%C3%B6om");
    assertEquals("guest.a.example", deployment.domain());
    assertEquals("r%c3%b6om@rooms.a.example", deployment.room());
    assertEquals("focus@auth.a.example", deployment.focusUser());
    assertEquals(
        URI.create("wss://127.0.0.1/xmpp-websocket?room=r%25c3%25b6om"), deployment.webSocket());
    assertEquals(URI.create("https://127.0.0.1/b?x=y&room=r%25c3%25b6om"), deployment.bosh());
    int port = server.getAddress().getPort();
    assertEquals(
        URI.create("http://127.0.0.1:" + port + "/conference-request/v1?room=r%25c3%25b6om"),
        deployment.conferenceRequest());
    assertEquals(List.of("/config.js"), asked);
  }

  @Test
  void tokenIsForTheServersOnly() throws Exception {
    serve("/config.js", 200, "Content-Type", "text/javascript", SCRIPT);
    JitsiDeployment deployment = find("/Room?jwt=x.y.z");
    assertEquals("a.example", deployment.domain());
    assertEquals(
        URI.create("wss://127.0.0.1/xmpp-websocket?room=room&token=x.y.z"), deployment.webSocket());
    assertEquals(URI.create("https://127.0.0.1/b?x=y&room=room&token=x.y.z"), deployment.bosh());
    assertFalse(String.valueOf(deployment.conferenceRequest()).contains("x.y.z"));
    assertFalse((deployment + " " + deployment.server()).contains("x.y.z"));
    assertEquals(List.of("/config.js"), asked);
  }

  @Test
  void tenantHasItsOwnConfigurationOrThatOfAll() throws Exception {
    serve("/config.js", 200, "Content-Type", "text/javascript", SCRIPT);
    serve("/t/config.js", 404, "Content-Type", "text/html", "no");
    assertEquals("rooms.a.example", find("/t/Room").configuration().roomDomain());
    assertEquals(List.of("/t/config.js", "/config.js"), asked);
    server.removeContext("/t/config.js");
    serve("/t/config.js", 200, "Content-Type", "text/javascript", "config = {bosh: '/b'}");
    assertEquals("conference.t.127.0.0.1", find("/t/Room").configuration().roomDomain());
    assertNull(find("/t/Room").conferenceRequest());
  }

  @Test
  void followsRedirectOnTheSameHost() throws Exception {
    serve("/config.js", 302, "Location", "/other.js", "");
    serve("/other.js", 200, "Content-Type", "text/javascript", SCRIPT);
    assertEquals("rooms.a.example", find("/Room").configuration().roomDomain());
  }

  @Test
  void refusesRedirectElsewhere() {
    serve("/config.js", 302, "Location", "http://localhost/config.js", "");
    assertEquals(Reason.REDIRECTED, refusal());
  }

  @Test
  void refusesRedirectThatIsNone() {
    serve("/config.js", 302, "Location", "http://[", "");
    assertEquals(Reason.REDIRECTED, refusal());
  }

  @Test
  void refusesRedirectInCircles() {
    serve("/config.js", 302, "Location", "/config.js", "");
    assertEquals(Reason.REDIRECTED, refusal());
  }

  @Test
  void refusesWhatIsNoJitsi() {
    assertEquals(Reason.NO_JITSI, refusal());
    serve("/config.js", 200, "Content-Type", "text/html", SCRIPT);
    assertEquals(Reason.NO_JITSI, refusal());
    server.removeContext("/config.js");
    serve("/config.js", 200, "Content-Type", "text/javascript", "alert('hello')");
    assertEquals(Reason.NO_JITSI, refusal());
  }

  @Test
  void refusesOtherStatus() {
    serve("/config.js", 503, "Retry-After", "1", "later");
    assertEquals(Reason.REFUSED, refusal());
  }

  @Test
  void refusesWhatIsTooLarge() {
    serve(
        "/config.js",
        200,
        "Content-Type",
        "text/javascript",
        SCRIPT + " ".repeat(JitsiDeployment.MAX_CONFIGURATION_BYTES));
    assertEquals(Reason.TOO_LARGE, refusal());
  }

  @Test
  void refusesWhatHasNoEnd() {
    server.createContext(
        "/config.js",
        exchange -> {
          try (exchange) {
            exchange.sendResponseHeaders(200, 0);
            OutputStream body = exchange.getResponseBody();
            while (true) {
              body.write(new byte[8192]);
            }
          }
        });
    assertEquals(Reason.TOO_LARGE, refusal());
  }

  @Test
  void refusesInsecureAddresses() throws Exception {
    serve(
        "/config.js", 200, "Content-Type", "text/javascript", "config = {websocket: 'ws://a.b/'}");
    JitsiDeployment deployment =
        JitsiDeployment.find(url(server.getAddress().getPort(), "/Room"), WEB);
    assertEquals(URI.create("ws://a.b/?room=room"), deployment.webSocket());
    WebClient strict = WebClient.create();
    DeploymentException refusal =
        assertThrows(
            DeploymentException.class,
            () -> JitsiDeployment.find(url(server.getAddress().getPort(), "/Room"), strict));
    assertEquals(Reason.NOT_SECURE, refusal.reason());
  }

  @Test
  void doesNotWaitForEver() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      DeploymentException refusal =
          assertThrows(
              DeploymentException.class,
              () ->
                  JitsiDeployment.find(
                      url(silent.getLocalPort(), "/Room"),
                      WEB.withTimeout(Duration.ofMillis(200))));
      assertEquals(Reason.TIMEOUT, refusal.reason());
    }
  }

  @Test
  void noticesThatNobodyListens() {
    int port = server.getAddress().getPort();
    server.stop(0);
    DeploymentException refusal =
        assertThrows(
            DeploymentException.class, () -> JitsiDeployment.find(url(port, "/Room"), WEB));
    assertEquals(Reason.UNREACHABLE, refusal.reason());
  }

  /** A name under {@code .invalid} has no address anywhere (RFC 6761 section 6.4). */
  @Test
  void noticesThatThereIsNoSuchHost() throws Exception {
    MeetingUrl url = MeetingUrl.parse("https://host.invalid/Room");
    DeploymentException refusal =
        assertThrows(DeploymentException.class, () -> JitsiDeployment.find(url, WEB));
    assertEquals(Reason.NO_SUCH_HOST, refusal.reason());
  }
}
