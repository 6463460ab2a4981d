/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.rtp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class LossTrackerTest {
  private static final long LATER = 1_000_000_000;

  private final LossTracker tracker = new LossTracker();

  @Test
  void asksForWhatIsMissing() {
    for (int number : new int[] {0xFFFE, 1, 2}) {
      tracker.onPacket(number, 0);
    }
    assertEquals(List.of(0xFFFF, 0), tracker.due(LATER));
    assertEquals(2, tracker.cumulativeLost());
    tracker.onPacket(0xFFFF, LATER);
    assertEquals(List.of(0), tracker.due(2 * LATER));
  }

  @Test
  void asksForNoPaddingThatCameInItsPlace() {
    tracker.onPadding(9);
    tracker.onPacket(10, 0);
    tracker.onPadding(11);
    tracker.onPadding(12);
    tracker.onPacket(14, 0);
    assertEquals(List.of(13), tracker.due(LATER));
    assertEquals(1, tracker.cumulativeLost());
    assertEquals(14, tracker.extendedHighest());
  }

  @Test
  void asksForNoPaddingThatCameLate() {
    tracker.onPacket(10, 0);
    tracker.onPacket(13, 0);
    tracker.onPadding(12);
    assertEquals(List.of(11), tracker.due(LATER));
    assertEquals(1, tracker.cumulativeLost());
  }

  @Test
  void paddingUnderAnyNumberMovesNothing() {
    tracker.onPacket(10, 0);
    for (int number = 0; number < 0x10000; number += 7) {
      if (number != 10) {
        tracker.onPadding(number);
      }
    }
    assertEquals(List.of(), tracker.due(LATER));
    assertEquals(10, tracker.extendedHighest());
    tracker.onPacket(12, LATER);
    assertEquals(List.of(11), tracker.due(2 * LATER));
    assertEquals(1, tracker.cumulativeLost());
  }

  /** A queue that is full makes repairs slow; asking more often makes it no shorter. */
  @Test
  void asksAgainNoEarlierThanARepairTakes() {
    long repair = 300_000_000;
    tracker.onPacket(1, 0);
    tracker.onPacket(3, 0);
    assertEquals(List.of(2), tracker.due(LATER));
    tracker.onPacket(2, LATER + repair);
    tracker.onPacket(5, 2 * LATER);
    assertEquals(List.of(4), tracker.due(3 * LATER));
    assertEquals(List.of(), tracker.due(3 * LATER + repair - 1));
    assertEquals(List.of(4), tracker.due(3 * LATER + repair));
    tracker.onPacket(4, 3 * LATER + repair + 1);
    assertEquals(0, tracker.givenUp());
  }

  @Test
  void asksNoLongerThanAnybodyWaits() {
    tracker.onPacket(1, 0);
    tracker.onPacket(3, 0);
    assertEquals(List.of(2), tracker.due(LATER));
    assertEquals(List.of(2), tracker.due(LATER + LATER / 2));
    assertEquals(List.of(), tracker.due(2 * LATER + 1));
    assertEquals(1, tracker.givenUp());
  }

  @Test
  void namesWhatItGaveUpOnce() {
    tracker.onPacket(0xFFFE, 0);
    tracker.onPacket(1, 0);
    for (int i = 1; tracker.givenUp() == 0; i++) {
      assertEquals(List.of(), tracker.takeAbandoned());
      List<Integer> unused = tracker.due(i * LATER);
    }
    assertEquals(List.of(0xFFFF, 0), tracker.takeAbandoned());
    assertEquals(List.of(), tracker.takeAbandoned());
  }

  @Test
  void givesUpSoonWhatNobodyRepairs() {
    LossTracker unrepaired = new LossTracker(false);
    unrepaired.onPacket(1, 0);
    unrepaired.onPacket(3, 0);
    assertEquals(List.of(), unrepaired.due(LATER));
    assertEquals(List.of(2), unrepaired.takeAbandoned());
  }
}
