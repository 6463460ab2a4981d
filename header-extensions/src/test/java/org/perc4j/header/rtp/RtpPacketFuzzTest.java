/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.header.rtp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.perc4j.header.MalformedPacketException;

class RtpPacketFuzzTest {

  private static final int GUARD = 64;

  private record Element(int id, int dataOffset, int dataLength) {}

  @FuzzTest
  void packetAndExtension(byte[] input) {
    // Between guards that would make sense as a continuation, in case something reads too far.
    byte[] buffer = new byte[GUARD + input.length + GUARD];
    Arrays.fill(buffer, (byte) 0x90);
    System.arraycopy(input, 0, buffer, GUARD, input.length);
    byte[] before = buffer.clone();

    RtpPacketView packet = new RtpPacketView();
    try {
      packet.wrap(buffer, GUARD, input.length);
    } catch (MalformedPacketException e) {
      assertThrows(IllegalStateException.class, packet::length);
      return;
    }
    checkPacket(packet, input);

    HeaderExtensionCursor cursor = new HeaderExtensionCursor();
    try {
      cursor.wrap(packet);
    } catch (MalformedPacketException e) {
      assertNoElements(cursor);
      assertArrayEquals(before, buffer);
      return;
    }
    List<Element> elements = readElements(packet, cursor);
    assertArrayEquals(before, buffer);
    rewrite(packet, elements);
  }

  private static void checkPacket(RtpPacketView packet, byte[] input) {
    assertEquals(input.length, packet.length());
    assertEquals(input.length, packet.headerLength() + packet.payloadLength());
    assertEquals(GUARD + packet.headerLength(), packet.payloadOffset());
    assertEquals(12 + 4 * packet.csrcCount(), packet.fixedHeaderLength());
    assertTrue(packet.payloadLength() >= 0);
    if (packet.hasExtension()) {
      assertEquals(GUARD + packet.fixedHeaderLength() + 4, packet.extensionOffset());
      assertEquals(packet.payloadOffset(), packet.extensionOffset() + packet.extensionLength());
      assertEquals(0, packet.extensionLength() % 4);
      assertTrue(packet.extensionProfile() >= 0 && packet.extensionProfile() <= 0xFFFF);
    } else {
      assertEquals(packet.fixedHeaderLength(), packet.headerLength());
      assertEquals(-1, packet.extensionProfile());
    }
    assertTrue(packet.timestamp() >= 0 && packet.timestamp() <= 0xFFFFFFFFL);
    for (int i = 0; i < packet.csrcCount(); i++) {
      byte[] csrc = Arrays.copyOfRange(input, 12 + 4 * i, 16 + 4 * i);
      assertEquals(new BigInteger(csrc).intValue(), packet.csrc(i));
    }
    packet.setMarker(packet.marker());
    packet.setPayloadType(packet.payloadType());
    packet.setSequenceNumber(packet.sequenceNumber());
  }

  private static List<Element> readElements(RtpPacketView packet, HeaderExtensionCursor cursor) {
    List<Element> elements = new ArrayList<>();
    int position = packet.extensionOffset();
    int end = position + packet.extensionLength();
    boolean oneByte = packet.extensionProfile() == ExtensionProfile.ONE_BYTE;
    try {
      while (cursor.next()) {
        Element element = new Element(cursor.id(), cursor.dataOffset(), cursor.dataLength());
        assertTrue(element.id >= 1 && element.id <= (oneByte ? 14 : 255));
        assertTrue(element.dataLength >= (oneByte ? 1 : 0));
        assertTrue(element.dataLength <= (oneByte ? 16 : 255));
        assertTrue(element.dataOffset >= position + (oneByte ? 1 : 2));
        position = element.dataOffset + element.dataLength;
        assertTrue(position <= end);
        elements.add(element);
      }
      for (int id = 1; id <= 255; id++) {
        boolean found = cursor.find(id);
        int wanted = id;
        Element first = elements.stream().filter(e -> e.id == wanted).findFirst().orElse(null);
        assertEquals(first != null, found);
        if (first != null) {
          assertEquals(first.dataOffset, cursor.dataOffset());
          assertEquals(first.dataLength, cursor.dataLength());
        }
      }
    } catch (MalformedPacketException e) {
      throw new AssertionError("wrap() has accepted this extension", e);
    }
    return elements;
  }

  /** What was read, written anew, must read the same. */
  private static void rewrite(RtpPacketView packet, List<Element> elements) {
    boolean twoByte = false;
    int elementsLength = 0;
    for (Element element : elements) {
      twoByte |= HeaderExtensionWriter.needsTwoByte(element.id, element.dataLength);
    }
    for (Element element : elements) {
      elementsLength += HeaderExtensionWriter.elementLength(twoByte, element.dataLength);
    }
    if (elementsLength > 4 * 0xFFFF) {
      // A two-byte header may take more than the one-byte header that it stands for.
      return;
    }
    int blockLength = HeaderExtensionWriter.encodedLength(elementsLength);
    byte[] block = new byte[blockLength];
    HeaderExtensionWriter writer = new HeaderExtensionWriter();
    writer.begin(block, 0, twoByte);
    for (Element element : elements) {
      writer.add(element.id, packet.buffer(), element.dataOffset, element.dataLength);
    }
    assertEquals(blockLength, writer.end());

    byte[] octets =
        Arrays.copyOfRange(packet.buffer(), GUARD, GUARD + packet.length() + blockLength);
    byte[] payload =
        Arrays.copyOfRange(
            octets, packet.headerLength(), packet.headerLength() + packet.payloadLength());
    RtpPacketView rewritten = new RtpPacketView();
    HeaderExtensionCursor cursor = new HeaderExtensionCursor();
    try {
      rewritten.wrap(octets, 0, packet.length());
      int length = HeaderExtensionWriter.insert(rewritten, block, 0, blockLength);
      rewritten.wrap(octets, 0, length);
      cursor.wrap(rewritten);
      for (Element element : elements) {
        assertTrue(cursor.next());
        assertEquals(element.id, cursor.id());
        assertArrayEquals(
            Arrays.copyOfRange(
                packet.buffer(), element.dataOffset, element.dataOffset + element.dataLength),
            Arrays.copyOfRange(
                octets, cursor.dataOffset(), cursor.dataOffset() + cursor.dataLength()));
      }
      assertFalse(cursor.next());
    } catch (MalformedPacketException e) {
      throw new AssertionError("not readable what was written", e);
    }
    assertArrayEquals(
        payload,
        Arrays.copyOfRange(
            octets,
            rewritten.payloadOffset(),
            rewritten.payloadOffset() + rewritten.payloadLength()));
  }

  private static void assertNoElements(HeaderExtensionCursor cursor) {
    try {
      assertFalse(cursor.next());
      assertFalse(cursor.find(1));
    } catch (MalformedPacketException e) {
      throw new AssertionError("a cursor over nothing", e);
    }
    assertThrows(IllegalStateException.class, cursor::id);
  }
}
