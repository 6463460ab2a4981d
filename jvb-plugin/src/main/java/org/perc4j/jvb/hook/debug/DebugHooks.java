/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.hook.debug;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jitsi.videobridge.Endpoint;
import org.perc4j.jvb.hook.Plugin;
import org.perc4j.jvb.metrics.BridgeCounter;
import org.perc4j.jvb.signalling.TransportHolder;

/** Adds what the plugin knows to the bridge's debug pages. Thread-safe. */
public final class DebugHooks {
  private DebugHooks() {}

  /** Adds the plugin's state to the bridge's debug page. */
  public static void describeBridge(Object page) {
    Map<String, Object> state = new LinkedHashMap<>();
    state.put("profiles", Plugin.offer().profiles().stream().map(Enum::name).toList());
    state.put("hooks", Plugin.modules());
    for (BridgeCounter counter : BridgeCounter.values()) {
      state.put(counter.metricName(), Plugin.counters().get(counter));
    }
    add(page, state);
  }

  /** Adds an endpoint's state to its debug page. */
  public static void describeEndpoint(Endpoint endpoint, Object page) {
    add(page, Map.of("double", TransportHolder.isDouble(endpoint.getTransceiver())));
  }

  /** Adds to an object of Jackson's, or to one of json-simple's, which is a map. */
  @SuppressWarnings("unchecked")
  private static void add(Object page, Map<String, Object> state) {
    if (page instanceof ObjectNode node) {
      node.putPOJO("perc", state);
    } else {
      ((Map<Object, Object>) page).put("perc", state);
    }
  }
}
