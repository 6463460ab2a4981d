/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.perc4j.it.bridge.Bridge;
import org.perc4j.it.endpoint.Capture;
import org.perc4j.it.endpoint.Conference;
import org.perc4j.it.endpoint.Endpoint;
import org.perc4j.it.keying.Attendee;
import org.perc4j.it.xmpp.ProsodyServer;
import org.perc4j.it.xmpp.RequiresProsody;

/**
 * All together: media through a bridge that cannot listen, under keys on which the members agree
 * over the room of a real XMPP server.
 */
@RequiresJvb
@RequiresProsody
class PrivateConferenceTest {
  private static final int PACKETS = 80;

  @Test
  void peopleTalkJoinAndLeave(Bridge bridge) throws Exception {
    List<Endpoint> staying;
    try (ProsodyServer prosody = ProsodyServer.start();
        Conference conference = Conference.open(bridge, "private", prosody)) {
      for (int i = 1; i <= 3; i++) {
        Endpoint unused = conference.join(Checks.talker("private", i));
      }
      staying = conference.endpoints();
      Attendee member = conference.joinSilently(conference.messages("member"));
      Checks.start(conference);
      Checks.talk(conference, PACKETS);

      Capture before = Capture.of(staying);
      Endpoint late = conference.join(Checks.listener("private", 4));
      Attendee guest = conference.gathering().attendee(late.id());
      assertEquals(0, before.openedBy(guest.session()));
      assertEquals(before.size(), before.openedBy(member.session()));
      Checks.talk(conference, PACKETS);
      assertTrue(late.received().size() > 0);
      assertOneCode(conference);

      conference.leave(late);
      Checks.talk(conference, PACKETS);
      assertOneCode(conference);
      Checks.stop(conference);
      MembershipTest.assertNothingWasLost(conference, staying);
    }
    Checks.assertHealthy(bridge);
    Checks.assertDecodable(staying);
  }

  private static void assertOneCode(Conference conference) {
    Set<String> codes = new TreeSet<>();
    for (Attendee attendee : conference.gathering().attendees()) {
      codes.add(attendee.session().epochCode().digits());
    }
    assertEquals(1, codes.size(), codes.toString());
  }
}
