/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.rtp;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * How long packets of a source should wait, so that nearly all that come are there when it is their
 * turn. Times in nanoseconds. Not thread-safe.
 *
 * <p>In outline as WebRTC's NetEQ does it (modules/audio_coding/neteq:
 * relative_arrival_delay_tracker, underrun_optimizer, histogram): a packet's delay is relative to
 * the fastest one of the last two seconds; the target is a quantile of these delays in a histogram
 * that forgets. Here buckets are finer, each packet counts rather than the slowest one of half a
 * second, and what came after its turn raises the target by itself.
 */
final class DelayTarget {
  private static final long MILLI = 1_000_000;
  private static final long BUCKET_NANOS = 5 * MILLI;
  private static final long WINDOW_NANOS = 2_000 * MILLI;
  private static final int MAX_WINDOW = 512;
  private static final double QUANTILE = 0.98;

  /** For the time between two questions whether something is due. */
  private static final long MARGIN_NANOS = 5 * MILLI;

  /** Of packets; half a minute of speech. */
  private static final double MEMORY = 1500;

  private static final double MAX_WEIGHT = 1e100;

  /** Until there are so many, the quantile means nothing. */
  private static final int FEW = 10;

  private static final long FIRST_NANOS = 40 * MILLI;
  private static final long STEP_NANOS = 20 * MILLI;

  /** By how much what was raised for late packets falls again: 10 ms in a second. */
  private static final int FALL = 100;

  /** The way has become longer for good when so many packets in a row say so. */
  private static final int FAR_OFF = 8;

  private record Transit(long nanos, long arrivalNanos) {}

  private final long minNanos;
  private final long maxNanos;

  /** Ascending, the fastest first, each slower than and after the one before. */
  private final Deque<Transit> window = new ArrayDeque<>();

  private final double[] weights;
  private double weight = 1;
  private double total;
  private int count;
  private int farOff;
  private long nearestFarOffNanos;
  private long quantileNanos;
  private long raisedNanos;
  private long raisedAtNanos;

  /** A target between bounds. */
  DelayTarget(long minNanos, long maxNanos) {
    this.minNanos = minNanos;
    this.maxNanos = maxNanos;
    this.weights = new double[(int) (maxNanos / BUCKET_NANOS) + 1];
    this.quantileNanos = FIRST_NANOS;
  }

  /**
   * Takes note of a packet.
   *
   * @param transitNanos from its sender's clock to this one's
   * @return by how much it is slower than the fastest
   */
  long add(long transitNanos, long arrivalNanos) {
    while (!window.isEmpty() && arrivalNanos - window.getFirst().arrivalNanos() > WINDOW_NANOS) {
      Transit unused = window.removeFirst();
    }
    push(transitNanos, arrivalNanos);
    long relative = transitNanos - base();
    if (relative <= maxNanos) {
      farOff = 0;
    } else {
      nearestFarOffNanos = farOff == 0 ? transitNanos : Math.min(nearestFarOffNanos, transitNanos);
      if (++farOff == FAR_OFF) {
        window.clear();
        push(nearestFarOffNanos, arrivalNanos);
        farOff = 0;
        relative = transitNanos - base();
      }
    }
    if (relative <= maxNanos) {
      // What no target could wait for says nothing about the target.
      weigh(relative);
    }
    return relative;
  }

  private void push(long transitNanos, long arrivalNanos) {
    while (!window.isEmpty() && window.getLast().nanos() >= transitNanos) {
      Transit unused = window.removeLast();
    }
    if (window.size() == MAX_WINDOW) {
      Transit unused = window.removeFirst();
    }
    window.addLast(new Transit(transitNanos, arrivalNanos));
  }

  private void weigh(long relativeNanos) {
    weight *= 1 + 1 / MEMORY;
    if (weight > MAX_WEIGHT) {
      for (int i = 0; i < weights.length; i++) {
        weights[i] /= weight;
      }
      total /= weight;
      weight = 1;
    }
    weights[(int) Math.min(relativeNanos / BUCKET_NANOS, weights.length - 1)] += weight;
    total += weight;
    if (++count < FEW) {
      return;
    }
    count = FEW;
    double above = 0;
    int bucket = weights.length;
    while (bucket > 1 && above + weights[bucket - 1] <= (1 - QUANTILE) * total) {
      above += weights[--bucket];
    }
    quantileNanos = bucket * BUCKET_NANOS + MARGIN_NANOS;
  }

  /**
   * A packet came after its turn: the target grows towards what would have been enough.
   *
   * @param relativeNanos as {@link #add} returned it
   */
  void cameLate(long relativeNanos, long nowNanos) {
    long present = nanos(nowNanos);
    long enough = Math.min(relativeNanos + MARGIN_NANOS, present + STEP_NANOS);
    if (enough > present) {
      raisedNanos = enough;
      raisedAtNanos = nowNanos;
    }
  }

  /** The sender's clock begins anew; how much it varies is still known. */
  void restart() {
    window.clear();
    farOff = 0;
  }

  /** Returns the transit of the fastest packet; there has to be one. */
  long base() {
    return window.getFirst().nanos();
  }

  /** Returns how much later than the fastest packets are to be played. */
  long nanos(long nowNanos) {
    long raised = raisedNanos == 0 ? 0 : raisedNanos - (nowNanos - raisedAtNanos) / FALL;
    return Math.max(minNanos, Math.min(maxNanos, Math.max(quantileNanos, raised)));
  }
}
