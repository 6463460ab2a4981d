/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.harness;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * One direction of a {@link LimitedLink}: packets leave by one device at a rate that the system
 * keeps (tc-tbf(8)), are carried by a thread here, late or never, and come in by another device.
 * Thread-safe.
 */
public final class LinkDirection {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int MAX_PACKET_BYTES = 1500;
  private static final int IP_VERSION_SHIFT = 4;
  private static final int PROTOCOL_OFFSET = 9;
  private static final int UDP_PROTOCOL = 17;
  private static final int IP_VERSION = 4;

  /** So much may follow each other at once at any rate; the timers of the system are exact. */
  private static final int BURST_BYTES = 2 * MAX_PACKET_BYTES;

  /** With what the rate brings in a millisecond, in case they are not. */
  private static final int BURSTS_PER_SECOND = 1000;

  /** Both of what this thread may be late with, and of what is on its way. */
  static final int MAX_PACKETS = 4096;

  private static final long LOOK_NANOS = 20_000_000;

  /**
   * What went through since the link is open.
   *
   * @param packets that left the queue
   * @param octets of these, IP headers included
   * @param dropped packets for which the queue was too long
   * @param lost packets behind the queue, as was asked for
   * @param overflown packets that were lost because this process did not carry them in time, or
   *     because more were on their way than it holds; figures are worth nothing then
   */
  public record Statistics(long packets, long octets, long dropped, long lost, long overflown) {}

  @SuppressWarnings("ArrayRecordComponent") // not compared
  private record OnTheWay(byte[] packet, long dueNanos) {}

  private final NetworkNamespace origin;
  private final TunDevice from;
  private final TunDevice to;
  private final SplittableRandom random;
  private final Deque<OnTheWay> onTheWay = new ArrayDeque<>();
  private final AtomicLong lost = new AtomicLong();
  private final AtomicLong overflown = new AtomicLong();
  private final Thread carrier;
  private volatile LinkConditions conditions;
  private volatile boolean udpBlocked;
  private volatile boolean closed;
  private volatile @Nullable Exception failure;

  /**
   * Begins to carry; the devices are up and have routes.
   *
   * @param origin where the first of them is
   */
  LinkDirection(
      NetworkNamespace origin,
      TunDevice from,
      TunDevice to,
      LinkConditions conditions,
      SplittableRandom random)
      throws IOException, InterruptedException {
    this.origin = origin;
    this.from = from;
    this.to = to;
    this.random = random;
    this.conditions = conditions;
    apply(conditions);
    carrier = new Thread(this::carry, from.name() + " to " + to.name());
    carrier.setDaemon(true);
    carrier.start();
  }

  /** Changes what the direction is like; what is in the queue stays, and leaves at the new rate. */
  public void set(LinkConditions changed) throws IOException, InterruptedException {
    apply(changed);
    conditions = changed;
  }

  private void apply(LinkConditions wanted) throws IOException, InterruptedException {
    long bytesPerSecond = wanted.bitsPerSecond() / Byte.SIZE;
    long burst = BURST_BYTES + bytesPerSecond / BURSTS_PER_SECOND;
    long limit = Math.max(burst, bytesPerSecond * wanted.queue().toMillis() / 1000);
    origin.run(
        () ->
            ChildProcess.output(
                List.of(
                    "tc",
                    "qdisc",
                    "replace",
                    "dev",
                    from.name(),
                    "root",
                    "tbf",
                    "rate",
                    wanted.bitsPerSecond() + "bit",
                    "burst",
                    Long.toString(burst),
                    "limit",
                    Long.toString(limit))));
  }

  private void carry() {
    byte[] buffer = new byte[MAX_PACKET_BYTES];
    try {
      while (!closed) {
        long now = System.nanoTime();
        for (OnTheWay next = onTheWay.peek();
            next != null && next.dueNanos() - now <= 0;
            next = onTheWay.peek()) {
          to.send(onTheWay.remove().packet());
        }
        OnTheWay next = onTheWay.peek();
        int length =
            from.receive(
                buffer, next == null ? LOOK_NANOS : Math.min(LOOK_NANOS, next.dueNanos() - now));
        if (length > 0 && (buffer[0] & 0xFF) >> IP_VERSION_SHIFT == IP_VERSION) {
          take(Arrays.copyOf(buffer, length));
        }
      }
    } catch (IOException | RuntimeException e) {
      failure = e;
    }
  }

  /** Drops all UDP from now on, as networks do that let nobody but browsers out. */
  public void blockUdp() {
    udpBlocked = true;
  }

  private void take(byte[] packet) {
    LinkConditions present = conditions;
    boolean loses =
        random.nextDouble() < present.loss()
            || (udpBlocked && packet[PROTOCOL_OFFSET] == UDP_PROTOCOL);
    long delay = present.delay().toNanos() + random.nextLong(present.jitter().toNanos() + 1);
    if (loses) {
      lost.incrementAndGet();
    } else if (onTheWay.size() >= MAX_PACKETS) {
      overflown.incrementAndGet();
    } else {
      long due = System.nanoTime() + delay;
      OnTheWay before = onTheWay.peekLast();
      onTheWay.add(new OnTheWay(packet, before == null ? due : later(before.dueNanos(), due)));
    }
  }

  private static long later(long oneNanos, long otherNanos) {
    return oneNanos - otherNanos > 0 ? oneNanos : otherNanos;
  }

  /**
   * Returns what went through so far.
   *
   * @throws IllegalStateException if the link broke
   */
  public Statistics statistics() throws IOException, InterruptedException {
    Exception broke = failure;
    if (broke != null) {
      throw new IllegalStateException("the link broke", broke);
    }
    JsonNode queue = ask("tc", "-s", "-j", "qdisc", "show", "dev", from.name());
    JsonNode device = ask("ip", "-s", "-j", "link", "show", "dev", from.name());
    return new Statistics(
        queue.path("packets").asLong(),
        queue.path("bytes").asLong(),
        queue.path("drops").asLong(),
        lost.get(),
        overflown.get() + device.path("stats64").path("tx").path("dropped").asLong());
  }

  private JsonNode ask(String... command) throws IOException, InterruptedException {
    return JSON.readTree(origin.call(() -> ChildProcess.output(List.of(command)))).path(0);
  }

  /** Ends the thread; devices are the caller's. */
  void close() {
    closed = true;
    boolean interrupted = false;
    while (carrier.isAlive()) {
      try {
        carrier.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
