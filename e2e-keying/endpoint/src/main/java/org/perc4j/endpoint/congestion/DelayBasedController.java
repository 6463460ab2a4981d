/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.congestion;

/**
 * The estimate by delay: raised while queues stay short, reduced to less than what arrives when
 * they grow (draft-ietf-rmcat-gcc-02, section 5.5). Not thread-safe.
 */
final class DelayBasedController {
  /** Beta of section 5.6. */
  private static final double DECREASE = 0.85;

  /** Eta of section 5.5, for each second. */
  private static final double INCREASE = 1.08;

  /** How far the estimate may be above what arrives. */
  private static final double MAX_RATIO = 1.5;

  /** What arrives of what was allowed before. */
  private static final double NOT_ENOUGH = 0.9;

  private static final double SMOOTHING = 0.95;
  private static final double DEVIATIONS = 3;

  /** Of few samples the deviation is not known yet; this is the least that is assumed. */
  private static final double MIN_RELATIVE_DEVIATION = 0.03;

  private static final double DETECTOR_MILLIS = 100;
  private static final double FRAMES_PER_SECOND = 30;
  private static final double PACKET_BITS = 1200 * 8;
  private static final double MIN_STEP_BITS = 1000;

  private enum State {
    INCREASE,
    DECREASE,
    HOLD
  }

  private final double minBps;
  private final double maxBps;
  private double estimateBps;
  private State state = State.INCREASE;
  private boolean updated;
  private long lastUpdateNanos;
  private boolean decreased;
  private long lastDecreaseNanos;
  private boolean hasCapacity;
  private double capacityBps;
  private double capacityVariance;

  DelayBasedController(double startBps, double minBps, double maxBps) {
    this.estimateBps = startBps;
    this.minBps = minBps;
    this.maxBps = maxBps;
  }

  /**
   * Goes on by what was found in a feedback.
   *
   * @param arrivingBps R_hat, or 0 if it is not known yet
   * @return A_hat, in bits per second
   */
  double update(LinkUsage usage, double arrivingBps, double roundTripMillis, long nowNanos) {
    double elapsedMillis = updated ? (nowNanos - lastUpdateNanos) / 1e6 : 0;
    updated = true;
    lastUpdateNanos = nowNanos;
    double responseMillis = DETECTOR_MILLIS + roundTripMillis;
    state = next(usage);
    switch (state) {
      case INCREASE -> increase(arrivingBps, elapsedMillis, responseMillis);
      case DECREASE -> decrease(arrivingBps, responseMillis, nowNanos);
      case HOLD -> {
        // until the queues are as they should be
      }
    }
    return estimateBps;
  }

  /** The table of section 5.5. */
  private State next(LinkUsage usage) {
    return switch (usage) {
      case OVERUSE -> State.DECREASE;
      case UNDERUSE -> State.HOLD;
      case NORMAL -> state == State.DECREASE ? State.HOLD : State.INCREASE;
    };
  }

  private void increase(double arrivingBps, double elapsedMillis, double responseMillis) {
    if (hasCapacity && arrivingBps > capacityBps + DEVIATIONS * deviation()) {
      hasCapacity = false;
    }
    double raised;
    if (hasCapacity && arrivingBps > capacityBps - DEVIATIONS * deviation()) {
      double bitsPerFrame = estimateBps / FRAMES_PER_SECOND;
      double packetBits = bitsPerFrame / Math.ceil(bitsPerFrame / PACKET_BITS);
      double alpha = 0.5 * Math.min(elapsedMillis / responseMillis, 1);
      raised =
          estimateBps
              + Math.max(MIN_STEP_BITS * elapsedMillis / responseMillis, alpha * packetBits);
    } else {
      raised = estimateBps * Math.pow(INCREASE, Math.min(elapsedMillis / 1000, 1));
    }
    // Who sends less than that does not learn whether it could be more.
    double bound = arrivingBps > 0 ? MAX_RATIO * arrivingBps : estimateBps;
    set(Math.max(estimateBps, Math.min(raised, bound)));
  }

  private void decrease(double arrivingBps, double responseMillis, long nowNanos) {
    boolean isSoon = decreased && nowNanos - lastDecreaseNanos < responseMillis * 1e6;
    // Before what was done can have shown, it is not done again; unless it was not enough, as what
    // arrived before the link became thin counted.
    if (arrivingBps == 0 || (isSoon && arrivingBps > NOT_ENOUGH * estimateBps)) {
      return;
    }
    decreased = true;
    lastDecreaseNanos = nowNanos;
    if (arrivingBps < capacityBps - DEVIATIONS * deviation()) {
      hasCapacity = false;
    }
    learn(arrivingBps);
    set(Math.min(estimateBps, DECREASE * arrivingBps));
  }

  private void learn(double arrivingBps) {
    if (!hasCapacity) {
      hasCapacity = true;
      capacityBps = arrivingBps;
      capacityVariance = 0;
      return;
    }
    double difference = arrivingBps - capacityBps;
    capacityBps += (1 - SMOOTHING) * difference;
    capacityVariance = SMOOTHING * capacityVariance + (1 - SMOOTHING) * difference * difference;
  }

  private double deviation() {
    return Math.max(Math.sqrt(capacityVariance), MIN_RELATIVE_DEVIATION * capacityBps);
  }

  /** It was shown that so much gets through, by what was sent for that purpose. */
  void raiseTo(double probedBps) {
    if (state != State.DECREASE && probedBps > estimateBps) {
      hasCapacity = false;
      set(probedBps);
    }
  }

  private void set(double bps) {
    estimateBps = Math.max(minBps, Math.min(maxBps, bps));
  }

  double estimateBps() {
    return estimateBps;
  }
}
