/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.mls;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.perc4j.e2e.mls.MlsGroup.Announcement;
import org.perc4j.e2e.mls.MlsGroup.PendingCommit;
import org.perc4j.fuzzing.FuzzInput;

/**
 * Genuine messages of a group, with changes, to a member and to somebody who joins. What is changed
 * is refused and changes nothing; the genuine message is still taken.
 */
class MlsGroupFuzzTest {
  private static final TestConference FOUR;
  private static final MlsGroup MEMBER;
  private static final List<byte[]> COMMITS = new ArrayList<>();
  private static final Announcement JOINER = TestConference.announce("e");
  private static final Announcement OTHER_JOINER = TestConference.announce("f");
  private static final byte[] WELCOME;
  private static final byte[] JOINED_AUTHENTICATOR;
  private static final byte[] GROUP_INFO;
  private static final byte[] KEY_PACKAGE = TestConference.announce("g").octets();
  private static final GroupMoment MOMENT;
  private static final byte[] AUTHENTICATOR;
  private static final String ROSTER;

  static {
    try {
      FOUR = TestConference.of("a", "b", "c", "d");
      FOUR.update("c");
      MEMBER = FOUR.member("a");
      MlsGroup committer = FOUR.member("b");
      PendingCommit adding =
          committer.commit(
              List.of(
                  MlsGroup.readAnnouncement(JOINER.octets(), TestConference.POLICY),
                  MlsGroup.readAnnouncement(OTHER_JOINER.octets(), TestConference.POLICY)),
              List.of());
      WELCOME = Objects.requireNonNull(adding.welcome());
      JOINED_AUTHENTICATOR = adding.next().authenticator();
      COMMITS.add(adding.commit());
      COMMITS.add(committer.commit(List.of(), List.of(FOUR.leaf("d"))).commit());
      COMMITS.add(committer.commit(List.of(), List.of()).commit());
      COMMITS.add(committer.commit(List.of(), List.of(FOUR.leaf("a"))).commit());
      GROUP_INFO = committer.groupInfo();
      COMMITS.add(
          MlsGroup.joinFromOutside(TestConference.announce("d"), GROUP_INFO, TestConference.POLICY)
              .commit());
      MOMENT = MEMBER.moment();
      AUTHENTICATOR = MEMBER.authenticator();
      ROSTER = MEMBER.roster().names().toString();
    } catch (RefusedException e) {
      throw new AssertionError(e);
    }
  }

  private interface Reading {
    @Nullable Object take(byte[] message) throws RefusedException;
  }

  @FuzzTest
  void commit(byte[] octets) {
    FuzzInput input = new FuzzInput(octets);
    byte[] genuine = COMMITS.get(input.below(COMMITS.size()));
    byte[] changed = input.mutated(genuine);
    assertTrue(isTaken(changed, this::process) == Arrays.equals(genuine, changed));
    assertUnchanged();
  }

  private @Nullable MlsGroup process(byte[] commit) throws RefusedException {
    return MEMBER.process(commit, member -> member.occupant().equals("d"));
  }

  @FuzzTest
  void welcome(byte[] octets) {
    byte[] changed = new FuzzInput(octets).mutated(WELCOME);
    boolean taken =
        isTaken(
            changed,
            message -> {
              MlsGroup joined = MlsGroup.join(JOINER, message, TestConference.POLICY);
              // What is there for others may be changed by anybody.
              assertArrayEquals(JOINED_AUTHENTICATOR, joined.authenticator());
              joined.destroy();
              return null;
            });
    assertTrue(taken || !Arrays.equals(WELCOME, changed));
    boolean unused =
        isTaken(
            changed,
            message ->
                MlsGroup.answered(List.of(JOINER, OTHER_JOINER), message, TestConference.POLICY));
  }

  @FuzzTest
  void groupInfo(byte[] octets) {
    byte[] changed = new FuzzInput(octets).mutated(GROUP_INFO);
    boolean taken =
        isTaken(
            changed,
            message ->
                MlsGroup.joinFromOutside(
                    TestConference.announce("d"), message, TestConference.POLICY));
    assertEquals(Arrays.equals(GROUP_INFO, changed), taken);
    assertUnchanged();
  }

  @FuzzTest
  void keyPackage(byte[] octets) {
    byte[] changed = new FuzzInput(octets).mutated(KEY_PACKAGE);
    boolean taken =
        isTaken(changed, message -> MlsGroup.readAnnouncement(message, TestConference.POLICY));
    assertEquals(Arrays.equals(KEY_PACKAGE, changed), taken);
  }

  private static boolean isTaken(byte[] message, Reading reading) {
    byte[] before = message.clone();
    try {
      Object unused = reading.take(message);
      return true;
    } catch (RefusedException e) {
      return false;
    } finally {
      assertArrayEquals(before, message);
    }
  }

  private static void assertUnchanged() {
    assertTrue(MOMENT.isSame(MEMBER.moment()));
    assertArrayEquals(AUTHENTICATOR, MEMBER.authenticator());
    assertEquals(ROSTER, MEMBER.roster().names().toString());
  }
}
