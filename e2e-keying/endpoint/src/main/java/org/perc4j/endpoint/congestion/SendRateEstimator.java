/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.congestion;

import java.util.List;

/**
 * How fast to send on a transport, by transport-wide feedback: the least of what delays, losses and
 * the receiver allow (draft-ietf-rmcat-gcc-02, sections 5 and 6). Not thread-safe.
 */
public final class SendRateEstimator {
  private static final double DEFAULT_ROUND_TRIP_MILLIS = 100;
  private static final double ROUND_TRIP_SMOOTHING = 0.9;

  private final DelayTrend trend = new DelayTrend();
  private final AcknowledgedRate acknowledged = new AcknowledgedRate();
  private final DelayBasedController byDelay;
  private final LossBasedController byLoss;
  private final double minBps;
  private final double maxBps;
  private double receiverBps = Double.POSITIVE_INFINITY;
  private double lossBps = Double.POSITIVE_INFINITY;
  private double roundTripMillis = DEFAULT_ROUND_TRIP_MILLIS;
  private boolean hasRoundTrip;

  /**
   * An estimator that knows nothing yet.
   *
   * @param startBps bits per second, with headers of RTP
   * @param minBps below which it never goes
   * @param maxBps above which it never goes
   */
  public SendRateEstimator(long startBps, long minBps, long maxBps) {
    if (minBps <= 0 || startBps < minBps || maxBps < startBps) {
      throw new IllegalArgumentException(minBps + " <= " + startBps + " <= " + maxBps);
    }
    this.minBps = minBps;
    this.maxBps = maxBps;
    byDelay = new DelayBasedController(startBps, minBps, maxBps);
    byLoss = new LossBasedController(minBps);
  }

  /**
   * Takes what one feedback told.
   *
   * @param results in the order of sending, as {@link SendHistory#apply} returns them
   */
  public void update(List<PacketResult> results, long nowNanos) {
    if (results.isEmpty()) {
      return;
    }
    int lost = 0;
    long lastSentNanos = 0;
    for (PacketResult result : results) {
      if (!result.received()) {
        lost++;
        continue;
      }
      acknowledged.add(result.arrivalNanos(), result.octets());
      lastSentNanos = result.sentNanos();
      // What fills a queue on purpose is no sign that the rate is too high.
      if (!result.probing()) {
        trend.add(result.sentNanos(), result.arrivalNanos());
      }
    }
    if (lost < results.size()) {
      measureRoundTrip((nowNanos - lastSentNanos) / 1e6);
      double unused =
          byDelay.update(
              trend.takeUsage(), acknowledged.bitsPerSecond(), roundTripMillis, nowNanos);
    }
    lossBps = byLoss.update(results.size(), lost, targetBps(), nowNanos);
    byLoss.notLimiting(byDelay.estimateBps());
  }

  /** From sending to feedback, which the receiver holds back for a moment. */
  private void measureRoundTrip(double millis) {
    roundTripMillis =
        hasRoundTrip
            ? ROUND_TRIP_SMOOTHING * roundTripMillis + (1 - ROUND_TRIP_SMOOTHING) * millis
            : millis;
    hasRoundTrip = true;
  }

  /**
   * The receiver says how much it can have (REMB). Where there is no transport-wide feedback, that
   * is what is sent, as far as losses allow.
   */
  public void limitTo(long bps) {
    receiverBps = bps;
  }

  /**
   * The receiver says how much it lost, for where there is no transport-wide feedback (section 6).
   *
   * @param packets since it said so last, lost ones included
   * @param lost of these
   */
  public void reported(int packets, int lost, long nowNanos) {
    lossBps = byLoss.update(packets, lost, targetBps(), nowNanos);
    byLoss.notLimiting(receiverBps);
  }

  /** So much got through that was sent at once for that purpose, in bits per second. */
  public void probed(double bps) {
    byDelay.raiseTo(bps);
  }

  /** Returns how fast to send all there is, in bits per second. */
  public double targetBps() {
    boolean isReceivers = !hasRoundTrip && receiverBps != Double.POSITIVE_INFINITY;
    double delayBps = isReceivers ? maxBps : byDelay.estimateBps();
    return Math.max(minBps, Math.min(delayBps, Math.min(lossBps, receiverBps)));
  }

  /** Returns what arrived lately, in bits per second; 0 if it cannot be told yet. */
  public double acknowledgedBps() {
    return acknowledged.bitsPerSecond();
  }

  /** Returns whether queues grow. */
  public LinkUsage usage() {
    return trend.usage();
  }

  /** Returns the round trip, with what the receiver holds feedback back, in milliseconds. */
  public double roundTripMillis() {
    return roundTripMillis;
  }
}
