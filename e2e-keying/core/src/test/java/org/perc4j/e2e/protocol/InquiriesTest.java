/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.protocol;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.perc4j.e2e.mls.GroupAnswer;
import org.perc4j.e2e.mls.GroupMark;
import org.perc4j.e2e.mls.GroupMoment;

class InquiriesTest {
  private long nowNanos = 1;
  private int present;
  private final Inquiries inquiries =
      new Inquiries(() -> nowNanos, () -> present, new SecureRandom());

  private static GroupMark mark(int group, long epoch) {
    return new GroupMark(new GroupMoment(new byte[] {(byte) group}, epoch), new byte[0]);
  }

  private void pass(Duration duration) {
    nowNanos += duration.toNanos();
  }

  private Inquiries.@Nullable Question next() {
    return inquiries.next(occupant -> false);
  }

  private Inquiries.Question asked() {
    Inquiries.Question question = next();
    assertNotNull(question);
    return question;
  }

  @Test
  void whoShowsAnotherEpochIsAsked() {
    inquiries.selfIsIn(mark(1, 5));
    inquiries.isIn("a", mark(1, 5));
    assertNull(next());
    assertNull(inquiries.untilNext());
    inquiries.isIn("b", mark(1, 6));
    Inquiries.Question question = asked();
    assertEquals("b", question.occupant());
    assertEquals(GroupAnswer.NONCE_BYTES, question.nonce().length);
  }

  @Test
  void whatIsOfThePastIsNotAskedFor() {
    inquiries.selfIsIn(mark(1, 5));
    inquiries.selfIsIn(mark(1, 6));
    inquiries.isIn("late", mark(1, 5));
    assertNull(next());
    inquiries.isIn("elsewhere", mark(2, 5));
    assertEquals("elsewhere", asked().occupant());
  }

  @Test
  void theSameIsAskedAgainEverMoreSeldomUntilItFits() {
    inquiries.selfIsIn(mark(1, 5));
    inquiries.isIn("b", mark(2, 6));
    assertNotNull(next());
    for (int seconds : List.of(4, 8, 16, 16)) {
      pass(Duration.ofSeconds(seconds).minusMillis(1));
      assertNull(next(), seconds + " s");
      pass(Duration.ofMillis(1));
      assertNotNull(next(), seconds + " s");
    }
    inquiries.isIn("b", mark(1, 5));
    pass(Duration.ofMinutes(1));
    assertNull(next());
  }

  @Test
  void inALargeRoomNobodyIsAskedAgainAsSoon() {
    present = 200;
    inquiries.selfIsIn(mark(1, 5));
    inquiries.isIn("b", mark(2, 6));
    assertNotNull(next());
    pass(Duration.ofSeconds(20).minusMillis(1));
    assertNull(next());
    pass(Duration.ofMillis(1));
    assertNotNull(next());
  }

  @Test
  void fourAreAskedInASecondAndThoseFirstWhoWereMembers() {
    for (int i = 0; i < 10; i++) {
      inquiries.isIn("stranger" + i, mark(i + 2, 0));
    }
    inquiries.isIn("member", mark(1, 7));
    Inquiries.Question first = inquiries.next("member"::equals);
    assertNotNull(first);
    assertEquals("member", first.occupant());
    Set<String> others = new HashSet<>();
    for (int i = 0; i < 3; i++) {
      others.add(asked().occupant());
    }
    assertEquals(3, others.size());
    assertNull(next());
    pass(Duration.ofSeconds(1));
    assertFalse(others.contains(asked().occupant()));
  }

  @Test
  void anAnswerIsTakenOnceAndForHalfAMinute() {
    inquiries.isIn("b", mark(1, 6));
    byte[] nonce = asked().nonce();
    assertNull(inquiries.answered("a"));
    pass(Duration.ofSeconds(29));
    assertArrayEquals(nonce, inquiries.answered("b"));
    assertNull(inquiries.answered("b"));
    pass(Duration.ofSeconds(1));
    assertNotNull(next());
    pass(Duration.ofSeconds(31));
    assertNull(inquiries.answered("b"));
  }

  @Test
  void aQuestionThatIsRepeatedHasTheSameNumberForAWhile() {
    inquiries.isIn("b", mark(1, 6));
    byte[] nonce = asked().nonce();
    pass(Duration.ofSeconds(4));
    assertArrayEquals(nonce, asked().nonce());
    pass(Duration.ofSeconds(8));
    assertArrayEquals(nonce, asked().nonce());
    pass(Duration.ofSeconds(16));
    assertFalse(Arrays.equals(nonce, asked().nonce()));
  }

  @Test
  void whoShowsNothingIsAskedUntilThisOneIsInAGroup() {
    inquiries.maybeIn(List.of("a", "b", "c"));
    assertNotNull(next());
    assertNotNull(next());
    assertNull(next());
    inquiries.selfIsIn(mark(1, 1));
    pass(Duration.ofMinutes(1));
    assertNull(next());
  }

  @Test
  void whoHasLeftIsNotAsked() {
    inquiries.isIn("b", mark(1, 6));
    inquiries.forget("b");
    assertNull(next());
    inquiries.isIn("c", mark(1, 6));
    inquiries.isIn("c", null);
    assertNull(next());
  }
}
