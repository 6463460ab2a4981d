/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.header.rtp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.perc4j.header.MalformedPacketException;
import org.perc4j.header.MalformedPacketException.Reason;

class HeaderExtensionCursorTest {

  private static final HexFormat HEX = HexFormat.of();
  private static final String HEADER_WITH_X = "900000000000000000000000";

  private final RtpPacketView packet = new RtpPacketView();
  private final HeaderExtensionCursor cursor = new HeaderExtensionCursor();

  // The example of RFC 8285 section 4.2: elements of 1, 2 and 4 octets, two octets of padding
  // between the second and the third. The RFC leaves IDs and data open.
  @Test
  void readsTheExampleWithOneByteHeaders() throws MalformedPacketException {
    wrap("bede0003" + "10aa21bb" + "bb000033" + "cccccccc");
    assertEquals(List.of("1:aa", "2:bbbb", "3:cccccccc"), elements());
  }

  // The example of RFC 8285 section 4.3: elements of 0, 1 and 4 octets, one octet of padding
  // between the second and the third. The RFC leaves IDs and data open.
  @Test
  void readsTheExampleWithTwoByteHeaders() throws MalformedPacketException {
    wrap("10000003" + "01000201" + "bb000304" + "cccccccc");
    assertEquals(List.of("1:", "2:bb", "3:cccccccc"), elements());
  }

  // Extensions of RTP packets in the project's double-srtp.json (cases 4, 1, 12 and 8) and in the
  // test vectors of RFC 9335 appendix A, before encryption; read off by hand along RFC 8285.
  @ParameterizedTest
  @CsvSource({
    "bede000210942270493e0000, 1:94 2:70493e",
    "100000020101df020337be84, 1:df 2:37be84",
    "10000002010115020368a5c4, 1:15 2:68a5c4",
    "bede000210bd22772ffc0000, 1:bd 2:772ffc",
    "bede000151000200, 5:0002",
    "1000000105020002, 5:0002",
  })
  void readsExtensionsOfKnownPackets(String block, String expected)
      throws MalformedPacketException {
    wrap(block);
    assertEquals(expected, String.join(" ", elements()));
  }

  @Test
  void readsElementsOfTheGreatestLengths() throws MalformedPacketException {
    wrap("bede0005" + "1f" + "11".repeat(16) + "e0ff" + "00");
    assertEquals(List.of("1:" + "11".repeat(16), "14:ff"), elements());
    wrap("10000041" + "ffff" + "11".repeat(255) + "000000");
    assertEquals(List.of("255:" + "11".repeat(255)), elements());
    assertTrue(cursor.find(255));
  }

  @ParameterizedTest
  @ValueSource(strings = {"1000", "1001", "100f"})
  void ignoresAppbits(String profile) throws MalformedPacketException {
    wrap(profile + "0001" + "0101aa00");
    assertEquals(List.of("1:aa"), elements());
  }

  @Test
  void skipsPaddingWhereverItIs() throws MalformedPacketException {
    wrap("bede0002" + "00001011" + "00002022");
    assertEquals(List.of("1:11", "2:22"), elements());
    wrap("10000002" + "00000101" + "11000200");
    assertEquals(List.of("1:11", "2:"), elements());
    wrap("bede0001" + "00000000");
    assertEquals(List.of(), elements());
  }

  // RFC 8285 section 4.2: with ID 15, the length is ignored and processing stops, but the elements
  // before it count. 0xff would otherwise run over the end, 0xf0 would be followed by ID 2.
  @ParameterizedTest
  @ValueSource(strings = {"1011ff20", "1011f020", "1011fffe"})
  void stopsAtId15WithOneByteHeaders(String body) throws MalformedPacketException {
    wrap("bede0001" + body);
    assertEquals(List.of("1:11"), elements());
    wrap("bede0002" + body + "20222022");
    assertEquals(List.of("1:11"), elements());
  }

