/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.harness;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Datagrams through limited links. */
@InPairs
@RequiresLinks
class LimitedLinkTest {
  private static final int HEADERS_BYTES = 28;
  private static final int PAYLOAD_BYTES = 972;
  private static final int PACKET_BITS = 8 * (HEADERS_BYTES + PAYLOAD_BYTES);
  private static final long ENOUGH_BPS = 50_000_000;
  private static final LinkConditions WIDE = LinkConditions.ofRate(ENOUGH_BPS);
  private static final int QUIET_MILLIS = 1500;
  private static final int BUFFER_BYTES = 1 << 20;
  private static final double TOLERANCE = 0.05;

  /** A datagram that came, and how long it took. */
  private record Arrival(int number, long sentNanos, long arrivedNanos) {
    double millis() {
      return (arrivedNanos - sentNanos) / 1e6;
    }
  }

  /** Sends so many at a rate, takes what comes until nothing comes any more. */
  private static List<Arrival> send(
      DatagramSocket from, DatagramSocket to, int packets, long bitsPerSecond) throws Exception {
    Callable<List<Arrival>> receiving = () -> receive(to);
    FutureTask<List<Arrival>> arrivals = new FutureTask<>(receiving);
    Thread receiver = new Thread(arrivals, "receiver");
    receiver.setDaemon(true);
    receiver.start();
    long interval = 1_000_000_000L * PACKET_BITS / bitsPerSecond;
    long begin = System.nanoTime();
    for (int i = 0; i < packets; i++) {
      long due = begin + i * interval;
      for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
        LockSupport.parkNanos(left);
      }
      byte[] payload =
          ByteBuffer.allocate(PAYLOAD_BYTES).putInt(i).putLong(System.nanoTime()).array();
      from.send(new DatagramPacket(payload, PAYLOAD_BYTES, to.getLocalSocketAddress()));
    }
    return Await.result("arrivals", arrivals);
  }

  private static List<Arrival> receive(DatagramSocket socket) throws IOException {
    List<Arrival> arrivals = new ArrayList<>();
    socket.setSoTimeout(QUIET_MILLIS);
    DatagramPacket packet = new DatagramPacket(new byte[PAYLOAD_BYTES], PAYLOAD_BYTES);
    try {
      while (true) {
        socket.receive(packet);
        long now = System.nanoTime();
        ByteBuffer payload = ByteBuffer.wrap(packet.getData());
        arrivals.add(new Arrival(payload.getInt(), payload.getLong(), now));
      }
    } catch (SocketTimeoutException e) {
      return arrivals;
    }
  }

  private static DatagramSocket socket(NetworkNamespace network, InetAddress address)
      throws Exception {
    DatagramSocket socket =
        network.call(() -> new DatagramSocket(new InetSocketAddress(address, 0)));
    socket.setReceiveBufferSize(BUFFER_BYTES);
    return socket;
  }

  private static DatagramSocket near() throws Exception {
    return socket(NetworkNamespace.PRESENT, LabNetwork.address());
  }

  private static DatagramSocket far(LimitedLink link) throws Exception {
    return socket(link.network(), link.address());
  }

  /** Between the packets with these numbers among those that came. */
  private static double bitsPerSecond(List<Arrival> arrivals, int first, int last) {
    long nanos = arrivals.get(last).arrivedNanos() - arrivals.get(first).arrivedNanos();
    return 1e9 * PACKET_BITS * (last - first) / nanos;
  }

  private static void assertRate(long expected, List<Arrival> arrivals) {
    // The first few may follow each other at once.
    int first = 8;
    int last = arrivals.size() - 1;
    double rate = bitsPerSecond(arrivals, first, last);
    assertTrue(
        Math.abs(rate / expected - 1) < TOLERANCE, expected + " bit/s became " + Math.round(rate));
  }

  @Test
  void holdsTheRateOfEachDirectionAndCountsWhatTheQueueDrops() throws Exception {
    LinkConditions down = LinkConditions.ofRate(1_000_000);
    LinkConditions up = LinkConditions.ofRate(2_000_000);
    try (LimitedLink link = LimitedLink.open(down, up, 1);
        DatagramSocket near = near();
        DatagramSocket far = far(link)) {
      int packets = 500;
      List<Arrival> came = send(near, far, packets, 2_000_000);
      assertRate(1_000_000, came);
      LinkDirection.Statistics statistics = link.down().statistics();
      assertEquals(packets - came.size(), statistics.dropped(), statistics.toString());
      assertEquals(came.size(), statistics.packets(), statistics.toString());
      assertEquals((long) came.size() * PACKET_BITS / 8, statistics.octets());
      assertTrue(statistics.dropped() > packets / 4, statistics.toString());
      assertEquals(0, statistics.lost() + statistics.overflown(), statistics.toString());
      double longest = came.stream().mapToDouble(Arrival::millis).max().orElseThrow();
      double queue = down.queue().plus(down.delay()).toMillis();
      assertTrue(longest > 0.9 * queue, longest + " ms");
      List<Arrival> other = send(far, near, packets, 4_000_000);
      assertRate(2_000_000, other);
      assertEquals(packets - other.size(), link.up().statistics().dropped());
    }
  }

  @Test
  void changesItsRateWhileInUse() throws Exception {
    LinkConditions narrow = LinkConditions.ofRate(500_000);
    try (LimitedLink link = LimitedLink.open(narrow, WIDE, 1);
        DatagramSocket near = near();
        DatagramSocket far = far(link)) {
      assertRate(500_000, send(near, far, 250, 1_000_000));
      link.down().set(narrow.withRate(3_000_000));
      assertRate(3_000_000, send(near, far, 1000, 6_000_000));
      long droppedBefore = link.down().statistics().dropped();
      link.down().set(narrow);
      List<Arrival> last = send(near, far, 250, 1_000_000);
      assertRate(500_000, last);
      assertEquals(250 - last.size(), link.down().statistics().dropped() - droppedBefore);
    }
  }

  @Test
  void delaysByAsMuchAsWasAskedForAndKeepsTheOrder() throws Exception {
    LinkConditions steady = LinkConditions.ofRate(ENOUGH_BPS);
    LinkConditions uneven =
        steady.withDelay(Duration.ofMillis(50), Duration.ofMillis(40)).withRate(ENOUGH_BPS);
    try (LimitedLink link = LimitedLink.open(steady, uneven, 1);
        DatagramSocket near = near();
        DatagramSocket far = far(link)) {
      ServedTime.Span span = ServedTime.span();
      List<Arrival> down = send(near, far, 400, 2_000_000);
      assertEquals(400, down.size());
      assertMillis(20, down, 0, span);
      assertMillis(20, down, 0.5, span);
      List<Arrival> up = send(far, near, 400, 800_000);
      assertEquals(400, up.size());
      assertMillis(50, up, 0, span);
      assertTrue(quantile(up, 0.9) > 75, quantile(up, 0.9) + " ms");
      for (List<Arrival> one : List.of(down, up)) {
        assertEquals(
            one.stream().sorted(Comparator.comparingInt(Arrival::number)).toList(),
            one,
            "overtaken");
      }
    }
  }

  private static void assertMillis(
      double expected, List<Arrival> arrivals, double share, ServedTime.Span span) {
    double millis = quantile(arrivals, share);
    assertTrue(millis >= expected && millis < expected + 5 * span.slowdown(), millis + " ms");
  }

  private static double quantile(List<Arrival> arrivals, double share) {
    return arrivals.stream()
        .mapToDouble(Arrival::millis)
        .sorted()
        .skip(Math.round(share * (arrivals.size() - 1)))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void losesAsManyAsWasAskedForAndTheSameForTheSameSeed() throws Exception {
    Set<Integer> first = lost(7);
    assertEquals(first, lost(7));
    assertTrue(first.size() > 70 && first.size() < 130, "of 1000: " + first.size());
  }

  private static Set<Integer> lost(long seed) throws Exception {
    try (LimitedLink link = LimitedLink.open(WIDE.withLoss(0.1), WIDE, seed);
        DatagramSocket near = near();
        DatagramSocket far = far(link)) {
      Set<Integer> came =
          send(near, far, 1000, 5_000_000).stream()
              .map(Arrival::number)
              .collect(Collectors.toSet());
      LinkDirection.Statistics statistics = link.down().statistics();
      assertEquals(1000, statistics.packets(), statistics.toString());
      assertEquals(1000 - came.size(), statistics.lost(), statistics.toString());
      return IntStream.range(0, 1000)
          .boxed()
          .filter(number -> !came.contains(number))
          .collect(Collectors.toSet());
    }
  }

  @Test
  void hasAnAddressAtItsFarEndOnlyAndIsGoneWhenClosed() throws Exception {
    Set<String> threads = carriers();
    InetAddress address;
    try (LimitedLink link = LimitedLink.open(WIDE, WIDE, 1);
        LimitedLink other = LimitedLink.open(WIDE, WIDE, 1)) {
      address = link.address();
      assertTrue(!address.equals(other.address()));
      assertNull(NetworkInterface.getByInetAddress(address));
      assertNotNull(link.network().call(() -> NetworkInterface.getByInetAddress(link.address())));
      assertNull(
          link.network().call(() -> NetworkInterface.getByInetAddress(LabNetwork.address())));
      assertEquals(threads.size() + 4, carriers().size());
    }
    assertEquals(threads, carriers());
    assertNull(NetworkInterface.getByName("limited0"));
    try (LimitedLink again = LimitedLink.open(WIDE, WIDE, 1)) {
      assertEquals(address, again.address());
    }
  }

  private static Set<String> carriers() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("limited") && thread.isAlive())
        .filter(thread -> thread.getName().contains(" to "))
        .map(thread -> thread.getName() + " " + thread.getId())
        .collect(Collectors.toSet());
  }
}
