/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.congestion;

/**
 * How much a transport carries to its receiver, by delays as the receiver sees them: the second way
 * of draft-ietf-rmcat-gcc-02, section 3, for peers that have no transport-wide feedback. Not
 * thread-safe.
 */
public final class ReceiverEstimator {
  /** The receiver does not know the round trip. */
  private static final double ROUND_TRIP_MILLIS = 100;

  /** As soon as there is congestion, else once a second (section 3). */
  private static final long INTERVAL_NANOS = 1_000_000_000;

  private static final double NOTABLE = 0.97;

  private final DelayTrend trend = new DelayTrend();
  private final AcknowledgedRate arriving = new AcknowledgedRate();
  private final DelayBasedController controller;
  private boolean started;
  private int latestTime;
  private long sentUnits;
  private boolean told;
  private long toldNanos;
  private double toldBps;

  /**
   * An estimator that knows nothing yet.
   *
   * @param startBps bits per second
   * @param minBps below which it never goes
   * @param maxBps above which it never goes
   */
  public ReceiverEstimator(long startBps, long minBps, long maxBps) {
    controller = new DelayBasedController(startBps, minBps, maxBps);
  }

  /**
   * Takes a packet.
   *
   * @param sendTime as {@link AbsoluteSendTimeCodec} reads it
   */
  public void arrived(int sendTime, int octets, long nowNanos) {
    int units = AbsoluteSendTimeCodec.BITS;
    int ahead = started ? (sendTime - latestTime) << (Integer.SIZE - units) : 0;
    started = true;
    latestTime = sendTime;
    sentUnits += ahead >> (Integer.SIZE - units);
    arriving.add(nowNanos, octets);
    trend.add(AbsoluteSendTimeCodec.nanos(sentUnits), nowNanos);
  }

  /**
   * Goes on; to be called some times a second.
   *
   * @return what to tell the sender now, in bits per second, or 0 if there is nothing to tell
   */
  public long due(long nowNanos) {
    if (!started) {
      return 0;
    }
    double bps =
        controller.update(trend.takeUsage(), arriving.bitsPerSecond(), ROUND_TRIP_MILLIS, nowNanos);
    if (told && nowNanos - toldNanos < INTERVAL_NANOS && bps > NOTABLE * toldBps) {
      return 0;
    }
    told = true;
    toldNanos = nowNanos;
    toldBps = bps;
    return (long) bps;
  }

  /** Returns the estimate, in bits per second. */
  public double estimateBps() {
    return controller.estimateBps();
  }
}
