/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.video;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FrameHistoryTest {
  private final FrameHistory history = new FrameHistory();

  @Test
  void knowsNothingAtFirst() {
    assertFalse(history.contains(0));
    assertFalse(history.contains(65535));
  }

  @Test
  void remembersWhatWasAddedAndNothingBetween() {
    history.add(65534);
    history.add(1);
    assertTrue(history.contains(65534));
    assertFalse(history.contains(65535));
    assertFalse(history.contains(0));
    assertTrue(history.contains(1));
    assertFalse(history.contains(2));
  }

  @Test
  void takesFramesThatComeLate() {
    history.add(10);
    history.add(12);
    history.add(11);
    assertTrue(history.contains(11));
    assertTrue(history.contains(12));
  }

  @Test
  void reachesBackAsFarAsADescriptorDoes() {
    history.add(100);
    history.add(100 + 4096);
    assertTrue(history.contains(100));
  }

  @Test
  void forgetsWhatIsOlder() {
    history.add(100);
    for (int i = 101; i < 100 + 8192; i += 7) {
      history.add(i);
    }
    history.add(100 + 8192);
    assertFalse(history.contains(100));
    history.add(100);
    assertFalse(history.contains(100));
    assertTrue(history.contains(100 + 8192));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 63, 64, 65, 127, 128, 129, 4096, 8190, 8191})
  void clearsWhatItJumpsOver(int jump) {
    for (int start : new int[] {0, 1, 62, 63, 64, 65_500}) {
      FrameHistory full = new FrameHistory();
      for (int i = 0; i < 8192; i++) {
        full.add((start + i) & 0xffff);
      }
      int last = start + 8191;
      full.add((last + jump) & 0xffff);
      for (int i = 1; i < jump; i++) {
        assertFalse(full.contains((last + i) & 0xffff), "skipped: " + i);
      }
      for (int i = 0; i < 8192 - jump; i++) {
        assertTrue(full.contains((last - i) & 0xffff), "still there: " + i);
      }
      assertTrue(full.contains((last + jump) & 0xffff));
    }
  }

  @Test
  void remembersNothingAfterARest() {
    history.add(5);
    history.rest();
    assertFalse(history.contains(5));
    history.clear();
    history.add(6);
    assertTrue(history.contains(6));
    assertFalse(history.contains(5));
  }

  @Test
  void forgetsAllWhenCleared() {
    history.add(5);
    history.clear();
    assertFalse(history.contains(5));
    history.add(3);
    assertTrue(history.contains(3));
    assertFalse(history.contains(5));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 4096, 32_767, 32_768, 32_769, 57_344, 65_535})
  void beginsAnywhereAfterItWasCleared(int first) {
    for (int i = 0; i < 8192; i++) {
      history.add(i);
    }
    history.clear();
    history.add(first);
    for (int number = 0; number <= 0xffff; number++) {
      assertEquals(number == first, history.contains(number), "" + number);
    }
    int late = (first - 8191) & 0xffff;
    history.add(late);
    assertTrue(history.contains(late));
    assertTrue(history.contains(first));
  }

  @Test
  void doesNotTakeAFrameForOneOfAnEarlierCycle() {
    for (int i = 0; i < 70000; i += 2) {
      history.add(i & 0xffff);
    }
    for (int i = 70000 - 8000; i < 70000; i++) {
      if (i % 2 == 0) {
        assertTrue(history.contains(i & 0xffff));
      } else {
        assertFalse(history.contains(i & 0xffff));
      }
    }
  }
}
