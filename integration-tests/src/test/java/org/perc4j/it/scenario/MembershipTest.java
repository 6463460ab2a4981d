/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.perc4j.e2e.srtp.DoubleSrtpResult;
import org.perc4j.endpoint.media.MediaKind;
import org.perc4j.it.bridge.Bridge;
import org.perc4j.it.endpoint.Capture;
import org.perc4j.it.endpoint.Conference;
import org.perc4j.it.endpoint.Endpoint;
import org.perc4j.it.endpoint.ReceivedStream;
import org.perc4j.it.harness.InPairs;
import org.perc4j.it.harness.ServedTime;
import org.perc4j.it.keying.Attendee;
import org.perc4j.it.keying.DeafChannel;
import org.perc4j.it.media.Clips;

/** Who joins hears from then on and nothing before; who leaves hears nothing after. */
@RequiresJvb
class MembershipTest {
  private static final int PACKETS = 50;
  private static final Duration LONGEST_PAUSE = Duration.ofMillis(500);

  private static Conference threeTalkers(Bridge bridge, String name) throws Exception {
    Conference conference = new Conference(bridge, name);
    for (int i = 1; i <= 3; i++) {
      Endpoint unused = conference.join(Checks.talker(name, i));
    }
    return conference;
  }

  @Test
  void whoJoinsLateDecryptsNothingOfBefore(Bridge bridge) throws Exception {
    try (Conference conference = threeTalkers(bridge, "joins-late")) {
      Attendee member = conference.joinSilently(conference.messages("member"));
      Checks.start(conference);
      Checks.talk(conference, PACKETS);
      List<Endpoint> talkers = conference.endpoints();
      Capture before = Capture.of(talkers);
      // Before others come, and their keys are forgotten.
      assertEquals(before.size(), before.openedBy(member.session()));
      Endpoint late =
          conference.join(
              Checks.listener("joins-late", 4).speech(Clips.speech(1)).picture(Clips.picture(1)));
      Attendee lateMember = conference.gathering().attendee(late.id());
      assertTrue(before.size() > PACKETS);
      assertEquals(0, before.openedBy(lateMember.session()));
      late.startSending();
      Checks.talk(conference, PACKETS);
      Checks.stop(conference);
      assertNothingWasLost(conference, talkers);
    }
    Checks.assertHealthy(bridge);
  }

  @Test
  void whoLeftDecryptsNothingOfAfterwards(Bridge bridge) throws Exception {
    try (Conference conference = threeTalkers(bridge, "leaves")) {
      Attendee member = conference.joinSilently(conference.messages("member"));
      DeafChannel way = new DeafChannel(conference.messages("leaver"));
      Attendee leaver = conference.joinSilently(way);
      Checks.start(conference);
      Checks.talk(conference, PACKETS);
      Capture during = Capture.of(conference.endpoints());
      assertEquals(during.size(), during.openedBy(leaver.session()));
      way.leaveUnnoticed();
      Attendee unused = conference.gathering().forget("leaver");
      conference.gathering().awaitTogether(Checks.PATIENCE);
      Capture until = Capture.of(conference.endpoints());
      Checks.talk(conference, PACKETS);
      Capture after = Capture.of(conference.endpoints()).since(until);
      assertTrue(after.size() > PACKETS);
      assertEquals(0, after.openedBy(leaver.session()));
      assertEquals(after.size(), after.openedBy(member.session()));
      leaver.close();
      Checks.stop(conference);
      assertNothingWasLost(conference, conference.endpoints());
    }
    Checks.assertHealthy(bridge);
  }

  @Test
  @InPairs
  void mediaGoOnWhileKeysChange(Bridge bridge) throws Exception {
    try (Conference conference = threeTalkers(bridge, "rekeys")) {
      Checks.start(conference);
      Checks.talk(conference, PACKETS);
      Duration before = longestPause(conference);
      ServedTime.Span span = ServedTime.span();
      for (int i = 0; i < 3; i++) {
        String name = "guest" + i;
        Attendee unused = conference.joinSilently(conference.messages(name));
        Checks.talk(conference, PACKETS);
        conference.gathering().leave(name);
        conference.gathering().awaitTogether(Checks.PATIENCE);
        Checks.talk(conference, PACKETS);
      }
      Duration across = longestPause(conference);
      Duration limit = span.stretch(LONGEST_PAUSE);
      String pauses =
          "pauses of %d ms across six epochs and of %d ms within one, up to %d ms may be on a machine as busy as this%n"
              .formatted(across.toMillis(), before.toMillis(), limit.toMillis());
      System.out.print(pauses);
      assertTrue(across.compareTo(limit) < 0, pauses);
      Checks.stop(conference);
      assertNothingWasLost(conference, conference.endpoints());
      Checks.assertNothingRefused(conference);
    }
    Checks.assertHealthy(bridge);
  }

  private static Duration longestPause(Conference conference) {
    Duration longest = Duration.ZERO;
    for (Endpoint receiver : conference.endpoints()) {
      for (Endpoint sender : conference.endpoints()) {
        if (receiver != sender) {
          ReceivedStream stream = receiver.received(sender.id(), MediaKind.AUDIO);
          assertNotNull(stream);
          Duration gap = stream.takeLongestGap();
          longest = gap.compareTo(longest) > 0 ? gap : longest;
        }
      }
    }
    return longest;
  }

  /** Among those who were there all the time, nothing was lost for lack of a key. */
  static void assertNothingWasLost(Conference conference, List<Endpoint> present) {
    for (Endpoint sender : present) {
      for (Endpoint receiver : present) {
        for (MediaKind kind : MediaKind.values()) {
          if (sender != receiver && sender.sent(kind) != null) {
            var delivery = conference.delivery(sender, kind, receiver);
            assertEquals(0, delivery.missing(), kind + " " + delivery + "\n" + receiver);
            assertEquals(0, delivery.foreign(), kind + " " + delivery);
          }
        }
      }
      for (DoubleSrtpResult reason :
          List.of(
              DoubleSrtpResult.NO_KEY_YET,
              DoubleSrtpResult.KEYS_ERASED,
              DoubleSrtpResult.INNER_AUTHENTICATION_FAILED)) {
        assertEquals(0, sender.dropped(reason), reason + " " + sender);
      }
      sender.requireNoFailure();
    }
  }
}
