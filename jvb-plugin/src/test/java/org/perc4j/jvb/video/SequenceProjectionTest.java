/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.video;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SequenceProjectionTest {
  private final SequenceProjection projection = new SequenceProjection();

  private int forward(int sequenceNumber) {
    assertTrue(projection.forward(sequenceNumber, 0, false));
    return projection.map(sequenceNumber);
  }

  private void drop(int sequenceNumber) {
    projection.drop(sequenceNumber, false);
  }

  @Test
  void leavesTheNumbersOfAStreamAloneUntilSomethingIsDropped() {
    assertEquals(65534, forward(65534));
    assertEquals(65535, forward(65535));
    assertEquals(0, forward(0));
    assertEquals(1, forward(1));
  }

  @Test
  void startsWithTheSendersNumberWhateverWasDroppedBefore() {
    drop(10);
    drop(11);
    assertEquals(12, forward(12));
  }

  @Test
  void leavesTheGapThatLossMade() {
    assertEquals(10, forward(10));
    assertEquals(13, forward(13));
    assertEquals(11, forward(11));
    assertEquals(12, forward(12));
  }

  @Test
  void closesTheGapOfWhatWasDropped() {
    assertEquals(10, forward(10));
    for (int i = 11; i < 500; i++) {
      drop(i);
    }
    assertEquals(11, forward(500));
    assertEquals(12, forward(501));
    assertEquals(14, forward(503));
    assertEquals(13, forward(502));
  }

  @Test
  void closesGapsAcrossWraps() {
    assertEquals(60000, forward(60000));
    for (int i = 60001; i < 60000 + 3 * 65536; i++) {
      drop(i & 0xffff);
    }
    assertEquals(60001, forward(60000));
    assertEquals(60002, forward(60001));
  }

  @Test
  void keepsTheNumberOfALostPacketThroughLaterDrops() {
    assertEquals(10, forward(10));
    // 11 is lost, 12 and 13 are dropped
    drop(12);
    drop(13);
    assertEquals(12, forward(14));
    assertEquals(11, forward(11));
  }

  @Test
  void keepsTheNumberOfALostPacketAcrossAWrap() {
    assertEquals(65534, forward(65534));
    drop(0);
    assertEquals(0, forward(1));
    assertEquals(65535, forward(65535));
  }

  @Test
  void leavesTheGapOfALatePacketThatIsDropped() {
    assertEquals(10, forward(10));
    assertEquals(12, forward(12));
    drop(11);
    assertFalse(projection.forward(11, 0, false));
    assertEquals(SequenceProjection.UNMAPPED, projection.map(11));
    assertEquals(13, forward(13));
  }

  @Test
  void countsLostPacketsAsDroppedWhereTheyWere() {
    assertEquals(10, forward(10));
    drop(11);
    projection.drop(14, true);
    assertEquals(11, forward(15));
    assertTrue(projection.forward(18, 0, true));
    assertEquals(12, projection.map(18));
    assertFalse(projection.forward(17, 0, false));
  }

  @Test
  void refusesWhatWasForwardedOrDroppedAlready() {
    assertEquals(10, forward(10));
    drop(11);
    assertEquals(11, forward(12));
    assertFalse(projection.forward(10, 0, false));
    assertFalse(projection.forward(11, 0, false));
    assertFalse(projection.forward(12, 0, false));
    assertFalse(projection.forward(9, 0, false));
  }

  @Test
  void mapsPacketsAcceptedBeforeADropAsBefore() {
    assertEquals(10, forward(10));
    for (int i = 11; i <= 20; i++) {
      drop(i);
    }
    assertEquals(11, forward(21));
    assertEquals(10, projection.map(10));
  }

  @Test
  void knowsNothingOfWhatWasNeverForwarded() {
    assertEquals(SequenceProjection.UNMAPPED, projection.map(0));
    assertEquals(10, forward(10));
    drop(11);
    assertEquals(SequenceProjection.UNMAPPED, projection.map(11));
    assertEquals(SequenceProjection.UNMAPPED, projection.map(12));
    assertEquals(SequenceProjection.UNMAPPED, projection.map(10 + SequenceProjection.WINDOW));
  }

  @Test
  void remembersWhichPacketEndsAPicture() {
    assertTrue(projection.forward(10, SequenceProjection.LAST_OF_PICTURE, false));
    assertEquals(10 | SequenceProjection.LAST_OF_PICTURE, projection.map(10));
    assertEquals(11, forward(11));
  }

  @Test
  void treatsAnUnusablePacketAsLost() {
    assertEquals(10, forward(10));
    projection.miss(11);
    assertEquals(12, forward(12));
    assertEquals(11, forward(11));
  }

  @Test
  void leavesOneNumberFreeForALossBeyondRepair() {
    assertEquals(10, forward(10));
    assertEquals(12, forward(10 + SequenceProjection.WINDOW + 1));
    assertEquals(13, forward(10 + SequenceProjection.WINDOW + 2));
    assertFalse(projection.forward(11, 0, false));
  }

  @Test
  void followsASenderThatNumbersAnew() {
    assertEquals(40000, forward(40000));
    assertFalse(projection.forward(20000, 0, false));
    assertEquals(40002, forward(20001));
    assertEquals(40003, forward(20002));
  }

  @Test
  void isNotLedAstrayBySinglePacketsFromFarBehind() {
    assertEquals(40000, forward(40000));
    assertFalse(projection.forward(20000, 0, false));
    assertEquals(40001, forward(40001));
    assertFalse(projection.forward(20001, 0, false));
    drop(30000);
    assertEquals(40002, forward(40002));
  }

  @Test
  void keepsTheNumbersOfALongLossAcrossAWrap() {
    assertEquals(64000, forward(64000));
    drop(64001);
    // all in between are lost: 2046 numbers
    assertEquals(512 - 1, forward((64001 + 2047) & 0xffff));
    for (int i = 64002; i < 64001 + 2047; i++) {
      assertEquals((i - 1) & 0xffff, forward(i & 0xffff));
    }
  }

  @Test
  void doesNotTakeANumberForThatOfAnEarlierCycle() {
    assertEquals(10, forward(10));
    // nothing is written where the numbers from 11 on have their entries, but runs of lost ones
    for (int i = 10 + 2000; i < 10 + 65536; i += 2000) {
      assertEquals(i & 0xffff, forward(i & 0xffff));
    }
    int highest = 10 + 2000 * 32;
    assertEquals(SequenceProjection.UNMAPPED, projection.map(10));
    assertEquals(SequenceProjection.UNMAPPED, projection.map((10 + 2000) & 0xffff));
    assertEquals(highest - 5, forward(highest - 5));
  }

  @Test
  void takesMemoryWhileThereIsSomethingToRememberOnly() {
    for (int i = 0; i < 10_000; i++) {
      projection.drop(i, true);
      assertTrue(projection.rests());
    }
    assertEquals(10_000, forward(10_000));
    for (int i = 1; i < SequenceProjection.WINDOW; i++) {
      drop(10_000 + i);
      assertFalse(projection.rests(), "after " + i);
    }
    assertEquals(10_000, projection.map(10_000));
    drop(10_000 + SequenceProjection.WINDOW);
    assertTrue(projection.rests());
    assertEquals(10_001, forward(10_000 + SequenceProjection.WINDOW + 1));
  }

  @Test
  void goesOnAfterARest() {
    assertEquals(10, forward(10));
    assertEquals(13, forward(13));
    projection.rest();
    assertTrue(projection.rests());
    assertFalse(projection.forward(12, 0, false), "too late by now");
    assertTrue(projection.forward(500, 0, true));
    assertEquals(14, projection.map(500));
  }

  /** A sender that jumps with each packet costs what one costs that does not, more or less. */
  @Test
  void jumpsAreNotCountedNumberByNumber() {
    long steps = 200_000;
    long inOrder = nanosOf(1, steps);
    long jumping = nanosOf(SequenceProjection.WINDOW, steps);
    // Number by number it is 2,000 times as long; filled at once it was 10 times, or less.
    assertTrue(jumping < 200 * inOrder, () -> jumping + " ns, and " + inOrder + " in order");
  }

  private static long nanosOf(int step, long packets) {
    long best = Long.MAX_VALUE;
    for (int round = 0; round < 5; round++) {
      SequenceProjection one = new SequenceProjection();
      long start = System.nanoTime();
      for (long i = 0; i < packets; i++) {
        boolean accepted = one.forward((int) (i * step) & 0xffff, 0, false);
        assertTrue(accepted);
      }
      best = Math.min(best, System.nanoTime() - start);
    }
    return best;
  }

  /** Loss, reordering, duplicates and drops at random, across many wraps. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void givesEachPacketItsOwnNumberInOrderAndLeavesGapsForLossOnly(long seed) {
    Random random = new Random(seed);
    Map<Long, Long> sentUnder = new HashMap<>();
    long lost = 0;
    long forwarded = 0;
    long[] late = new long[8];
    int lateCount = 0;
    long first = 65000;
    long highestOut = first - 1;
    for (long index = first; index < first + 300_000; index++) {
      int action = random.nextInt(100);
      if (action < 5 && index > first) {
        if (lateCount < late.length && random.nextBoolean()) {
          late[lateCount++] = index;
        } else {
          lost++;
        }
      } else if (action < 45 && index > first) {
        drop((int) index & 0xffff);
      } else {
        highestOut = record(index, highestOut, sentUnder);
        forwarded++;
      }
      if (lateCount > 0 && random.nextInt(20) == 0) {
        long packet = late[--lateCount];
        if (index - packet < SequenceProjection.WINDOW) {
          highestOut = record(packet, highestOut, sentUnder);
          forwarded++;
        } else {
          lost++;
        }
      }
    }
    lost += lateCount;
    assertEquals(forwarded, sentUnder.size());
    // every number up to the highest is either sent, or stands for a packet that was lost
    assertTrue(highestOut - first + 1 - forwarded <= lost);
    long previous = -1;
    for (long index = first; index < first + 300_000; index++) {
      Long out = sentUnder.get(index);
      if (out != null) {
        assertTrue(out > previous, "order at " + index);
        previous = out;
      }
    }
  }

  private long record(long index, long highestOut, Map<Long, Long> sentUnder) {
    int number = forward((int) index & 0xffff);
    long out = highestOut + (short) (number - (int) highestOut);
    assertEquals(null, sentUnder.put(index, out));
    return Math.max(highestOut, out);
  }
}
