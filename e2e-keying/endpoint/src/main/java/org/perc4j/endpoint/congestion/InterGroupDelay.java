/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.congestion;

/**
 * Groups of packets that were sent, or arrived, in one burst, and how much longer one was on its
 * way than the one before (draft-ietf-rmcat-gcc-02, sections 5.1 and 5.2). Not thread-safe.
 */
final class InterGroupDelay {
  /** Burst_time of section 5.6. */
  private static final long BURST_NANOS = 5_000_000;

  /** So long a group lasts at most, or one that never ends would tell nothing. */
  private static final long MAX_GROUP_NANOS = 100_000_000;

  private boolean started;
  private boolean hasFormer;
  private long firstSentNanos;
  private long lastSentNanos;
  private long firstArrivalNanos;
  private long lastArrivalNanos;
  private long formerSentNanos;
  private long formerArrivalNanos;
  private long interArrivalNanos;
  private long interDepartureNanos;

  /**
   * Takes a packet, in the order of sending; one that was sent before the group is left out.
   *
   * @param sentNanos by the sender's clock
   * @param arrivalNanos by the receiver's clock
   * @return whether the group before is complete and can be compared with its former one
   */
  boolean add(long sentNanos, long arrivalNanos) {
    if (!started) {
      started = true;
      begin(sentNanos, arrivalNanos);
      return false;
    }
    if (sentNanos - firstSentNanos < 0) {
      return false;
    }
    if (isOfGroup(sentNanos, arrivalNanos)) {
      lastSentNanos = Math.max(lastSentNanos, sentNanos);
      lastArrivalNanos = Math.max(lastArrivalNanos, arrivalNanos);
      return false;
    }
    boolean comparable = hasFormer && lastArrivalNanos - formerArrivalNanos >= 0;
    if (comparable) {
      interArrivalNanos = lastArrivalNanos - formerArrivalNanos;
      interDepartureNanos = lastSentNanos - formerSentNanos;
    }
    hasFormer = true;
    formerSentNanos = lastSentNanos;
    formerArrivalNanos = lastArrivalNanos;
    begin(sentNanos, arrivalNanos);
    return comparable;
  }

  private boolean isOfGroup(long sentNanos, long arrivalNanos) {
    if (sentNanos - firstSentNanos <= BURST_NANOS) {
      return true;
    }
    long sinceArrival = arrivalNanos - lastArrivalNanos;
    return sinceArrival < BURST_NANOS
        && sinceArrival < sentNanos - lastSentNanos
        && arrivalNanos - firstArrivalNanos < MAX_GROUP_NANOS;
  }

  private void begin(long sentNanos, long arrivalNanos) {
    firstSentNanos = sentNanos;
    lastSentNanos = sentNanos;
    firstArrivalNanos = arrivalNanos;
    lastArrivalNanos = arrivalNanos;
  }

  /** T(i) - T(i-1) of the two groups that were compared last. */
  long interDepartureNanos() {
    return interDepartureNanos;
  }

  /** D(i) of section 5.1: how much longer the group that was completed last was on its way. */
  long variationNanos() {
    return interArrivalNanos - interDepartureNanos;
  }

  /** T(i) of section 5.1, by the receiver's clock, of the group that was completed last. */
  long arrivalNanos() {
    return formerArrivalNanos;
  }
}
