/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.srtp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;

class StreamTableTest {
  @Test
  void findsWhatWasPut() {
    StreamTable<Integer> table = new StreamTable<>(1000);
    Random random = new Random(1);
    int[] ssrcs = random.ints().distinct().limit(999).toArray();
    assertNull(table.get(0));
    table.put(0, -1);
    for (int i = 0; i < ssrcs.length; i++) {
      table.put(ssrcs[i], i);
    }

    assertEquals(-1, table.get(0));
    for (int i = 0; i < ssrcs.length; i++) {
      assertEquals(i, table.get(ssrcs[i]));
    }
    assertNull(table.get(0x12345678));
  }

  @Test
  void holdsAsManyAsItMay() {
    StreamTable<String> table = new StreamTable<>(2);
    table.put(1, "one");
    assertFalse(table.isFull());
    table.put(2, "two");

    assertTrue(table.isFull());
    assertThrows(IllegalStateException.class, () -> table.put(3, "three"));
    assertEquals("one", table.get(1));
    assertNull(table.get(3));
  }

  @Test
  void refusesToReplaceState() {
    StreamTable<String> table = new StreamTable<>(2);
    table.put(1, "one");

    assertThrows(IllegalStateException.class, () -> table.put(1, "other"));
  }

  @Test
  void rejectsNoStreams() {
    assertThrows(IllegalArgumentException.class, () -> new StreamTable<String>(0));
  }
}
