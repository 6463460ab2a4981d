/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.header.rtp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.perc4j.header.MalformedPacketException;

class HeaderExtensionWriterTest {

  private static final HexFormat HEX = HexFormat.of();

  private final HeaderExtensionWriter writer = new HeaderExtensionWriter();
  private final RtpPacketView packet = new RtpPacketView();
  private final HeaderExtensionCursor cursor = new HeaderExtensionCursor();

  private record Element(int id, String hex) {}

  // Extensions of RTP packets in the project's double-srtp.json (cases 4 and 1).
  @ParameterizedTest
  @CsvSource({
    "false, 94, 70493e, bede000210942270493e0000",
    "true, df, 37be84, 100000020101df020337be84",
  })
  void writesTheExtensionsOfKnownPackets(
      boolean twoByte, String first, String second, String expected) {
    byte[] buffer = new byte[20];
    Arrays.fill(buffer, (byte) 0x55);
    writer.begin(buffer, 3, twoByte);
    add(1, first);
    add(2, second);
    assertEquals(12, writer.end());
    assertEquals("555555" + expected + "5555555555", HEX.formatHex(buffer));
  }

  @Test
  void writesZeroLengthElements() {
    assertEquals("10000001" + "07000000", block(true, 7, ""));
  }

  @Test
  void writesElementsOfTheGreatestIdsAndLengths() {
    assertEquals("bede0005" + "ef" + "11".repeat(16) + "000000", block(false, 14, "11".repeat(16)));
    assertEquals(
        "10000041" + "ffff" + "11".repeat(255) + "000000", block(true, 255, "11".repeat(255)));
  }

  @Test
  void addsNoPaddingToWholeWords() {
    assertEquals("bede0001" + "12aaaaaa", block(false, 1, "aaaaaa"));
  }

  @Test
  void writesEmptyBlocks() {
    byte[] buffer = new byte[4];
    writer.begin(buffer, 0, false);
    assertEquals(4, writer.end());
    assertEquals("bede0000", HEX.formatHex(buffer));
    writer.begin(buffer, 0, true);
    assertEquals(4, writer.end());
    assertEquals("10000000", HEX.formatHex(buffer));
  }

  @Test
  void onlySmallElementsFitOneByteHeaders() {
    for (int id = 1; id <= 255; id++) {
      for (int length = 0; length <= 255; length++) {
        assertEquals(
            id >= 15 || length == 0 || length >= 17,
            HeaderExtensionWriter.needsTwoByte(id, length));
      }
    }
  }

  @Test
  void tellsLengthsInAdvance() {
    assertEquals(2, HeaderExtensionWriter.elementLength(false, 1));
    assertEquals(17, HeaderExtensionWriter.elementLength(false, 16));
    assertEquals(2, HeaderExtensionWriter.elementLength(true, 0));
    assertEquals(257, HeaderExtensionWriter.elementLength(true, 255));
    assertEquals(4, HeaderExtensionWriter.encodedLength(0));
    assertEquals(8, HeaderExtensionWriter.encodedLength(1));
    assertEquals(8, HeaderExtensionWriter.encodedLength(4));
    assertEquals(12, HeaderExtensionWriter.encodedLength(5));
    assertEquals(262144, HeaderExtensionWriter.encodedLength(262140));
  }