  // RFC 8285 section 4.1.2: ID 0 with a length field above 0 ends the extension in the same way.
  @ParameterizedTest
  @ValueSource(strings = {"10110120", "10110f20"})
  void stopsAtId0WithLengthWithOneByteHeaders(String body) throws MalformedPacketException {
    wrap("bede0002" + body + "20222022");
    assertEquals(List.of("1:11"), elements());
    assertFalse(cursor.find(2));
  }

  @Test
  void id15IsAnElementWithTwoByteHeaders() throws MalformedPacketException {
    wrap("10000002" + "0f011100" + "02012200");
    assertEquals(List.of("15:11", "2:22"), elements());
  }

  @ParameterizedTest
  @ValueSource(strings = {"c0de", "c2de", "0000", "ffff", "1010", "0fff", "bedd", "abac"})
  void unknownAndEncryptedExtensionsHaveNoElements(String profile) throws MalformedPacketException {
    wrap(profile + "0001" + "10aa1fff");
    assertEquals(List.of(), elements());
    assertFalse(cursor.find(1));
  }

  // The first two packets of RFC 9335 appendix A (AEAD_AES_128_GCM), after encryption.
  @ParameterizedTest
  @ValueSource(strings = {"c0de000139972dc9", "c2de0001bb75a4c5"})
  void encryptedExtensionsOfKnownPacketsHaveNoElements(String block)
      throws MalformedPacketException {
    wrap(block);
    assertEquals(List.of(), elements());
  }

  @Test
  void packetsWithoutExtensionHaveNoElements() throws MalformedPacketException {
    byte[] octets = HEX.parseHex("80000000" + "00000000" + "00000000" + "10aa0000");
    packet.wrap(octets, 0, octets.length);
    cursor.wrap(packet);
    assertEquals(List.of(), elements());
  }

  @Test
  void forgetsTheElementsOfThePacketBefore() throws MalformedPacketException {
    wrap("bede0001" + "10aa0000");
    assertTrue(cursor.next());
    wrap("c0de0001" + "10aa0000");
    assertOnNoElement();
    assertFalse(cursor.find(1));
  }

