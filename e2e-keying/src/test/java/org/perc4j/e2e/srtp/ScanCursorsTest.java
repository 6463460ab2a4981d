/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.srtp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.BitSet;
import org.junit.jupiter.api.Test;

class ScanCursorsTest {
  private final ScanCursors cursors = new ScanCursors();

  @Test
  void goesOnWhereAnSsrcGotTo() {
    for (int ssrc : new int[] {0, 7, -1}) {
      int start = cursors.start(ssrc, 10);
      cursors.set(ssrc, (start + 4) % 10);
      assertEquals((start + 4) % 10, cursors.start(ssrc, 10));
    }
  }

  @Test
  void staysWithinFewer() {
    cursors.set(5, cursors.start(5, 100));
    cursors.set(5, 99);
    assertEquals(9, cursors.start(5, 10));
  }

  @Test
  void thoseThatShareAPlaceSeeEverything() {
    int other = 8;
    while ((StreamTable.hash(other) & 63) != (StreamTable.hash(7) & 63)) {
      other++;
    }
    BitSet seen = new BitSet();
    for (int packet = 0; packet < 20; packet++) {
      int start = cursors.start(7, 8);
      for (int i = 0; i < 4; i++) {
        seen.set((start + i) % 8);
      }
      cursors.set(7, (start + 4) % 8);
      cursors.set(other, (cursors.start(other, 8) + 4) % 8);
    }
    assertTrue(seen.cardinality() == 8, seen.toString());
  }
}
