/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.activity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OpusSpanTest {
  private final OpusSpan span = new OpusSpan();

  private int read(int... octets) {
    byte[] buffer = new byte[octets.length + 1];
    for (int i = 0; i < octets.length; i++) {
      buffer[i + 1] = (byte) octets[i];
    }
    return span.read(buffer, 1, octets.length);
  }

  /** RFC 6716, table 2, in milliseconds. */
  @ParameterizedTest
  @CsvSource({
    "0, 10", "1, 20", "2, 40", "3, 60", "8, 10", "11, 60", "12, 10", "13, 20", "14, 10", "15, 20",
    "16, 2.5", "17, 5", "18, 10", "19, 20", "28, 2.5", "31, 20"
  })
  void knowsTheTimeOfAFrame(int configuration, double millis) {
    int samples = (int) (48 * millis);
    int toc = configuration << 3;
    assertEquals(samples, read(toc, 1, 2));
    assertEquals(2 * samples, read(toc | 1, 1, 2));
    assertEquals(2 * samples, read(toc | 2, 1, 2, 3));
  }

  @Test
  void countsFrames() {
    assertEquals(3 * 960, read(31 << 3 | 3, 3, 1, 2, 3));
    assertEquals(5760, read(31 << 3 | 3, 6, 1, 2, 3, 4, 5, 6));
    assertEquals(48 * 120, read(28 << 3 | 3, 48));
  }

  @Test
  void refusesWhatIsNoPacket() {
    assertEquals(OpusSpan.NONE, read());
    assertEquals(OpusSpan.NONE, read(31 << 3 | 1, 1));
    assertEquals(OpusSpan.NONE, read(31 << 3 | 3, 0));
    assertEquals(OpusSpan.NONE, read(31 << 3 | 3, 7, 1, 2, 3, 4, 5, 6, 7));
  }

  @Test
  void knowsPacketsWithoutSound() {
    int unused = read(1 << 3);
    assertTrue(span.isSilent());
    // Padding of three octets.
    unused = read(1 << 3 | 3, 0x41, 3, 0, 0, 0);
    assertTrue(span.isSilent());
    unused = read(1 << 3, 1, 2);
    assertFalse(span.isSilent());
    unused = read();
    assertFalse(span.isSilent());
  }
}
