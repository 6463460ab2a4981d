/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.hook.pages;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.errorprone.annotations.Keep;
import java.util.List;
import net.bytebuddy.asm.Advice;
import org.jitsi.metrics.MetricsContainer;
import org.jitsi.videobridge.Endpoint;
import org.perc4j.jvb.hook.HookModule;
import org.perc4j.jvb.hook.HookPoint;

/** What the bridge's pages tell of the plugin. */
public final class PageModule implements HookModule {
  @Override
  public List<HookPoint> points() {
    return List.of(
        new HookPoint(
            VIDEOBRIDGE + "metrics.VideobridgeMetricsContainer",
            "getPrometheusMetrics",
            "(Ljava/lang/String;)Ljava/lang/String;",
            Metrics.class),
        new HookPoint(
            VIDEOBRIDGE + "metrics.VideobridgeMetricsContainer",
            "getJsonString",
            "()Ljava/lang/String;",
            Metrics.class),
        new HookPoint(
            VIDEOBRIDGE + "Videobridge",
            "getDebugState",
            "(Ljava/lang/String;Ljava/lang/String;Lorg/jitsi/nlj/DebugStateMode;)"
                + "Lcom/fasterxml/jackson/databind/node/ObjectNode;",
            BridgeDebug.class),
        new HookPoint(
            VIDEOBRIDGE + "Endpoint",
            "debugState",
            "(Lorg/jitsi/nlj/DebugStateMode;)Lcom/fasterxml/jackson/databind/node/ObjectNode;",
            EndpointDebug.class));
  }

  /** Brings the plugin's counters up to date before they are shown. */
  static final class Metrics {
    private Metrics() {}

    @Keep
    @Advice.OnMethodEnter(suppress = Throwable.class)
    static void enter(@Advice.This MetricsContainer container) {
      PageHooks.publish(container);
    }
  }

  /** Adds the plugin's state to the debug page. */
  static final class BridgeDebug {
    private BridgeDebug() {}

    @Keep
    @Advice.OnMethodExit(suppress = Throwable.class)
    static void exit(@Advice.Return ObjectNode page) {
      PageHooks.describeBridge(page);
    }
  }

  /** Adds an endpoint's state to its debug page. */
  static final class EndpointDebug {
    private EndpointDebug() {}

    @Keep
    @Advice.OnMethodExit(suppress = Throwable.class)
    static void exit(@Advice.This Endpoint endpoint, @Advice.Return ObjectNode page) {
      PageHooks.describeEndpoint(endpoint, page);
    }
  }
}
