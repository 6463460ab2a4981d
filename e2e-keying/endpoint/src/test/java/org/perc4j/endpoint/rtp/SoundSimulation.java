/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.rtp;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.function.LongUnaryOperator;

/**
 * A sender, a network and a player with one clock: packets of 20 ms are sent, delayed and lost as a
 * test says, and the buffer is asked each 10 ms. Checks what always has to hold.
 */
final class SoundSimulation {
  static final long MILLI = 1_000_000;
  static final long SECOND = 1000 * MILLI;
  static final int SAMPLES = 960;

  /** Of the network, without jitter. */
  static final long WAY_NANOS = 50 * MILLI;

  private static final long POLL_NANOS = 10 * MILLI;

  /** Opus' configuration 31: one frame of 20 ms. */
  private static final byte SPEECH = (byte) (31 << 3);

  @SuppressWarnings("ArrayRecordComponent") // not compared
  private record Flight(long arrivalNanos, long number, int timestamp, byte[] payload) {}

  /** A packet that was played. */
  record Played(long number, long nowNanos, long delayNanos) {}

  private final SoundBuffer buffer;
  private final PriorityQueue<Flight> network =
      new PriorityQueue<>(
          Comparator.comparingLong(Flight::arrivalNanos).thenComparingLong(Flight::number));
  private final Map<Long, Long> sentNanos = new HashMap<>();
  private final List<Played> played = new ArrayList<>();
  private final long startNanos;
  private long nowNanos;
  private long numbers;
  private int timestamp;
  private long concealedSamples;
  private long handedOutSamples;
  private long longestConcealed;
  private long concealedInRow;

  /** Of the sender's clock, to one second of the player's. */
  double senderSecond = 1;

  SoundSimulation(SoundBuffer buffer, int firstTimestamp) {
    this.buffer = buffer;
    this.timestamp = firstTimestamp;
    // As System.nanoTime may be.
    startNanos = -7 * SECOND;
    nowNanos = startNanos;
  }

  /** A payload that says which packet it is. */
  private static byte[] payload(long number, boolean isSilent) {
    if (isSilent) {
      return new byte[] {SPEECH};
    }
    byte[] payload = new byte[60];
    payload[0] = SPEECH;
    for (int i = 0; i < 8; i++) {
      payload[1 + i] = (byte) (number >>> (8 * i));
    }
    return payload;
  }

  private static long number(byte[] payload) {
    long number = 0;
    for (int i = 7; i >= 0; i--) {
      number = number << 8 | (payload[1 + i] & 0xFF);
    }
    return number;
  }

  /** Of a packet that is lost. */
  static final long LOST = -1;

  /**
   * Speaks for some time.
   *
   * @param jitter from a packet's number to what it is delayed by on top, or {@link #LOST}
   */
  void speak(long nanos, LongUnaryOperator jitter) {
    double at = nowNanos;
    double packetNanos = SAMPLES * 1e9 / 48_000 * senderSecond;
    long end = nowNanos + nanos;
    while (at < end) {
      long number = numbers++;
      long delay = jitter.applyAsLong(number);
      sentNanos.put(number, (long) at);
      if (delay != LOST) {
        network.add(
            new Flight((long) at + WAY_NANOS + delay, number, timestamp, payload(number, false)));
      }
      timestamp += SAMPLES;
      at += packetNanos;
      runUntil((long) at);
    }
  }

  /** Sends a packet without sound each 400 ms. */
  void sayNothing(long nanos, LongUnaryOperator jitter) {
    long end = nowNanos + nanos;
    while (nowNanos < end) {
      network.add(
          new Flight(
              nowNanos + WAY_NANOS + jitter.applyAsLong(0), -1, timestamp, payload(0, true)));
      timestamp += 20 * SAMPLES;
      runUntil(nowNanos + 400 * MILLI);
    }
  }

  /** Sends nothing; whether the sender's clock goes on meanwhile. */
  void pause(long nanos, boolean goesOn) {
    runUntil(nowNanos + nanos);
    if (goesOn) {
      timestamp += SAMPLES * (int) (nanos * 48 / MILLI / SAMPLES);
    }
  }

  void jump(int samples) {
    timestamp += samples;
  }

  /** Has everything that is on its way arrive. */
  void finish() {
    runUntil(nowNanos + 3 * SECOND);
  }

  private void runUntil(long end) {
    while (nowNanos < end) {
      nowNanos += MILLI;
      while (!network.isEmpty() && network.peek().arrivalNanos() <= nowNanos) {
        Flight flight = network.remove();
        buffer.add(
            Integer.toUnsignedLong(flight.timestamp()), flight.payload(), flight.arrivalNanos());
        assertTrue(buffer.size() <= SoundBuffer.MAX_PACKETS);
      }
      if ((nowNanos - startNanos) % POLL_NANOS == 0) {
        buffer.poll(nowNanos).forEach(this::take);
        double elapsedSamples = (nowNanos - startNanos) / 1e9 * 48_000;
        assertTrue(handedOutSamples <= elapsedSamples + SAMPLES, "more sound than time");
      }
    }
  }

  private void take(SoundBuffer.Piece piece) {
    handedOutSamples += piece.samples();
    byte[] payload = piece.payload();
    if (payload == null) {
      assertTrue(piece.samples() > 0 && piece.samples() % 120 == 0);
      concealedSamples += piece.samples();
      concealedInRow += piece.samples();
      longestConcealed = Math.max(longestConcealed, concealedInRow);
      return;
    }
    concealedInRow = 0;
    if (payload.length > 1) {
      long number = number(payload);
      assertTrue(played.isEmpty() || number > played.get(played.size() - 1).number(), "order");
      long sent = sentNanos.getOrDefault(number, 0L);
      played.add(new Played(number, nowNanos, nowNanos - sent - WAY_NANOS));
    }
  }

  long now() {
    return nowNanos;
  }

  /** Returns how many packets with sound were sent so far. */
  long sent() {
    return numbers;
  }

  List<Played> played() {
    return played;
  }

  /** Returns packets per thousand that were played of so many. */
  double permille(long of) {
    return 1000.0 * played.size() / of;
  }

  /**
   * Returns a percentile of how much longer than the fastest way packets took until they were
   * played, of those that were sent from a number on.
   */
  double delayMillis(double percentile, long from) {
    long[] delays =
        played.stream()
            .filter(one -> one.number() >= from)
            .mapToLong(Played::delayNanos)
            .sorted()
            .toArray();
    return delays[(int) Math.min(delays.length - 1, delays.length * percentile / 100)] / 1e6;
  }

  double concealedMillis() {
    return concealedSamples / 48.0;
  }

  double longestConcealedMillis() {
    return longestConcealed / 48.0;
  }

  @Override
  public String toString() {
    return numbers
        + " sent, "
        + buffer.counters()
        + ", concealed "
        + concealedMillis()
        + " ms, at most "
        + longestConcealedMillis()
        + ", target "
        + buffer.targetDelay(nowNanos).toMillis()
        + ", delay p5/p50/p95/p99 "
        + (played.isEmpty()
            ? "-"
            : delayMillis(5, 0)
                + "/"
                + delayMillis(50, 0)
                + "/"
                + delayMillis(95, 0)
                + "/"
                + delayMillis(99, 0));
  }
}
