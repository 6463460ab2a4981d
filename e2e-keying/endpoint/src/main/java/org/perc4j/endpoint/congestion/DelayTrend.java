/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.congestion;

/**
 * What the delays of packets tell of the queues on their way, from groups of packets to the use of
 * the link (draft-ietf-rmcat-gcc-02, sections 5.1 to 5.4). Not thread-safe.
 */
final class DelayTrend {
  private final InterGroupDelay groups = new InterGroupDelay();
  private final ArrivalTimeFilter filter = new ArrivalTimeFilter();
  private final OveruseDetector detector = new OveruseDetector();
  private long formerArrivalNanos;
  private boolean overused;

  /** Takes a packet, as {@link InterGroupDelay#add} does. */
  void add(long sentNanos, long arrivalNanos) {
    if (groups.add(sentNanos, arrivalNanos)) {
      double mean =
          filter.update(groups.variationNanos() / 1e6, groups.interDepartureNanos() / 1e6);
      double intervalMillis = (groups.arrivalNanos() - formerArrivalNanos) / 1e6;
      formerArrivalNanos = groups.arrivalNanos();
      overused |= detector.update(mean, Math.max(0, intervalMillis)) == LinkUsage.OVERUSE;
    }
  }

  /**
   * Returns the worst that the groups since the last call show: of a link that is a little too thin
   * only some of them do.
   */
  LinkUsage takeUsage() {
    LinkUsage usage = overused ? LinkUsage.OVERUSE : detector.usage();
    overused = false;
    return usage;
  }

  /** Returns what the last group shows. */
  LinkUsage usage() {
    return detector.usage();
  }
}