  @Test
  void refusesLengthsThatDoNotExist() {
    assertThrows(IllegalArgumentException.class, () -> HeaderExtensionWriter.encodedLength(-1));
    assertThrows(IllegalArgumentException.class, () -> HeaderExtensionWriter.encodedLength(262141));
    assertThrows(
        IllegalArgumentException.class, () -> HeaderExtensionWriter.elementLength(false, 0));
    assertThrows(
        IllegalArgumentException.class, () -> HeaderExtensionWriter.elementLength(false, 17));
    assertThrows(
        IllegalArgumentException.class, () -> HeaderExtensionWriter.elementLength(true, -1));
    assertThrows(
        IllegalArgumentException.class, () -> HeaderExtensionWriter.elementLength(true, 256));
    assertThrows(IllegalArgumentException.class, () -> HeaderExtensionWriter.needsTwoByte(0, 1));
    assertThrows(IllegalArgumentException.class, () -> HeaderExtensionWriter.needsTwoByte(256, 1));
    assertThrows(IllegalArgumentException.class, () -> HeaderExtensionWriter.needsTwoByte(1, 256));
    assertThrows(IllegalArgumentException.class, () -> HeaderExtensionWriter.needsTwoByte(1, -1));
  }

  @ParameterizedTest
  @CsvSource({
    "false, 0, 1",
    "false, 15, 1",
    "false, 1, 0",
    "false, 1, 17",
    "true, 0, 1",
    "true, 256, 1",
    "true, 1, 256",
    "false, -1, 1",
    "true, 1, -1"
  })
  void refusesElementsThatDoNotFitTheForm(boolean twoByte, int id, int length) {
    byte[] buffer = new byte[300];
    byte[] data = new byte[300];
    writer.begin(buffer, 0, twoByte);
    assertThrows(IllegalArgumentException.class, () -> writer.add(id, data, 0, length));
    assertEquals(4, writer.end());
  }

  @Test
  void refusesDataOutsideItsArray() {
    writer.begin(new byte[100], 0, false);
    assertThrows(IndexOutOfBoundsException.class, () -> writer.add(1, new byte[4], 2, 3));
    assertEquals(4, writer.end());
  }

  @Test
  void refusesElementsWithoutRoomAndGoesOn() {
    byte[] buffer = new byte[8];
    writer.begin(buffer, 0, false);
    assertThrows(IllegalArgumentException.class, () -> writer.add(1, new byte[4], 0, 4));
    add(1, "aabbcc");
    assertEquals(8, writer.end());
    assertEquals("bede0001" + "12aabbcc", HEX.formatHex(buffer));
  }

  @Test
  void refusesPaddingWithoutRoom() {
    writer.begin(new byte[7], 0, false);
    add(1, "aa");
    assertThrows(IllegalArgumentException.class, writer::end);
  }

  @Test
  void refusesMoreThanTheLengthFieldCanSay() {
    byte[] buffer = new byte[300_000];
    byte[] data = new byte[255];
    writer.begin(buffer, 10, true);
    // 1020 elements of 257 octets are 262140 octets, all that there can be.
    for (int i = 0; i < 1020; i++) {
      writer.add(1, data, 0, 255);
    }
    assertThrows(IllegalArgumentException.class, () -> writer.add(1, data, 0, 0));
    assertEquals(262144, writer.end());
    assertEquals("1000ffff", HEX.formatHex(buffer, 10, 14));
  }

  @Test
  void refusesCallsOutOfOrder() {
    assertThrows(IllegalStateException.class, () -> add(1, "aa"));
    assertThrows(IllegalStateException.class, writer::end);
    writer.begin(new byte[100], 0, false);
    assertEquals(4, writer.end());
    assertThrows(IllegalStateException.class, () -> add(1, "aa"));
    assertThrows(IllegalStateException.class, writer::end);
    assertThrows(IndexOutOfBoundsException.class, () -> writer.begin(new byte[10], 7, false));
    assertThrows(IllegalStateException.class, () -> add(1, "aa"));
  }

  @Test
  void beginningAnewGivesUpWhatWasBegun() {
    byte[] buffer = new byte[20];
    writer.begin(buffer, 0, true);
    add(1, "aabbcc");
    writer.begin(buffer, 0, false);
    add(2, "dd");
    assertEquals(8, writer.end());
    assertEquals("bede0001" + "20dd0000", HEX.formatHex(buffer, 0, 8));
  }

