/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.header.dependency;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.perc4j.header.BitReader;
import org.perc4j.header.MalformedPacketException;
import org.perc4j.header.MalformedPacketException.Reason;

class BitWriterTest {

  private final BitReader<MalformedPacketException> bits =
      new BitReader<>(MalformedPacketException.of(Reason.DEPENDENCY_TRUNCATED));

  // The table of ns(5) in A.8.2 of the AV1 RTP specification, and the ends of other ranges.
  @ParameterizedTest
  @CsvSource({
    "5, 0, 00",
    "5, 1, 01",
    "5, 2, 10",
    "5, 3, 110",
    "5, 4, 111",
    "1, 0, ''",
    "2, 0, 0",
    "2, 1, 1",
    "4, 3, 11",
    "10, 5, 101",
    "10, 6, 1100",
    "10, 9, 1111",
    "33, 0, 00000",
    "33, 30, 11110",
    "33, 31, 111110",
    "33, 32, 111111",
  })
  void readsAndWritesNonSymmetricNumbers(int values, int value, String code)
      throws MalformedPacketException {
    // Behind three bits of something else.
    byte[] octets = BitString.octets("101" + code + "1");
    bits.wrap(octets, 0, octets.length);
    bits.moveTo(3);
    assertEquals(value, bits.readNonSymmetric(values));
    assertEquals(3 + code.length(), bits.position());

    byte[] written = new byte[octets.length];
    int at = BitWriter.write(written, 0, 0, 3, 0b101);
    at = BitWriter.writeNonSymmetric(written, 0, at, values, value);
    assertEquals(3 + code.length(), at);
    assertEquals(at + 1, BitWriter.write(written, 0, at, 1, 1));
    assertArrayEquals(octets, written);
  }
}
