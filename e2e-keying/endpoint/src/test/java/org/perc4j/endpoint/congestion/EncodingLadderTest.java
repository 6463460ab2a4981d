/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.congestion;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;

class EncodingLadderTest {
  private static final long MILLIS = 1_000_000;

  private final EncodingLadder ladder = new EncodingLadder(100, 500, 2000);
  private long nowNanos;

  private int after(long millis, double bps) {
    nowNanos += millis * MILLIS;
    return ladder.update(bps, nowNanos);
  }

  @Test
  void goesUpAtOnceAsFarAsThereIsRoom() {
    assertEquals(EncodingLadder.NOTHING, after(0, 100));
    assertEquals(0, after(0, 115));
    assertEquals(0, after(10, 5000));
    assertEquals(2, after(500, 5000));
    assertEquals(0, ladder.wantedBps());
  }

  @Test
  void goesDownAtOnceAsFarAsItHasTo() {
    assertEquals(2, after(0, 5000));
    assertEquals(2, after(10_000, 1901));
    assertEquals(1, after(10, 1899));
    assertEquals(EncodingLadder.NOTHING, after(10, 50));
    assertEquals(1.15 * 2000, ladder.wantedBps());
  }

  @Test
  void waitsLongerEachTimeThatItWentUpTooEarly() {
    assertEquals(1, after(0, 1000));
    long former = 0;
    for (int i = 0; i < 4; i++) {
      assertEquals(0, after(1000, 300));
      long waited = 0;
      while (after(100, 1000) == 0) {
        waited += 100;
      }
      assertTrue(waited > former, waited + " ms after " + former + " ms");
      former = waited;
    }
    assertTrue(former >= 8000, former + " ms");
    // and after it has stayed, not any more
    assertEquals(1, after(60_000, 1000));
    assertEquals(0, after(10, 300));
    assertEquals(1, after(1000, 1000));
  }

  @Test
  void estimatesThatMoveAroundAThresholdMoveNothing() {
    Random random = new Random(1);
    assertEquals(1, after(0, 600));
    int changes = 0;
    for (int i = 0; i < 10_000; i++) {
      int before = ladder.rung();
      changes += after(50, 480 + random.nextInt(90)) == before ? 0 : 1;
    }
    assertEquals(0, changes);
  }

  @Test
  void qualitiesAscend() {
    assertThrows(IllegalArgumentException.class, () -> new EncodingLadder(2, 1));
    assertThrows(IllegalArgumentException.class, () -> new EncodingLadder(1, 1));
  }
}