  @ParameterizedTest
  @ValueSource(strings = {"bede0000", "10000000"})
  void emptyExtensionsHaveNoElements(String block) throws MalformedPacketException {
    wrap(block);
    assertEquals(List.of(), elements());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"bede0001" + "13aaaaaa", "bede0001" + "000000e0", "bede0001" + "10aa22bb"})
  void rejectsOneByteElementBeyondTheEnd(String block) {
    assertRejects(Reason.EXTENSION_ELEMENT_OVERRUN, block);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"10000001" + "0103aaaa", "10000001" + "00000101", "10000001" + "01ffaaaa"})
  void rejectsTwoByteElementBeyondTheEnd(String block) {
    assertRejects(Reason.EXTENSION_ELEMENT_OVERRUN, block);
  }

  @ParameterizedTest
  @ValueSource(strings = {"10000001" + "00000001", "10000001" + "0101aaff"})
  void rejectsTwoByteElementWithoutLength(String block) {
    assertRejects(Reason.EXTENSION_ELEMENT_LENGTH_MISSING, block);
  }

  // The payload has what the element lacks; it must not be taken from there.
  @Test
  void doesNotReadIntoThePayload() {
    byte[] octets = HEX.parseHex(HEADER_WITH_X + "bede0001" + "11aaaa20" + "bbbb");
    assertSame(
        Reason.EXTENSION_ELEMENT_OVERRUN,
        assertThrows(
                MalformedPacketException.class,
                () -> {
                  packet.wrap(octets, 0, octets.length);
                  cursor.wrap(packet);
                })
            .reason());
  }

  @Test
  void hasNoElementsAfterRejectingAnExtension() throws MalformedPacketException {
    wrap("bede0001" + "10aa0000");
    assertTrue(cursor.next());
    assertRejects(Reason.EXTENSION_ELEMENT_OVERRUN, "bede0001" + "10aa1fbb");
    assertThrows(IllegalStateException.class, cursor::id);
    assertFalse(cursor.next());
    assertFalse(cursor.find(1));
  }

  @Test
  void hasNoElementsUntilWrappedAndAfterUnwrapping() throws MalformedPacketException {
    assertEquals(List.of(), elements());
    wrap("bede0001" + "10aa0000");
    assertTrue(cursor.next());
    cursor.unwrap();
    assertOnNoElement();
    assertEquals(List.of(), elements());
    assertFalse(cursor.find(1));
  }

  @Test
  void refusesViewsOfNothing() {
    assertThrows(IllegalStateException.class, () -> cursor.wrap(packet));
  }

  // Octets that change behind the cursor's back must not lead it out of the extension.
  @Test
  void staysInsideWhenOctetsChange() throws MalformedPacketException {
    byte[] octets = HEX.parseHex(HEADER_WITH_X + "10000002" + "0101aa00" + "0101bb00");
    packet.wrap(octets, 0, octets.length);
    cursor.wrap(packet);
    assertTrue(cursor.next());
    octets[packet.extensionOffset() + 5] = (byte) 0xff;
    assertSame(
        Reason.EXTENSION_ELEMENT_OVERRUN,
        assertThrows(MalformedPacketException.class, cursor::next).reason());
    assertThrows(IllegalStateException.class, cursor::dataLength);
    assertFalse(cursor.next());
  }

  @Test
  void findsTheFirstElementWithAnIdFromAnywhere() throws MalformedPacketException {
    wrap("bede0002" + "10112022" + "10333044");
    assertTrue(cursor.find(3));
    assertEquals("3:44", element());
    assertTrue(cursor.find(1));
    assertEquals("1:11", element());
    assertTrue(cursor.next());
    assertEquals("2:22", element());
    assertFalse(cursor.find(4));
    assertFalse(cursor.next());
    cursor.rewind();
    assertEquals(List.of("1:11", "2:22", "1:33", "3:44"), elements());
  }

  @Test
  void isOnNoElementBeforeTheFirstAndBehindTheLast() throws MalformedPacketException {
    wrap("bede0001" + "10aa0000");
    assertOnNoElement();
    assertTrue(cursor.next());
    assertFalse(cursor.next());
    assertOnNoElement();
    assertFalse(cursor.find(2));
    assertOnNoElement();
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 0, 256})
  void refusesToFindIdsThatDoNotExist(int id) {
    assertThrows(IllegalArgumentException.class, () -> cursor.find(id));
  }

  @Test
  void doesNotFollowTheView() throws MalformedPacketException {
    wrap("bede0001" + "10aa0000");
    byte[] other = HEX.parseHex("80000000" + "00000000" + "00000000");
    packet.wrap(other, 0, other.length);
    assertTrue(cursor.find(1));
    assertEquals(2 + 16 + 4 + 1, cursor.dataOffset());
  }

  private void wrap(String block) throws MalformedPacketException {
    // An offset, CSRC and payload, so that no index is right by chance.
    byte[] octets =
        HEX.parseHex("ffff" + "91000000" + "0000000000000000" + "fefefefe" + block + "fd");
    byte[] before = octets.clone();
    packet.wrap(octets, 2, octets.length - 2);
    cursor.wrap(packet);
    assertArrayEquals(before, octets);
  }

  private String element() {
    byte[] octets = packet.buffer();
    int start = cursor.dataOffset();
    return cursor.id() + ":" + HEX.formatHex(octets, start, start + cursor.dataLength());
  }

  private List<String> elements() throws MalformedPacketException {
    List<String> elements = new ArrayList<>();
    while (cursor.next()) {
      elements.add(element());
    }
    return elements;
  }

  private void assertOnNoElement() {
    assertThrows(IllegalStateException.class, cursor::id);
    assertThrows(IllegalStateException.class, cursor::dataOffset);
    assertThrows(IllegalStateException.class, cursor::dataLength);
  }

  private void assertRejects(Reason reason, String block) {
    assertSame(reason, assertThrows(MalformedPacketException.class, () -> wrap(block)).reason());
  }
}
