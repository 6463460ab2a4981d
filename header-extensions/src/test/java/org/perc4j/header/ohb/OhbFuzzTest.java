/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.header.ohb;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Arrays;
import org.perc4j.header.MalformedPacketException;

class OhbFuzzTest {

  private static final int GUARD = 4;

  @FuzzTest
  void tailOfPayload(byte[] input) {
    // Guards that would make sense as part of an OHB, in case something reads too far.
    byte[] buffer = new byte[GUARD + input.length + GUARD];
    System.arraycopy(input, 0, buffer, GUARD, input.length);
    byte[] before = buffer.clone();
    int ohb;
    try {
      ohb = OhbCodec.parse(buffer, GUARD, input.length);
    } catch (MalformedPacketException e) {
      return;
    }
    assertArrayEquals(before, buffer);

    int length = OhbCodec.encodedLength(ohb);
    assertTrue(length >= 1 && length <= OhbCodec.MAX_LENGTH && length <= input.length);
    byte[] written = new byte[length];
    assertEquals(length, OhbCodec.write(ohb, written, 0));
    assertArrayEquals(Arrays.copyOfRange(input, input.length - length, input.length), written);

    int rebuilt = OhbCodec.EMPTY;
    if (OhbCodec.hasMarker(ohb)) {
      rebuilt = OhbCodec.withMarker(rebuilt, OhbCodec.marker(ohb));
    }
    if (OhbCodec.hasPayloadType(ohb)) {
      rebuilt = OhbCodec.withPayloadType(rebuilt, OhbCodec.payloadType(ohb));
    }
    if (OhbCodec.hasSequenceNumber(ohb)) {
      rebuilt = OhbCodec.withSequenceNumber(rebuilt, OhbCodec.sequenceNumber(ohb));
    }
    assertEquals(ohb, rebuilt);
  }
}
