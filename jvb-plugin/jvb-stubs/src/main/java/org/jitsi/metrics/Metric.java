/* SPDX-License-Identifier: Apache-2.0 */
package org.jitsi.metrics;

/** Signature only. Upstream: jicoco-metrics/src/main/kotlin/org/jitsi/metrics/Metric.kt (jicoco) */
public abstract class Metric<T> {
  Metric() {}

  public abstract T get();
}
