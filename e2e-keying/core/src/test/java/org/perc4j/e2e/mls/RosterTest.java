/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.mls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.perc4j.e2e.mls.TestConference.ROOM;
import static org.perc4j.e2e.mls.TestConference.assertRefused;

import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.perc4j.e2e.mls.RefusedException.Reason;

class RosterTest {
  static Member member(int leaf, EndpointIdentity identity, String occupant)
      throws RefusedException {
    byte[] key = new byte[32];
    key[0] = (byte) leaf;
    byte[] credential = identity.vouchFor(ROOM, occupant, key);
    return new Member(
        leaf, LeafCredential.verify(credential, ROOM, key), key, LeafStatement.SPEAKER);
  }

  static Member member(int leaf, String name) throws RefusedException {
    return member(leaf, TestConference.identity(name), name);
  }

  @Test
  void membersAreInOrderOfLeaves() throws Exception {
    Roster roster = Roster.of(List.of(member(4, "e"), member(0, "a"), member(2, "c")));
    assertEquals(3, roster.size());
    assertEquals(Map.of(0, "a", 2, "c", 4, "e"), roster.names());
    assertEquals(List.of(0, 2, 4), roster.members().stream().map(Member::leaf).toList());
    Member c = roster.at(2);
    assertEquals(c, roster.occupant("c"));
    assertNull(roster.at(1));
    assertNull(roster.occupant("b"));
    assertEquals("[a (a, leaf 0), c (c, leaf 2), e (e, leaf 4)]", roster.toString());
  }

  @Test
  void rosterDoesNotChange() throws Exception {
    Roster roster = Roster.of(List.of(member(0, "a")));
    assertThrows(UnsupportedOperationException.class, () -> roster.members().clear());
  }

  @Test
  void nothingIsThereTwice() throws Exception {
    Member a = member(0, "a");
    for (Member other :
        List.of(
            member(1, TestConference.identity("b"), "a"),
            member(1, TestConference.identity("a"), "x"))) {
      assertRefused(Reason.DUPLICATE, () -> Roster.of(List.of(a, other)));
    }
    Member sameKey = member(0, "b");
    assertRefused(
        Reason.DUPLICATE,
        () ->
            Roster.of(
                List.of(
                    a,
                    new Member(
                        1, sameKey.credential(), sameKey.signatureKey(), LeafStatement.SPEAKER))));
  }

  @Test
  void oneNameMayHaveSeveralIdentityKeys() throws Exception {
    Member phone = member(0, "a");
    Member laptop = member(1, EndpointIdentity.generate("a", new SecureRandom()), "x");
    Roster roster = Roster.of(List.of(phone, laptop));
    assertEquals(
        Set.of(phone.credential().fingerprint(), laptop.credential().fingerprint()),
        roster.fingerprints());
  }

  @Test
  void oneIdentityKeyHasOneName() throws Exception {
    List<EndpointIdentity> identities = TestConference.identitiesWithOneKey("x", "y");
    Member x = member(0, identities.get(0), "x");
    Member y = member(1, identities.get(1), "y");
    assertRefused(Reason.DUPLICATE, () -> Roster.of(List.of(x, y)));
  }

  @Test
  void nameOfOneMayBeOccupantOfAnother() throws Exception {
    Member a = member(0, TestConference.identity("a"), "b");
    Member b = member(1, TestConference.identity("b"), "a");
    assertEquals(2, Roster.of(List.of(a, b)).size());
  }

  @Test
  void nextOneHasWhoStaysAndWhoIsNew() throws Exception {
    Member a = member(0, "a");
    Member b = member(1, "b");
    Roster roster = Roster.of(List.of(a, b));
    Member again = member(2, TestConference.identity("b"), "b");
    Roster next = roster.next(List.of(a, again));

    assertEquals(Map.of(0, "a", 2, "b"), next.names());
    assertNull(next.at(1));
    assertEquals(Map.of(0, "a", 1, "b"), roster.names());
    assertEquals(Map.of(1, "b"), next.next(List.of(b)).names());
  }

  @Test
  void whoIsNewHasNothingOfWhoStays() throws Exception {
    Member a = member(0, "a");
    Member b = member(1, "b");
    Roster roster = Roster.of(List.of(a, b));
    for (Member other :
        List.of(
            member(2, TestConference.identity("c"), "b"),
            member(2, TestConference.identity("b"), "x"),
            new Member(2, b.credential(), b.signatureKey(), LeafStatement.SPEAKER),
            member(1, "c"))) {
      assertRefused(Reason.DUPLICATE, () -> roster.next(List.of(a, b, other)));
    }
    Member c = member(2, "c");
    Member alsoC = member(3, TestConference.identity("c"), "x");
    assertRefused(Reason.DUPLICATE, () -> roster.next(List.of(a, c, alsoC)));
  }

  @Test
  void leafOfAnotherIsNew() throws Exception {
    Member a = member(0, "a");
    Roster roster = Roster.of(List.of(a, member(1, "b")));
    Roster next = roster.next(List.of(a, member(1, "c")));
    assertEquals(Map.of(0, "a", 1, "c"), next.names());
    assertRefused(Reason.DUPLICATE, () -> roster.next(List.of(a, member(1, "a"))));
    assertNull(next.at(-1));
    assertNull(next.at(2));
  }
}
