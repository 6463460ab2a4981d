/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.srtp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.perc4j.header.index.PacketIndex;

class ReceivedIndicesTest {
  private final ReceivedIndices received = new ReceivedIndices();

  @Test
  void guessesTheNearestIndex() {
    assertTrue(received.receive(65_536 + 100));
    assertEquals(65_536 + 101, received.nearest(101));
    assertEquals(65_535, received.nearest(65_535));
    assertEquals(65_536 + 100 + 32_767, received.nearest(32_867));
    assertEquals(65_536 + 100 - 32_768, received.nearest(32_868));
  }

  @Test
  void takesEachOnceAndNothingOld() {
    assertTrue(received.receive(5000));
    assertFalse(received.receive(5000));
    assertTrue(received.receive(5000 - 2047));
    assertFalse(received.receive(5000 - 2047));
    assertFalse(received.receive(5000 - 2048));
    assertTrue(received.isTooOld(5000 - 2048));
    assertFalse(received.isTooOld(5000 - 2047));
    assertFalse(received.receive(-1));
    assertFalse(received.receive(PacketIndex.MAX + 1));
    assertTrue(received.receive(PacketIndex.MAX));
  }

  @Test
  void takesEachControlIndexOnceAndNothingOld() {
    assertTrue(received.mayReceiveControl(0));
    assertTrue(received.receiveControl(0));
    assertFalse(received.receiveControl(0));
    assertTrue(received.receiveControl(70));
    assertFalse(received.receiveControl(6));
    assertTrue(received.receiveControl(7));
    assertFalse(received.receiveControl(7));
    assertTrue(received.receiveControl(69));
    assertTrue(received.receiveControl(Integer.MAX_VALUE));
    assertFalse(received.receiveControl(70));
    assertTrue(received.receiveControl(Integer.MAX_VALUE - 63));
    assertFalse(received.receiveControl(Integer.MAX_VALUE - 64));
  }

  @Test
  void takesNoControlIndexTwiceWhateverComes() {
    Random random = new Random(5);
    Set<Integer> taken = new HashSet<>();
    int index = 0;
    for (int i = 0; i < 200_000; i++) {
      index = Math.max(0, index + random.nextInt(100) - 48);
      if (received.receiveControl(index)) {
        assertTrue(taken.add(index), "twice: " + index);
      }
    }
    assertTrue(taken.size() > 10_000, taken.size() + " taken");
  }
}
