/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.header.ohb;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.perc4j.header.MalformedPacketException;
import org.perc4j.header.MalformedPacketException.Reason;

class OhbCodecTest {

  private static final HexFormat HEX = HexFormat.of();

  // From the known answers of an independent implementation of RFC 8723 (the project's
  // double-srtp.json, in the order of its cases): the first four octets of the RTP packet as sent,
  // those of the packet as relayed, and the OHB that the relayed packet carries.
  @ParameterizedTest
  @CsvSource({
    "9f8f8b58, 9f8f8b58, 00",
    "902996d1, 900096d1, 2902",
    "af429cd2, af422f26, 9cd201",
    "807dc009, 801d6fd3, 7dc00903",
    "9133537a, 91b3537a, 04",
    "900a1b7c, 90b71b7c, 0a06",
    "936fa8f7, 93efa4c5, a8f705",
    "839d859c, 8317b7fd, 1d859c0f",
    "9fa2b9d3, 9f02b9d3, 220e",
    "80e7d2be, 8067f913, d2be0d",
    "9fb3d070, 9f08a2d0, 33d0700f",
    "80114784, 80e9b663, 11478407",
  })
  void agreesWithAnotherImplementation(String sentHex, String relayedHex, String ohbHex)
      throws MalformedPacketException {
    byte[] sent = HEX.parseHex(sentHex);
    byte[] relayed = HEX.parseHex(relayedHex);

    int ohb =
        OhbCodec.afterChange(
            OhbCodec.EMPTY,
            marker(sent),
            marker(relayed),
            payloadType(sent),
            payloadType(relayed),
            sequenceNumber(sent),
            sequenceNumber(relayed));
    assertEquals(ohbHex, hex(ohb));

    byte[] payload = HEX.parseHex("ffffff" + ohbHex);
    int parsed = OhbCodec.parse(payload, 0, payload.length);
    assertEquals(ohb, parsed);
    assertEquals(marker(sent), OhbCodec.originalMarker(parsed, marker(relayed)));
    assertEquals(payloadType(sent), OhbCodec.originalPayloadType(parsed, payloadType(relayed)));
    assertEquals(
        sequenceNumber(sent), OhbCodec.originalSequenceNumber(parsed, sequenceNumber(relayed)));
  }

  @Test
  void readsPayloadTypeAndSequenceNumber() throws MalformedPacketException {
    int ohb = parse("7dc00903");
    assertTrue(OhbCodec.hasPayloadType(ohb));
    assertEquals(0x7d, OhbCodec.payloadType(ohb));
    assertTrue(OhbCodec.hasSequenceNumber(ohb));
    assertEquals(0xc009, OhbCodec.sequenceNumber(ohb));
    assertFalse(OhbCodec.hasMarker(ohb));
    assertFalse(OhbCodec.marker(ohb));
    assertEquals(4, OhbCodec.encodedLength(ohb));
  }

  @Test
  void readsMarkerThatWasSet() throws MalformedPacketException {
    int ohb = parse("d2be0d");
    assertTrue(OhbCodec.hasMarker(ohb));
    assertTrue(OhbCodec.marker(ohb));
    assertFalse(OhbCodec.hasPayloadType(ohb));
    assertEquals(0, OhbCodec.payloadType(ohb));
    assertEquals(0xd2be, OhbCodec.sequenceNumber(ohb));
    assertEquals(3, OhbCodec.encodedLength(ohb));
  }

  @Test
  void readsMarkerThatWasNotSet() throws MalformedPacketException {
    int ohb = parse("04");
    assertTrue(OhbCodec.hasMarker(ohb));
    assertFalse(OhbCodec.marker(ohb));
    assertFalse(OhbCodec.hasSequenceNumber(ohb));
    assertEquals(0, OhbCodec.sequenceNumber(ohb));
    assertEquals(1, OhbCodec.encodedLength(ohb));
  }

  @Test
  void emptyIsOneZeroOctet() throws MalformedPacketException {
    assertEquals("00", hex(OhbCodec.EMPTY));
    assertEquals(OhbCodec.EMPTY, parse("00"));
  }

