/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.header.framemarking;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.perc4j.header.MalformedPacketException;
import org.perc4j.header.MalformedPacketException.Reason;
import org.perc4j.header.rtp.HeaderExtensionCursor;
import org.perc4j.header.rtp.RtpPacketView;

class FrameMarkingCodecTest {

  /** Any ID will do that is not another element's. */
  private static final int ID = 3;

  // RFC 9626 section 3.2, figure of the short form: S, E, I, D from the highest bit on, four zeros.
  // The key frame in one packet, e0, and the other one, c0, are also what moqt-rs sends
  // (build_video_loc_properties, from the same figure).
  @ParameterizedTest
  @CsvSource({
    "00, false, false, false, false",
    "80, true, false, false, false",
    "40, false, true, false, false",
    "20, false, false, true, false",
    "10, false, false, false, true",
    "e0, true, true, true, false",
    "c0, true, true, false, false",
    "f0, true, true, true, true",
  })
  void readsAndWritesTheShortForm(
      String hex, boolean start, boolean end, boolean independent, boolean discardable)
      throws MalformedPacketException {
    int marking = parse(hex);
    assertEquals(start, FrameMarkingCodec.startOfFrame(marking));
    assertEquals(end, FrameMarkingCodec.endOfFrame(marking));
    assertEquals(independent, FrameMarkingCodec.independent(marking));
    assertEquals(discardable, FrameMarkingCodec.discardable(marking));
    assertFalse(FrameMarkingCodec.scalable(marking));
    assertFalse(FrameMarkingCodec.baseLayerSync(marking));
    assertEquals(0, FrameMarkingCodec.temporalId(marking));
    assertFalse(FrameMarkingCodec.hasLayerId(marking));
    assertFalse(FrameMarkingCodec.hasTl0PicIdx(marking));

    int composed = FrameMarkingCodec.ofNonScalable(start, end, independent, discardable);
    assertEquals(marking, composed);
    assertWrites(hex, composed);
  }

  // RFC 9626 section 3.1, figures of the long form: S E I D B TID, LID, TL0PICIDX.
  @ParameterizedTest
  @CsvSource({
    // first packet of a key frame of the lowest layers
    "a00000, true, false, true, false, false, 0, 0, 0",
    // the last of a frame of the second spatial layer, of the same time
    "600100, false, true, true, false, false, 0, 1, 0",
    // one of the highest temporal layer of three that nothing needs
    "d200fe, true, true, false, true, false, 2, 0, 254",
    // one that only needs the lowest temporal layer
    "89027f, true, false, false, false, true, 1, 2, 127",
    "ffffff, true, true, true, true, true, 7, 255, 255",
  })
  void readsAndWritesTheLongForm(
      String hex,
      boolean start,
      boolean end,
      boolean independent,
      boolean discardable,
      boolean baseLayerSync,
      int temporalId,
      int layerId,
      int tl0PicIdx)
      throws MalformedPacketException {
    int marking = parse(hex);
    assertEquals(start, FrameMarkingCodec.startOfFrame(marking));
    assertEquals(end, FrameMarkingCodec.endOfFrame(marking));
    assertEquals(independent, FrameMarkingCodec.independent(marking));
    assertEquals(discardable, FrameMarkingCodec.discardable(marking));
    assertEquals(baseLayerSync, FrameMarkingCodec.baseLayerSync(marking));
    assertEquals(temporalId, FrameMarkingCodec.temporalId(marking));
    assertEquals(layerId, FrameMarkingCodec.layerId(marking));
    assertEquals(tl0PicIdx, FrameMarkingCodec.tl0PicIdx(marking));
    assertTrue(FrameMarkingCodec.scalable(marking));
    assertTrue(FrameMarkingCodec.hasLayerId(marking));
    assertTrue(FrameMarkingCodec.hasTl0PicIdx(marking));

    int composed =
        FrameMarkingCodec.ofScalable(
            start, end, independent, discardable, baseLayerSync, temporalId, layerId, tl0PicIdx);
    assertEquals(marking, composed);
    assertWrites(hex, composed);
  }

  @Test
  void readsAndWritesTheLongFormWithoutTl0PicIdx() throws MalformedPacketException {
    int marking = parse("8a05");
    assertEquals(5, FrameMarkingCodec.layerId(marking));
    assertEquals(2, FrameMarkingCodec.temporalId(marking));
    assertTrue(FrameMarkingCodec.baseLayerSync(marking));
    assertTrue(FrameMarkingCodec.scalable(marking));
    assertTrue(FrameMarkingCodec.hasLayerId(marking));
    assertFalse(FrameMarkingCodec.hasTl0PicIdx(marking));
    assertEquals(0, FrameMarkingCodec.tl0PicIdx(marking));

    int composed = FrameMarkingCodec.ofScalable(true, false, false, false, true, 2, 5);
    assertEquals(marking, composed);
    assertWrites("8a05", composed);
  }