  @Test
  void insertsWhereThereWasNone() throws MalformedPacketException {
    byte[] buffer = wrap("81e00001" + "00000002" + "00000003" + "00000004" + "0506");
    byte[] block = HEX.parseHex("ff" + "bede0001" + "10aa0000");
    assertEquals(26, HeaderExtensionWriter.insert(packet, block, 1, 8));
    assertEquals(
        "cc" + "91e00001" + "00000002" + "00000003" + "00000004" + "bede0001" + "10aa0000" + "0506",
        HEX.formatHex(buffer, 0, 27));
    assertConsistent();
    assertEquals(16, packet.fixedHeaderLength());
    cursor.wrap(packet);
    assertTrue(cursor.find(1));
  }

  @Test
  void replacesALongerExtension() throws MalformedPacketException {
    byte[] buffer =
        wrap("b0000001" + "00000002" + "00000003" + "10000002" + "0106010203040506" + "0708");
    byte[] block = HEX.parseHex("bede0001" + "10aa0000");
    assertEquals(22, HeaderExtensionWriter.insert(packet, block, 0, 8));
    assertEquals(
        "cc" + "b0000001" + "00000002" + "00000003" + "bede0001" + "10aa0000" + "0708",
        HEX.formatHex(buffer, 0, 23));
    assertConsistent();
  }

  @Test
  void replacesAShorterExtension() throws MalformedPacketException {
    byte[] buffer = wrap("90000001" + "00000002" + "00000003" + "bede0000" + "0708");
    byte[] block = HEX.parseHex("10000002" + "0106010203040506");
    assertEquals(26, HeaderExtensionWriter.insert(packet, block, 0, 12));
    assertEquals(
        "cc" + "90000001" + "00000002" + "00000003" + "10000002" + "0106010203040506" + "0708",
        HEX.formatHex(buffer, 0, 27));
    assertConsistent();
  }

  @Test
  void insertsEmptyExtensions() throws MalformedPacketException {
    byte[] buffer = wrap("80000001" + "00000002" + "00000003" + "0708");
    byte[] block = HEX.parseHex("c0de0000");
    assertEquals(18, HeaderExtensionWriter.insert(packet, block, 0, 4));
    assertEquals(
        "cc" + "90000001" + "00000002" + "00000003" + "c0de0000" + "0708",
        HEX.formatHex(buffer, 0, 19));
    assertConsistent();
  }

  // The packet is in octets 8 to 20 and grows by 8, or shrinks from 28.
  @ParameterizedTest
  @CsvSource({"80, 0", "80, 28", "90, 0", "90, 36"})
  void insertsFromTheSameArrayWithoutOverlap(String firstOctet, int blockOffset)
      throws MalformedPacketException {
    byte[] buffer = packetAndBlock(firstOctet, blockOffset);
    assertEquals(20, HeaderExtensionWriter.insert(packet, buffer, blockOffset, 8));
    assertEquals(
        "900000010000000200000003" + "bede0001" + "10aa0000", HEX.formatHex(buffer, 8, 28));
  }

  @ParameterizedTest
  @CsvSource({"80, 1", "80, 7", "80, 20", "80, 27", "90, 1", "90, 28", "90, 35"})
  void refusesToInsertWhatItWouldOverwrite(String firstOctet, int blockOffset)
      throws MalformedPacketException {
    byte[] buffer = packetAndBlock(firstOctet, blockOffset);
    byte[] before = buffer.clone();
    assertThrows(
        IllegalArgumentException.class,
        () -> HeaderExtensionWriter.insert(packet, buffer, blockOffset, 8));
    assertArrayEquals(before, buffer);
  }

