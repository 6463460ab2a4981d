/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.attack;

import java.util.Map;
import java.util.TreeMap;
import org.perc4j.e2e.srtp.DoubleSrtpResult;
import org.perc4j.it.endpoint.Endpoint;

/** What an endpoint counted of packets that it did not take. */
final class Counters {
  /** Nobody announced the SSRC, or it is the endpoint's own. */
  static final String UNKNOWN_SSRC = "UNKNOWN_SSRC";

  /** RTCP that is not authentic. */
  static final String REFUSED_REPORT = "REFUSED_REPORT";

  /** A packet of a repair stream that carries nothing. */
  static final String EMPTY_REPAIR = "EMPTY_REPAIR";

  /** A packet of padding, which is no fault. */
  static final String PADDING = DoubleSrtpResult.BRIDGE_PADDING.name();

  private final Endpoint endpoint;
  private final Map<String, Long> before;

  private Counters(Endpoint endpoint) {
    this.endpoint = endpoint;
    this.before = read(endpoint);
  }

  static Counters from(Endpoint endpoint) {
    return new Counters(endpoint);
  }

  private static Map<String, Long> read(Endpoint endpoint) {
    Map<String, Long> counts = new TreeMap<>();
    for (DoubleSrtpResult result : DoubleSrtpResult.values()) {
      counts.put(result.name(), endpoint.dropped(result));
    }
    counts.put(UNKNOWN_SSRC, endpoint.unknownSsrcs());
    counts.put(REFUSED_REPORT, endpoint.refusedReports());
    counts.put(PADDING, endpoint.congestion().paddingPackets());
    counts.put(EMPTY_REPAIR, endpoint.emptyRepairs());
    return counts;
  }

  /** Returns those that moved since, and by how much. */
  Map<String, Long> moved() {
    Map<String, Long> moved = new TreeMap<>();
    read(endpoint)
        .forEach(
            (name, count) -> {
              long by = count - before.getOrDefault(name, 0L);
              if (by != 0) {
                moved.put(name, by);
              }
            });
    return moved;
  }

  /** Returns how many packets were counted since. */
  long total() {
    return moved().values().stream().mapToLong(Long::longValue).sum();
  }
}
