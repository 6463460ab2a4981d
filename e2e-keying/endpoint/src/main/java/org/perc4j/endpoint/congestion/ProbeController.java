/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.congestion;

import java.util.List;

/**
 * Finds out whether a transport carries more than is sent, as an estimate does not go far above
 * what arrives (draft-ietf-rmcat-gcc-02, section 5.5): asks for padding, so that what is sent
 * within a short time makes a higher rate, and looks at the rate at which that arrives.
 *
 * <p>The draft has no probing. Clusters of some packets, at a multiple of the estimate, are what
 * libwebrtc is known for; the numbers here are this class's own. Not thread-safe.
 */
public final class ProbeController {
  /** How long what is sent makes the higher rate. */
  private static final long CLUSTER_NANOS = 40_000_000;

  private static final int MIN_PACKETS = 5;

  /** Packets that go out, or come, so close to each other are one burst. */
  private static final long BURST_NANOS = 1_000_000;

  /** As long as nothing was ever too much. */
  private static final double FIRST_FACTOR = 3;

  private static final double FACTOR = 2;

  /** A cluster that got so much of its rate through is followed by another one at once. */
  private static final double PROMISING = 0.7;

  /** What arrives at less than that of the rate at which it was sent has filled a queue. */
  private static final double UNHINDERED = 0.9;

  private static final double HINDERED = 0.95;
  private static final double MIN_ARRIVED = 0.8;
  private static final long MIN_PAUSE_NANOS = 1_000_000_000L;
  private static final long MAX_PAUSE_NANOS = 16_000_000_000L;
  private static final long MAX_WAIT_NANOS = 2_000_000_000L;

  private enum State {
    RESTING,
    SENDING,
    WAITING
  }

  private State state = State.RESTING;
  private boolean wasTooMuch;
  private boolean started;
  private long notBeforeNanos;
  private long pauseNanos = MIN_PAUSE_NANOS;
  private double rateBps;
  private long firstNumber;
  private long octetsBefore;
  private long startNanos;
  private int sentInCluster;
  private int packets;
  private int arrived;
  private boolean inFirstBurst;
  private long firstSentNanos;
  private long lastSentNanos;
  private long firstArrivalNanos;
  private long lastArrivalNanos;
  private long octetsAfterFirstBurst;
  private long clusters;
  private long packetsBefore;
  private long idleSinceNanos;

  /** A controller that rests. */
  public ProbeController() {}

  /**
   * Says how much padding to send now.
   *
   * @param history of what was sent; of what is sent on, it has to be told if that {@linkplain
   *     #isProbing is probing}
   * @param wantedBps what there would be to send
   * @return octets, 0 if there is nothing to find out
   */
  public int paddingDue(
      SendHistory history, SendRateEstimator estimator, double wantedBps, long nowNanos) {
    if (!started) {
      started = true;
      notBeforeNanos = nowNanos;
      idleSinceNanos = nowNanos;
    }
    if (state == State.WAITING && nowNanos - startNanos > MAX_WAIT_NANOS) {
      rest(nowNanos);
    }
    if (state == State.RESTING) {
      if (nowNanos - notBeforeNanos < 0
          || (estimator.usage() != LinkUsage.NORMAL && !isIdle(history, nowNanos))
          || wantedBps <= estimator.targetBps()) {
        return 0;
      }
      begin(history, Math.min(wantedBps, factor() * estimator.targetBps()), nowNanos);
    }
    if (state != State.SENDING) {
      return 0;
    }
    long sent = history.octets() - octetsBefore;
    long sentPackets = history.packets() - firstNumber + 1;
    long elapsedNanos = nowNanos - startNanos;
    if (elapsedNanos >= CLUSTER_NANOS && sentPackets > MIN_PACKETS) {
      sentInCluster = (int) sentPackets;
      state = State.WAITING;
      return 0;
    }
    return (int) Math.max(0, rateBps * elapsedNanos / 8e9 + 1 - sent);
  }

  /**
   * Whether nothing has been sent for some time. What is said of the link is then as old: where all
   * was left out that can be, nothing else would ever tell that it is free again.
   */
  private boolean isIdle(SendHistory history, long nowNanos) {
    if (history.packets() != packetsBefore) {
      packetsBefore = history.packets();
      idleSinceNanos = nowNanos;
    }
    return nowNanos - idleSinceNanos > MAX_WAIT_NANOS;
  }

  private double factor() {
    return wasTooMuch ? FACTOR : FIRST_FACTOR;
  }

  private void begin(SendHistory history, double bps, long nowNanos) {
    state = State.SENDING;
    clusters++;
    rateBps = bps;
    firstNumber = history.packets() + 1;
    sentInCluster = Integer.MAX_VALUE;
    octetsBefore = history.octets();
    startNanos = nowNanos;
    packets = 0;
    arrived = 0;
    inFirstBurst = true;
    octetsAfterFirstBurst = 0;
  }

  /** Tells whether what is sent now, media and padding, makes the higher rate. */
  public boolean isProbing() {
    return state == State.SENDING;
  }

  /**
   * Takes what became of packets, and raises the estimate if they have shown that it is too low.
   */
  public void update(List<PacketResult> results, SendRateEstimator estimator, long nowNanos) {
    if (state == State.RESTING) {
      return;
    }
    for (PacketResult result : results) {
      if (result.probing() && result.number() >= firstNumber) {
        packets++;
        if (result.received()) {
          take(result);
        }
      }
    }
    if (state == State.WAITING && packets >= sentInCluster) {
      conclude(estimator, nowNanos);
    }
  }

  private void take(PacketResult result) {
    if (arrived++ == 0) {
      firstSentNanos = result.sentNanos();
      firstArrivalNanos = result.arrivalNanos();
    } else if (inFirstBurst && result.sentNanos() - firstSentNanos < BURST_NANOS) {
      firstArrivalNanos = result.arrivalNanos();
    } else {
      inFirstBurst = false;
      octetsAfterFirstBurst += result.octets();
    }
    lastSentNanos = result.sentNanos();
    lastArrivalNanos = result.arrivalNanos();
  }

  private void conclude(SendRateEstimator estimator, long nowNanos) {
    double sentSeconds = (lastSentNanos - firstSentNanos) / 1e9;
    double arrivalSeconds = (lastArrivalNanos - firstArrivalNanos) / 1e9;
    if (arrived < MIN_ARRIVED * packets || sentSeconds <= 0 || arrivalSeconds <= 0) {
      wasTooMuch = true;
      rest(nowNanos);
      return;
    }
    double sentBps = 8 * octetsAfterFirstBurst / sentSeconds;
    double arrivedBps = 8 * octetsAfterFirstBurst / arrivalSeconds;
    double shown = Math.min(sentBps, arrivedBps);
    boolean hindered = arrivedBps < UNHINDERED * sentBps;
    estimator.probed(Math.min(hindered ? HINDERED * arrivedBps : shown, rateBps));
    if (hindered || shown < PROMISING * rateBps) {
      wasTooMuch = true;
      rest(nowNanos);
    } else {
      pauseNanos = MIN_PAUSE_NANOS;
      state = State.RESTING;
      notBeforeNanos = nowNanos;
    }
  }

  private void rest(long nowNanos) {
    state = State.RESTING;
    notBeforeNanos = nowNanos + pauseNanos;
    pauseNanos = Math.min(2 * pauseNanos, MAX_PAUSE_NANOS);
  }

  /** How often it has tried. */
  public long clusters() {
    return clusters;
  }
}
