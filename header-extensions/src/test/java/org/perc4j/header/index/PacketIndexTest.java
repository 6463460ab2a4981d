/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.header.index;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PacketIndexTest {
  @Test
  void putsTheRolloverCounterAboveTheSequenceNumber() {
    assertEquals(0xffff_ffff_1234L, PacketIndex.of(-1, 0x1234));
    assertEquals(0x1_0000L, PacketIndex.of(1, 0));
  }

  /**
   * RFC 3711 section 3.3.1 and appendix A: {@code SEQ - s_l > 32768}, {@code s_l - 32768 > SEQ}.
   */
  @ParameterizedTest
  @CsvSource({
    "0x50000, 0x0001, 0x50001",
    "0x50000, 0x8000, 0x58000",
    "0x50000, 0x8001, 0x48001",
    "0x50000, 0xffff, 0x4ffff",
    "0x5ffff, 0x0000, 0x60000",
    "0x5ffff, 0x7fff, 0x57fff",
    "0x5ffff, 0x7ffe, 0x67ffe",
    "0x58000, 0x0000, 0x50000",
    "0x00005, 0xfffe, -2",
  })
  void estimatesAsRfc3711Does(String highest, String sequenceNumber, String expected) {
    assertEquals(
        Long.decode(expected),
        PacketIndex.nearest(Long.decode(highest), Integer.decode(sequenceNumber)));
  }

  @ParameterizedTest
  @CsvSource({
    "0x50000, 0x0001, 0x50001",
    "0x50000, 0x0000, 0x60000",
    "0x50000, 0xffff, 0x5ffff",
    "0x51234, 0x1233, 0x61233",
    "0x51234, 0x1235, 0x51235",
  })
  void findsTheNextAbove(String highest, String sequenceNumber, String expected) {
    assertEquals(
        Long.decode(expected),
        PacketIndex.next(Long.decode(highest), Integer.decode(sequenceNumber)));
  }
}
