/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.perc4j.it.bridge.Bridge;
import org.perc4j.it.endpoint.Conference;
import org.perc4j.it.endpoint.Endpoint;
import org.perc4j.it.harness.Await;
import org.perc4j.it.report.Lanes;

/** Conferences leave reports where these are wanted. */
@ExtendWith(EmbeddedBridgeExtension.class)
class ConferenceReportTest {
  @TempDir private Path folder = Path.of("");

  @Test
  void tellsWhoWasInAndWhatTheBridgeKnew(Bridge bridge) throws Exception {
    String html = Files.readString(ReportedConference.hold(bridge, "reported", folder));
    assertEquals(
        List.of("e0000001", "e0000002", "e0000003", ReportedConference.SILENT),
        Lanes.of(html, "who"));
    assertEquals(List.of("e0000001", "e0000002"), Lanes.of(html, "speech"));
    assertEquals(List.of("e0000001", "e0000002", "e0000003"), Lanes.of(html, "layers"));
    assertEquals(List.of("e0000001", "e0000001", "e0000002", "e0000002"), Lanes.of(html, "bridge"));
    // four came and one left
    for (int epoch = 0; epoch <= 4; epoch++) {
      assertTrue(html.contains("<b>epoch " + epoch + "</b>"), "epoch " + epoch);
    }
    assertTrue(html.contains("the same at all 4 members"), html);
    assertFalse(html.contains("codes differ"), html);
    // keys of both directions of both layers of three transports
    assertTrue(
        Pattern.compile("With all its 12 keys it could read 0 of the [1-9][0-9]* packets")
            .matcher(html)
            .find(),
        html);
    assertTrue(html.contains("spatial layer 2, temporal layer 2"), html);
    assertTrue(html.contains("pictures without layers"), html);
    assertTrue(html.contains("3 different levels"), html);
    assertFalse(html.contains("id=\"omissions\""), html);
  }

  @Test
  void saysWhatWasNotKept(Bridge bridge) throws Exception {
    Path report =
        ReportedConference.hold(
            bridge,
            "long-run",
            folder,
            conference -> {
              Endpoint talker =
                  conference.join(
                      Checks.talker("long-run", 1).longRun((receiver, source, arrival) -> {}));
              Endpoint deaf = conference.join(Checks.talker("long-run", 2).deaf());
              conference.startSending();
              Await.until(
                  "media",
                  Checks.PATIENCE,
                  () -> talker.received().size() == 2 && deaf.mediaDatagrams() > 20);
            });
    String html = Files.readString(report);
    assertEquals(List.of("e0000001", "e0000002"), Lanes.of(html, "who"));
    assertEquals(List.of("e0000002"), Lanes.of(html, "speech"));
    assertEquals(List.of("e0000001", "e0000001", "e0000002", "e0000002"), Lanes.of(html, "bridge"));
    assertTrue(html.contains("e0000001 did not record all"), html);
    assertTrue(html.contains("e0000002 did not decode media"), html);
  }

  @Test
  void leavesNothingUnlessAskedTo(Bridge bridge) throws Exception {
    try (Conference conference = new Conference(bridge, "unreported")) {
      Endpoint unused = conference.join(Checks.listener("unreported", 1));
    }
    try (var files = Files.list(folder)) {
      assertEquals(List.of(), files.toList());
    }
  }
}
