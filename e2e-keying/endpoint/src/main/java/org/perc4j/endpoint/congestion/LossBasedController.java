/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.congestion;

import java.util.Arrays;

/**
 * The estimate by losses, for queues that are too short to show in delays (draft-ietf-rmcat-gcc-02,
 * section 6).
 *
 * <p>The draft's reports come with RTCP's reports, about once a second. Feedback here comes twenty
 * times a second, of few packets each, of which one that is lost would be more than a tenth: it is
 * summed up before it is looked at. Not thread-safe.
 *
 * <p>Some links, such as bad radio, lose packets whatever is sent. By the draft, a tenth that is
 * lost that way leads down to nothing, as chance makes it more than a tenth now and then, and as
 * nothing leads up. So the least of what was lost lately, up to a twentieth, counts as the link's
 * own, and does not bring the rate down; nor does what chance adds to few packets.
 */
final class LossBasedController {
  private static final double FEW = 0.02;
  private static final double MANY = 0.1;
  private static final double INCREASE = 1.05;

  /** What counts as the link's own at most. */
  private static final double OWN = 0.05;

  /** So many standard deviations more than expected, one time of forty by chance. */
  private static final double DEVIATIONS = 2;

  /** What is lost on average is looked at for so long, and for so many packets. */
  private static final long AVERAGE_NANOS = 2_000_000_000;

  private static final int AVERAGE_PACKETS = 100;
  private static final int AVERAGES = 15;

  private static final long MIN_NANOS = 500_000_000;
  private static final int MIN_PACKETS = 20;

  private final double minBps;
  private double limitBps = Double.POSITIVE_INFINITY;
  private boolean started;
  private long sinceNanos;
  private int packets;
  private int lost;
  private long averageSinceNanos;
  private int averagePackets;
  private int averageLost;

  /** The newest ones, in turn. */
  private final double[] averages = new double[AVERAGES];

  private int averageCount;

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
      averageSinceNanos = nowNanos;
    }
    packets += newPackets;
    lost += newLost;
    average(newPackets, newLost, nowNanos);
    long elapsedNanos = nowNanos - sinceNanos;
    if (packets < MIN_PACKETS || elapsedNanos < MIN_NANOS) {
      return limitBps;
    }
    double ratio = (double) lost / packets;
    double many = MANY + Math.min(OWN, leastAverage());
    boolean tooMany = lost > many * packets + DEVIATIONS * Math.sqrt(packets * many * (1 - many));
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

  private void average(int newPackets, int newLost, long nowNanos) {
    averagePackets += newPackets;
    averageLost += newLost;
    if (averagePackets >= AVERAGE_PACKETS && nowNanos - averageSinceNanos >= AVERAGE_NANOS) {
      averages[averageCount % AVERAGES] = (double) averageLost / averagePackets;
      averageCount++;
      averageSinceNanos = nowNanos;
      averagePackets = 0;
      averageLost = 0;
    }
  }

  private double leastAverage() {
    return Arrays.stream(averages, 0, Math.min(averageCount, AVERAGES)).min().orElse(0);
  }

  /** Losses limit no more what is below the limit anyway. */
  void notLimiting(double delayBasedBps) {
    if (limitBps > 2 * delayBasedBps) {
      limitBps = Double.POSITIVE_INFINITY;
    }
  }
}
