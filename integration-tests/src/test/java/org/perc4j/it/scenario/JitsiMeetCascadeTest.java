/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.scenario;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.perc4j.e2e.mls.GroupMoment;
import org.perc4j.it.bridge.JvbProcess;
import org.perc4j.it.endpoint.Conference;
import org.perc4j.it.endpoint.Endpoint;
import org.perc4j.it.harness.Await;
import org.perc4j.it.harness.InPairs;
import org.perc4j.it.jingle.JitsiBackend;

/** Rooms of a Jitsi Meet backend whose Jicofo spreads each of them over two bridges. */
@RequiresJitsi
class JitsiMeetCascadeTest {
  private static final int PACKETS = 120;

  private static final String SPREADING =
      """
      jicofo {
        octo { enabled = true, sctp-datachannels = false }
        bridge.selection-strategy = SplitBridgeSelectionStrategy
      }
      """;

  private @Nullable JitsiBackend backend;

  @BeforeEach
  void startBackend(TestInfo test) throws Exception {
    JitsiBackend started =
        JitsiBackend.start(
            Checks.folder("jitsi-cascade-" + test.getTestMethod().orElseThrow().getName()),
            JvbExtension.pluginJar(),
            SPREADING);
    backend = started;
    started.startBridge("jvb1");
    started.startBridge("jvb2");
    started.jicofo().awaitBridges(2);
  }

  @AfterEach
  void endBackend() {
    if (backend != null) {
      backend.close();
    }
  }

  private JitsiBackend backend() {
    return Objects.requireNonNull(backend);
  }

  private Endpoint talker(Conference conference, int number) throws Exception {
    return conference.join(Checks.talker("jitsi-cascade", number));
  }

  @Test
  void everybodyIsHeardAndSeenOnBothBridges() throws Exception {
    List<Endpoint> endpoints;
    try (Conference conference = backend().open("spread")) {
      for (int i = 1; i <= 3; i++) {
        Endpoint unused = talker(conference, i);
      }
      endpoints = conference.endpoints();
      Checks.start(conference);
      Checks.talk(conference, PACKETS);
      for (JvbProcess bridge : backend().bridges()) {
        assertTrue(
            Checks.counters(bridge).path("perc_double_transports").asLong() > 0,
            "nobody is on " + bridge.description());
      }
      Checks.stop(conference);
      Checks.assertEverythingArrived(conference);
      Checks.assertNothingRefused(conference);
    }
    for (JvbProcess bridge : backend().bridges()) {
      Checks.assertHealthy(bridge);
    }
    Checks.assertDecodable(endpoints);
  }

  @Test
  @InPairs
  void whoWasOnABridgeThatDiesIsMovedToTheOtherOne() throws Exception {
    try (Conference conference = backend().open("one-dies")) {
      Endpoint one = talker(conference, 1);
      Endpoint two = talker(conference, 2);
      Checks.start(conference);
      GroupMoment before =
          Objects.requireNonNull(
              conference.gathering().attendees().get(0).session().moment(), "in no group");

      backend().bridges().get(0).kill();
      Await.until(
          "Jicofo moves one of them", Checks.PATIENCE, () -> one.moves() + two.moves() == 1);
      Checks.awaitBack(conference);
      Checks.talk(conference, PACKETS);
      assertTrue(
          before.isSame(conference.gathering().attendees().get(0).session().moment()),
          "another epoch");
      Checks.stop(conference);
      Checks.assertAuthentic(conference);
    }
    Checks.assertHealthy(backend().bridges().get(1));
  }
}
