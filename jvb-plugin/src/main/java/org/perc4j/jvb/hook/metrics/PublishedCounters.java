/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.hook.metrics;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jitsi.metrics.CounterMetric;
import org.jitsi.metrics.MetricsContainer;
import org.jitsi.videobridge.metrics.VideobridgeMetricsContainer;
import org.perc4j.jvb.hook.Plugin;
import org.perc4j.jvb.metrics.BridgeCounter;
import org.perc4j.jvb.metrics.BridgeCounters;

/**
 * Shows {@link BridgeCounters} among the bridge's metrics. They are brought up to date every
 * second, on a thread of its own, so that counting itself stays cheap: the bridge's counters take a
 * lock.
 */
final class PublishedCounters {
  private final BridgeCounters counters;
  private final Map<BridgeCounter, CounterMetric> metrics = new EnumMap<>(BridgeCounter.class);

  private PublishedCounters(BridgeCounters counters, MetricsContainer container) {
    this.counters = counters;
    for (BridgeCounter counter : BridgeCounter.values()) {
      metrics.put(counter, container.registerCounter(counter.metricName(), counter.help()));
    }
  }

  /** Shows them from now on. */
  static void start(BridgeCounters counters) {
    PublishedCounters published =
        new PublishedCounters(counters, VideobridgeMetricsContainer.getInstance());
    var unused =
        Executors.newSingleThreadScheduledExecutor(PublishedCounters::thread)
            .scheduleWithFixedDelay(published::update, 1, 1, TimeUnit.SECONDS);
  }

  private static Thread thread(Runnable task) {
    Thread thread = new Thread(task, "perc4j-metrics");
    thread.setDaemon(true);
    return thread;
  }

  private void update() {
    try {
      metrics.forEach(
          (counter, metric) -> {
            long added = counters.get(counter) - metric.get();
            if (added > 0) {
              metric.add(added);
            }
          });
    } catch (RuntimeException e) {
      Plugin.failed(e); // and again in a second
    }
  }
}
