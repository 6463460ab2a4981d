/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.srtp;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SentIndicesTest {
  private final SentIndices sent = new SentIndices();

  @Test
  void refusesARepetition() {
    assertTrue(sent.use(10));
    assertFalse(sent.use(10));
    assertTrue(sent.use(11));
    assertFalse(sent.use(10));
  }

  @Test
  void acceptsLatePacketsOnce() {
    assertTrue(sent.use(100));
    assertTrue(sent.use(98));
    assertFalse(sent.use(98));
    assertTrue(sent.use(99));
  }

  @Test
  void takesAWrappedNumberForANewIndex() {
    assertTrue(sent.use(65535));
    assertTrue(sent.use(0));
    assertTrue(sent.use(65534));
    assertFalse(sent.use(65535));
  }

  @Test
  void refusesWhatItCannotRemember() {
    assertTrue(sent.use(5000));
    assertFalse(sent.use(5000 - 4096));
    assertTrue(sent.use(5000 - 4095));
  }

  @Test
  void forgetsAWholeWindowAfterAJump() {
    assertTrue(sent.use(1));
    assertTrue(sent.use(2));
    assertTrue(sent.use(20000));
    assertTrue(sent.use(20000 - 4096 + 2));
    assertFalse(sent.use(20000));
  }

  @Test
  void neverAcceptsAnIndexTwice() {
    Random random = new Random(7);
    Set<Long> used = new HashSet<>();
    long highest = 0;
    for (int i = 0; i < 300_000; i++) {
      long index = Math.max(0, highest + random.nextInt(6000) - 5500);
      boolean accepted = sent.use((int) (index & 0xffff));
      if (accepted) {
        assertTrue(used.add(index), "twice: " + index);
        highest = Math.max(highest, index);
      }
    }
  }
}