  @Test
  void refusesToInsertWhatThePayloadWouldOverwrite() throws MalformedPacketException {
    byte[] buffer = new byte[40];
    System.arraycopy(HEX.parseHex("8000000100000002000000030708"), 0, buffer, 0, 14);
    System.arraycopy(HEX.parseHex("bede000110aa0000"), 0, buffer, 21, 8);
    packet.wrap(buffer, 0, 14);
    assertThrows(
        IllegalArgumentException.class, () -> HeaderExtensionWriter.insert(packet, buffer, 21, 8));
    System.arraycopy(HEX.parseHex("bede000110aa0000"), 0, buffer, 22, 8);
    assertEquals(22, HeaderExtensionWriter.insert(packet, buffer, 22, 8));
  }

  /** A packet at index 8 that ends with its extension, if any; a block, over it if need be. */
  private byte[] packetAndBlock(String firstOctet, int blockOffset)
      throws MalformedPacketException {
    byte[] buffer = new byte[44];
    byte[] octets = HEX.parseHex(firstOctet + "0000010000000200000003" + "10000003");
    System.arraycopy(octets, 0, buffer, 8, octets.length);
    packet.wrap(buffer, 8, firstOctet.equals("80") ? 12 : 28);
    System.arraycopy(HEX.parseHex("bede000110aa0000"), 0, buffer, blockOffset, 8);
    return buffer;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "bede00", "bede0001", "bede000000", "bede0001000000", "bede000100000000ff"})
  void refusesToInsertWhatIsNoBlock(String hex) throws MalformedPacketException {
    byte[] buffer = wrap("80000001" + "00000002" + "00000003" + "0708");
    byte[] before = buffer.clone();
    byte[] block = HEX.parseHex(hex);
    assertThrows(
        IllegalArgumentException.class,
        () -> HeaderExtensionWriter.insert(packet, block, 0, block.length));
    assertArrayEquals(before, buffer);
  }

  @Test
  void refusesToInsertWithoutRoom() throws MalformedPacketException {
    byte[] buffer = HEX.parseHex("80000001" + "00000002" + "00000003" + "0708" + "000000");
    byte[] before = buffer.clone();
    packet.wrap(buffer, 0, 14);
    byte[] block = HEX.parseHex("bede0000");
    assertThrows(
        IndexOutOfBoundsException.class, () -> HeaderExtensionWriter.insert(packet, block, 0, 4));
    assertThrows(
        IndexOutOfBoundsException.class, () -> HeaderExtensionWriter.insert(packet, block, 1, 4));
    assertArrayEquals(before, buffer);
    assertEquals(14, packet.length());
    assertFalse(packet.hasExtension());
  }

  @Test
  void removesExtensions() throws MalformedPacketException {
    byte[] buffer =
        wrap("b1e00001" + "00000002" + "00000003" + "00000004" + "bede0001" + "10aa0000" + "0506");
    assertEquals(18, HeaderExtensionWriter.remove(packet));
    assertEquals(
        "cc" + "a1e00001" + "00000002" + "00000003" + "00000004" + "0506",
        HEX.formatHex(buffer, 0, 19));
    assertConsistent();
    assertFalse(packet.hasExtension());
  }

  @Test
  void removesNothingWhereThereIsNothing() throws MalformedPacketException {
    byte[] buffer = wrap("80000001" + "00000002" + "00000003" + "0708");
    byte[] before = buffer.clone();
    assertEquals(14, HeaderExtensionWriter.remove(packet));
    assertArrayEquals(before, buffer);
  }

  @Test
  void whatIsWrittenAndInsertedIsRead() throws MalformedPacketException {
    Random random = new Random(8285);
    byte[] buffer = new byte[8192];
    byte[] block = new byte[8192];
    for (int run = 0; run < 5_000; run++) {
      List<Element> elements = new ArrayList<>();
      boolean twoByte = random.nextInt(4) == 0;
      int elementsLength = 0;
      for (int count = random.nextInt(8); count > 0; count--) {
        boolean large = random.nextInt(3) == 0;
        byte[] data = new byte[large ? random.nextInt(256) : 1 + random.nextInt(16)];
        random.nextBytes(data);
        int id = 1 + random.nextInt(large ? 255 : 14);
        elements.add(new Element(id, HEX.formatHex(data)));
        twoByte |= HeaderExtensionWriter.needsTwoByte(id, data.length);
      }
      random.nextBytes(block);
      int blockOffset = random.nextInt(10);
      writer.begin(block, blockOffset, twoByte);
      for (Element element : elements) {
        add(element.id, element.hex);
        elementsLength += HeaderExtensionWriter.elementLength(twoByte, element.hex.length() / 2);
      }
      int blockLength = writer.end();
      assertEquals(HeaderExtensionWriter.encodedLength(elementsLength), blockLength);

      random.nextBytes(buffer);
      int offset = random.nextInt(10);
      int csrcCount = random.nextInt(16);
      int oldExtensionWords = random.nextInt(20);
      boolean hadExtension = random.nextBoolean();
      buffer[offset] = (byte) (0x80 | (hadExtension ? 0x10 : 0) | csrcCount);
      int fixed = 12 + 4 * csrcCount;
      buffer[offset + fixed + 2] = 0;
      buffer[offset + fixed + 3] = (byte) oldExtensionWords;
      int header = fixed + (hadExtension ? 4 + 4 * oldExtensionWords : 0);
      byte[] payload =
          Arrays.copyOfRange(buffer, offset + header, offset + header + random.nextInt(100));
      byte[] fixedHeader = Arrays.copyOfRange(buffer, offset + 1, offset + fixed);

      packet.wrap(buffer, offset, header + payload.length);
      assertEquals(
          fixed + blockLength + payload.length,
          HeaderExtensionWriter.insert(packet, block, blockOffset, blockLength));
      assertConsistent();
      assertArrayEquals(
          fixedHeader, Arrays.copyOfRange(buffer, offset + 1, offset + packet.fixedHeaderLength()));
      assertArrayEquals(
          payload,
          Arrays.copyOfRange(
              buffer, packet.payloadOffset(), packet.payloadOffset() + packet.payloadLength()));
      cursor.wrap(packet);
      for (Element element : elements) {
        assertTrue(cursor.next());
        assertEquals(element.id, cursor.id());
        int dataEnd = cursor.dataOffset() + cursor.dataLength();
        assertEquals(element.hex, HEX.formatHex(buffer, cursor.dataOffset(), dataEnd));
      }
      assertFalse(cursor.next());
    }
  }

  private String block(boolean twoByte, int id, String data) {
    byte[] buffer = new byte[300];
    Arrays.fill(buffer, (byte) 0x55);
    writer.begin(buffer, 0, twoByte);
    add(id, data);
    int length = writer.end();
    return HEX.formatHex(buffer, 0, length);
  }

  private void add(int id, String data) {
    byte[] octets = HEX.parseHex("ff" + data + "ff");
    writer.add(id, octets, 1, octets.length - 2);
  }

  private byte[] wrap(String hex) throws MalformedPacketException {
    byte[] octets = HEX.parseHex("cc" + hex);
    byte[] buffer = Arrays.copyOf(octets, octets.length + 20);
    packet.wrap(buffer, 1, octets.length - 1);
    return buffer;
  }

  /** The view must show what a view shows that is wrapped anew. */
  private void assertConsistent() throws MalformedPacketException {
    RtpPacketView anew = new RtpPacketView();
    anew.wrap(packet.buffer(), packet.offset(), packet.length());
    assertEquals(anew.hasExtension(), packet.hasExtension());
    assertEquals(anew.fixedHeaderLength(), packet.fixedHeaderLength());
    assertEquals(anew.headerLength(), packet.headerLength());
    assertEquals(anew.extensionProfile(), packet.extensionProfile());
    assertEquals(anew.extensionOffset(), packet.extensionOffset());
    assertEquals(anew.extensionLength(), packet.extensionLength());
    assertEquals(anew.payloadOffset(), packet.payloadOffset());
    assertEquals(anew.payloadLength(), packet.payloadLength());
  }
}
