/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.xmpp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.perc4j.e2e.room.RoomChannel;
import org.perc4j.e2e.room.RoomException;
import org.perc4j.e2e.xmpp.XmppServer;
import org.perc4j.endpoint.deployment.DeploymentException;
import org.perc4j.endpoint.deployment.DeploymentException.Reason;
import org.perc4j.endpoint.deployment.JitsiDeployment;
import org.perc4j.endpoint.deployment.MeetingUrl;
import org.perc4j.endpoint.web.WebClient;
import org.perc4j.endpoint.web.WebException;
import org.perc4j.endpoint.web.XmppSockets;
import org.perc4j.it.transport.TestAuthority;

/** Rooms reached as browsers reach them: by a URL, through a web server, with TLS. */
@RequiresWebFront
class WebFrontTest {
  private static final AtomicInteger ROOMS = new AtomicInteger();

  private static ProsodyServer shared;
  private static TestAuthority authority;
  private static WebClient web;

  private final String name = "room" + ROOMS.incrementAndGet();
  private final List<AutoCloseable> open = new ArrayList<>();

  /** The two ways of browsers. */
  enum Way {
    WEBSOCKET,
    BOSH;

    WebFront.Options options() {
      return this == WEBSOCKET
          ? WebFront.Options.DEFAULT.withoutBosh()
          : WebFront.Options.DEFAULT.withoutWebSocket();
    }
  }

  @BeforeAll
  static void startServer() throws Exception {
    authority = TestAuthority.create(Clock.systemUTC());
    web = WebClient.create().trusting(authority.trust());
    shared = ProsodyServer.start(new ProsodyServer.Options(30, null, false));
  }

  @AfterAll
  static void stopServer() {
    shared.close();
  }

  @AfterEach
  void leave() throws Exception {
    for (int i = open.size() - 1; i >= 0; i--) {
      open.get(i).close();
    }
  }

  private WebFront front(ProsodyServer server, WebFront.Options options) throws Exception {
    WebFront front = WebFront.start(server, authority, options);
    open.add(front);
    return front;
  }

  private JitsiDeployment deployment(WebFront front, String path) throws Exception {
    return JitsiDeployment.find(MeetingUrl.parse(front.meeting(path)), web);
  }

  @CanIgnoreReturnValue
  private RoomChannel enter(XmppServer server, String room, String occupant, Observer observer)
      throws RoomException {
    RoomChannel channel = server.room(room, occupant);
    open.add(channel::leave);
    channel.enter(observer);
    return channel;
  }

  @CanIgnoreReturnValue
  private RoomChannel enter(JitsiDeployment deployment, String occupant, Observer observer)
      throws Exception {
    return enter(deployment.server(), deployment.room(), occupant, observer);
  }

  private static byte[] octets(int length, int seed) {
    byte[] octets = new byte[length];
    new Random(seed).nextBytes(octets);
    return octets;
  }

  @ParameterizedTest
  @EnumSource
  void largeMessagesGoBothWays(Way way) throws Exception {
    JitsiDeployment deployment = deployment(front(shared, way.options()), name);
    assertEquals(name + "@" + ProsodyServer.ROOMS, deployment.room());
    Observer alice = new Observer();
    Observer bob = new Observer();
    RoomChannel first = enter(deployment, "alice", alice);
    RoomChannel second = enter(deployment, "bob", bob);
    alice.await("bob arrived");
    byte[] large = octets(200_000, 1);
    byte[] other = octets(200_000, 2);
    first.broadcast("large", large);
    second.broadcast("large", other);
    first.publish(octets(first.maxPublishedBytes(), 3));
    second.sendTo("alice", "private", large);
    for (Observer observer : List.of(alice, bob)) {
      observer.await("alice: to all large " + Observer.summary(large));
      observer.await("bob: to all large " + Observer.summary(other));
    }
    alice.await("bob: to one private " + Observer.summary(large));
    bob.await("alice published " + Observer.summary(octets(first.maxPublishedBytes(), 3)));
    second.leave();
    alice.await("bob departed");
    bob.await("ended: left");
  }

  /** Those who use the web and those who use TCP are in the same room. */
  @Test
  void meetsWhoeverComesAnotherWay() throws Exception {
    WebFront front = front(shared, WebFront.Options.DEFAULT);
    JitsiDeployment deployment = deployment(front, name);
    Observer alice = new Observer();
    Observer bob = new Observer();
    enter(deployment, "alice", alice);
    RoomChannel second = enter(shared.guests(), deployment.room(), "bob", bob);
    bob.await("entered after [alice]");
    second.broadcast("hello", octets(100_000, 1));
    alice.await("bob: to all hello " + Observer.summary(octets(100_000, 1)));
  }

