/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.scenario;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.perc4j.endpoint.media.MediaKind;
import org.perc4j.endpoint.signalling.ReceiverConstraints;
import org.perc4j.it.bridge.Bridge;
import org.perc4j.it.endpoint.Conference;
import org.perc4j.it.endpoint.Endpoint;
import org.perc4j.it.harness.Await;
import org.perc4j.it.media.Clips;

/** The bridge finds out who speaks without hearing anyone. */
@RequiresJvb
class DominantSpeakerTest {
  private static final int PACKETS = 15;

  @Test
  void showsWhoeverSpeaks(Bridge bridge) throws Exception {
    Endpoint viewer;
    try (Conference conference = new Conference(bridge, "dominant")) {
      Endpoint one = conference.join(Checks.talker("dominant", 1));
      Endpoint two = conference.join(Checks.talker("dominant", 2).speech(Clips.quiet()));
      viewer = conference.join(Checks.listener("dominant", 3));
      conference.room().setConstraints(viewer.id(), ReceiverConstraints.lastN(1));
      conference.startSending();
      awaitOnStage(conference, viewer, one, two);

      one.play(Clips.quiet());
      two.play(Clips.speech(2));
      awaitOnStage(conference, viewer, two, one);

      two.play(Clips.quiet());
      one.play(Clips.speech(1));
      awaitOnStage(conference, viewer, one, two);
      Checks.assertNothingRefused(conference);
    }
    Checks.assertHealthy(bridge);
    Checks.assertDecodable(List.of(viewer));
  }

  private static void awaitOnStage(
      Conference conference, Endpoint viewer, Endpoint speaker, Endpoint silent) throws Exception {
    Await.until(
        speaker.id() + " to be the dominant speaker",
        Checks.PATIENCE,
        () -> speaker.id().equals(conference.room().dominantSpeaker(viewer.id())));
    int before = viewer.receivedPackets(speaker.id(), MediaKind.VIDEO);
    Await.until(
        "video of " + speaker.id(),
        Checks.PATIENCE,
        () -> viewer.receivedPackets(speaker.id(), MediaKind.VIDEO) > before + PACKETS);
    int stopped = RolloverTest.awaitQuiet(viewer, silent);
    assertTrue(
        viewer.receivedPackets(speaker.id(), MediaKind.VIDEO) > before,
        "silent " + stopped + " " + viewer);
  }
}
