/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.scenario;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ArrayNode;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.perc4j.endpoint.media.MediaKind;
import org.perc4j.it.bridge.JvbProcess;
import org.perc4j.it.bridge.RequestEdit;
import org.perc4j.it.harness.Await;
import org.perc4j.it.scripted.Script;
import org.perc4j.it.scripted.ScriptedEndpoint;
import org.perc4j.it.scripted.ScriptedRoom;

/**
 * Endpoints that offer to have SSRCs rewritten are sent double streams under their own, and what
 * RTCP says of these goes both ways.
 */
@RequiresJvb
class SsrcRewritingTest {
  private static final int MANY_PACKETS = 3000;
  private static final int REPORTS = 2;
  private static final int REQUESTS = 2;

  private static final RequestEdit OFFERED =
      (id, endpoint) -> {
        if (endpoint.path("capabilities") instanceof ArrayNode capabilities) {
          ArrayNode unused = capabilities.add("ssrc-rewriting");
        }
      };

  @Test
  void leavesSsrcsAloneAndTheirReportsAndKeyFrameRequests(JvbProcess jvb) throws Exception {
    try (ScriptedRoom room = new ScriptedRoom(jvb, "ssrc-rewriting", OFFERED)) {
      ScriptedEndpoint sender = room.join(Script.number(1));
      ScriptedEndpoint viewer = room.join(Script.number(2));
      Account.startVideo(sender, viewer, Account::picture);
      Future<?> picture = sender.show(MANY_PACKETS, Account::picture);
      Future<?> speech = sender.speak(MANY_PACKETS, Account::voice);
      Account.await(viewer, sender, MediaKind.AUDIO, 1);
      for (MediaKind kind : MediaKind.values()) {
        int before = viewer.senderReports(sender.ssrc(kind));
        Await.until(
            "reports of " + kind + " at " + viewer,
            Checks.PATIENCE,
            () -> {
              sender.sendReport(kind);
              return viewer.senderReports(sender.ssrc(kind)) >= before + REPORTS;
            });
      }
      int video = sender.ssrc(MediaKind.VIDEO);
      for (int i = 0; i < REQUESTS; i++) {
        awaitRequest(sender, () -> viewer.requestKeyFrame(video));
        awaitRequest(sender, () -> viewer.requestFullIntra(video));
      }
      boolean unused = picture.cancel(false) && speech.cancel(false);
      Account.assertAuthentic(viewer, sender, MediaKind.VIDEO);
      Account.assertAuthentic(viewer, sender, MediaKind.AUDIO);
      Account.assertNothingRefused(sender, viewer);
    }
    assertTrue(DebugPages.counter(jvb, "perc_ssrc_rewriting_skipped") > 0);
    Checks.assertHealthy(jvb);
  }

  /** The bridge has no reason for a request of its own, and lets one through in a while. */
  private static void awaitRequest(ScriptedEndpoint sender, Runnable request) throws Exception {
    int before = sender.keyFrameRequests();
    Await.until(
        "a key frame request at " + sender,
        Checks.PATIENCE,
        () -> {
          request.run();
          return sender.keyFrameRequests() > before;
        });
  }
}
