/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.perc4j.endpoint.media.MediaKind;
import org.perc4j.it.bridge.JvbProcess;
import org.perc4j.it.harness.Await;
import org.perc4j.it.scripted.Script;
import org.perc4j.it.scripted.ScriptedEndpoint;
import org.perc4j.it.scripted.ScriptedRoom;
import org.perc4j.jvb.metrics.BridgeCounter;

/** The numbers on the bridge's pages are those of the conference. */
@RequiresJvb(instance = "counters")
class CountersTest {
  private static final int PACKETS = 60;

  @Test
  void showWhatHappened(JvbProcess jvb) throws Exception {
    try (ScriptedRoom room = new ScriptedRoom(jvb, "counters")) {
      ScriptedEndpoint one = room.join(Script.number(1));
      ScriptedEndpoint two = room.join(Script.number(2));
      ScriptedEndpoint three = room.join(Script.number(3));
      ScriptedEndpoint plain = room.join(Script.number(4).plain());
      Future<?> first = one.speak(PACKETS, Account::voice);
      Future<?> second = two.speak(PACKETS, Account::voice);
      Future<?> unheard = plain.speak(PACKETS, Account::voice);
      Account.await(first, second, unheard);
      Account.awaitLast(two, one, MediaKind.AUDIO);
      Account.awaitLast(three, one, MediaKind.AUDIO);
      Account.awaitLast(one, two, MediaKind.AUDIO);
      Account.awaitLast(three, two, MediaKind.AUDIO);

      // Audio only: neither probes nor repairs.
      assertShown(jvb, BridgeCounter.DOUBLE_TRANSPORTS, 3);
      assertShown(jvb, BridgeCounter.DOUBLE_PACKETS_RECEIVED, 2 * PACKETS);
      assertShown(jvb, BridgeCounter.DOUBLE_PACKETS_SENT, 4 * PACKETS);
      // Each double packet from one plain endpoint, each plain packet from three double ones.
      assertShown(jvb, BridgeCounter.KEPT_APART, (2 + 3) * PACKETS);
      for (BridgeCounter quiet :
          List.of(
              BridgeCounter.DROPPED_MALFORMED,
              BridgeCounter.DROPPED_NOT_DOUBLE,
              BridgeCounter.DROPPED_TO_PLAIN,
              BridgeCounter.DROPPED_OUTER_INDEX_REUSE,
              BridgeCounter.DROPPED_TOO_MANY_SSRCS,
              BridgeCounter.DROPPED_HOOK_FAILURE,
              BridgeCounter.SSRC_REWRITING_SKIPPED,
              BridgeCounter.HOOK_FAILURES)) {
        assertShown(jvb, quiet, 0);
      }
      for (ScriptedEndpoint endpoint : List.of(one, two, three)) {
        assertEquals("true", isDouble(jvb, endpoint));
      }
      assertEquals("false", isDouble(jvb, plain));
      JsonNode profiles = DebugPages.bridge(jvb).path("perc").path("profiles");
      assertEquals(2, profiles.size(), profiles.toString());
      JsonNode hooks = DebugPages.bridge(jvb).path("perc").path("hooks");
      assertTrue(hooks.size() > 5, hooks.toString());
      hooks.forEach(hook -> assertEquals("on", hook.asText(), hooks.toString()));
    }
  }

  private static String isDouble(JvbProcess jvb, ScriptedEndpoint endpoint) {
    return DebugPages.endpoint(jvb, endpoint.id()).path("perc").path("double").toString();
  }

  /** On all three pages; the metrics may be a second old. */
  private static void assertShown(JvbProcess jvb, BridgeCounter counter, long expected)
      throws Exception {
    String name = counter.name().toLowerCase(Locale.ROOT);
    assertEquals(expected, DebugPages.counter(jvb, "perc_" + name), name);
    Await.until(
        name + " to be " + expected + " in the metrics",
        Checks.PATIENCE,
        () -> inText(jvb, name) == expected && inJson(jvb, name) == expected);
  }

  private static double inText(JvbProcess jvb, String name) {
    Matcher line =
        Pattern.compile("(?m)^jitsi_jvb_perc_" + name + "_total (\\S+)$")
            .matcher(DebugPages.text(jvb, "/metrics"));
    assertTrue(line.find(), name + " is not in the metrics");
    return Double.parseDouble(line.group(1));
  }

  private static double inJson(JvbProcess jvb, String name) {
    JsonNode value = DebugPages.get(jvb, "/metrics").path("perc_" + name + "_total");
    assertTrue(value.isNumber(), name + " is not in the metrics");
    return value.asDouble();
  }
}
