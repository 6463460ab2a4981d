/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.xmpp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import org.jivesoftware.smack.AbstractXMPPConnection;
import org.jivesoftware.smack.tcp.XMPPTCPConnection;
import org.junit.jupiter.api.Test;
import org.perc4j.endpoint.jingle.ExternalServices;
import org.perc4j.endpoint.relay.RelayService;
import org.perc4j.endpoint.relay.TurnAllocation;
import org.perc4j.endpoint.transport.RelayAccess;
import org.perc4j.it.transport.TestAuthority;

/** Services as Jitsi Meet's installation configures Prosody's module. */
@RequiresProsody
class ExternalServicesOfProsodyTest {
  private static final String SERVICES =
      """
      { type = "stun", host = "192.0.2.2", port = %1$d, transport = "udp" },
      { type = "turn", host = "192.0.2.2", port = %1$d, transport = "udp", secret = "%2$s" },
      { type = "turns", host = "turn.example", port = 443, transport = "tcp", secret = "%2$s",
        ttl = 3600, algorithm = "turn" },
      { type = "turns", host = "turn.example", port = 443, transport = "sctp", secret = "%2$s" },
      { type = "ftp", host = "192.0.2.2", port = 21, transport = "tcp" }
      """;

  private static List<RelayService> ask(String services) throws Exception {
    try (ProsodyServer server =
        ProsodyServer.start(ProsodyServer.Options.DEFAULT.withServices(services))) {
      XMPPTCPConnection guest = server.newGuest();
      try {
        guest.connect().login();
        return ExternalServices.ask(guest, Duration.ofSeconds(30));
      } finally {
        guest.disconnect();
      }
    }
  }

  @Test
  void tellsOfStunAndTurn() throws Exception {
    List<RelayService> services = ask(SERVICES.formatted(3478, TurnServer.SECRET));
    assertEquals(
        List.of(
            "stun:192.0.2.2:3478?transport=udp",
            "turn:192.0.2.2:3478?transport=udp",
            "turns:turn.example:443?transport=tcp"),
        services.stream().map(RelayService::uri).toList());
    assertNull(services.get(0).username());
    RelayService turns = services.get(2);
    assertTrue(Objects.requireNonNull(turns.username()).matches("[0-9]{10}"));
    assertNotNull(turns.password());
    assertNotNull(turns.expires());
  }

  @Test
  void tellsOfNone() throws Exception {
    assertEquals(List.of(), ask(""));
  }

  /** Keeps what comes from the answer on. */
  private static void keep(byte[] octets, int length, CountDownLatch end) {
    if (new String(octets, 0, length, StandardCharsets.UTF_8).contains("urn:xmpp:extdisco:2")) {
      try {
        end.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Test
  void isNotWaitedForLongerThanThat() throws Exception {
    CountDownLatch end = new CountDownLatch(1);
    try (ProsodyServer server = ProsodyServer.start();
        TcpRelay relay =
            new TcpRelay(
                server,
                fromClient ->
                    (octets, length) -> {
                      if (!fromClient) {
                        keep(octets, length, end);
                      }
                    })) {
      AbstractXMPPConnection guest =
          relay.guests().room(ProsodyServer.room("any"), "me").connection();
      try {
        guest.connect().login();
        assertEquals(List.of(), ExternalServices.ask(guest, Duration.ofMillis(500)));
      } finally {
        end.countDown();
        guest.disconnect();
      }
    }
  }

  @Test
  @RequiresTurnServer
  void itsTimeLimitedPasswordsAreAccepted() throws Exception {
    TestAuthority authority = TestAuthority.create(Clock.systemUTC());
    try (TurnServer server = TurnServer.start(authority.issue("localhost", Duration.ZERO))) {
      RelayService turn = ask(SERVICES.formatted(server.port(), TurnServer.SECRET)).get(1);
      try (TurnAllocation allocation =
          TurnAllocation.open(
              turn,
              new PlainSockets(),
              RelayAccess.none().context(),
              "test",
              closeable -> {},
              Duration.ofSeconds(30))) {
        assertEquals("192.0.2.2", allocation.relayed().getAddress().getHostAddress());
      }
    }
  }
}
