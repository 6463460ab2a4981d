/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.metrics;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.EnumMap;
import java.util.Map;
import org.jitsi.metrics.CounterMetric;
import org.jitsi.metrics.MetricsContainer;

/**
 * Shows {@link BridgeCounters} on the bridge's {@code /metrics} and {@code /debug} pages. Brought
 * up to date when a page is asked for, so that counting itself stays cheap. Thread-safe.
 */
public final class JvbMetrics {
  private final Map<BridgeCounter, CounterMetric> metrics = new EnumMap<>(BridgeCounter.class);
  private final Map<BridgeCounter, Long> published = new EnumMap<>(BridgeCounter.class);

  /** Registers the counters with the bridge the first time, and brings them up to date. */
  public synchronized void publish(BridgeCounters counters, MetricsContainer container) {
    for (BridgeCounter counter : BridgeCounter.values()) {
      CounterMetric metric =
          metrics.computeIfAbsent(
              counter, c -> container.registerCounter(c.metricName(), c.help()));
      long now = counters.get(counter);
      long added = now - published.getOrDefault(counter, 0L);
      if (added > 0) {
        metric.add(added);
        published.put(counter, now);
      }
    }
  }

  /** Adds every counter to a debug page. */
  public static void describe(BridgeCounters counters, ObjectNode node) {
    for (BridgeCounter counter : BridgeCounter.values()) {
      node.put(counter.metricName(), counters.get(counter));
    }
  }
}
