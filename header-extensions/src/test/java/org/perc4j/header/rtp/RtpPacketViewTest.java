/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.header.rtp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.perc4j.header.MalformedPacketException;
import org.perc4j.header.MalformedPacketException.Reason;

class RtpPacketViewTest {

  private static final HexFormat HEX = HexFormat.of();

  private final RtpPacketView packet = new RtpPacketView();

  // An RTP packet of the project's double-srtp.json (case-7): CC 3, M, PT 29, neither extension
  // nor payload. The fields were read off by hand along RFC 3550 section 5.1.
  @Test
  void readsCsrcsWithoutPayload() throws MalformedPacketException {
    wrap("839d859c07a4f548def2b1a756c9ddf22e85048d7557e164");
    assertFalse(packet.hasPadding());
    assertFalse(packet.hasExtension());
    assertTrue(packet.marker());
    assertEquals(29, packet.payloadType());
    assertEquals(34204, packet.sequenceNumber());
    assertEquals(0x07a4f548L, packet.timestamp());
    assertEquals(0xdef2b1a7, packet.ssrc());
    assertEquals(3, packet.csrcCount());
    assertEquals(0x56c9ddf2, packet.csrc(0));
    assertEquals(0x2e85048d, packet.csrc(1));
    assertEquals(0x7557e164, packet.csrc(2));
    assertEquals(24, packet.fixedHeaderLength());
    assertEquals(24, packet.headerLength());
    assertEquals(-1, packet.extensionProfile());
    assertEquals(-1, packet.extensionOffset());
    assertEquals(0, packet.extensionLength());
    assertEquals(24, packet.payloadOffset());
    assertEquals(0, packet.payloadLength());
  }

  // As above (case-1): X, PT 41, two-byte extension of 8 octets, 20 octets of payload.
  @Test
  void readsExtensionAndPayload() throws MalformedPacketException {
    wrap(
        "902996d1405eb311ea44bd0d100000020101df020337be84d31c0c67b2be8c2fd779d3f07f82428aa97c876f");
    assertTrue(packet.hasExtension());
    assertFalse(packet.marker());
    assertEquals(41, packet.payloadType());
    assertEquals(38609, packet.sequenceNumber());
    assertEquals(0xea44bd0d, packet.ssrc());
    assertEquals(12, packet.fixedHeaderLength());
    assertEquals(24, packet.headerLength());
    assertEquals(0x1000, packet.extensionProfile());
    assertEquals(16, packet.extensionOffset());
    assertEquals(8, packet.extensionLength());
    assertEquals(24, packet.payloadOffset());
    assertEquals(20, packet.payloadLength());
    assertEquals((byte) 0xd3, packet.buffer()[packet.payloadOffset()]);
  }

  // As above (case-8): P and X, four octets of padding and nothing else as payload. Then the same
  // with a padding count that no packet could have, as it is what a double packet looks like.
  @ParameterizedTest
  @ValueSource(strings = {"00000004", "000000ff", "00000000"})
  void doesNotInterpretPaddingCounts(String payload) throws MalformedPacketException {
    wrap("b0211d12a45fa7865bba2eb5bede000210bd22772ffc0000" + payload);
    assertTrue(packet.hasPadding());
    assertEquals(0xbede, packet.extensionProfile());
    assertEquals(4, packet.payloadLength());
  }

  @Test
  void readsTimestampsAndSsrcsOfAll32Bits() throws MalformedPacketException {
    wrap("80000000" + "ffffffff" + "ffffffff");
    assertEquals(0xffffffffL, packet.timestamp());
    assertEquals(-1, packet.ssrc());
    assertEquals(0, packet.sequenceNumber());
  }

  @Test
  void readsEmptyExtensionAtTheEnd() throws MalformedPacketException {
    wrap("90000000" + "00000000" + "00000000" + "c0de0000");
    assertTrue(packet.hasExtension());
    assertEquals(0xc0de, packet.extensionProfile());
    assertEquals(16, packet.extensionOffset());
    assertEquals(0, packet.extensionLength());
    assertEquals(16, packet.headerLength());
    assertEquals(0, packet.payloadLength());
  }

  @Test
  void countsFromItsRegion() throws MalformedPacketException {
    byte[] buffer =
        HEX.parseHex(
            "aaaaaa"
                + "91600001"
                + "00000002"
                + "00000003"
                + "00000004"
                + "10000001"
                + "01020304"
                + "ff"
                + "bbbb");
    packet.wrap(buffer, 3, buffer.length - 5);
    assertSame(buffer, packet.buffer());
    assertEquals(3, packet.offset());
    assertEquals(25, packet.length());
    assertEquals(1, packet.sequenceNumber());
    assertEquals(2, packet.timestamp());
    assertEquals(3, packet.ssrc());
    assertEquals(4, packet.csrc(0));
    assertEquals(16, packet.fixedHeaderLength());
    assertEquals(3 + 20, packet.extensionOffset());
    assertEquals(3 + 24, packet.payloadOffset());
    assertEquals(1, packet.payloadLength());
  }

  @Test
  void rejectsFewerThan12Octets() {
    assertRejects(Reason.RTP_TOO_SHORT, "");
    assertRejects(Reason.RTP_TOO_SHORT, "8000000000000000000000");
  }

  @ParameterizedTest
  @ValueSource(strings = {"00", "40", "c0"})
  void rejectsOtherVersions(String firstOctet) {
    assertRejects(Reason.RTP_VERSION, firstOctet + "0000000000000000000000");
  }

  @Test
  void rejectsCsrcsBeyondTheEnd() {
    assertRejects(Reason.RTP_CSRC_OVERRUN, "81000000" + "00000000" + "00000000" + "000000");
    assertRejects(Reason.RTP_CSRC_OVERRUN, "8f000000" + "00000000" + "00000000");
  }

