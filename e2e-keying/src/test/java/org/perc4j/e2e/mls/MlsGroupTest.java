/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.mls;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.perc4j.e2e.mls.MlsGroup.Announcement;
import org.perc4j.e2e.mls.MlsGroup.PendingCommit;

class MlsGroupTest {
  static final GroupPolicy POLICY =
      new GroupPolicy("room@muc", credential -> {}, 100, Clock.systemUTC());

  static EndpointIdentity identity(String name) {
    return EndpointIdentity.generate(name, new SecureRandom());
  }

  @Test
  void growsAndShrinks() throws Exception {
    MlsGroup a =
        MlsGroup.create(new Announcement(identity("a"), POLICY, "a"), POLICY, new SecureRandom());
    List<MlsGroup> members = new ArrayList<>(List.of(a));
    for (String name : List.of("b", "c", "d", "e")) {
      Announcement announcement = new Announcement(identity(name), POLICY, name);
      PendingCommit commit =
          members
              .get(0)
              .commit(List.of(MlsGroup.readAnnouncement(announcement.octets(), POLICY)), List.of());
      for (int i = 1; i < members.size(); i++) {
        MlsGroup next = members.get(i).process(commit.commit(), member -> false);
        assertNotNull(next);
        next.adopt(members.get(i));
        members.set(i, next);
      }
      commit.next().adopt(members.get(0));
      members.set(0, commit.next());
      byte[] welcome = commit.welcome();
      assertNotNull(welcome);
      members.add(MlsGroup.join(announcement, welcome, POLICY));
      members.get(members.size() - 1).adopt(null);
      agree(members);
    }
    // from outside
    EndpointIdentity f = identity("f");
    for (int round = 0; round < 2; round++) {
      PendingCommit commit =
          MlsGroup.joinFromOutside(
              new Announcement(f, POLICY, "f"), members.get(2).groupInfo(), POLICY);
      List<MlsGroup> nexts = new ArrayList<>();
      for (MlsGroup member : members) {
        if (member.self().name().equals("f")) {
          assertEquals(null, member.process(commit.commit(), m -> false));
          continue;
        }
        MlsGroup next = member.process(commit.commit(), m -> false);
        assertNotNull(next);
        next.adopt(member);
        nexts.add(next);
      }
      commit.next().adopt(null);
      nexts.add(commit.next());
      members = nexts;
      agree(members);
    }
    assertEquals(6, members.get(0).roster().size());
    // leave
    MlsGroup last = members.get(5);
    PendingCommit commit = last.commit(List.of(), List.of(0, 1));
    List<MlsGroup> nexts = new ArrayList<>();
    for (MlsGroup member : members.subList(2, 5)) {
      MlsGroup next = member.process(commit.commit(), m -> m.leaf() < 2);
      assertNotNull(next);
      next.adopt(member);
      nexts.add(next);
    }
    commit.next().adopt(last);
    nexts.add(commit.next());
    agree(nexts);
  }

  static void agree(List<MlsGroup> members) {
    for (MlsGroup member : members) {
      assertEquals(members.get(0).moment().epoch(), member.moment().epoch());
      assertArrayEquals(members.get(0).authenticator(), member.authenticator());
      assertArrayEquals(members.get(0).exporterSecret("x"), member.exporterSecret("x"));
      assertEquals(members.get(0).roster().names(), member.roster().names());
    }
  }
}
