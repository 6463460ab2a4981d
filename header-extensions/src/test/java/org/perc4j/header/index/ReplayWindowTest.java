/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.header.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.perc4j.header.index.ReplayWindow.Verdict;

class ReplayWindowTest {
  @Test
  void startsEmpty() {
    ReplayWindow window = new ReplayWindow(64);

    assertEquals(ReplayWindow.NONE, window.highest());
    assertEquals(Verdict.NEW, window.check(0));
    assertEquals(Verdict.NEW, window.check(PacketIndex.MAX));
    assertEquals(Verdict.TOO_OLD, window.check(-1));
  }

  @Test
  void keepsExactlyItsSize() {
    ReplayWindow window = new ReplayWindow(2048);
    window.mark(5000);

    assertEquals(Verdict.REPLAYED, window.check(5000));
    assertEquals(Verdict.NEW, window.check(5000 - 2047));
    assertEquals(Verdict.TOO_OLD, window.check(5000 - 2048));

    window.mark(5000 - 2047);
    assertEquals(Verdict.REPLAYED, window.check(5000 - 2047));
    window.mark(5001);
    assertEquals(Verdict.TOO_OLD, window.check(5000 - 2047));
    assertEquals(5001, window.highest());
  }

  @Test
  void tellsWhatIsBelowAlsoOfNegativeNumbers() {
    ReplayWindow window = new ReplayWindow(64);
    assertFalse(window.isBelow(0));

    window.mark(10);
    assertFalse(window.isBelow(11));
    assertFalse(window.isBelow(10 - 63));
    assertTrue(window.isBelow(10 - 64));
  }

  @Test
  void checkChangesNothing() {
    ReplayWindow window = new ReplayWindow(64);
    window.mark(10);

    assertEquals(Verdict.NEW, window.check(11));
    assertEquals(Verdict.NEW, window.check(11));
    assertEquals(10, window.highest());
  }

  @Test
  void forgetsAllAfterALeap() {
    ReplayWindow window = new ReplayWindow(128);
    for (long index = 0; index < 128; index++) {
      window.mark(index);
    }
    long leap = 128L * 1000 + 3;
    window.mark(leap);

    for (long index = leap - 127; index < leap; index++) {
      assertEquals(Verdict.NEW, window.check(index));
    }
  }

  @Test
  void reachesTheLastIndex() {
    ReplayWindow window = new ReplayWindow(64);
    window.mark(PacketIndex.MAX);

    assertEquals(Verdict.REPLAYED, window.check(PacketIndex.MAX));
    assertEquals(Verdict.NEW, window.check(PacketIndex.MAX - 63));
    assertEquals(Verdict.TOO_OLD, window.check(PacketIndex.MAX - 64));
  }

  @ParameterizedTest
  @ValueSource(ints = {64, 128, 2048, 4096})
  void agreesWithAListOfEverything(int size) {
    ReplayWindow window = new ReplayWindow(size);
    Set<Long> marked = new HashSet<>();
    Random random = new Random(size);
    long highest = -1;
    long about = 100_000;
    for (int i = 0; i < 200_000; i++) {
      about += random.nextInt(1000) == 0 ? random.nextInt(3 * size) : random.nextInt(3);
      long index = Math.max(0, about - random.nextInt(size + size / 4));
      Verdict expected =
          index <= highest - size
              ? Verdict.TOO_OLD
              : marked.contains(index) ? Verdict.REPLAYED : Verdict.NEW;
      assertEquals(expected, window.check(index));
      if (expected == Verdict.NEW) {
        window.mark(index);
        marked.add(index);
        highest = Math.max(highest, index);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {-64, 0, 1, 63, 100})
  void rejectsOddSizes(int size) {
    assertThrows(IllegalArgumentException.class, () -> new ReplayWindow(size));
  }
}
