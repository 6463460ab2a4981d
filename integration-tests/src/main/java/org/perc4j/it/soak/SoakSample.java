/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.soak;

import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import org.perc4j.e2e.srtp.DoubleSrtpResult;
import org.perc4j.it.harness.ProcessGauge;

/**
 * How things are at some time. Counts are from the beginning on.
 *
 * @param since the beginning
 * @param endpoints that are in
 * @param bridge the bridge's process
 * @param own this process: all endpoints
 * @param totals what arrived, and did not
 * @param results of packets that a layer refused
 * @param unrepaired packets of video that nobody repaired
 * @param longestGap without a packet of audio from somebody who was in, since the sample before
 * @param noRoom datagrams for which sockets had no room
 */
record SoakSample(
    Duration since,
    int endpoints,
    ProcessGauge.Reading bridge,
    ProcessGauge.Reading own,
    SoakLedger.Totals totals,
    Map<DoubleSrtpResult, Long> results,
    long unrepaired,
    Duration longestGap,
    long noRoom) {
  private static final double MEGA = 1 << 20;

  double minutes() {
    return since.toMillis() / 60_000.0;
  }

  double bridgeHeapMegabytes() {
    return bridge.heapBytes() / MEGA;
  }

  double ownHeapMegabytes() {
    return own.heapBytes() / MEGA;
  }

  /** Returns how many packets came again. */
  long repeated() {
    return results.getOrDefault(DoubleSrtpResult.OUTER_REPLAYED, 0L)
        + results.getOrDefault(DoubleSrtpResult.INNER_REPLAYED, 0L);
  }

  /** Returns how many packets were refused for other reasons. */
  long refused() {
    return results.values().stream().mapToLong(Long::longValue).sum() - repeated();
  }

  static String header() {
    return """
        | min | in | bridge heap MB | threads | files | endpoints heap MB | threads | files | arrived | refused \
        | foreign | unexplained | unrepaired | longest gap ms | no room |
        |---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|""";
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "| %.1f | %d | %.1f | %d | %d | %.1f | %d | %d | %d | %d | %d | %d | %d | %d | %d |",
        minutes(),
        endpoints,
        bridgeHeapMegabytes(),
        bridge.threads(),
        bridge.descriptors(),
        ownHeapMegabytes(),
        own.threads(),
        own.descriptors(),
        totals.arrived(),
        refused(),
        totals.foreign(),
        totals.unexplained(),
        unrepaired,
        longestGap.toMillis(),
        noRoom);
  }
}
