/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.congestion;

import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/** Somebody who sends as much as the estimate allows over a link, and is told of it. */
final class SimulatedCall {
  private static final long STEP_NANOS = 1_000_000;
  private static final long FEEDBACK_NANOS = 50_000_000;
  private static final long BACK_NANOS = 25_000_000;
  private static final int PACKET_OCTETS = 1000;

  private record Event(long nanos, Runnable what) {}

  final SendRateEstimator estimator = new SendRateEstimator(300_000, 30_000, 20_000_000);
  final ProbeController probing = new ProbeController();
  private final SimulatedLink link;
  private final SendHistory history = new SendHistory();
  private final ArrivalRecorder recorder = new ArrivalRecorder();
  private final PriorityQueue<Event> events =
      new PriorityQueue<>(Comparator.comparingLong(Event::nanos));
  private long nowNanos = 1;
  private double budgetBits;
  private long arrivedOctets;
  private double queueNanosSum;
  private long steps;
  private double wantedBps;
  private long lostBefore;
  private long packetsBefore;

  SimulatedCall(SimulatedLink link) {
    this.link = link;
  }

  /** Goes on for so long, sending no more than that even if it may. */
  void runWithAtMost(double maxBps, double seconds) {
    lostBefore = history.lost();
    packetsBefore = history.packets();
    arrivedOctets = 0;
    queueNanosSum = 0;
    steps = 0;
    long end = nowNanos + (long) (seconds * 1e9);
    for (; nowNanos < end; nowNanos += STEP_NANOS) {
      budgetBits += Math.min(maxBps, estimator.targetBps()) * STEP_NANOS / 1e9;
      while (budgetBits >= 8 * PACKET_OCTETS) {
        budgetBits -= 8 * PACKET_OCTETS;
        send();
      }
      int padding = probing.paddingDue(history, estimator, wantedBps, nowNanos);
      for (; padding > 0; padding -= PACKET_OCTETS) {
        send();
      }
      if (nowNanos % FEEDBACK_NANOS < STEP_NANOS) {
        for (TransportFeedback feedback : recorder.feedback(1, 2)) {
          at(
              nowNanos + BACK_NANOS,
              () -> {
                List<PacketResult> results = history.apply(feedback);
                estimator.update(results, nowNanos);
                probing.update(results, estimator, nowNanos);
              });
        }
      }
      while (!events.isEmpty() && events.peek().nanos() <= nowNanos) {
        events.remove().what().run();
      }
      queueNanosSum += link.queueNanos(nowNanos);
      steps++;
    }
  }

  /** Would send so much if it was allowed to, and probes for it. */
  void wants(double bps) {
    wantedBps = bps;
  }

  /** Goes on for so long. */
  void run(double seconds) {
    runWithAtMost(Double.POSITIVE_INFINITY, seconds);
  }

  private void send() {
    int number = history.nextSequenceNumber();
    history.sent(PACKET_OCTETS, probing.isProbing(), nowNanos);
    long arrival = link.send(PACKET_OCTETS, nowNanos);
    if (arrival != SimulatedLink.LOST) {
      at(
          arrival,
          () -> {
            recorder.arrived(number, PACKET_OCTETS, arrival);
            arrivedOctets += PACKET_OCTETS;
          });
    }
  }

  private void at(long nanos, Runnable what) {
    events.add(new Event(nanos, what));
  }

  SimulatedLink link() {
    return link;
  }

  long nowNanos() {
    return nowNanos;
  }

  /** Which share of packets was lost in the last run. */
  double lost() {
    return (double) (history.lost() - lostBefore) / (history.packets() - packetsBefore);
  }

  /** What arrived in the last run, in bits per second. */
  double arrivedBps() {
    return 8 * arrivedOctets / (steps * STEP_NANOS / 1e9);
  }

  /** How long a packet waited on average in the last run. */
  double queueMillis() {
    return queueNanosSum / steps / 1e6;
  }

  @Override
  public String toString() {
    return "%.0f kbit/s arrived, target %.0f kbit/s, queue %.0f ms, %d dropped"
        .formatted(
            arrivedBps() / 1000, estimator.targetBps() / 1000, queueMillis(), link.dropped());
  }
}
