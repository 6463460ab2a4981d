/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.client.recording;

/**
 * Where a source's media belong in a recording. The source's own clock says how its media follow
 * each other; where that clock begins, the media say that came quickest. Not thread-safe.
 */
final class Timeline {
  private static final long SECOND_NANOS = 1_000_000_000;

  private final int clockRate;
  private boolean began;
  private int last;
  private long elapsedTicks;
  private long offsetNanos = Long.MAX_VALUE;

  /**
   * A source of which nothing has come.
   *
   * @param clockRate RTP timestamp units per second
   */
  Timeline(int clockRate) {
    this.clockRate = clockRate;
  }

  /**
   * Takes the next.
   *
   * @param timestamp RTP time, 32 bits
   * @param arrivalNanos when it came, since the recording began
   * @return when it was made, since the source's first, in nanoseconds
   */
  long place(long timestamp, long arrivalNanos) {
    int ticks = (int) timestamp;
    if (began) {
      elapsedTicks += ticks - last;
    }
    began = true;
    last = ticks;
    long elapsed = nanos(elapsedTicks);
    offsetNanos = Math.min(offsetNanos, arrivalNanos - elapsed);
    return elapsed;
  }

  /** Returns when the source's first was made, since the recording began, as far as is known. */
  long offsetNanos() {
    return offsetNanos == Long.MAX_VALUE ? 0 : offsetNanos;
  }

  private long nanos(long ticks) {
    return ticks / clockRate * SECOND_NANOS + ticks % clockRate * SECOND_NANOS / clockRate;
  }
}
