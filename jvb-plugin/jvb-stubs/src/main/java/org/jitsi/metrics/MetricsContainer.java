/* SPDX-License-Identifier: Apache-2.0 */
package org.jitsi.metrics;

/**
 * Signature only. Upstream: jicoco-metrics/src/main/kotlin/org/jitsi/metrics/MetricsContainer.kt
 * (jicoco)
 */
public class MetricsContainer {
  public MetricsContainer() {
    throw new AssertionError("stub");
  }

  public final CounterMetric registerCounter(String name, String help) {
    throw new AssertionError("stub");
  }
}
