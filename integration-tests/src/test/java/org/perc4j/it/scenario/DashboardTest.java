/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.perc4j.it.bridge.JvbProcess;
import org.perc4j.jvb.metrics.BridgeCounter;

/** The dashboard for operators asks for what a bridge shows, and for all that the plugin counts. */
@RequiresJvb
class DashboardTest {
  private static final Path DASHBOARD =
      Path.of(System.getProperty("perc4j.plugin.jar", ""))
          .resolve("../../../docs/grafana/perc4j.json");

  private static final Pattern METRIC = Pattern.compile("jitsi_jvb_[a-z_]+");
  private static final int COLUMNS = 24;

  private static JsonNode dashboard() throws IOException {
    return new ObjectMapper().readTree(DASHBOARD.normalize().toFile());
  }

  private static Set<String> metrics(String text) {
    return METRIC
        .matcher(text)
        .results()
        .map(match -> match.group())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void asksForMetricsThatTheBridgeShows(JvbProcess jvb) throws Exception {
    Set<String> missing = metrics(dashboard().toString());
    assertFalse(missing.isEmpty());
    missing.removeAll(metrics(jvb.get("/metrics", "text/plain")));
    assertEquals(Set.of(), missing);
  }

  @Test
  void showsAllThatThePluginCounts() throws Exception {
    Set<String> shown = metrics(dashboard().toString());
    for (BridgeCounter counter : BridgeCounter.values()) {
      String name = "jitsi_jvb_" + counter.metricName() + "_total";
      assertTrue(shown.contains(name), name);
    }
  }

  @Test
  void hasPanelsThatDoNotOverlap() throws Exception {
    Set<Integer> ids = new HashSet<>();
    Set<Integer> cells = new HashSet<>();
    for (JsonNode panel : dashboard().path("panels")) {
      assertTrue(ids.add(panel.path("id").asInt()), panel.toString());
      assertFalse(panel.path("title").asText().isEmpty());
      assertFalse(panel.path("targets").isEmpty(), panel.toString());
      JsonNode place = panel.path("gridPos");
      for (int x = 0; x < place.path("w").asInt(); x++) {
        for (int y = 0; y < place.path("h").asInt(); y++) {
          int column = place.path("x").asInt() + x;
          assertTrue(column < COLUMNS, place.toString());
          assertTrue(cells.add((place.path("y").asInt() + y) * COLUMNS + column), place.toString());
        }
      }
    }
    assertFalse(ids.isEmpty());
  }

  @Test
  void usesVariablesThatItDefines() throws Exception {
    JsonNode dashboard = dashboard();
    Set<String> defined = new TreeSet<>(Set.of("__rate_interval", "__all"));
    dashboard
        .path("templating")
        .path("list")
        .forEach(one -> defined.add(one.path("name").asText()));
    Matcher used = Pattern.compile("\\$\\{?([a-z_]+)").matcher(dashboard.toString());
    while (used.find()) {
      assertTrue(defined.contains(used.group(1)), used.group());
    }
  }
}
