/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.video;

/**
 * When to ask for a key frame: at once if nothing else leads to what a receiver is to have, after a
 * while if something else should have; again if none comes, but ever more rarely.
 *
 * <p>Not thread-safe. Allocates nothing.
 */
final class KeyFrameRequests {
  /** What keeps a receiver from what it is to have. */
  enum Need {
    /** Nothing. */
    NONE,
    /** The next switching point of the stream, unless it has none. */
    IF_IT_LASTS,
    /** The lack of a key frame. */
    NOW
  }

  /** Between requests for different reasons. */
  static final long MIN_INTERVAL_NANOS = 100_000_000;

  /** Until the second request for the same reason; doubled for each further one. */
  static final long FIRST_INTERVAL_NANOS = 300_000_000;

  /** The longest time between two requests for the same reason. */
  static final long MAX_INTERVAL_NANOS = 5_000_000_000L;

  /** How long to wait for a switching point. */
  static final long PATIENCE_NANOS = 500_000_000;

  private boolean asked;
  private long lastNanos;
  private long intervalNanos = MIN_INTERVAL_NANOS;
  private boolean waiting;
  private long waitingSinceNanos;

  /** The receiver has what it is to have, or is to have something else from now on. */
  void settled() {
    waiting = false;
    intervalNanos = MIN_INTERVAL_NANOS;
  }

  /** Whether to ask now; if so, it counts as asked. */
  boolean due(Need need, long nowNanos) {
    if (need == Need.NONE) {
      settled();
      return false;
    }
    if (!waiting) {
      waiting = true;
      waitingSinceNanos = nowNanos;
    }
    if (need == Need.IF_IT_LASTS && nowNanos - waitingSinceNanos < PATIENCE_NANOS) {
      return false;
    }
    if (asked && nowNanos - lastNanos < intervalNanos) {
      return false;
    }
    asked = true;
    lastNanos = nowNanos;
    intervalNanos = Math.min(Math.max(2 * intervalNanos, FIRST_INTERVAL_NANOS), MAX_INTERVAL_NANOS);
    return true;
  }
}
