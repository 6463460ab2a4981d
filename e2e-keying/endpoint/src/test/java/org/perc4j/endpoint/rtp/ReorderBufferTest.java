/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.rtp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class ReorderBufferTest {
  private static final long WAIT_NANOS = 1000;
  private static final long START_WAIT_NANOS = 40;

  private final ReorderBuffer buffer = new ReorderBuffer(WAIT_NANOS, START_WAIT_NANOS);

  @Test
  void waitsForWhatIsMissingAndGivesUp() {
    first();
    add(12, 0);
    assertEquals(List.of(), release(WAIT_NANOS - 1));
    assertEquals(List.of(12L), release(WAIT_NANOS));
    add(11, WAIT_NANOS);
    assertEquals(List.of(), release(5 * WAIT_NANOS));
  }

  @Test
  void doesNotWaitForPadding() {
    buffer.addPadding(9);
    first();
    buffer.addPadding(11);
    buffer.addPadding(13);
    add(14, 0);
    assertEquals(List.of(11L), release(0));
    add(12, 0);
    assertEquals(List.of(12L, 13L, 14L), release(0));
  }

  @Test
  void paddingAheadMovesNothing() {
    first();
    buffer.addPadding(400);
    for (int order = 11; order < 20; order++) {
      add(order, 0);
      assertEquals(List.of((long) order), release(0));
    }
  }

  @Test
  void waitsOnlyShortlyAtTheStart() {
    add(12, 0);
    assertEquals(List.of(), release(START_WAIT_NANOS - 1));
    add(11, START_WAIT_NANOS - 1);
    assertEquals(List.of(), release(START_WAIT_NANOS));
    assertEquals(List.of(11L, 12L), release(2 * START_WAIT_NANOS - 1));
    add(10, 2 * START_WAIT_NANOS);
    assertEquals(List.of(), release(5 * WAIT_NANOS));
  }

  @Test
  void doesNotWaitForWhatIsGivenUp() {
    first();
    add(13, 0);
    buffer.abandon(12);
    assertEquals(List.of(), release(0));
    buffer.abandon(11);
    assertEquals(List.of(13L), release(0));
  }

  @Test
  void keepsInOrderWhatComesThoughItWasGivenUp() {
    first();
    add(14, 0);
    buffer.abandon(12);
    add(12, 0);
    assertEquals(List.of(), release(0));
    add(11, 0);
    assertEquals(List.of(11L, 12L), release(0));
    buffer.abandon(13);
    assertEquals(List.of(14L), release(0));
  }

  @Test
  void givingUpWhatIsAheadMovesNothing() {
    first();
    buffer.abandon(13);
    assertEquals(List.of(), release(5 * WAIT_NANOS));
    for (int order = 11; order < 20; order++) {
      add(order, 0);
      assertEquals(List.of((long) order), release(0));
    }
  }

  @Test
  void waitsForNothingOfTheBridgeBeforeAndShortlyForTheNext() {
    first();
    add(12, 0);
    add(1002, 0);
    buffer.beginAt(1000);
    assertEquals(List.of(12L), release(0));
    assertEquals(List.of(), release(START_WAIT_NANOS - 1));
    add(1001, START_WAIT_NANOS - 1);
    add(1004, START_WAIT_NANOS - 1);
    assertEquals(List.of(1001L, 1002L), release(2 * START_WAIT_NANOS - 1));
    assertEquals(List.of(), release(WAIT_NANOS));
    assertEquals(List.of(1004L), release(WAIT_NANOS + START_WAIT_NANOS));
  }

  private void first() {
    add(10, -WAIT_NANOS);
    assertEquals(List.of(10L), release(0));
  }

  private void add(long order, long nanos) {
    buffer.add(new ReorderBuffer.Packet(order, 0, false, new byte[1], nanos));
  }

  private List<Long> release(long nowNanos) {
    return buffer.release(nowNanos, false).stream().map(ReorderBuffer.Packet::order).toList();
  }
}
