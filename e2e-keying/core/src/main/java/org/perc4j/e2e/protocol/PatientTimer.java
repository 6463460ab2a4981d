/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.protocol;

import java.time.Duration;

/**
 * A timer for what others should have done by then. In a room that is slow it waits for as long as
 * what they say takes as well, and before it runs, it sees that what they said is here. Belongs to
 * one event loop.
 */
final class PatientTimer {
  /** How soon it looks again at least. */
  private static final Duration SHORTEST = Duration.ofSeconds(1);

  private final EventLoop loop;
  private final RoundTrip roundTrip;
  private final RoundTrip.Check check;
  private final OneTimer timer;
  private final int trips;

  /**
   * Makes one that is not set.
   *
   * @param trips how many messages, one after another, it is to wait for
   */
  PatientTimer(EventLoop loop, Timers timers, RoundTrip roundTrip, int trips) {
    this.loop = loop;
    this.roundTrip = roundTrip;
    this.check = roundTrip.one();
    this.timer = timers.one();
    this.trips = trips;
  }

  /**
   * Has something run once.
   *
   * @param delay how long to wait if messages take no time
   */
  void set(Duration delay, Runnable task) {
    set(delay, loop.nanoTime(), delay, task);
  }

  private void set(Duration next, long sinceNanos, Duration delay, Runnable task) {
    check.stop();
    timer.set(next, () -> check.start(() -> runOrWait(sinceNanos, delay, task)));
  }

  /** Waits no longer than the room is slow: it looks again when as long has passed once more. */
  private void runOrWait(long sinceNanos, Duration delay, Runnable task) {
    Duration lag = roundTrip.lag();
    Duration rest = delay.plus(lag.multipliedBy(trips)).minusNanos(loop.nanoTime() - sinceNanos);
    if (rest.isZero() || rest.isNegative()) {
      task.run();
    } else {
      Duration next = lag.compareTo(SHORTEST) < 0 ? SHORTEST : lag;
      set(rest.compareTo(next) < 0 ? rest : next, sinceNanos, delay, task);
    }
  }

  boolean isSet() {
    return timer.isSet() || check.isUnderWay();
  }

  void stop() {
    timer.stop();
    check.stop();
  }
}