  @Test
  void readsAndWritesTheLongFormOfOneOctet() throws MalformedPacketException {
    int marking = parse("da");
    assertEquals(2, FrameMarkingCodec.temporalId(marking));
    assertTrue(FrameMarkingCodec.baseLayerSync(marking));
    assertTrue(FrameMarkingCodec.scalable(marking));
    assertFalse(FrameMarkingCodec.hasLayerId(marking));
    assertEquals(0, FrameMarkingCodec.layerId(marking));
    assertFalse(FrameMarkingCodec.hasTl0PicIdx(marking));

    int composed = FrameMarkingCodec.ofScalable(true, true, false, true, true, 2);
    assertEquals(marking, composed);
    assertWrites("da", composed);
  }

  @Test
  void lowestLayersLookLikeNoLayersIfTheRestIsOmitted() {
    int scalable = FrameMarkingCodec.ofScalable(true, false, true, false, false, 0);
    assertEquals(FrameMarkingCodec.ofNonScalable(true, false, true, false), scalable);
    assertFalse(FrameMarkingCodec.scalable(scalable));
    assertTrue(
        FrameMarkingCodec.scalable(
            FrameMarkingCodec.ofScalable(true, false, true, false, false, 0, 0)));
  }

  @Test
  void markingsOfDifferentLengthsDiffer() {
    int one = FrameMarkingCodec.ofScalable(true, false, true, false, false, 0);
    int two = FrameMarkingCodec.ofScalable(true, false, true, false, false, 0, 0);
    int three = FrameMarkingCodec.ofScalable(true, false, true, false, false, 0, 0, 0);
    assertNotEquals(one, two);
    assertNotEquals(two, three);
    assertNotEquals(0, FrameMarkingCodec.ofNonScalable(false, false, false, false));
  }

  // RFC 9626 section 3.3: of VP9 the three lowest bits are the spatial layer.
  @ParameterizedTest
  @CsvSource({"a00000, 0", "a00100, 1", "a00200, 2", "a00700, 7", "a00800, 0", "a0, 0", "a003, 3"})
  void spatialLayerIsTheTailOfTheLayerId(String hex, int spatialId)
      throws MalformedPacketException {
    assertEquals(spatialId, FrameMarkingCodec.spatialId(parse(hex)));
  }

  // B is to be 0 with TID 0 (RFC 9626 section 3.1), but nothing depends on it.
  @Test
  void letsBaseLayerSyncOfTheBaseLayerThrough() throws MalformedPacketException {
    int marking = parse("880000");
    assertTrue(FrameMarkingCodec.baseLayerSync(marking));
    assertWrites("880000", marking);
  }

  // Lengths of RFC 9626 sections 3.1 and 3.2 within RFC 8285's one-byte header: 2, 1 and 0.
  @ParameterizedTest
  @CsvSource({"32a00207, 3", "31a00200, 2", "30a00000, 1"})
  void readsOneByteElements(String element, int length) throws MalformedPacketException {
    int marking = parseElement("bede0001" + element);
    assertEquals(length, FrameMarkingCodec.encodedLength(marking));
    assertTrue(FrameMarkingCodec.startOfFrame(marking));
    assertTrue(FrameMarkingCodec.independent(marking));
    assertEquals(length > 1 ? 2 : 0, FrameMarkingCodec.layerId(marking));
    assertEquals(length > 2 ? 7 : 0, FrameMarkingCodec.tl0PicIdx(marking));
  }

  @Test
  void readsTwoByteElement() throws MalformedPacketException {
    assertEquals(parse("a00207"), parseElement("10000002" + "0303a002" + "07000000"));
  }

  @Test
  void rejectsEmptyTwoByteElement() {
    assertRejects(Reason.FRAME_MARKING_EMPTY, "10000001" + "03000000");
  }

  @Test
  void rejectsLongOneByteElement() {
    assertRejects(Reason.FRAME_MARKING_TOO_LONG, "bede0002" + "33a00207" + "00000000");
  }

  @Test
  void rejectsLongTwoByteElement() {
    assertRejects(Reason.FRAME_MARKING_TOO_LONG, "10000002" + "0304a002" + "07000000");
  }