  @Test
  void roomIsEnteredAnewAfterTheFrontWasRestarted() throws Exception {
    WebFront front = front(shared, WebFront.Options.DEFAULT);
    JitsiDeployment deployment = deployment(front, name);
    Observer alice = new Observer();
    Observer bob = new Observer();
    RoomChannel first = enter(deployment, "alice", alice);
    enter(shared.guests(), deployment.room(), "bob", bob);
    alice.await("bob arrived");
    front.restart();
    alice.await("disconnected");
    alice.await(2, "entered after");
    bob.await("alice arrived");
    first.broadcast("again", octets(1000, 1));
    bob.await("alice: to all again");
  }

  /** Its requests are sent again, and the server has kept what it could not answer. */
  @Test
  void boshGoesOnAfterTheFrontWasRestarted() throws Exception {
    WebFront front = front(shared, WebFront.Options.DEFAULT.withoutWebSocket());
    JitsiDeployment deployment = deployment(front, name);
    Observer alice = new Observer();
    Observer bob = new Observer();
    RoomChannel first = enter(deployment, "alice", alice);
    RoomChannel second = enter(shared.guests(), deployment.room(), "bob", bob);
    alice.await("bob arrived");
    front.stop();
    for (int i = 0; i < 10; i++) {
      second.broadcast("missed", new byte[] {(byte) i});
      first.broadcast("own", new byte[] {(byte) i});
    }
    front.goOn();
    alice.await(10, "bob: to all missed");
    bob.await(10, "alice: to all own");
    assertEquals(List.of(), alice.seenStarting("disconnected"));
    assertEquals(List.of(), bob.seenStarting("alice departed"));
  }

  @ParameterizedTest
  @EnumSource
  void roomIsEnteredAnewAfterTheServerWasRestarted(Way way) throws Exception {
    try (ProsodyServer server = ProsodyServer.start()) {
      JitsiDeployment deployment = deployment(front(server, way.options()), name);
      Observer alice = new Observer();
      RoomChannel first = enter(deployment, "alice", alice);
      server.restart();
      alice.await(2, "entered after []");
      first.broadcast("again", new byte[1]);
      alice.await("alice: to all again");
      first.leave();
      alice.await("ended: left");
    }
  }

  @Test
  void accountIsResumedOverWebSocket() throws Exception {
    WebFront front = front(shared, WebFront.Options.DEFAULT);
    JitsiDeployment deployment = deployment(front, name);
    Observer alice = new Observer();
    Observer bob = new Observer();
    RoomChannel first =
        enter(
            deployment.server("alice", "any").withResumption(), deployment.room(), "alice", alice);
    RoomChannel second = enter(shared.guests(), deployment.room(), "bob", bob);
    alice.await("bob arrived");
    front.stop();
    for (int i = 0; i < 10; i++) {
      second.broadcast("missed", new byte[] {(byte) i});
    }
    alice.await("disconnected");
    front.goOn();
    alice.await("resumed");
    alice.await(10, "bob: to all missed");
    first.broadcast("own", octets(100_000, 1));
    bob.await("alice: to all own");
    assertEquals(List.of(), bob.seenStarting("alice departed"));
    assertEquals(1, alice.seenStarting("entered").size());
  }

  @Test
  void tenantHasItsOwnPathAndRooms() throws Exception {
    WebFront front = front(shared, WebFront.Options.DEFAULT.withoutBosh());
    JitsiDeployment deployment = deployment(front, "Team.A/" + name);
    assertEquals(name + "@conference.team_a." + ProsodyServer.DOMAIN, deployment.room());
    assertEquals(
        URI.create("wss://localhost:" + front.port() + "/Team.A/xmpp-websocket?room=" + name),
        deployment.webSocket());
    // Prosody without Jitsi's modules has no rooms of tenants.
    Observer alice = new Observer();
    enter(deployment.server(), ProsodyServer.room(name), "alice", alice);
    alice.await("entered after []");
  }

