/* SPDX-License-Identifier: Apache-2.0 */
package org.jitsi.videobridge.metrics;

import org.jitsi.metrics.MetricsContainer;

/**
 * Signature only. Upstream:
 * jvb/src/main/kotlin/org/jitsi/videobridge/metrics/VideobridgeMetricsContainer.kt
 */
public final class VideobridgeMetricsContainer extends MetricsContainer {
  private VideobridgeMetricsContainer() {}

  public static final VideobridgeMetricsContainer getInstance() {
    throw new AssertionError("stub");
  }
}
