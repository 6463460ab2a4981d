/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.relay;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TurnAllocationTest {
  private static final RelayService SERVICE =
      new RelayService(
          RelayService.Kind.TURN,
          "turn.example",
          3478,
          RelayService.Transport.TCP,
          "user",
          "password",
          null);
  private static final byte[] REALM = "realm".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] KEY = StunKey.longTerm("user", REALM, "password");
  private static final InetSocketAddress RELAYED = new InetSocketAddress("192.0.2.9", 50000);
  private static final InetSocketAddress MAPPED = new InetSocketAddress("198.51.100.7", 4000);
  private static final InetSocketAddress PEER = new InetSocketAddress("203.0.113.5", 10000);
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final ScriptedRelay server = new ScriptedRelay(true);

  @AfterEach
  void ends() {
    server.close();
    List<Runnable> unused = threads.shutdownNow();
  }

  private Future<TurnAllocation> opening(ScriptedRelay connection, Duration patience) {
    return threads.submit(
        () ->
            new TurnAllocation(
                SERVICE, connection, "test", System.nanoTime() + patience.toNanos()));
  }

  private static <T> T result(Future<T> future) throws Exception {
    return future.get(1, TimeUnit.MINUTES);
  }

  private static RelayException failure(Future<TurnAllocation> opening) {
    ExecutionException failed = assertThrows(ExecutionException.class, () -> result(opening));
    return (RelayException) Objects.requireNonNull(failed.getCause());
  }

  private static byte[] error(StunMessage request, int code, Consumer<StunWriter> attributes) {
    StunWriter writer = new StunWriter(request.type() | StunMethod.ERROR, request.transaction());
    writer.add(StunAttribute.ERROR_CODE, ((code / 100) << 8) | (code % 100));
    attributes.accept(writer);
    return writer.toBytes();
  }

  private static void challenge(StunWriter writer, String nonce) {
    writer.add(StunAttribute.REALM, REALM).add(StunAttribute.NONCE, nonce);
  }

  private static byte[] success(StunMessage request, Consumer<StunWriter> attributes) {
    StunWriter writer = new StunWriter(request.type() | StunMethod.SUCCESS, request.transaction());
    attributes.accept(writer);
    return writer.addIntegrity(KEY).addFingerprint().toBytes();
  }

  private static void allocated(StunWriter writer) {
    writer
        .addAddress(StunAttribute.XOR_RELAYED_ADDRESS, RELAYED)
        .addAddress(StunAttribute.XOR_MAPPED_ADDRESS, MAPPED)
        .add(StunAttribute.LIFETIME, 600);
  }

  private StunMessage challenged() throws Exception {
    StunMessage first = server.nextRequest();
    assertEquals(StunMethod.ALLOCATE.request(), first.type());
    assertNull(first.value(StunAttribute.USERNAME));
    server.arrives(error(first, 401, writer -> challenge(writer, "nonce")));
    return server.nextRequest();
  }

  private TurnAllocation open() throws Exception {
    Future<TurnAllocation> opening = opening(server, PATIENCE);
    StunMessage request = challenged();
    assertTrue(request.isAuthentic(KEY));
    server.arrives(success(request, TurnAllocationTest::allocated));
    return result(opening);
  }

  private TurnAllocation openTo(InetSocketAddress peer) throws Exception {
    TurnAllocation allocation = open();
    allocation.send(peer, new byte[] {1, 2, 3}, 1, 2);
    StunMessage bind = server.nextRequest();
    assertEquals(StunMethod.CHANNEL_BIND.request(), bind.type());
    assertEquals(peer, bind.address(StunAttribute.XOR_PEER_ADDRESS));
    assertEquals(0x4000_0000L, bind.number(StunAttribute.CHANNEL_NUMBER, 0));
    server.arrives(success(bind, writer -> {}));
    return allocation;
  }

  @Test
  void answersTheChallenge() throws Exception {
    try (TurnAllocation allocation = open()) {
      assertEquals(RELAYED, allocation.relayed());
      assertEquals(MAPPED, allocation.mapped());
    }
  }

  @Test
  void takesAnotherNonce() throws Exception {
    Future<TurnAllocation> opening = opening(server, PATIENCE);
    StunMessage request = challenged();
    server.arrives(error(request, 438, writer -> challenge(writer, "other")));
    StunMessage again = server.nextRequest();
    assertArrayEquals(
        "other".getBytes(StandardCharsets.US_ASCII), again.value(StunAttribute.NONCE));
    server.arrives(success(again, TurnAllocationTest::allocated));
    result(opening).close();
  }

  @Test
  void doesNotTakeOtherNoncesForEver() throws Exception {
    Future<TurnAllocation> opening = opening(server, PATIENCE);
    StunMessage request = challenged();
    server.arrives(error(request, 438, writer -> challenge(writer, "1")));
    server.arrives(error(server.nextRequest(), 438, writer -> challenge(writer, "2")));
    assertEquals(RelayException.Reason.REFUSED, failure(opening).reason());
    assertTrue(server.isClosed());
  }

  @Test
  void saysThatThePasswordIsWrong() throws Exception {
    Future<TurnAllocation> opening = opening(server, PATIENCE);
    StunMessage request = challenged();
    server.arrives(error(request, 401, writer -> challenge(writer, "nonce")));
    assertEquals(RelayException.Reason.CREDENTIALS, failure(opening).reason());
  }

  @Test
  void saysWhatTheServerRefuses() throws Exception {
    Future<TurnAllocation> opening = opening(server, PATIENCE);
    server.arrives(error(server.nextRequest(), 508, writer -> {}));
    RelayException refused = failure(opening);
    assertEquals(RelayException.Reason.REFUSED, refused.reason());
    assertEquals("it refuses: 508 ", refused.getMessage());
  }

  @Test
  void refusesAnAnswerThatIsNotAuthentic() throws Exception {
    Future<TurnAllocation> opening = opening(server, PATIENCE);
    StunMessage request = challenged();
    StunWriter writer = new StunWriter(request.type() | StunMethod.SUCCESS, request.transaction());
    allocated(writer);
    server.arrives(writer.addIntegrity(new byte[16]).toBytes());
    assertEquals(RelayException.Reason.MALFORMED, failure(opening).reason());
  }

  @Test
  void refusesAChallengeWithoutNonce() throws Exception {
    Future<TurnAllocation> opening = opening(server, PATIENCE);
    server.arrives(error(server.nextRequest(), 401, writer -> {}));
    assertEquals(RelayException.Reason.MALFORMED, failure(opening).reason());
  }

  @Test
  void refusesAnAllocationThatCannotBeReached() throws Exception {
    for (String host : new String[] {"127.0.0.1", "0.0.0.0", "224.0.0.1"}) {
      ScriptedRelay other = new ScriptedRelay(true);
      Future<TurnAllocation> opening = opening(other, PATIENCE);
      other.arrives(
          success(
              other.nextRequest(),
              writer ->
                  writer.addAddress(
                      StunAttribute.XOR_RELAYED_ADDRESS, new InetSocketAddress(host, 5))));
      assertEquals(RelayException.Reason.MALFORMED, failure(opening).reason(), host);
      other.close();
    }
  }

  @Test
  void refusesAnAllocationWithoutAddress() throws Exception {
    Future<TurnAllocation> opening = opening(server, PATIENCE);
    server.arrives(success(server.nextRequest(), writer -> {}));
    assertEquals(RelayException.Reason.MALFORMED, failure(opening).reason());
  }

  @Test
  void givesUpWhenNobodyAnswers() throws Exception {
    RelayException silent = failure(opening(server, Duration.ofMillis(50)));
    assertEquals(RelayException.Reason.TIMEOUT, silent.reason());
    assertTrue(server.isClosed());
  }

  @Test
  void givesUpWhenTheServerEndsIt() throws Exception {
    Future<TurnAllocation> opening = opening(server, PATIENCE);
    StunMessage unused = server.nextRequest();
    server.ends();
    assertEquals(RelayException.Reason.UNREACHABLE, failure(opening).reason());
  }

  @Test
  void repeatsWhatMayBeLost() throws Exception {
    ScriptedRelay lossy = new ScriptedRelay(false);
    Future<TurnAllocation> opening = opening(lossy, PATIENCE);
    byte[] first = lossy.nextSent();
    assertArrayEquals(first, lossy.nextSent());
    lossy.ends();
    assertEquals(RelayException.Reason.UNREACHABLE, failure(opening).reason());
  }

  @Test
  void sendsByAChannel() throws Exception {
    try (TurnAllocation allocation = openTo(PEER)) {
      assertArrayEquals(new byte[] {0x40, 0, 0, 2, 2, 3}, server.nextSent(), "what waited");
      allocation.send(PEER, new byte[] {4}, 0, 1);
      assertArrayEquals(new byte[] {0x40, 0, 0, 1, 4}, server.nextSent());
    }
  }

  @Test
  void receivesByAChannelAndWithout() throws Exception {
    try (TurnAllocation allocation = openTo(PEER)) {
      server.arrives(new byte[] {0x40, 0, 0, 2, 5, 6, 0, 0});
      RelayedDatagram first = Objects.requireNonNull(allocation.receive(0));
      assertEquals(PEER, first.peer());
      assertArrayEquals(new byte[] {5, 6}, first.data());
      InetSocketAddress other = new InetSocketAddress("2001:db8::5", 7);
      server.arrives(
          new StunWriter(StunMethod.DATA.request() | StunMethod.INDICATION, new byte[12])
              .addAddress(StunAttribute.XOR_PEER_ADDRESS, other)
              .add(StunAttribute.DATA, new byte[] {7})
              .toBytes());
      RelayedDatagram second = Objects.requireNonNull(allocation.receive(0));
      assertEquals(other, second.peer());
      assertArrayEquals(new byte[] {7}, second.data());
    }
  }

  @Test
  void passesOverWhatIsMalformedOrUnknown() throws Exception {
    try (TurnAllocation allocation = openTo(PEER)) {
      server.arrives(new byte[] {0x40, 1, 0, 1, 5, 0, 0, 0});
      server.arrives(new byte[] {0x40, 0, 0, 9, 5, 6, 0, 0});
      server.arrives(new byte[] {0x40, 0});
      server.arrives(new byte[] {(byte) 0x80, 1, 2, 3});
      server.arrives(
          new StunWriter(StunMethod.DATA.request() | StunMethod.INDICATION, new byte[12])
              .add(StunAttribute.DATA, new byte[] {7})
              .toBytes());
      server.arrives(
          new StunWriter(StunMethod.ALLOCATE.request() | StunMethod.SUCCESS, new byte[12])
              .toBytes());
      server.arrives(new byte[] {0x40, 0, 0, 1, 8, 0, 0, 0});
      assertArrayEquals(new byte[] {8}, Objects.requireNonNull(allocation.receive(0)).data());
    }
  }

  @Test
  void sendsNothingToPrivateAddresses() throws Exception {
    try (TurnAllocation allocation = open()) {
      for (String host :
          new String[] {
            "10.0.0.1",
            "172.16.0.1",
            "192.168.0.1",
            "100.64.0.1",
            "127.0.0.1",
            "169.254.0.1",
            "0.0.0.1",
            "224.0.0.1",
            "255.255.255.255",
            "::1",
            "fe80::1",
            "fd00::1",
            "ff02::1"
          }) {
        InetSocketAddress peer = new InetSocketAddress(host, 10000);
        assertThrows(IOException.class, () -> allocation.send(peer, new byte[1], 0, 1), host);
      }
      assertNull(server.pollSent());
    }
  }

  @Test
  void hasSoManyPeersAndNoMore() throws Exception {
    try (TurnAllocation allocation = open()) {
      for (int i = 1; i <= 64; i++) {
        allocation.send(new InetSocketAddress("203.0.113." + i, 10000), new byte[1], 0, 1);
      }
      assertThrows(
          IOException.class,
          () -> allocation.send(new InetSocketAddress("203.0.113.65", 1), new byte[1], 0, 1));
    }
  }

  @Test
  void givesTheAddressBack() throws Exception {
    TurnAllocation allocation = open();
    allocation.close();
    StunMessage last = server.nextRequest();
    assertEquals(StunMethod.REFRESH.request(), last.type());
    assertEquals(0, last.number(StunAttribute.LIFETIME, 600));
    assertTrue(last.isAuthentic(KEY));
    assertTrue(server.isClosed());
    assertThrows(IOException.class, () -> allocation.receive(0));
    assertThrows(IOException.class, () -> allocation.send(PEER, new byte[1], 0, 1));
  }

  @Test
  void endsWithTheConnection() throws Exception {
    TurnAllocation allocation = open();
    server.ends();
    assertThrows(IOException.class, () -> allocation.receive(0));
    assertThrows(IOException.class, () -> allocation.receive(0), "and still");
    assertTrue(allocation.isClosed());
  }
}
