/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.rtp;

/**
 * One line of samples that goes on for ever, made of RTP's timestamps, which wrap, and which begin
 * anew somewhere if a sender likes. As with sequence numbers in RFC 3550, appendix A.1, two packets
 * in a row have to agree before one is believed that timestamps have jumped. Not thread-safe.
 */
final class SoundTimeline {
  /** Where a packet is that does not fit to those before. */
  static final long STRAY = Long.MIN_VALUE;

  private static final long AGREEMENT_NANOS = 1_000_000_000;

  /** Between what was before a jump and what is behind: not a loss, but a pause. */
  private static final long PAUSE_SAMPLES = 48_000;

  private final long jumpNanos;
  private boolean begun;
  private int lastTimestamp;
  private long lastStart;
  private long lastArrivalNanos;
  private boolean hasStray;
  private int strayTimestamp;
  private long strayArrivalNanos;
  private boolean jumped;

  /**
   * A line on which nothing is yet.
   *
   * @param jumpNanos by how much timestamps have to go on faster or slower than time for a jump
   */
  SoundTimeline(long jumpNanos) {
    this.jumpNanos = jumpNanos;
  }

  /** Returns how long so many samples take. */
  static long nanos(long samples) {
    return samples * 62_500 / 3;
  }

  /**
   * Finds the place of a packet's first sample.
   *
   * @param end behind everything that has a place
   * @return the place, or {@link #STRAY}
   */
  long place(int timestamp, long arrivalNanos, long end) {
    jumped = false;
    if (!begun) {
      begun = true;
      return accept(timestamp, 0, arrivalNanos);
    }
    int distance = timestamp - lastTimestamp;
    if (Math.abs(nanos(distance) - (arrivalNanos - lastArrivalNanos)) <= jumpNanos) {
      hasStray = false;
      return accept(timestamp, lastStart + distance, arrivalNanos);
    }
    int fromStray = timestamp - strayTimestamp;
    jumped =
        hasStray
            && fromStray != 0
            && Math.abs(nanos(fromStray) - (arrivalNanos - strayArrivalNanos)) <= AGREEMENT_NANOS;
    if (jumped) {
      hasStray = false;
      return accept(timestamp, end + PAUSE_SAMPLES + Math.max(0, fromStray), arrivalNanos);
    }
    hasStray = true;
    strayTimestamp = timestamp;
    strayArrivalNanos = arrivalNanos;
    return STRAY;
  }

  private long accept(int timestamp, long start, long arrivalNanos) {
    lastTimestamp = timestamp;
    lastStart = start;
    lastArrivalNanos = arrivalNanos;
    return start;
  }

  /** Tells whether the packet that was placed last showed that timestamps have jumped. */
  boolean jumped() {
    return jumped;
  }
}
