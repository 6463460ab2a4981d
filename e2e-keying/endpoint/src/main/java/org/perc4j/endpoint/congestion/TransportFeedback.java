/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.congestion;

import java.util.Objects;

/**
 * Which of a run of transport-wide numbers arrived, and when
 * (draft-holmer-rmcat-transport-wide-cc-extensions-01, section 3.1). Immutable.
 */
public final class TransportFeedback {
  /** Nanoseconds in a unit of arrival times: 250 microseconds. */
  public static final long TICK_NANOS = 250_000;

  /** Units of arrival times in one of reference times, which is 64 milliseconds. */
  public static final int TICKS_PER_REFERENCE = 256;

  private final int senderSsrc;
  private final int mediaSsrc;
  private final int baseSequenceNumber;
  private final int statusCount;
  private final int referenceTime;
  private final int feedbackCount;
  private final int[] offsets;
  private final int[] deltaTicks;

  /**
   * Feedback.
   *
   * @param baseSequenceNumber the first number that is told of: 0 to 65535
   * @param statusCount how many numbers are told of, from that one on: 1 to 65535
   * @param referenceTime in units of 64 ms, of some clock: 24 bits with a sign
   * @param feedbackCount counts feedback, modulo 256
   * @param offsets which numbers arrived, less the base: ascending; not copied
   * @param deltaTicks when each of those arrived, in ticks after the one before it; the first one,
   *     after the reference time; 16 bits with a sign; not copied
   */
  TransportFeedback(
      int senderSsrc,
      int mediaSsrc,
      int baseSequenceNumber,
      int statusCount,
      int referenceTime,
      int feedbackCount,
      int[] offsets,
      int[] deltaTicks) {
    this.senderSsrc = senderSsrc;
    this.mediaSsrc = mediaSsrc;
    this.baseSequenceNumber = baseSequenceNumber;
    this.statusCount = statusCount;
    this.referenceTime = referenceTime;
    this.feedbackCount = feedbackCount;
    this.offsets = offsets;
    this.deltaTicks = deltaTicks;
  }

  /** Who tells. */
  public int senderSsrc() {
    return senderSsrc;
  }

  /** Of which stream some packet was; the feedback is of all streams of the transport. */
  public int mediaSsrc() {
    return mediaSsrc;
  }

  /** The first number that is told of, 0 to 65535. */
  public int baseSequenceNumber() {
    return baseSequenceNumber;
  }

  /** How many numbers are told of, 1 to 65535. Those that are not among the received are lost. */
  public int statusCount() {
    return statusCount;
  }

  /** In units of 64 ms, of the teller's clock: 24 bits with a sign. */
  public int referenceTime() {
    return referenceTime;
  }

  /** Counts feedback, 0 to 255. */
  public int feedbackCount() {
    return feedbackCount;
  }

  /** How many packets arrived. */
  public int received() {
    return offsets.length;
  }

  /**
   * The distance of the number of a packet that arrived from the base.
   *
   * @param i 0 to {@link #received} - 1, in ascending order of numbers
   */
  public int offset(int i) {
    return offsets[Objects.checkIndex(i, offsets.length)];
  }

  /**
   * When a packet arrived, in ticks after the one before it, or after the reference time.
   *
   * @param i as for {@link #offset}
   */
  public int deltaTicks(int i) {
    return deltaTicks[Objects.checkIndex(i, offsets.length)];
  }

  @Override
  public String toString() {
    return "feedback "
        + feedbackCount
        + ": "
        + offsets.length
        + " of "
        + statusCount
        + " from "
        + baseSequenceNumber
        + " on";
  }
}