  @Test
  void rejectsExtensionHeaderBeyondTheEnd() {
    assertRejects(
        Reason.RTP_EXTENSION_HEADER_OVERRUN, "90000000" + "00000000" + "00000000" + "bede00");
    assertRejects(
        Reason.RTP_EXTENSION_HEADER_OVERRUN, "91000000" + "00000000" + "00000000" + "bede0000");
  }

  @Test
  void rejectsExtensionBeyondTheEnd() {
    assertRejects(
        Reason.RTP_EXTENSION_OVERRUN, "90000000" + "00000000" + "00000000" + "bede0001" + "000000");
    assertRejects(Reason.RTP_EXTENSION_OVERRUN, "90000000" + "00000000" + "00000000" + "bedeffff");
  }

  @Test
  void doesNotReadBehindItsRegion() {
    byte[] buffer = HEX.parseHex("90000000" + "00000000" + "00000000" + "bede0000");
    assertSame(
        Reason.RTP_EXTENSION_HEADER_OVERRUN,
        assertThrows(MalformedPacketException.class, () -> packet.wrap(buffer, 0, 15)).reason());
  }

  @Test
  void refusesRegionsOutsideTheArray() {
    byte[] buffer = new byte[20];
    assertThrows(IndexOutOfBoundsException.class, () -> packet.wrap(buffer, 9, 12));
    assertThrows(IndexOutOfBoundsException.class, () -> packet.wrap(buffer, -1, 12));
    assertThrows(IndexOutOfBoundsException.class, () -> packet.wrap(buffer, 0, -1));
  }

  @Test
  void isUnusableUntilWrapped() {
    assertUnusable();
  }

  @Test
  void isUnusableAfterRejectingAPacket() throws MalformedPacketException {
    wrap("80000000" + "00000000" + "00000000");
    assertRejects(Reason.RTP_VERSION, "00000000" + "00000000" + "00000000");
    assertUnusable();
  }

  @Test
  void isUnusableAfterUnwrapping() throws MalformedPacketException {
    wrap("80000000" + "00000000" + "00000000");
    packet.unwrap();
    assertUnusable();
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 2, 15})
  void refusesCsrcsThatAreNotThere(int i) throws MalformedPacketException {
    wrap("82000000" + "00000000" + "00000000" + "00000000" + "00000000");
    assertThrows(IndexOutOfBoundsException.class, () -> packet.csrc(i));
  }

  @Test
  void writesMarkerPayloadTypeAndSequenceNumberAndNothingElse() throws MalformedPacketException {
    byte[] buffer = HEX.parseHex("ff" + "80ff0000" + "ffffffff" + "ffffffff" + "ff");
    packet.wrap(buffer, 1, 13);
    packet.setMarker(false);
    assertEquals("ff807f0000ffffffffffffffffff", HEX.formatHex(buffer));
    packet.setPayloadType(0);
    assertEquals("ff80000000ffffffffffffffffff", HEX.formatHex(buffer));
    packet.setMarker(true);
    assertEquals("ff80800000ffffffffffffffffff", HEX.formatHex(buffer));
    packet.setPayloadType(127);
    assertEquals("ff80ff0000ffffffffffffffffff", HEX.formatHex(buffer));
    packet.setSequenceNumber(0x1234);
    assertEquals("ff80ff1234ffffffffffffffffff", HEX.formatHex(buffer));
    packet.setSequenceNumber(65535);
    assertEquals("ff80ffffffffffffffffffffffff", HEX.formatHex(buffer));
    packet.setSequenceNumber(0);
    assertEquals("ff80ff0000ffffffffffffffffff", HEX.formatHex(buffer));
    assertTrue(packet.marker());
    assertEquals(127, packet.payloadType());
    assertEquals(0, packet.sequenceNumber());
  }

  @Test
  void refusesValuesThatDoNotFitTheirFields() throws MalformedPacketException {
    byte[] buffer = HEX.parseHex("80000000" + "00000000" + "00000000");
    byte[] before = buffer.clone();
    packet.wrap(buffer, 0, 12);
    assertThrows(IllegalArgumentException.class, () -> packet.setPayloadType(-1));
    assertThrows(IllegalArgumentException.class, () -> packet.setPayloadType(128));
    assertThrows(IllegalArgumentException.class, () -> packet.setSequenceNumber(-1));
    assertThrows(IllegalArgumentException.class, () -> packet.setSequenceNumber(65536));
    assertArrayEquals(before, buffer);
  }

  private void wrap(String hex) throws MalformedPacketException {
    byte[] octets = HEX.parseHex(hex);
    packet.wrap(octets, 0, octets.length);
  }

  private void assertRejects(Reason reason, String hex) {
    assertSame(reason, assertThrows(MalformedPacketException.class, () -> wrap(hex)).reason());
  }

  private void assertUnusable() {
    List<Executable> uses =
        List.of(
            packet::buffer,
            packet::offset,
            packet::length,
            packet::hasPadding,
            packet::hasExtension,
            packet::csrcCount,
            () -> packet.csrc(0),
            packet::marker,
            packet::payloadType,
            packet::sequenceNumber,
            packet::timestamp,
            packet::ssrc,
            packet::fixedHeaderLength,
            packet::headerLength,
            packet::extensionProfile,
            packet::extensionOffset,
            packet::extensionLength,
            packet::payloadOffset,
            packet::payloadLength,
            () -> packet.setMarker(true),
            () -> packet.setPayloadType(1),
            () -> packet.setSequenceNumber(1),
            () -> packet.resizeExtension(0));
    for (Executable use : uses) {
      assertThrows(IllegalStateException.class, use);
    }
  }
}
