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

  /** Between requests for the same reason; in time, a quarter of how long it has lasted. */
  static final long RETRY_INTERVAL_NANOS = 300_000_000;

  /** The longest time between two requests for the same reason. */
  static final long MAX_INTERVAL_NANOS = 5_000_000_000L;

  /** How long to wait for a switching point. */
  static final long PATIENCE_NANOS = 500_000_000;

  private boolean asked;
  private long lastNanos;
  private boolean askedForThis;
  private boolean waiting;
  private long waitingSinceNanos;

  /** The receiver has what it is to have, or is to have something else from now on. */
  void settled() {
    waiting = false;
    askedForThis = false;
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
    long waited = nowNanos - waitingSinceNanos;
    if (need == Need.IF_IT_LASTS && waited < PATIENCE_NANOS) {
      return false;
    }
    long interval =
        askedForThis
            ? Math.min(Math.max(waited / 4, RETRY_INTERVAL_NANOS), MAX_INTERVAL_NANOS)
            : MIN_INTERVAL_NANOS;
    if (asked && nowNanos - lastNanos < interval) {
      return false;
    }
    asked = true;
    askedForThis = true;
    lastNanos = nowNanos;
    return true;
  }
}
