/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.header.audiolevel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.perc4j.header.MalformedPacketException;
import org.perc4j.header.MalformedPacketException.Reason;
import org.perc4j.header.rtp.HeaderExtensionCursor;
import org.perc4j.header.rtp.RtpPacketView;

class AudioLevelCodecTest {

  /** Any ID will do that is not another element's. */
  private static final int ID = 1;

  // Figures 1 and 2 of RFC 6464 show V as the highest bit and the level in the seven bits below.
  @ParameterizedTest
  @CsvSource({
    "00, false, 0",
    "80, true, 0",
    "7f, false, 127",
    "ff, true, 127",
    "01, false, 1",
    "94, true, 20",
    "40, false, 64",
  })
  void readsAndWritesTheOctetOfTheFigures(String hex, boolean voiceActivity, int levelMinusDbov)
      throws MalformedPacketException {
    byte[] octets = HexFormat.of().parseHex(hex);

    int level = AudioLevelCodec.parse(octets, 0, 1);
    assertEquals(voiceActivity, AudioLevelCodec.voiceActivity(level));
    assertEquals(levelMinusDbov, AudioLevelCodec.levelMinusDbov(level));

    byte[] written = {0x55, 0x55, 0x55};
    int composed = AudioLevelCodec.of(voiceActivity, levelMinusDbov);
    assertEquals(1, AudioLevelCodec.write(composed, written, 1));
    assertArrayEquals(new byte[] {0x55, octets[0], 0x55}, written);
    assertEquals(1, AudioLevelCodec.encodedLength());
  }

  // RFC 6464 figure 1 (ID, len=0, V, level) with ID 1, V set and level 20.
  @Test
  void readsOneByteElement() throws MalformedPacketException {
    assertEquals(
        0x94, parseElement("90000001" + "00000000" + "00000000" + "bede0001" + "10940000"));
  }

  // RFC 6464 figure 2 (ID, len=1, V, level, one octet of padding) with ID 1, V set and level 20.
  @Test
  void readsTwoByteElement() throws MalformedPacketException {
    assertEquals(
        0x94, parseElement("90000001" + "00000000" + "00000000" + "10000001" + "01019400"));
  }

  @Test
  void rejectsEmptyTwoByteElement() {
    assertRejects(
        Reason.AUDIO_LEVEL_EMPTY, "90000001" + "00000000" + "00000000" + "10000001" + "01000000");
  }

  @Test
  void rejectsLongTwoByteElement() {
    assertRejects(
        Reason.AUDIO_LEVEL_TOO_LONG,
        "90000001" + "00000000" + "00000000" + "10000001" + "01029400");
  }

  @Test
  void rejectsLongOneByteElement() {
    assertRejects(
        Reason.AUDIO_LEVEL_TOO_LONG,
        "90000001" + "00000000" + "00000000" + "bede0001" + "11949400");
  }

  @Test
  void readsOnlyItsRegion() throws MalformedPacketException {
    byte[] buffer = {0x11, 0x22, 0x33};
    assertEquals(0x22, AudioLevelCodec.parse(buffer, 1, 1));
    assertArrayEquals(new byte[] {0x11, 0x22, 0x33}, buffer);
  }

  @Test
  void refusesRegionsOutsideTheArray() {
    byte[] buffer = new byte[2];
    assertThrows(IndexOutOfBoundsException.class, () -> AudioLevelCodec.parse(buffer, 2, 1));
    assertThrows(IndexOutOfBoundsException.class, () -> AudioLevelCodec.parse(buffer, -1, 1));
    assertThrows(IndexOutOfBoundsException.class, () -> AudioLevelCodec.write(0, buffer, 2));
    assertThrows(IndexOutOfBoundsException.class, () -> AudioLevelCodec.write(0, buffer, -1));
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 128, Integer.MIN_VALUE, Integer.MAX_VALUE})
  void refusesToComposeLevelsThatDoNotExist(int levelMinusDbov) {
    assertThrows(IllegalArgumentException.class, () -> AudioLevelCodec.of(true, levelMinusDbov));
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 256, Integer.MIN_VALUE})
  void refusesWhatIsNoOctet(int level) {
    byte[] buffer = {7};
    assertThrows(IllegalArgumentException.class, () -> AudioLevelCodec.write(level, buffer, 0));
    assertThrows(IllegalArgumentException.class, () -> AudioLevelCodec.voiceActivity(level));
    assertThrows(IllegalArgumentException.class, () -> AudioLevelCodec.levelMinusDbov(level));
    assertEquals(7, buffer[0]);
  }

  @Test
  void everyOctetSurvivesParsingAndComposing() throws MalformedPacketException {
    byte[] buffer = new byte[1];
    for (int octet = 0; octet < 256; octet++) {
      buffer[0] = (byte) octet;
      int level = AudioLevelCodec.parse(buffer, 0, 1);
      assertEquals(
          octet,
          AudioLevelCodec.of(
              AudioLevelCodec.voiceActivity(level), AudioLevelCodec.levelMinusDbov(level)));
    }
  }

  @Test
  void isCalledWhatRfc6464CallsIt() {
    assertEquals("urn:ietf:params:rtp-hdrext:ssrc-audio-level", AudioLevelCodec.URI);
  }

  private static int parseElement(String packetHex) throws MalformedPacketException {
    byte[] octets = HexFormat.of().parseHex(packetHex);
    RtpPacketView packet = new RtpPacketView();
    packet.wrap(octets, 0, octets.length);
    HeaderExtensionCursor cursor = new HeaderExtensionCursor();
    cursor.wrap(packet);
    assertEquals(true, cursor.find(ID));
    return AudioLevelCodec.parse(octets, cursor.dataOffset(), cursor.dataLength());
  }

  private static void assertRejects(Reason reason, String packetHex) {
    assertSame(
        reason,
        assertThrows(MalformedPacketException.class, () -> parseElement(packetHex)).reason());
  }
}
