/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.congestion;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.util.Random;

/** One direction of a network with a queue, in virtual time. Not thread-safe. */
final class SimulatedLink {
  /** What {@link #send} returns of a packet that does not arrive. */
  static final long LOST = Long.MAX_VALUE;

  private static final double NANOS_PER_SECOND = 1e9;

  private final Random random;
  private double bitsPerSecond;
  private long maxQueueNanos = 300_000_000;
  private long delayNanos = 25_000_000;
  private double loss;
  private double jitterNanos;
  private long freeNanos;
  private long lastArrivalNanos;
  private long dropped;

  SimulatedLink(long seed, double bitsPerSecond) {
    this.random = new Random(seed);
    this.bitsPerSecond = bitsPerSecond;
  }

  /** From now on it carries so much. */
  void carries(double newBitsPerSecond) {
    bitsPerSecond = newBitsPerSecond;
  }

  /** Loses packets at random. */
  @CanIgnoreReturnValue
  SimulatedLink losing(double probability) {
    loss = probability;
    return this;
  }

  /** Delays packets at random, in order, with such a deviation. */
  @CanIgnoreReturnValue
  SimulatedLink jittering(double millis) {
    jitterNanos = millis * 1e6;
    return this;
  }

  /** Holds so much of what it cannot carry yet, and no more. */
  @CanIgnoreReturnValue
  SimulatedLink queueing(long millis) {
    maxQueueNanos = millis * 1_000_000;
    return this;
  }

  /** Returns when a packet arrives, or {@link #LOST}. */
  long send(int octets, long nowNanos) {
    if (queueNanos(nowNanos) > maxQueueNanos) {
      dropped++;
      return LOST;
    }
    freeNanos =
        Math.max(freeNanos, nowNanos) + (long) (8 * octets * NANOS_PER_SECOND / bitsPerSecond);
    if (random.nextDouble() < loss) {
      return LOST;
    }
    long jitter = (long) Math.abs(random.nextGaussian() * jitterNanos);
    lastArrivalNanos = Math.max(lastArrivalNanos, freeNanos + delayNanos + jitter);
    return lastArrivalNanos;
  }

  /** How long a packet would wait. */
  long queueNanos(long nowNanos) {
    return Math.max(0, freeNanos - nowNanos);
  }

  /** How many packets its queue had no room for. */
  long dropped() {
    return dropped;
  }
}