  @Test
  void readsFromTheEndOfItsRegionOnly() throws MalformedPacketException {
    byte[] buffer = HEX.parseHex("ffff" + "7dc00903" + "ff");
    byte[] before = buffer.clone();
    assertEquals(parse("7dc00903"), OhbCodec.parse(buffer, 2, 4));
    assertEquals(parse("7dc00903"), OhbCodec.parse(buffer, 0, 6));
    assertArrayEquals(before, buffer);
  }

  @Test
  void rejectsEmptyPayload() {
    assertRejects(Reason.OHB_MISSING, "");
  }

  @ParameterizedTest
  @ValueSource(strings = {"10", "20", "40", "80", "f0", "ffffff13"})
  void rejectsReservedBits(String hex) {
    assertRejects(Reason.OHB_RESERVED_BITS, hex);
  }

  @ParameterizedTest
  @ValueSource(strings = {"08", "0a0a", "0a0109", "7fffff0b"})
  void rejectsMarkerValueWithoutMarker(String hex) {
    assertRejects(Reason.OHB_MARKER_VALUE_WITHOUT_MARKER, hex);
  }

  @ParameterizedTest
  @ValueSource(strings = {"01", "ff01", "02", "03", "ff03", "ffff03", "0e", "ff0d", "ffff0f"})
  void rejectsOhbLongerThanPayload(String hex) {
    assertRejects(Reason.OHB_TRUNCATED, hex);
  }

  @ParameterizedTest
  @ValueSource(strings = {"8002", "ff06", "ff000003"})
  void rejectsPayloadTypeOfEightBits(String hex) {
    assertRejects(Reason.OHB_PAYLOAD_TYPE_RANGE, hex);
  }

  /**
   * The verdict on every config octet, told from RFC 8723 section 4 with octets instead of bits.
   */
  @Test
  void decidesEveryConfigOctet() {
    byte[] payload = HEX.parseHex("7fffffffffff00");
    for (int config = 0; config < 256; config++) {
      payload[payload.length - 1] = (byte) config;
      boolean legal = Arrays.asList(0, 1, 2, 3, 4, 5, 6, 7, 12, 13, 14, 15).contains(config);
      // Ends with a payload type of 0xff wherever the payload type is the octet before config.
      boolean payloadTypeLegal = (config & 0x02) == 0;
      boolean accepted;
      try {
        int unused = OhbCodec.parse(payload, 0, payload.length);
        accepted = true;
      } catch (MalformedPacketException e) {
        accepted = false;
      }
      assertEquals(legal && payloadTypeLegal, accepted, "config " + config);
    }
  }

  @Test
  void refusesRegionsOutsideTheArray() {
    byte[] buffer = new byte[4];
    assertThrows(IndexOutOfBoundsException.class, () -> OhbCodec.parse(buffer, 1, 4));
    assertThrows(IndexOutOfBoundsException.class, () -> OhbCodec.parse(buffer, -1, 2));
    assertThrows(IndexOutOfBoundsException.class, () -> OhbCodec.parse(buffer, 0, -1));
    int ohb = OhbCodec.withSequenceNumber(OhbCodec.EMPTY, 1);
    assertThrows(IndexOutOfBoundsException.class, () -> OhbCodec.write(ohb, buffer, 2));
    assertArrayEquals(new byte[4], buffer);
  }

