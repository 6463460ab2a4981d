/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.transport;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.perc4j.endpoint.relay.RelayService;
import org.perc4j.endpoint.signalling.DtlsSetup;
import org.perc4j.endpoint.signalling.TransportDescription;
import org.perc4j.endpoint.signalling.TransportDescription.Candidate;
import org.perc4j.endpoint.transport.IceFailedException;
import org.perc4j.endpoint.transport.RelayAccess;
import org.perc4j.endpoint.transport.SecureTransport;
import org.perc4j.endpoint.transport.SocketScope;
import org.perc4j.endpoint.transport.SrtpProfile;
import org.perc4j.it.harness.Await;
import org.perc4j.it.harness.LabNetwork;
import org.perc4j.it.harness.LimitedLink;
import org.perc4j.it.harness.LinkConditions;
import org.perc4j.it.xmpp.RequiresTurnServer;
import org.perc4j.it.xmpp.TurnServer;

@RequiresTurnServer
class RelayedTransportTest {
  private static final LinkConditions LINK =
      LinkConditions.ofRate(10_000_000).withDelay(Duration.ofMillis(5), Duration.ZERO);

  /** Longer than gathering takes in all, on a busy machine. */
  private static final Duration GATHERING = Duration.ofSeconds(6);

  private static final String LOGGED = "org.perc4j.endpoint.transport.CandidateGathering";

  private static @Nullable TestAuthority sharedAuthority;
  private static @Nullable TurnServer sharedServer;

  private final ExecutorService threads = Executors.newCachedThreadPool();

  /** How a relay is reached. */
  enum Way {
    UDP,
    TCP,
    TLS
  }

  @BeforeAll
  static void startsServer() throws Exception {
    sharedAuthority = TestAuthority.create(Clock.systemUTC());
    sharedServer = TurnServer.start(authority().issue(LabNetwork.ADDRESS, Duration.ZERO));
  }

  @AfterAll
  static void endsServer() {
    if (sharedServer != null) {
      sharedServer.close();
    }
  }

  @AfterEach
  void endsThreads() {
    List<Runnable> unused = threads.shutdownNow();
  }

  private static TestAuthority authority() {
    return Objects.requireNonNull(sharedAuthority);
  }

  private static TurnServer server() {
    return Objects.requireNonNull(sharedServer);
  }

  private static RelayService service(Way way) {
    return switch (way) {
      case UDP -> server().turn(RelayService.Transport.UDP);
      case TCP -> server().turn(RelayService.Transport.TCP);
      case TLS -> server().turnsAtTheLab();
    };
  }

