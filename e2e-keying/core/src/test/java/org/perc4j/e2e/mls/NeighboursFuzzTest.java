/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.mls;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Arrays;
import org.perc4j.fuzzing.FuzzInput;

/** What occupants show to each other, and answer. What is read can be written again. */
class NeighboursFuzzTest {
  private static final byte[] NONCE = new byte[GroupAnswer.NONCE_BYTES];
  private static final byte[] MARK;
  private static final byte[] SHOWN;
  private static final byte[] ANSWER;

  static {
    try {
      MlsGroup member = TestConference.of("a", "b", "c").member("b");
      MARK = member.mark().octets();
      SHOWN = new ShownMark(member.mark(), member.self().credential().fingerprint()).octets();
      ANSWER = member.answer(member.groupInfo(), "asker", NONCE);
    } catch (RefusedException e) {
      throw new AssertionError(e);
    }
  }

  @FuzzTest
  void mark(byte[] octets) {
    byte[] changed = new FuzzInput(octets).mutated(MARK);
    try {
      assertArrayEquals(changed, GroupMark.parse(changed).octets());
    } catch (RefusedException e) {
      assertTrue(!Arrays.equals(MARK, changed), "refused the genuine one");
    }
  }

  @FuzzTest
  void shown(byte[] octets) {
    byte[] changed = new FuzzInput(octets).mutated(SHOWN);
    try {
      ShownMark shown = ShownMark.parse(changed);
      ShownMark again = ShownMark.parse(shown.octets());
      assertEquals(shown.notAccepted(), again.notAccepted());
      GroupMark mark = shown.mark();
      GroupMark same = again.mark();
      assertTrue(mark == null ? same == null : same != null && mark.isSame(same));
    } catch (RefusedException e) {
      assertTrue(!Arrays.equals(SHOWN, changed), "refused the genuine one");
    }
  }

  @FuzzTest
  void answer(byte[] octets) {
    byte[] changed = new FuzzInput(octets).mutated(ANSWER);
    byte[] before = changed.clone();
    boolean taken = true;
    try {
      GroupAnswer answer = GroupAnswer.read(changed, NONCE, "asker", "b", TestConference.POLICY);
      assertEquals("b", answer.answerer());
    } catch (RefusedException e) {
      taken = false;
    }
    assertEquals(Arrays.equals(ANSWER, before), taken);
    assertArrayEquals(before, changed);
  }
}
