/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.perc4j.e2e.protocol.MessageKind;

/**
 * Many enter a room whose server has more to do than it can. Impatience makes that worse: whoever
 * says something again, or in another's place, has it delivered to everybody.
 */
class SlowServerTest {
  private static final int MEMBERS = 80;
  private static final int AT_ONCE = 20;

  /** With this, the server is busy for as long as they enter. */
  private static final Duration DELIVERY = Duration.ofMillis(3);

  private final Party party = new Party(room -> server().way(room));
  private final SlowServer server = new SlowServer(party.time, DELIVERY);

  private SlowServer server() {
    return server;
  }

  @Test
  void whoEntersASlowRoomDoesNotMakeItSlower() {
    Set<String> groups = new HashSet<>();
    for (int i = 0; i < MEMBERS; i++) {
      party.enter("m" + i);
      if ((i + 1) % AT_ONCE == 0) {
        while (server.occupants() <= i) {
          passAndLook(groups);
        }
      }
    }
    for (int i = 0; i < 300; i++) { // half a minute
      passAndLook(groups);
    }
    party.assertTogether(party.guests.keySet());
    assertEquals(1, groups.size(), "groups that were made");
    int announced = server.sent(MessageKind.ANNOUNCE);
    assertTrue(announced <= MEMBERS + MEMBERS / 4, announced + " announcements");
    int commits = server.sent(MessageKind.COMMIT);
    assertTrue(commits <= 3 * MEMBERS / AT_ONCE, commits + " commits");
  }

  private void passAndLook(Set<String> groups) {
    party.time.pass(Duration.ofMillis(100));
    for (Party.Guest guest : party.guests.values()) {
      if (guest.isMember()) {
        groups.add(HexFormat.of().formatHex(guest.group().moment().groupId()));
      }
    }
  }
}
