/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.header;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.perc4j.header.MalformedPacketException.Reason;

class BitReaderTest {

  private final MalformedPacketException truncated =
      MalformedPacketException.of(Reason.DEPENDENCY_TRUNCATED);
  private final BitReader<MalformedPacketException> bits = new BitReader<>(truncated);

  @Test
  void readsAcrossOctets() throws MalformedPacketException {
    byte[] octets = {0x55, 0x12, 0x34, 0x56, 0x78, (byte) 0x9A, 0x55};
    bits.wrap(octets, 1, 5);
    bits.skip(4);
    assertEquals(0, bits.read(0));
    assertEquals(0x23456789, bits.read(32));
    assertEquals(0b10, bits.read(2));
    assertTrue(bits.readFlag());
    assertFalse(bits.readFlag());
    assertEquals(40, bits.position());
    bits.moveTo(4);
    assertEquals(0x23, bits.read(8));
  }

  @Test
  void readsNoBitBehindTheEnd() throws MalformedPacketException {
    byte[] octets = {0, (byte) 0xFF, 0};
    bits.wrap(octets, 1, 1);
    assertEquals(0b1111111, bits.read(7));
    assertTruncated(2);
    assertEquals(1, bits.read(1));
    assertTruncated(1);
    bits.unwrap();
    assertTruncated(1);
  }

  private void assertTruncated(int count) {
    int position = bits.position();
    assertSame(truncated, assertThrows(MalformedPacketException.class, () -> bits.read(count)));
    assertSame(truncated, assertThrows(MalformedPacketException.class, () -> bits.skip(count)));
    assertEquals(position, bits.position());
  }
}
