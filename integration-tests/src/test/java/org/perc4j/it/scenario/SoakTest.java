/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.perc4j.it.bridge.JvbProcess;
import org.perc4j.it.harness.Alone;
import org.perc4j.it.soak.Soak;
import org.perc4j.it.soak.SoakPlan;
import org.perc4j.it.soak.SoakReport;
import org.perc4j.it.xmpp.ProsodyServer;
import org.perc4j.it.xmpp.RequiresProsody;

/**
 * A minute of what {@code soak.sh} does for hours, with more going on: people come, go and die on a
 * bad network, and the server restarts. Whether memory grows, a minute does not tell. Two
 * processors carry it, but not much else.
 */
@Alone
@RequiresJvb(instance = "soak")
@RequiresProsody
class SoakTest {
  private static final SoakPlan PLAN =
      SoakPlan.lasting(Duration.ofSeconds(60))
          .withEndpoints(6)
          .withTick(Duration.ofSeconds(6), Duration.ofSeconds(20));

  @Test
  void everyPacketIsAccountedFor(JvbProcess jvb) throws Exception {
    SoakReport report;
    try (ProsodyServer server = ProsodyServer.start();
        Soak soak = new Soak(PLAN, jvb, server, Checks.folder("soak"), line -> {})) {
      report = soak.run();
    }
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    report.print(new PrintStream(text, true, StandardCharsets.UTF_8));
    for (Map.Entry<String, Boolean> verdict : report.verdicts().entrySet()) {
      assertEquals(
          true, verdict.getValue(), verdict.getKey() + text.toString(StandardCharsets.UTF_8));
    }
  }
}
