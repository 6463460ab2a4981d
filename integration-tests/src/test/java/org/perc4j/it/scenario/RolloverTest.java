/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.IntSummaryStatistics;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.perc4j.endpoint.media.MediaKind;
import org.perc4j.endpoint.signalling.ReceiverConstraints;
import org.perc4j.it.bridge.Bridge;
import org.perc4j.it.endpoint.Conference;
import org.perc4j.it.endpoint.Endpoint;
import org.perc4j.it.endpoint.ReceivedStream;
import org.perc4j.it.harness.Await;

/** Sequence numbers start anew, before receivers' eyes and behind their backs. */
@RequiresJvb
class RolloverTest {
  private static final int NEARLY_OVER = 65_480;
  private static final int MORE_THAN_TWO_ROUNDS = 140_000;
  private static final int MORE_THAN_ONE_ROUND = 70_000;
  private static final int PACKETS = 80;
  private static final Duration QUIET = Duration.ofSeconds(1);

  @Test
  void survivesWrapsDuringTheCall(Bridge bridge) throws Exception {
    List<Endpoint> endpoints;
    try (Conference conference = new Conference(bridge, "wrap")) {
      endpoints =
          List.of(
              conference.join(Checks.talker("wrap", 1).initialSequenceNumber(NEARLY_OVER)),
              conference.join(Checks.talker("wrap", 2).initialSequenceNumber(NEARLY_OVER + 10)));
      Checks.start(conference);
      Checks.talk(conference, PACKETS);
      Checks.stop(conference);
      Checks.assertEverythingArrived(conference);
      Checks.assertNothingRefused(conference);
      for (Endpoint sender : endpoints) {
        for (Endpoint receiver : endpoints) {
          for (MediaKind kind : MediaKind.values()) {
            if (sender != receiver) {
              assertWrapped(Checks.received(receiver, sender, kind));
            }
          }
        }
      }
    }
    Checks.assertHealthy(bridge);
    Checks.assertDecodable(endpoints);
  }

  private static void assertWrapped(ReceivedStream stream) {
    IntSummaryStatistics numbers =
        stream.sequenceNumbers().stream().mapToInt(Integer::intValue).summaryStatistics();
    assertTrue(
        numbers.getMax() > NEARLY_OVER && numbers.getMin() < PACKETS, stream + " " + numbers);
  }

  @Test
  void letsReceiverJoinAfterSeveralWraps(Bridge bridge) throws Exception {
    List<Endpoint> endpoints;
    try (Conference conference = new Conference(bridge, "late")) {
      Endpoint sender = conference.join(Checks.talker("late", 1));
      Endpoint early = conference.join(Checks.listener("late", 2));
      Checks.start(conference);
      sender.burnSequenceNumbers(MORE_THAN_TWO_ROUNDS);
      Checks.talk(conference, PACKETS / 2);
      Endpoint late = conference.join(Checks.listener("late", 3));
      endpoints = List.of(early, late);
      Checks.talk(conference, 5);
      conference.mark();
      Checks.talk(conference, PACKETS / 2);
      Checks.stop(conference);
      Checks.assertEverythingArrived(conference);
    }
    Checks.assertHealthy(bridge);
    Checks.assertDecodable(List.of(endpoints.get(1)));
  }

  @Test
  void resumesStreamThatWasWithheldAcrossWraps(Bridge bridge) throws Exception {
    List<Endpoint> endpoints;
    try (Conference conference = new Conference(bridge, "withheld")) {
      Endpoint sender =
          conference.join(Checks.talker("withheld", 1).initialSequenceNumber(NEARLY_OVER));
      Endpoint watching = conference.join(Checks.listener("withheld", 2));
      Endpoint away = conference.join(Checks.listener("withheld", 3));
      endpoints = List.of(watching, away);
      Checks.start(conference);

      conference.room().setConstraints(away.id(), ReceiverConstraints.lastN(0));
      int before = awaitQuiet(away, sender);
      sender.burnSequenceNumbers(MORE_THAN_ONE_ROUND);
      int watched = watching.receivedPackets(sender.id(), MediaKind.VIDEO);
      Await.until(
          "video across the wrap",
          Checks.PATIENCE,
          () -> watching.receivedPackets(sender.id(), MediaKind.VIDEO) > watched + PACKETS);
      assertEquals(before, away.receivedPackets(sender.id(), MediaKind.VIDEO));

      conference.room().setConstraints(away.id(), ReceiverConstraints.EVERYTHING);
      Checks.talk(conference, 5);
      conference.mark();
      Checks.talk(conference, PACKETS / 2);
      Checks.stop(conference);
      Checks.assertEverythingArrived(conference);
    }
    Checks.assertHealthy(bridge);
    Checks.assertDecodable(endpoints);
  }

  /**
   * Waits until an endpoint gets no more video from another, and returns how many packets it has
   * got.
   */
  static int awaitQuiet(Endpoint receiver, Endpoint sender) throws Exception {
    long deadlineNanos = System.nanoTime() + Checks.PATIENCE.toNanos();
    while (System.nanoTime() - deadlineNanos < 0) {
      int now = receiver.receivedPackets(sender.id(), MediaKind.VIDEO);
      if (!Await.holdsWithin(
          QUIET, () -> receiver.receivedPackets(sender.id(), MediaKind.VIDEO) > now)) {
        return now;
      }
    }
    assertTrue(false, "video does not stop: " + receiver);
    return -1;
  }
}
