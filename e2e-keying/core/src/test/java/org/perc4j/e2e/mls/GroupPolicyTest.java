/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.mls;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.perc4j.e2e.mls.RosterTest.member;
import static org.perc4j.e2e.mls.TestConference.ROOM;
import static org.perc4j.e2e.mls.TestConference.assertRefused;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.perc4j.e2e.mls.MessageCheck.CommitOutline;
import org.perc4j.e2e.mls.MessageCheck.KeyPackageOutline;
import org.perc4j.e2e.mls.MessageCheck.LeafOutline;
import org.perc4j.e2e.mls.MessageCheck.Lifetime;
import org.perc4j.e2e.mls.RefusedException.Reason;

class GroupPolicyTest {
  private static final long NOW = 1_800_000_000;
  private static final long HOUR = 3600;
  private static final LeafOutline LEAF = new LeafOutline(new byte[32], new byte[1], null);
  private static final GroupPolicy POLICY = policy(credential -> {}, 3);

  private final Member a = member(0, "a");
  private final Member b = member(1, "b");
  private final Roster before = Roster.of(List.of(a, b));

  GroupPolicyTest() throws RefusedException {}

  private static GroupPolicy policy(CredentialValidator validator, int maxMembers) {
    return new GroupPolicy(
        ROOM, validator, maxMembers, Clock.fixed(Instant.ofEpochSecond(NOW), ZoneOffset.UTC));
  }

  private static CommitOutline commit(
      @Nullable Integer sender, int additions, Integer... removals) {
    KeyPackageOutline added = new KeyPackageOutline(new byte[0], LEAF, new Lifetime(0, 0));
    return new CommitOutline(
        new GroupMoment(new byte[32], 1),
        sender,
        Collections.nCopies(additions, added),
        List.of(removals),
        LEAF);
  }

  private void assertForbidden(Reason reason, CommitOutline commit, Member... after) {
    assertRefused(
        reason,
        () -> POLICY.requireAllowed(before, Roster.of(List.of(after)), commit, left -> false));
  }

  private void allow(CommitOutline commit, Member... after) throws RefusedException {
    POLICY.requireAllowed(before, Roster.of(List.of(after)), commit, left -> false);
  }

  @Test
  void sizeIsFromTwoTo32768() {
    for (int size : new int[] {-1, 0, 1, 32769}) {
      assertThrows(IllegalArgumentException.class, () -> policy(credential -> {}, size));
    }
    assertEquals(2, policy(credential -> {}, 2).maxMembers());
    assertEquals(32768, policy(credential -> {}, 32768).maxMembers());
  }

  private static void assertLifetime(boolean valid, long notBefore, long notAfter) {
    KeyPackageOutline outline =
        new KeyPackageOutline(new byte[0], LEAF, new Lifetime(notBefore, notAfter));
    if (valid) {
      assertDoesNotThrow(() -> POLICY.requireValidNow(outline));
    } else {
      assertRefused(Reason.LIFETIME, () -> POLICY.requireValidNow(outline));
    }
  }

  @Test
  void lifetimesHaveBoundsAndMargins() {
    assertLifetime(true, NOW - HOUR, NOW + 24 * HOUR);
    assertLifetime(false, NOW - HOUR - 1, NOW + 24 * HOUR);
    assertLifetime(true, NOW + HOUR, NOW + 2 * HOUR);
    assertLifetime(false, NOW + HOUR + 1, NOW + 2 * HOUR);
    assertLifetime(true, NOW - 2 * HOUR, NOW - HOUR);
    assertLifetime(false, NOW - 2 * HOUR, NOW - HOUR - 1);
    assertLifetime(false, NOW, NOW - 1);
    assertLifetime(false, 0, -1);
    assertLifetime(false, -1, -1);
    assertLifetime(false, 0, Long.MAX_VALUE);
    assertLifetime(false, Long.MIN_VALUE, Long.MAX_VALUE);
    assertLifetime(false, NOW, Long.MIN_VALUE);
  }

  private static byte[] otherKey() {
    byte[] key = new byte[32];
    key[31] = 1;
    return key;
  }

  @Test
  void whoStaysStaysTheSame() throws Exception {
    allow(commit(0, 0), a, b);
    assertForbidden(Reason.CREDENTIAL_CHANGED, commit(0, 0), a);
    assertForbidden(
        Reason.CREDENTIAL_CHANGED,
        commit(0, 0),
        a,
        member(1, TestConference.identity("b"), "other"));
    assertForbidden(
        Reason.CREDENTIAL_CHANGED,
        commit(0, 0),
        a,
        new Member(1, b.credential(), otherKey(), LeafStatement.SPEAKER));
    assertForbidden(Reason.CREDENTIAL_CHANGED, commit(0, 0), a, member(1, "c"));
  }

  @Test
  void whoIsAddedIsWhoTheCommitAdds() throws Exception {
    allow(commit(0, 1), a, b, member(2, "c"));
    allow(commit(null, 0), a, b, member(2, "c"));
    assertForbidden(Reason.MALFORMED, commit(0, 0), a, b, member(2, "c"));
    assertForbidden(Reason.MALFORMED, commit(0, 2), a, b, member(2, "c"));
    assertForbidden(Reason.MALFORMED, commit(null, 0), a, b);
  }

  @Test
  void groupHasRoom() throws Exception {
    assertForbidden(Reason.GROUP_FULL, commit(0, 2), a, b, member(2, "c"), member(3, "d"));
  }

  @Test
  void validatorAcceptsWhoIsAddedAndIsNotAskedAboutOthers() throws Exception {
    GroupPolicy nobody =
        policy(
            credential -> {
              throw new RefusedException(Reason.CREDENTIAL, credential.name());
            },
            3);
    nobody.requireAllowed(before, before, commit(0, 0), left -> false);
    Roster after = Roster.of(List.of(a, b, member(2, "c")));
    assertRefused(
        Reason.CREDENTIAL, () -> nobody.requireAllowed(before, after, commit(0, 1), left -> false));
  }

  @Test
  void whoIsRemovedHasLeft() throws Exception {
    assertForbidden(Reason.EVICTION, commit(0, 0, 1), a);
    POLICY.requireAllowed(
        before, Roster.of(List.of(a)), commit(0, 0, 1), left -> left.occupant().equals("b"));
    assertForbidden(Reason.MALFORMED, commit(0, 0, 2), a, b);
    assertForbidden(Reason.MALFORMED, commit(0, 0, 1, 1), a);
  }

  @Test
  void whoIsRemovedMayTakeItsPlaceAgain() throws Exception {
    Member again = member(1, TestConference.identity("b"), "again");
    allow(commit(0, 1, 1), a, again);
    allow(commit(null, 0, 1), a, again);
    Member impostor = member(1, EndpointIdentity.generate("b", new SecureRandom()), "b");
    assertForbidden(Reason.EVICTION, commit(0, 1, 1), a, impostor);
    assertForbidden(Reason.EVICTION, commit(null, 0, 1), a, impostor);
  }

  @Test
  void nobodyIsRemovedFromOutsideThoughItHasLeft() throws Exception {
    Roster after = Roster.of(List.of(a, member(1, "c")));
    assertRefused(
        Reason.EVICTION,
        () -> POLICY.requireAllowed(before, after, commit(null, 0, 1), left -> true));
  }
}
