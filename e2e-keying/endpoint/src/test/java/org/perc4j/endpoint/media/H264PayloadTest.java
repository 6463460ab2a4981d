/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.media;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What GStreamer has no example of; see {@link PayloadFormatTest}. */
class H264PayloadTest {
  private static final HexFormat HEX = HexFormat.of();

  @Test
  void takesUnitsOutOfByteStreams() {
    assertEquals(
        List.of("6742", "68ce", "65b8"),
        units("00000001" + "6742" + "000001" + "68ce" + "00000001" + "65b8"));
    // zeros behind a unit are not its own
    assertEquals(
        List.of("6742", "65"), units("000001" + "6742" + "0000" + "00000001" + "65" + "00"));
    assertEquals(List.of(), units("6742"));
    assertEquals(List.of(), units("000001"));
    assertEquals(List.of(), units(""));
  }

  private static List<String> units(String stream) {
    return H264Payload.units(HEX.parseHex(stream)).stream().map(HEX::formatHex).toList();
  }

  /** RFC 6184 sections 5.6 to 5.8. */
  @Test
  void packsUnits() {
    byte[] frame =
        HEX.parseHex("000001" + "6742" + "000001" + "68ce" + "000001" + "65010203040506");
    assertEquals(
        List.of("78" + "0002" + "6742" + "0002" + "68ce", "65010203040506"), packetize(frame, 20));
    assertEquals(
        List.of("78" + "0002" + "6742" + "0002" + "68ce", "7c85" + "010203", "7c45" + "040506"),
        packetize(frame, 5));
    assertEquals(List.of("6742"), packetize(HEX.parseHex("000001" + "6742"), 5));
    // a prefix stays with its slice where there is room
    byte[] prefixed = HEX.parseHex("000001" + "6e400020" + "000001" + "41010203");
    assertEquals(
        List.of("78" + "0004" + "6e400020" + "0004" + "41010203"), packetize(prefixed, 13));
    assertEquals(List.of("6e400020", "41010203"), packetize(prefixed, 12));
  }

  private static List<String> packetize(byte[] frame, int maxBytes) {
    return H264Payload.packetize(frame, maxBytes).stream().map(HEX::formatHex).toList();
  }

  @ParameterizedTest
  @CsvSource({
    "78, an aggregate of nothing",
    "7800, an aggregate that ends in a length",
    "780003 6742, an aggregated unit that is cut off",
    "780000, an aggregated unit without octets",
    "780002 6742 00, octets behind the last unit",
    "7c85, a fragment of nothing",
    "7c05 01, the middle of a unit without its beginning",
    "7d85 01, a fragment with a decoding order number",
    "79 0000 0002 6742, an aggregate with decoding order numbers",
    "00, no type",
  })
  void refuses(String payload, String why) {
    H264Payload.Assembly assembly = new H264Payload.Assembly();
    assertFalse(assembly.add(HEX.parseHex(payload.replace(" ", ""))), why);
  }

  @Test
  void refusesWhatInterruptsFragments() {
    H264Payload.Assembly assembly = new H264Payload.Assembly();
    assertTrue(assembly.add(HEX.parseHex("7c8501")));
    assertFalse(assembly.add(HEX.parseHex("7c8501")), "begins twice");
    assertFalse(assembly.add(HEX.parseHex("6501")), "another unit");
    assertFalse(assembly.add(HEX.parseHex("7800026742")), "an aggregate");
    assertEquals(List.of(), assembly.finish());
  }
}
