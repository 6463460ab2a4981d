/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.congestion;

/**
 * The estimate by losses, for queues that are too short to show in delays (draft-ietf-rmcat-gcc-02,
 * section 6).
 *
 * <p>The draft's reports come with RTCP's reports, about once a second. Feedback here comes twenty
 * times a second, of few packets each, of which one that is lost would be more than a tenth: it is
 * summed up before it is looked at. Of few packets more than a tenth is lost by chance now and then
 * where a tenth is lost on average, whatever is sent; that alone, again and again, would lead down
 * to nothing. So it goes down only where so many are lost as chance seldom has it. Not thread-safe.
 */
final class LossBasedController {
  private static final double FEW = 0.02;
  private static final double MANY = 0.1;
  private static final double INCREASE = 1.05;

  /** So many standard deviations more than expected, one time of forty by chance. */
  private static final double DEVIATIONS = 2;

  private static final long MIN_NANOS = 500_000_000;
  private static final int MIN_PACKETS = 20;

  private final double minBps;
  private double limitBps = Double.POSITIVE_INFINITY;
  private boolean started;
  private long sinceNanos;
  private int packets;
  private int lost;

  LossBasedController(double minBps) {
    this.minBps = minBps;
  }

  /**
   * Goes on by what became of packets.
   *
   * @param targetBps what was sent for
   * @return As_hat, in bits per second; infinite as long as losses limit nothing
   */
  double update(int newPackets, int newLost, double targetBps, long nowNanos) {
    if (!started) {
      started = true;
      sinceNanos = nowNanos;
    }
    packets += newPackets;
    lost += newLost;
    long elapsedNanos = nowNanos - sinceNanos;
    if (packets < MIN_PACKETS || elapsedNanos < MIN_NANOS) {
      return limitBps;
    }
    double ratio = (double) lost / packets;
    boolean tooMany = lost > MANY * packets + DEVIATIONS * Math.sqrt(packets * MANY * (1 - MANY));
    sinceNanos = nowNanos;
    packets = 0;
    lost = 0;
    if (tooMany) {
      limitBps = Math.max(minBps, Math.min(limitBps, targetBps) * (1 - 0.5 * ratio));
    } else if (ratio >= FEW) {
      limitBps = Math.min(limitBps, targetBps);
    } else {
      limitBps *= Math.pow(INCREASE, Math.min(elapsedNanos / 1e9, 1));
    }
    return limitBps;
  }

  /** Losses limit no more what is below the limit anyway. */
  void notLimiting(double delayBasedBps) {
    if (limitBps > 2 * delayBasedBps) {
      limitBps = Double.POSITIVE_INFINITY;
    }
  }
}
