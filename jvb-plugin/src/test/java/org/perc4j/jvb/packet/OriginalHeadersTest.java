/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.packet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.perc4j.header.ohb.OhbCodec;

class OriginalHeadersTest {
  @Test
  void addsNothingWhereNothingChanged() {
    int state = OriginalHeaders.received(OhbCodec.EMPTY, true, 100, 4711);

    assertEquals("00", sent(state, true, 100, 4711));
  }

  @Test
  void addsTheOriginalOfEachFieldThatChanged() {
    int state = OriginalHeaders.received(OhbCodec.EMPTY, false, 0x29, 0x1234);

    assertEquals("2902", sent(state, false, 5, 0x1234));
    assertEquals("123401", sent(state, false, 0x29, 7));
    assertEquals("04", sent(state, true, 0x29, 0x1234));
    assertEquals("29123407", sent(state, true, 5, 7));
  }

  @Test
  void carriesAClearedMarkerWithItsValue() {
    int state = OriginalHeaders.received(OhbCodec.EMPTY, true, 96, 1);

    assertEquals("0c", sent(state, false, 96, 1));
  }

  @Test
  void dropsAnEntryWhenTheFieldIsBackToItsOriginal() {
    int state = received("123401", false, 96, 99);

    assertEquals("00", sent(state, false, 96, 0x1234));
  }

  @Test
  void keepsEntriesOfEarlierBridges() {
    int state = received("123401", false, 96, 99);

    assertEquals("123401", sent(state, false, 96, 99));
    assertEquals("123401", sent(state, false, 96, 100));
    assertEquals("60123403", sent(state, false, 97, 99));
  }

  @Test
  void leavesANeedlessEntryOfAnEarlierBridgeAlone() {
    int state = received("123401", false, 96, 0x1234);

    assertEquals("123401", sent(state, false, 96, 0x1234));
  }

  @Test
  void takesARestoredRetransmissionForThePacketItCarries() {
    int asRtx = OriginalHeaders.received(OhbCodec.EMPTY, false, 97, 5);
    int state = OriginalHeaders.restored(asRtx, false, 96, 0x1234);

    assertEquals("00", sent(state, false, 96, 0x1234));
    assertEquals("123401", sent(state, false, 96, 6));
  }

  @Test
  void keepsWhatTheBlockOfARetransmissionSaid() {
    int asRtx = received("abcd01", false, 97, 5);
    int state = OriginalHeaders.restored(asRtx, true, 96, 0x1234);

    assertEquals("abcd01", sent(state, true, 96, 0x1234));
    assertEquals("00", sent(state, true, 96, 0xabcd));
  }

  @Test
  void decidesTheBlockBeforeAPacketBecomesARetransmission() {
    int state = OriginalHeaders.received(OhbCodec.EMPTY, true, 96, 0x1234);
    int frozen = OriginalHeaders.frozen(state, true, 96, 0x2222);

    assertEquals("123401", sent(frozen, false, 97, 1));
    assertEquals(frozen, OriginalHeaders.frozen(frozen, false, 97, 1));
  }

  @Test
  void knowsPacketsThatAreNotDouble() {
    assertFalse(OriginalHeaders.present(OriginalHeaders.NONE));
    assertFalse(OriginalHeaders.present(OriginalHeaders.frozen(OriginalHeaders.NONE, true, 1, 2)));
    assertFalse(
        OriginalHeaders.present(OriginalHeaders.restored(OriginalHeaders.NONE, true, 1, 2)));
    assertTrue(OriginalHeaders.present(OriginalHeaders.received(OhbCodec.EMPTY, false, 0, 0)));
  }

  @Test
  void alwaysLeadsBackToTheOriginal() {
    Random random = new Random(42);
    for (int i = 0; i < 100_000; i++) {
      boolean marker = random.nextBoolean();
      int payloadType = random.nextInt(128);
      int sequenceNumber = random.nextInt(65536);
      int state = OriginalHeaders.received(OhbCodec.EMPTY, marker, payloadType, sequenceNumber);
      boolean sentMarker = random.nextBoolean();
      int sentPayloadType = random.nextInt(4) == 0 ? random.nextInt(128) : payloadType;
      int sentSequenceNumber = random.nextInt(2) == 0 ? random.nextInt(65536) : sequenceNumber;

      int ohb = OriginalHeaders.ohb(state, sentMarker, sentPayloadType, sentSequenceNumber);

      assertEquals(marker, OhbCodec.originalMarker(ohb, sentMarker));
      assertEquals(payloadType, OhbCodec.originalPayloadType(ohb, sentPayloadType));
      assertEquals(sequenceNumber, OhbCodec.originalSequenceNumber(ohb, sentSequenceNumber));
    }
  }

  private static int received(String ohbHex, boolean marker, int payloadType, int sequenceNumber) {
    byte[] ohb = HexFormat.of().parseHex(ohbHex);
    try {
      return OriginalHeaders.received(
          OhbCodec.parse(ohb, 0, ohb.length), marker, payloadType, sequenceNumber);
    } catch (org.perc4j.header.MalformedPacketException e) {
      throw new AssertionError(e);
    }
  }

  private static String sent(int state, boolean marker, int payloadType, int sequenceNumber) {
    byte[] octets = new byte[OhbCodec.MAX_LENGTH];
    int length =
        OhbCodec.write(OriginalHeaders.ohb(state, marker, payloadType, sequenceNumber), octets, 0);
    return HexFormat.of().formatHex(octets, 0, length);
  }

  @Test
  void paddingOfTheBridgeIsNotDouble() {
    int padding = OriginalHeaders.PADDING;

    assertFalse(OriginalHeaders.present(padding));
    assertEquals(padding, OriginalHeaders.frozen(padding, true, 96, 5));
    assertEquals(padding, OriginalHeaders.restored(padding, true, 96, 5));
  }
}