  /** For what comes later: signalling and bridge channels through the same front. */
  @Test
  void bridgeAndFocusAreBehindIt() throws Exception {
    HttpServer backend =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
    open.add(() -> backend.stop(0));
    backend.createContext(
        "/",
        exchange -> {
          try (exchange) {
            byte[] octets = exchange.getRequestURI().toString().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, octets.length);
            exchange.getResponseBody().write(octets);
          }
        });
    backend.start();
    int port = backend.getAddress().getPort();
    WebFront front = front(shared, WebFront.Options.DEFAULT.withBackend(port, port));
    JitsiDeployment deployment = deployment(front, "tenant/" + name);
    URI request = Objects.requireNonNull(deployment.conferenceRequest());
    assertEquals(URI.create(front.meeting("tenant/conference-request/v1?room=" + name)), request);
    assertEquals("/conference-request/v1?room=" + name, web.get(request, 1000).body());
    assertEquals(
        "/colibri-ws/default-id/a/b?pwd=c",
        web.get(URI.create(front.meeting("colibri-ws/default-id/a/b?pwd=c")), 1000).body());
  }

  private static Reason refusal(WebFront front, WebClient client) {
    DeploymentException refusal =
        assertThrows(
            DeploymentException.class,
            () -> JitsiDeployment.find(MeetingUrl.parse(front.meeting("room")), client));
    assertEquals(1, String.valueOf(refusal.getMessage()).lines().count(), refusal.getMessage());
    return refusal.reason();
  }

  /** Whom a connection itself refuses: config.js may name another host than its own. */
  private WebException.Reason connectionRefusal(WebFront front, WebClient client) throws Exception {
    XmppServer server =
        XmppServer.through(
            XmppSockets.overWebSocket(
                    client, URI.create("wss://localhost:" + front.port() + "/xmpp-websocket"))
                .orElse(
                    XmppSockets.overBosh(
                        client,
                        URI.create("https://localhost:" + front.port() + "/http-bind"),
                        ProsodyServer.DOMAIN)),
            ProsodyServer.DOMAIN);
    RoomException refusal =
        assertThrows(
            RoomException.class,
            () -> enter(server, ProsodyServer.room(name), "alice", new Observer()));
    return assertInstanceOf(WebException.class, refusal.getCause()).reason();
  }

  @Test
  void certificateForAnotherHostIsRefused() throws Exception {
    WebFront front = front(shared, WebFront.Options.DEFAULT.withCertificateFor("other.example"));
    assertEquals(Reason.CERTIFICATE_FOR_ANOTHER_HOST, refusal(front, web));
    assertEquals(WebException.Reason.CERTIFICATE_FOR_ANOTHER_HOST, connectionRefusal(front, web));
  }

  @Test
  void certificateOfUnknownAuthorityIsRefused() throws Exception {
    WebFront front = front(shared, WebFront.Options.DEFAULT);
    assertEquals(Reason.CERTIFICATE_UNTRUSTED, refusal(front, WebClient.create()));
    WebClient other = WebClient.create().trusting(TestAuthority.create(Clock.systemUTC()).trust());
    assertEquals(Reason.CERTIFICATE_UNTRUSTED, refusal(front, other));
    assertEquals(WebException.Reason.CERTIFICATE_UNTRUSTED, connectionRefusal(front, other));
  }

  @Test
  void certificateOfAnotherTimeIsRefused() throws Exception {
    Duration twoDays = Duration.ofDays(2);
    WebFront expired =
        front(shared, WebFront.Options.DEFAULT.withCertificateMoved(twoDays.negated()));
    assertEquals(Reason.CERTIFICATE_EXPIRED, refusal(expired, web));
    WebFront early = front(shared, WebFront.Options.DEFAULT.withCertificateMoved(twoDays));
    assertEquals(Reason.CERTIFICATE_NOT_YET_VALID, refusal(early, web));
  }

  @Test
  void plainServerIsRefused() throws Exception {
    WebClient client = web;
    URI plain = URI.create("https://localhost:" + shared.port() + "/http-bind");
    WebException refusal = assertThrows(WebException.class, () -> client.get(plain, 1000));
    assertEquals(WebException.Reason.TLS_FAILED, refusal.reason());
    assertThrows(
        WebException.class,
        () ->
            XmppSockets.overWebSocket(
                client, URI.create("ws://localhost:" + shared.webPort() + "/xmpp-websocket")));
  }

  @Test
  void frontWithoutXmppIsTypedFailure() throws Exception {
    WebFront front = front(shared, WebFront.Options.DEFAULT.withoutBosh().withoutWebSocket());
    assertEquals(WebException.Reason.REFUSED, connectionRefusal(front, web));
  }

  @Test
  void serverAwayIsTypedFailure() throws Exception {
    WebFront front = front(shared, WebFront.Options.DEFAULT);
    JitsiDeployment deployment = deployment(front, name);
    front.stop();
    RoomException refusal =
        assertThrows(RoomException.class, () -> enter(deployment, "alice", new Observer()));
    WebException cause = assertInstanceOf(WebException.class, refusal.getCause());
    assertEquals(WebException.Reason.UNREACHABLE, cause.reason());
    assertTrue(String.valueOf(refusal.getMessage()).contains("nobody answers"));
    front.goOn();
    Observer alice = new Observer();
    enter(deployment, "alice", alice);
    alice.await("entered after []");
  }

  /** A server that goes silent is noticed by a ping, and the socket given up. */
  @ParameterizedTest
  @EnumSource
  void silentServerIsNoticed(Way way) throws Exception {
    try (ProsodyServer server = ProsodyServer.start()) {
      JitsiDeployment deployment = deployment(front(server, way.options()), name);
      Observer alice = new Observer();
      enter(
          deployment.server().withPingInterval(Duration.ofSeconds(1)),
          deployment.room(),
          "alice",
          alice);
      server.freeze();
      alice.await("disconnected");
      server.goOn();
      alice.await(2, "entered after");
      leave();
      open.clear();
    }
  }
}
