/* SPDX-License-Identifier: Apache-2.0 */
package org.jitsi.metrics;

/**
 * Signature only. Upstream: jicoco-metrics/src/main/kotlin/org/jitsi/metrics/CounterMetric.kt
 * (jicoco)
 */
public final class CounterMetric extends Metric<Long> {
  private CounterMetric() {}

  @Override
  public Long get() {
    throw new AssertionError("stub");
  }

  public final void add(long delta) {
    throw new AssertionError("stub");
  }
}
