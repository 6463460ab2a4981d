/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.hook.pages;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jitsi.metrics.MetricsContainer;
import org.jitsi.videobridge.Endpoint;
import org.perc4j.jvb.hook.Plugin;
import org.perc4j.jvb.metrics.JvbMetrics;
import org.perc4j.jvb.signalling.TransportHolder;
import org.perc4j.jvb.srtp.OuterProfile;

/**
 * Adds what the plugin knows to the bridge's pages. All of it is thread-safe, and returns at once
 * for what is not double.
 */
public final class PageHooks {
  private static final JvbMetrics METRICS = new JvbMetrics();

  private PageHooks() {}

  /** The metrics page is asked for. */
  public static void publish(MetricsContainer container) {
    METRICS.publish(Plugin.counters(), container);
  }

  /** Adds the plugin's state to the bridge's debug page. */
  public static void describeBridge(ObjectNode page) {
    ObjectNode node = page.putObject("perc");
    ArrayNode profiles = node.putArray("profiles");
    for (OuterProfile profile : Plugin.offer().profiles()) {
      profiles.add(profile.name());
    }
    JvbMetrics.describe(Plugin.counters(), node);
  }

  /** Adds an endpoint's state to its debug page. */
  public static void describeEndpoint(Endpoint endpoint, ObjectNode page) {
    page.putObject("perc").put("double", TransportHolder.isDouble(endpoint.getTransceiver()));
  }
}