  @Test
  void readsAndWritesOnlyItsRegion() throws MalformedPacketException {
    byte[] buffer = {0x55, (byte) 0xA0, 2, 7, 0x55};
    int marking = FrameMarkingCodec.parse(buffer, 1, 3);
    assertEquals(parse("a00207"), marking);
    byte[] written = {0x55, 0, 0, 0, 0x55};
    assertEquals(3, FrameMarkingCodec.write(marking, written, 1));
    assertArrayEquals(buffer, written);
  }

  @Test
  void refusesRegionsOutsideTheArray() {
    byte[] buffer = {1, 2};
    int marking = FrameMarkingCodec.ofScalable(true, false, false, false, false, 0, 0, 0);
    assertThrows(IndexOutOfBoundsException.class, () -> FrameMarkingCodec.parse(buffer, 2, 1));
    assertThrows(IndexOutOfBoundsException.class, () -> FrameMarkingCodec.parse(buffer, -1, 1));
    assertThrows(
        IndexOutOfBoundsException.class, () -> FrameMarkingCodec.write(marking, buffer, 0));
    assertThrows(
        IndexOutOfBoundsException.class, () -> FrameMarkingCodec.write(marking, buffer, -1));
    assertArrayEquals(new byte[] {1, 2}, buffer);
  }

  @ParameterizedTest
  @ValueSource(
      ints = {0, 0x80, 0x01000180, 0x02010000, 0x04000000, 0x7F000000, -1, Integer.MIN_VALUE})
  void refusesToWriteWhatIsNoMarking(int marking) {
    byte[] buffer = {7, 7, 7, 7};
    assertThrows(IllegalArgumentException.class, () -> FrameMarkingCodec.write(marking, buffer, 0));
    assertArrayEquals(new byte[] {7, 7, 7, 7}, buffer);
  }

  @ParameterizedTest
  @CsvSource({
    "false, -1, 0, 0",
    "false, 8, 0, 0",
    "false, 0, -1, 0",
    "false, 0, 256, 0",
    "false, 0, 0, -1",
    "false, 0, 0, 256",
    "true, 0, 0, 0",
  })
  void refusesToComposeWhatThereIsNot(
      boolean baseLayerSync, int temporalId, int layerId, int tl0PicIdx) {
    assertThrows(
        IllegalArgumentException.class,
        () ->
            FrameMarkingCodec.ofScalable(
                true, false, false, false, baseLayerSync, temporalId, layerId, tl0PicIdx));
  }

  @Test
  void everyMarkingSurvivesParsingAndComposing() throws MalformedPacketException {
    byte[] buffer = new byte[3];
    byte[] written = new byte[3];
    for (int i = 0; i < 1 << 24; i += 0x35) {
      buffer[0] = (byte) (i >> 16);
      buffer[1] = (byte) (i >> 8);
      buffer[2] = (byte) i;
      int length = 1 + i % 3;
      int marking = FrameMarkingCodec.parse(buffer, 0, length);
      assertEquals(length, FrameMarkingCodec.write(marking, written, 0));
      for (int octet = 0; octet < length; octet++) {
        assertEquals(buffer[octet], written[octet]);
      }
    }
  }

  @Test
  void isCalledWhatTheRfcAndJitsiCallIt() {
    assertEquals("urn:ietf:params:rtp-hdrext:framemarking", FrameMarkingCodec.URI);
    assertEquals(
        "http://tools.ietf.org/html/draft-ietf-avtext-framemarking-07",
        FrameMarkingCodec.DRAFT_URI);
  }

  private static int parse(String hex) throws MalformedPacketException {
    byte[] octets = HexFormat.of().parseHex(hex);
    return FrameMarkingCodec.parse(octets, 0, octets.length);
  }

  private static void assertWrites(String hex, int marking) {
    byte[] written = new byte[FrameMarkingCodec.encodedLength(marking)];
    assertEquals(written.length, FrameMarkingCodec.write(marking, written, 0));
    assertEquals(hex, HexFormat.of().formatHex(written));
  }

  private static int parseElement(String extensionHex) throws MalformedPacketException {
    byte[] octets = HexFormat.of().parseHex("90000001" + "00000000" + "00000000" + extensionHex);
    RtpPacketView packet = new RtpPacketView();
    packet.wrap(octets, 0, octets.length);
    HeaderExtensionCursor cursor = new HeaderExtensionCursor();
    cursor.wrap(packet);
    assertTrue(cursor.find(ID));
    return FrameMarkingCodec.parse(octets, cursor.dataOffset(), cursor.dataLength());
  }

  private static void assertRejects(Reason reason, String extensionHex) {
    assertSame(
        reason,
        assertThrows(MalformedPacketException.class, () -> parseElement(extensionHex)).reason());
  }
}