  // In this order: reserved bit, B without M, PT of 8 bits, PT without P, SEQ without Q.
  @ParameterizedTest
  @ValueSource(ints = {0x10, 0x08, 0x8002, 0x0100, 0x8000, 0x10000, 0x80000000})
  void refusesToWriteWhatIsNoOhb(int ohb) {
    byte[] buffer = new byte[4];
    assertThrows(IllegalArgumentException.class, () -> OhbCodec.write(ohb, buffer, 0));
    assertArrayEquals(new byte[4], buffer);
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 128})
  void refusesPayloadTypesThatDoNotExist(int payloadType) {
    assertThrows(
        IllegalArgumentException.class,
        () -> OhbCodec.withPayloadType(OhbCodec.EMPTY, payloadType));
    assertThrows(
        IllegalArgumentException.class,
        () -> OhbCodec.afterChange(OhbCodec.EMPTY, false, false, payloadType, 0, 0, 0));
    assertThrows(
        IllegalArgumentException.class,
        () -> OhbCodec.afterChange(OhbCodec.EMPTY, false, false, 0, payloadType, 0, 0));
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 65536})
  void refusesSequenceNumbersThatDoNotExist(int sequenceNumber) {
    assertThrows(
        IllegalArgumentException.class,
        () -> OhbCodec.withSequenceNumber(OhbCodec.EMPTY, sequenceNumber));
    assertThrows(
        IllegalArgumentException.class,
        () -> OhbCodec.afterChange(OhbCodec.EMPTY, false, false, 0, 0, sequenceNumber, 0));
    assertThrows(
        IllegalArgumentException.class,
        () -> OhbCodec.afterChange(OhbCodec.EMPTY, false, false, 0, 0, 0, sequenceNumber));
  }

  @Test
  void refusesHeadersThatDoNotExistEvenIfTheirFieldsAreInTheOhb() throws MalformedPacketException {
    int received = parse("1d859c0f");
    assertThrows(
        IllegalArgumentException.class,
        () -> OhbCodec.afterChange(received, false, false, 128, 0, 0, 0));
    assertThrows(
        IllegalArgumentException.class,
        () -> OhbCodec.afterChange(received, false, false, 0, 128, 0, 0));
    assertThrows(
        IllegalArgumentException.class,
        () -> OhbCodec.afterChange(received, false, false, 0, 0, 65536, 0));
    assertThrows(
        IllegalArgumentException.class,
        () -> OhbCodec.afterChange(received, false, false, 0, 0, 0, 65536));
  }

  @Test
  void entriesAreSetReplacedAndDroppedIndependently() throws MalformedPacketException {
    int full = parse("1d859c0f");
    assertEquals("1d859c07", hex(OhbCodec.withMarker(full, false)));
    assertEquals("00859c0f", hex(OhbCodec.withPayloadType(full, 0)));
    assertEquals("1dffff0f", hex(OhbCodec.withSequenceNumber(full, 0xffff)));
    assertEquals("1d859c03", hex(OhbCodec.withoutMarker(full)));
    assertEquals("859c0d", hex(OhbCodec.withoutPayloadType(full)));
    assertEquals("1d0e", hex(OhbCodec.withoutSequenceNumber(full)));
    assertEquals("0c", hex(OhbCodec.withMarker(OhbCodec.EMPTY, true)));
  }

  @Test
  void leavesAloneWhatDidNotChange() throws MalformedPacketException {
    int received = parse("1d859c0f");
    assertEquals(received, OhbCodec.afterChange(received, false, false, 1, 1, 2, 2));
  }

  // Section 5.2: unless a distributor itself changes or resets a field, it "MUST NOT modify the
  // OHB", not even an entry that says what the header says anyhow.
  @Test
  void leavesAloneEntriesThatSayNothingNew() throws MalformedPacketException {
    int received = parse("1d859c0f");
    assertEquals(received, OhbCodec.afterChange(received, true, true, 29, 29, 0x859c, 0x859c));
  }

  @Test
  void keepsWhatTheFirstDistributorAdded() throws MalformedPacketException {
    int received = parse("1d859c0f");
    assertEquals(received, OhbCodec.afterChange(received, false, false, 1, 3, 2, 4));
  }

  @Test
  void dropsWhatIsBackToTheOriginal() throws MalformedPacketException {
    int received = parse("1d859c0f");
    assertEquals("859c0d", hex(OhbCodec.afterChange(received, false, false, 1, 0x1d, 2, 2)));
    assertEquals("1d0e", hex(OhbCodec.afterChange(received, false, false, 1, 1, 2, 0x859c)));
    assertEquals("1d859c03", hex(OhbCodec.afterChange(received, false, true, 1, 1, 2, 2)));
    assertEquals("00", hex(OhbCodec.afterChange(received, false, true, 1, 0x1d, 2, 0x859c)));
  }

  @Test
  void addsToWhatAnEarlierDistributorAdded() throws MalformedPacketException {
    int received = parse("859c01");
    assertEquals("01859c07", hex(OhbCodec.afterChange(received, false, true, 1, 2, 3, 4)));
  }

  @Test
  void aSecondDistributorKeepsAMarkerItTogglesAwayFromTheEntry() throws MalformedPacketException {
    // A marker entry that equals the header as received is redundant, but once the header differs
    // from it, it is the only place that has the original.
    int received = parse("0c");
    assertEquals("0c", hex(OhbCodec.afterChange(received, true, false, 0, 0, 0, 0)));
  }

  /** Whatever a chain of distributors does, the receiver finds the header that was sent. */
  @Test
  void chainsOfDistributorsPreserveTheOriginal() throws MalformedPacketException {
    Random random = new Random(8723);
    byte[] buffer = new byte[8];
    for (int run = 0; run < 20_000; run++) {
      boolean marker = random.nextBoolean();
      // Few values, so that fields often return to what they were.
      int payloadType = random.nextInt(3) * 50;
      int sequenceNumber = random.nextInt(3) * 32_000;
      boolean currentMarker = marker;
      int currentPayloadType = payloadType;
      int currentSequenceNumber = sequenceNumber;
      int ohb = OhbCodec.EMPTY;
      for (int distributor = random.nextInt(5); distributor > 0; distributor--) {
        boolean newMarker = random.nextBoolean();
        int newPayloadType = random.nextInt(3) * 50;
        int newSequenceNumber = random.nextInt(3) * 32_000;
        ohb =
            OhbCodec.afterChange(
                ohb,
                currentMarker,
                newMarker,
                currentPayloadType,
                newPayloadType,
                currentSequenceNumber,
                newSequenceNumber);
        currentMarker = newMarker;
        currentPayloadType = newPayloadType;
        currentSequenceNumber = newSequenceNumber;

        random.nextBytes(buffer);
        int length = OhbCodec.write(ohb, buffer, 3);
        assertEquals(OhbCodec.encodedLength(ohb), length);
        ohb = OhbCodec.parse(buffer, 0, 3 + length);
      }
      assertEquals(marker, OhbCodec.originalMarker(ohb, currentMarker));
      assertEquals(payloadType, OhbCodec.originalPayloadType(ohb, currentPayloadType));
      assertEquals(sequenceNumber, OhbCodec.originalSequenceNumber(ohb, currentSequenceNumber));
      assertEquals(marker != currentMarker, OhbCodec.hasMarker(ohb));
      assertEquals(payloadType != currentPayloadType, OhbCodec.hasPayloadType(ohb));
      assertEquals(sequenceNumber != currentSequenceNumber, OhbCodec.hasSequenceNumber(ohb));
    }
  }

  @Test
  void whatIsWrittenIsRead() throws MalformedPacketException {
    Random random = new Random(4);
    byte[] buffer = new byte[16];
    for (int run = 0; run < 20_000; run++) {
      int ohb = OhbCodec.EMPTY;
      if (random.nextBoolean()) {
        ohb = OhbCodec.withMarker(ohb, random.nextBoolean());
      }
      if (random.nextBoolean()) {
        ohb = OhbCodec.withPayloadType(ohb, random.nextInt(128));
      }
      if (random.nextBoolean()) {
        ohb = OhbCodec.withSequenceNumber(ohb, random.nextInt(65536));
      }
      random.nextBytes(buffer);
      byte[] expected = buffer.clone();
      int offset = random.nextInt(12);
      int length = OhbCodec.write(ohb, buffer, offset);
      assertEquals(ohb, OhbCodec.parse(buffer, 0, offset + length));
      assertTrue(length <= OhbCodec.MAX_LENGTH);
      System.arraycopy(buffer, offset, expected, offset, length);
      assertArrayEquals(expected, buffer, "writes outside its octets");
    }
  }

  private static boolean marker(byte[] header) {
    return header[1] < 0;
  }

  private static int payloadType(byte[] header) {
    return header[1] & 0x7f;
  }

  private static int sequenceNumber(byte[] header) {
    return (header[2] & 0xff) * 256 + (header[3] & 0xff);
  }

  private static int parse(String hex) throws MalformedPacketException {
    byte[] octets = HEX.parseHex(hex);
    return OhbCodec.parse(octets, 0, octets.length);
  }

  private static String hex(int ohb) {
    byte[] octets = new byte[OhbCodec.MAX_LENGTH];
    int length = OhbCodec.write(ohb, octets, 0);
    return HEX.formatHex(octets, 0, length);
  }

  private static void assertRejects(Reason reason, String hex) {
    assertSame(reason, assertThrows(MalformedPacketException.class, () -> parse(hex)).reason());
  }
}
