/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.activity;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Packets that tell nothing by their size. */
class OpusSizeShaperTest {
  private static final int OFFSET = 5;
  private static final byte[] ONE_FRAME = octets("480108");

  static Stream<String> paddedByLibopus() throws IOException {
    try (InputStream in = OpusSizeShaperTest.class.getResourceAsStream("opus-padding.txt")) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.US_ASCII)
          .lines().filter(line -> !line.startsWith("#")).toList().stream();
    }
  }

  private static byte[] octets(String hex) {
    return HexFormat.of().parseHex(hex);
  }

  /** Returns what becomes of a packet that has other octets before and behind it. */
  private static byte[] shape(OpusSizeShaper shaper, byte[] packet, int room) {
    byte[] buffer = new byte[OFFSET + room + 1];
    Arrays.fill(buffer, (byte) 0x5A);
    System.arraycopy(packet, 0, buffer, OFFSET, packet.length);
    int length = shaper.shape(buffer, OFFSET, packet.length, OFFSET + room);
    byte[] expected = new byte[buffer.length];
    Arrays.fill(expected, (byte) 0x5A);
    System.arraycopy(buffer, OFFSET, expected, OFFSET, length);
    assertArrayEquals(expected, buffer, "others' octets");
    return Arrays.copyOfRange(buffer, OFFSET, OFFSET + length);
  }

  @ParameterizedTest
  @MethodSource("paddedByLibopus")
  void padsAsLibopusDoes(String line) {
    String[] fields = line.split(" ", -1);
    int length = Integer.parseInt(fields[1]);
    byte[] padded = shape(new OpusSizeShaper(length, 1), octets(fields[0]), length);
    assertEquals(fields[2], HexFormat.of().formatHex(padded));
  }

  @Test
  void leavesPacketsThatHaveTheSize() {
    assertArrayEquals(ONE_FRAME, shape(new OpusSizeShaper(3, 10), ONE_FRAME, 3));
  }

  @Test
  void growsByStepsOnceForGood() {
    OpusSizeShaper shaper = new OpusSizeShaper(4, 10);
    assertEquals(4, shape(shaper, ONE_FRAME, 100).length);
    assertEquals(24, shape(shaper, new byte[15], 100).length);
    assertEquals(24, shape(shaper, ONE_FRAME, 100).length);
    assertEquals(24, shaper.sizeBytes());
  }

  @Test
  void makesAPacketOfNothingButItsContentsAsLargeAsOthers() {
    byte[] padded = shape(new OpusSizeShaper(), octets("48"), 200);
    assertEquals(OpusSizeShaper.DEFAULT_SIZE_BYTES, padded.length);
    assertEquals("4b414d", HexFormat.of().formatHex(padded, 0, 3));
  }

  @ParameterizedTest
  @CsvSource({
    "'', an empty packet",
    "4b, a packet without the number of its frames",
    "4b41, a packet that ends in the length of its padding",
    "4b41ff, a packet that ends in the length of its padding",
    "4b410300, padding of 3 octets in 4",
    "4b41ff0000, padding of 254 octets in 5",
    "4b83, a packet that ends in the length of a frame",
    "4b8301, a packet that ends in the length of a frame",
    "4b83fc, a packet that ends in the length of a frame",
    "0a, a packet that ends in the length of a frame",
    "0afd, a packet that ends in the length of a frame",
    "0a0500, frames of 5 octets in 1",
    "4b820500, frames of 5 octets in 1",
    "0900, 1 octets for 2 equal frames",
    "4b0600, 1 octets for 6 equal frames",
    "4b460100ffff, 2 octets for 6 equal frames",
    "4b00, a packet of 0 frames",
    "4b80, a packet of 0 frames",
    "4b07, a packet of 7 frames",
    "5b03, a packet of 3 frames",
    "6b0d, a packet of 13 frames",
    "7b07, a packet of 7 frames",
    "8331, a packet of 49 frames",
    "9b07, a packet of 7 frames"
  })
  void refusesWhatIsNotOpus(String hex, String message) {
    OpusSizeShaper shaper = new OpusSizeShaper();
    byte[] packet = octets(hex);
    byte[] buffer = Arrays.copyOf(packet, 200);
    byte[] before = buffer.clone();
    IllegalArgumentException refusal =
        assertThrows(
            IllegalArgumentException.class, () -> shaper.shape(buffer, 0, packet.length, 200));
    assertEquals(message, refusal.getMessage());
    assertArrayEquals(before, buffer);
  }

  @Test
  void refusesFramesThatAreTooLarge() {
    assertRefused(new byte[1277]);
    byte[] two = new byte[1 + 2 * 1276];
    two[0] = 1;
    assertRefused(two);
    byte[] second = new byte[2 + 1276];
    second[0] = 2;
    assertRefused(second);
  }

  private static void assertRefused(byte[] packet) {
    byte[] buffer = Arrays.copyOf(packet, 5000);
    assertThrows(
        IllegalArgumentException.class,
        () -> new OpusSizeShaper().shape(buffer, 0, packet.length, buffer.length));
    // one octet less in each frame
    int frames = packet[0] == 1 ? 2 : 1;
    int length = packet.length - frames;
    assertTrue(
        new OpusSizeShaper(length, 1).shape(buffer, 0, length, buffer.length) == length,
        "the largest frames there can be");
  }

  @Test
  void refusesWhatIsNotOpusEvenIfItHasTheSize() {
    byte[] packet = octets("0900");
    assertThrows(
        IllegalArgumentException.class, () -> new OpusSizeShaper(2, 1).shape(packet, 0, 2, 2));
  }

  /** What libopus 1.5 writes in front of extensions (opus_packet_pad), and where it has them. */
  @ParameterizedTest
  @CsvSource({
    "4b4104aabbcc7e440102, 40, 4b4122aabbcc, 01, 30, 7e440102",
    "4b4104aabbcc7e440102, 11, 4b4105aabbcc, 01, 1, 7e440102",
    "4b4104aabbcc00000000, 40, 4b4122aabbcc, 00, 34, ''",
    "4b4103aabbcc014401, 300, 4b41ff27aabbcc, 01, 290, 014401",
    "4bc20402aabbcc7e440102, 20, 4bc20d02aabbcc, 01, 9, 7e440102"
  })
  void keepsExtensionsAtTheEndOfThePadding(
      String packet, int size, String before, String filler, int times, String extensions) {
    byte[] shaped = shape(new OpusSizeShaper(size, 1), octets(packet), size);
    assertEquals(before + filler.repeat(times) + extensions, HexFormat.of().formatHex(shaped));
  }

  @Test
  void refusesToDoWithoutRoom() {
    OpusSizeShaper shaper = new OpusSizeShaper(50, 10);
    byte[] buffer = new byte[100];
    assertThrows(IllegalArgumentException.class, () -> shaper.shape(buffer, 0, 3, 49));
    assertThrows(IllegalArgumentException.class, () -> shaper.shape(buffer, 60, 3, 100));
    assertThrows(IllegalArgumentException.class, () -> shaper.shape(buffer, 0, 51, 55));
    assertEquals(50, shaper.sizeBytes());
    assertThrows(IndexOutOfBoundsException.class, () -> shaper.shape(buffer, 0, 3, 101));
    assertThrows(IndexOutOfBoundsException.class, () -> shaper.shape(buffer, 99, 2, 100));
    assertArrayEquals(new byte[100], buffer);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1, Integer.MIN_VALUE})
  void refusesSizesThatAreNone(int size) {
    assertThrows(IllegalArgumentException.class, () -> new OpusSizeShaper(size, 1));
    assertThrows(IllegalArgumentException.class, () -> new OpusSizeShaper(1, size));
  }
}
