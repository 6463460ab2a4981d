/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.packaging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.io.TempDir;
import org.perc4j.it.harness.ChildProcess;
import org.perc4j.it.harness.Skips;
import org.perc4j.jvb.metrics.BridgeCounter;

/** Prometheus itself reads what operators are told to ask it, and alerts whom it should. */
@ExtendWith(PrometheusTest.RequiresPromtool.class)
class PrometheusTest {
  private static final Path DOCS = Path.of("../docs");
  private static final Pattern ALERT_ROW =
      Pattern.compile("\\| ([^|]+) \\| `(.*jitsi_jvb_.*)` \\|");
  private static final String NO_PLUGIN = "the plugin is missing on a bridge";

  /** What a bridge counts in a minute that is as it should be; of all else, nothing. */
  private static final Map<BridgeCounter, Integer> WELL =
      Map.of(
          BridgeCounter.DOUBLE_TRANSPORTS, 1,
          BridgeCounter.DOUBLE_PACKETS_RECEIVED, 30_000,
          BridgeCounter.DOUBLE_PACKETS_SENT, 60_000,
          BridgeCounter.KEPT_APART, 100,
          BridgeCounter.DROPPED_FOREIGN_SSRC, 1,
          BridgeCounter.KEY_FRAME_REQUESTS, 60);

  /** What an ill one counts of everything. */
  private static final int ILL = 200;

  /** Skips tests where Prometheus' tool is not installed. */
  static final class RequiresPromtool implements ExecutionCondition {
    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
      try {
        return ConditionEvaluationResult.enabled(promtool("--version"));
      } catch (IOException e) {
        return Skips.because(
            "promtool is not installed", "No expression was checked by Prometheus.");
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      }
    }
  }

  private final ObjectMapper json = new ObjectMapper();
  @TempDir private Path folder = Path.of("");

  private static String promtool(String... words) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("promtool"));
    command.addAll(List.of(words));
    return ChildProcess.output(command);
  }

  /** Writes JSON, which is YAML too. */
  private Path write(String name, Object content) throws IOException {
    return Files.writeString(folder.resolve(name), json.writeValueAsString(content));
  }

  private Path rules(List<Map<String, String>> rules) throws IOException {
    return write("rules.yml", Map.of("groups", List.of(Map.of("name", "perc4j", "rules", rules))));
  }

  private static List<Map<String, String>> alerts() throws IOException {
    return ALERT_ROW
        .matcher(Files.readString(DOCS.resolve("operations.md")))
        .results()
        .map(row -> Map.of("alert", row.group(1), "expr", row.group(2)))
        .toList();
  }

  @Test
  void readsTheDashboardsExpressions() throws Exception {
    List<Map<String, String>> rules = new ArrayList<>();
    JsonNode dashboard = json.readTree(DOCS.resolve("grafana/perc4j.json").toFile());
    for (JsonNode target : dashboard.findValues("targets")) {
      for (String expression : target.findValuesAsText("expr")) {
        String query = expression.replace("$instance", ".*").replace("$__rate_interval", "1m");
        rules.add(Map.of("record", "panel:" + rules.size(), "expr", query));
      }
    }
    String said = promtool("check", "rules", rules(rules).toString());
    assertEquals("SUCCESS: " + rules.size() + " rules found", said.lines().toList().get(1).strip());
  }

  @Test
  void alertsOfBridgesThatAreIllAndOfNoOther() throws Exception {
    List<Map<String, String>> series = new ArrayList<>();
    for (String bridge : List.of("bare", "well", "ill")) {
      series.add(series("current_endpoints", bridge, 0));
    }
    for (BridgeCounter counter : BridgeCounter.values()) {
      String name = counter.metricName() + "_total";
      series.add(series(name, "well", WELL.getOrDefault(counter, 0)));
      series.add(series(name, "ill", ILL));
    }
    List<Map<String, Object>> expected = new ArrayList<>();
    List<Map<String, String>> alerts = alerts();
    for (Map<String, String> alert : alerts) {
      String name = alert.getOrDefault("alert", "");
      Map<String, String> labels = Map.of("instance", name.equals(NO_PLUGIN) ? "bare" : "ill");
      expected.add(
          Map.of(
              "eval_time",
              "90m",
              "alertname",
              name,
              "exp_alerts",
              List.of(Map.of("exp_labels", labels))));
    }
    assertEquals(5, expected.size());
    Map<String, Object> test =
        Map.of("interval", "1m", "input_series", series, "alert_rule_test", expected);
    Path file =
        write(
            "test.yml",
            Map.of("rule_files", List.of(rules(alerts).toString()), "tests", List.of(test)));
    String said = promtool("test", "rules", file.toString());
    assertTrue(said.contains("SUCCESS"), said);
  }

  private static Map<String, String> series(String metric, String bridge, int perMinute) {
    return Map.of(
        "series", "jitsi_jvb_" + metric + "{instance=\"" + bridge + "\"}",
        "values", "0+" + perMinute + "x120");
  }
}
