/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.perc4j.endpoint.rtp.CongestionStatistics;
import org.perc4j.endpoint.signalling.CongestionFeedback;
import org.perc4j.it.bridge.JvbProcess;
import org.perc4j.it.endpoint.Conference;
import org.perc4j.it.endpoint.Endpoint;
import org.perc4j.it.harness.Await;

/** The bridge finds out what a double transport carries, and nobody takes that for media. */
@RequiresJvb
class BridgePaddingTest {
  private static final int PACKETS = 100;

  @Test
  void probesDoubleTransportsAndIsNeverTakenForMedia(JvbProcess jvb) throws Exception {
    long before = DebugPages.counter(jvb, "perc_padding_sent");
    List<Endpoint> endpoints;
    try (Conference conference = new Conference(jvb, "bridge-padding")) {
      Endpoint sender = conference.join(Checks.talker("bridge-padding", 1));
      Endpoint viewer = conference.join(Checks.talker("bridge-padding", 2));
      endpoints = List.of(sender, viewer);
      Checks.start(conference);
      Await.until(
          "padding at " + viewer, Checks.PATIENCE, () -> viewer.congestion().paddingPackets() > 0);
      Checks.talk(conference, PACKETS);
      Checks.stop(conference);
      Checks.assertEverythingArrived(conference);
      Checks.assertNothingRefused(conference);
      CongestionStatistics congestion = viewer.congestion();
      assertEquals(CongestionFeedback.TRANSPORT_WIDE, congestion.feedback());
      assertEquals(0, congestion.unknownReports(), congestion.toString());
      assertTrue(congestion.packetsReceived() > congestion.paddingPackets(), "" + congestion);
      long sent = DebugPages.counter(jvb, "perc_padding_sent") - before;
      long came =
          endpoints.stream().mapToLong(endpoint -> endpoint.congestion().paddingPackets()).sum();
      assertTrue(sent > 0 && came > 0 && came <= sent, came + " of " + sent + " came");
    }
    Checks.assertHealthy(jvb);
    Checks.assertDecodable(endpoints);
  }
}