  private static RelayAccess access(TestAuthority trusted, RelayService... services)
      throws IOException {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {trusted.trust()}, null);
      return new RelayAccess(List.of(services), context);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("TLS is in every JDK", e);
    }
  }

  /** A transport, and what came by it. */
  private static final class Side implements AutoCloseable {
    final Queue<byte[]> received = new ConcurrentLinkedQueue<>();
    final SecureTransport transport;

    Side(SocketScope network, RelayAccess access, boolean isBridge)
        throws IOException, InterruptedException {
      transport =
          new SecureTransport(
              network,
              access,
              isBridge ? "bridge" : "client",
              isBridge,
              isBridge ? DtlsSetup.PASSIVE : DtlsSetup.ACTIVE,
              List.of(SrtpProfile.DOUBLE_AEAD_AES_128_GCM),
              received::add);
    }

    void send(byte[] packet) throws IOException {
      transport.send(packet, 0, packet.length);
    }

    List<Candidate> candidates(Candidate.Type type) {
      return transport.description().candidates().stream()
          .filter(candidate -> candidate.type() == type)
          .toList();
    }

    @Override
    public void close() {
      transport.close();
    }
  }

  private static byte[] packet(int content) {
    byte[] packet = new byte[1200];
    Arrays.fill(packet, (byte) content);
    packet[0] = (byte) 0x80;
    return packet;
  }

  private void connect(Side client, Side bridge) throws Exception {
    TransportDescription told = client.transport.description();
    Future<?> other =
        threads.submit(
            () -> {
              bridge.transport.connect(told, Await.PATIENCE);
              return true;
            });
    client.transport.connect(bridge.transport.description(), Await.PATIENCE);
    Object unused = other.get(Await.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
  }

  private static void requireMediaBothWays(Side client, Side bridge) throws Exception {
    for (Side side : List.of(client, bridge)) {
      Arrays.fill(side.transport.takeKeyingMaterial(), (byte) 0);
      side.transport.letPacketsCome();
    }
    client.send(packet(1));
    assertArrayEquals(packet(1), Await.next("the client's packet", bridge.received));
    bridge.send(packet(2));
    assertArrayEquals(packet(2), Await.next("the bridge's packet", client.received));
  }

  /** Client and bridge reach the server, and not each other; the client, by TCP only if so. */
  @ParameterizedTest
  @EnumSource
  void relaysWhereThereIsNoDirectWay(Way way) throws Exception {
    try (LimitedLink near = LimitedLink.open(LINK, LINK, 1);
        LimitedLink far = LimitedLink.open(LINK, LINK, 2)) {
      if (way != Way.UDP) {
        near.up().blockUdp();
        near.down().blockUdp();
      }
      try (Side client = new Side(near.network(), access(authority(), service(way)), false);
          Side bridge = new Side(far.network(), RelayAccess.none(), true)) {
        connect(client, bridge);
        assertTrue(client.transport.isRelayed());
        assertFalse(bridge.transport.isRelayed());
        requireMediaBothWays(client, bridge);
        Candidate relayed = client.candidates(Candidate.Type.RELAYED).get(0);
        assertEquals(LabNetwork.ADDRESS, relayed.address());
        assertEquals(
            near.address().getHostAddress(), Objects.requireNonNull(relayed.related()).address());
      }
    }
  }

  @Test
  void reachesTheBridgeByTheRelayOfTheBridge() throws Exception {
    try (LimitedLink near = LimitedLink.open(LINK, LINK, 1);
        LimitedLink far = LimitedLink.open(LINK, LINK, 2)) {
      try (Side client = new Side(near.network(), RelayAccess.none(), false);
          Side bridge = new Side(far.network(), access(authority(), service(Way.UDP)), true)) {
        Object unused =
            bridge.transport.gathered().get(GATHERING.toMillis(), TimeUnit.MILLISECONDS);
        connect(client, bridge);
        assertTrue(bridge.transport.isRelayed());
        requireMediaBothWays(client, bridge);
      }
    }
  }

  @Test
  void failsWithoutARelay() throws Exception {
    try (LimitedLink near = LimitedLink.open(LINK, LINK, 1);
        LimitedLink far = LimitedLink.open(LINK, LINK, 2);
        Side client = new Side(near.network(), RelayAccess.none(), false);
        Side bridge = new Side(far.network(), RelayAccess.none(), true)) {
      TransportDescription remote = bridge.transport.description();
      assertThrows(
          IceFailedException.class, () -> client.transport.connect(remote, Duration.ofSeconds(30)));
    }
  }

  @Test
  void doesNotRelayWhereThereIsADirectWay() throws Exception {
    try (LogLines log = new LogLines(LOGGED);
        Side client = new Side(SocketScope.PRESENT, access(authority(), service(Way.UDP)), false);
        Side bridge = new Side(SocketScope.PRESENT, RelayAccess.none(), true)) {
      connect(client, bridge);
      assertFalse(client.transport.isRelayed());
      requireMediaBothWays(client, bridge);
      assertEquals(List.of(), log.lines());
    }
  }

  @Test
  void learnsItsAddressFromARealServer() throws Exception {
    try (LogLines log = new LogLines(LOGGED);
        Side client = new Side(SocketScope.PRESENT, access(authority(), server().stun()), false)) {
      Object unused = client.transport.gathered().get(GATHERING.toMillis(), TimeUnit.MILLISECONDS);
      assertEquals(List.of(), log.lines(), "the server told it");
      assertEquals(
          List.of(), client.candidates(Candidate.Type.SERVER_REFLEXIVE), "the host's own address");
    }
  }

  @Test
  void tellsOfTheAddressThatAServerSees() throws Exception {
    try (DatagramSocket stun = new DatagramSocket(new InetSocketAddress(LabNetwork.address(), 0));
        Side client =
            new Side(
                SocketScope.PRESENT,
                access(
                    authority(),
                    new RelayService(
                        RelayService.Kind.STUN,
                        LabNetwork.ADDRESS,
                        stun.getLocalPort(),
                        RelayService.Transport.UDP,
                        null,
                        null,
                        null)),
                false)) {
      DatagramPacket request = new DatagramPacket(new byte[1500], 1500);
      stun.receive(request);
      byte[] answer = answer(request.getData());
      stun.send(new DatagramPacket(answer, answer.length, request.getSocketAddress()));
      Object unused = client.transport.gathered().get(GATHERING.toMillis(), TimeUnit.MILLISECONDS);
      List<Candidate> found = client.candidates(Candidate.Type.SERVER_REFLEXIVE);
      assertEquals(1, found.size());
      assertEquals("198.51.100.7", found.get(0).address());
      assertEquals(5000, found.get(0).port());
      assertEquals(LabNetwork.ADDRESS, Objects.requireNonNull(found.get(0).related()).address());
    }
  }

  /** A response of Binding, with 198.51.100.7:5000 (RFC 8489, section 14.2). */
  private static byte[] answer(byte[] request) {
    int cookie = 0x2112A442;
    return ByteBuffer.allocate(32)
        .putShort((short) 0x0101)
        .putShort((short) 12)
        .put(request, 4, 16)
        .putShort((short) 0x0020)
        .putShort((short) 8)
        .putShort((short) 1)
        .putShort((short) (5000 ^ cookie >>> 16))
        .putInt((198 << 24 | 51 << 16 | 100 << 8 | 7) ^ cookie)
        .array();
  }

  /** The call goes on without the relay; whoever reads the log knows why. */
  private void requireNoRelay(RelayAccess access, String why) throws Exception {
    try (LogLines log = new LogLines(LOGGED);
        Side client = new Side(SocketScope.PRESENT, access, false);
        Side bridge = new Side(SocketScope.PRESENT, RelayAccess.none(), true)) {
      Object unused = client.transport.gathered().get(GATHERING.toMillis(), TimeUnit.MILLISECONDS);
      assertEquals(List.of(), client.candidates(Candidate.Type.RELAYED));
      assertEquals(1, log.lines().size(), log.lines()::toString);
      String line = log.lines().get(0);
      assertTrue(
          line.startsWith("client: " + access.services().get(0).uri() + " is not used: "), line);
      assertTrue(line.contains(why), line);
      connect(client, bridge);
      requireMediaBothWays(client, bridge);
    }
  }

  @Test
  void goesOnWithAWrongPassword() throws Exception {
    RelayService right = service(Way.TCP);
    RelayService wrong =
        new RelayService(
            right.kind(),
            right.host(),
            right.port(),
            right.transport(),
            right.username(),
            "wrong",
            right.expires());
    requireNoRelay(access(authority(), wrong), "it does not accept user name and password");
  }

  @Test
  void goesOnWithAnUntrustedCertificate() throws Exception {
    TestAuthority other = TestAuthority.create(Clock.systemUTC());
    requireNoRelay(access(other, service(Way.TLS)), "its certificate is not accepted: ");
  }

  @Test
  void goesOnWithACertificateForAnotherHost() throws Exception {
    // the certificate is for the address, and this is a name
    requireNoRelay(access(authority(), server().turns()), "its certificate is not accepted: ");
  }

  @Test
  void goesOnWithoutAServerThatIsNotThere() throws Exception {
    RelayService there = service(Way.TCP);
    RelayService absent =
        new RelayService(
            there.kind(),
            there.host(),
            LabNetwork.freeTcpPort(),
            there.transport(),
            there.username(),
            there.password(),
            null);
    requireNoRelay(access(authority(), absent), "it is not reached: ");
  }

  @ParameterizedTest
  @EnumSource
  void goesOnWithoutAServerThatIsSilent(Way way) throws Exception {
    server().freeze();
    try {
      requireNoRelay(access(authority(), service(way)), "it does not answer in time");
    } finally {
      server().goOn();
    }
  }
}
