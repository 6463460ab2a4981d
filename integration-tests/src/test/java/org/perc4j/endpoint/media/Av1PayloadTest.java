/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.media;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.perc4j.it.media.Clips;
import org.perc4j.it.media.LayerFrame;

class Av1PayloadTest {
  private static final HexFormat HEX = HexFormat.of();

  /** Payloads and frames of libwebrtc's video_rtp_depacketizer_av1_unittest.cc. */
  @ParameterizedTest
  @CsvSource({
    // a frame OBU, with and without a size of its own, with and without extension
    "10 30 14 1e 28, 32 03 14 1e 28",
    "10 32 03 14 1e 28, 32 03 14 1e 28",
    "10 34 48 14 1e 28, 36 48 03 14 1e 28",
    "10 36 48 03 14 1e 28, 36 48 03 14 1e 28",
    // sequence header and frame
    "20 02 08 0a 30 14, 0a 01 0a 32 01 14",
    // one OBU in two packets, two in two, one in four
    "50 30 14 1e | 90 28, 32 03 14 1e 28",
    "60 02 08 0a 30 14 1e | 90 28, 0a 01 0a 32 03 14 1e 28",
    "50 30 0b 0c | d0 0d 0e | d0 0f 10 11 | 90 12, 32 08 0b 0c 0d 0e 0f 10 11 12",
    // frame header and tile group twice, each tile group in two packets
    "60 03 18 0b 0c 20 15 16 17 | 90 18 19 1a 1b | 60 03 38 0b 0c 20 1f 20 | 90 21 22 23 24,"
        + " 1a 02 0b 0c 22 07 15 16 17 18 19 1a 1b 3a 02 0b 0c 22 06 1f 20 21 22 23 24",
  })
  void readsWhatLibwebrtcReads(String payloads, String frame) {
    assertEquals(List.of(octets(frame)), put(payloads));
  }

  /** The same, with lengths of all elements; layers are taken apart here. */
  @Test
  void readsManyElementsAndTakesLayersApart() {
    assertEquals(
        List.of(octets("0a 01 0a 2a 01 14"), octets("2e 30 02 14 1e 36 30 06 28 32 3c 46 50 5a")),
        put("40 02 08 0a 02 28 14 04 2c 30 14 1e 05 34 30 28 32 3c | 90 46 50 5a"));
  }

  private static String octets(String spaced) {
    return spaced.trim().replace(" ", "");
  }

  private static List<String> put(String payloads) {
    Av1Payload.Assembly assembly = new Av1Payload.Assembly();
    for (String payload : payloads.split("\\|", -1)) {
      assertTrue(assembly.add(HEX.parseHex(octets(payload))), payload);
    }
    return assembly.finish().stream().map(HEX::formatHex).toList();
  }

  @ParameterizedTest
  @CsvSource({
    "10, nothing behind the header",
    "90 28, continues nothing",
    "20 05 08 0a 30 14, an element longer than the packet",
    "20 ff ff ff ff ff 0a, a length without end",
  })
  void refuses(String payload, String why) {
    assertFalse(new Av1Payload.Assembly().add(HEX.parseHex(octets(payload))), why);
  }

  @Test
  void givesNoPictureForObusThatAreCutOff() {
    Av1Payload.Assembly assembly = new Av1Payload.Assembly();
    // has an extension, but ends before it
    assertTrue(assembly.add(HEX.parseHex("1034")));
    assertEquals(List.of(), assembly.finish());
    // says that it is longer than it is
    assertTrue(assembly.add(HEX.parseHex("10320514")));
    assertEquals(List.of(), assembly.finish());
    assertEquals(List.of(), Av1Payload.obus(HEX.parseHex("320514")));
    assertEquals(List.of(), Av1Payload.obus(HEX.parseHex("32ffffffffff7f")));
  }

  /** Elements and fragments after the specification's section 4.3 and 4.4. */
  @Test
  void gathersAndCuts() {
    byte[] frame = HEX.parseHex("1200" + "0a01aa" + "320a" + "00010203040506070809");
    assertEquals(List.of("28" + "0208aa" + "3000010203040506070809"), packetize(frame, true, 20));
    List<String> cut = packetize(frame, false, 12);
    assertEquals(List.of("60" + "0208aa" + "30000102030405", "90" + "06070809"), cut);
    // Four elements need lengths each.
    byte[] many = HEX.parseHex("0a01aa" + "2a01bb" + "2a01cc" + "3201dd");
    assertEquals(
        List.of("00" + "0208aa" + "0228bb" + "0228cc" + "0230dd"), packetize(many, false, 50));
  }

  private static List<String> packetize(byte[] frame, boolean begins, int maxBytes) {
    return Av1Payload.packetize(frame, begins, maxBytes).stream().map(HEX::formatHex).toList();
  }

  @Test
  void layersOfTheClipHaveTheirIdentifiers() throws Exception {
    for (LayerFrame frame : Clips.layered(VideoCodec.AV1).frames()) {
      List<Av1Payload.Obu> obus = Av1Payload.obus(frame.octets());
      assertFalse(obus.isEmpty());
      for (Av1Payload.Obu obu : obus) {
        // The sequence header stands for all layers.
        if (obu.type() != 1) {
          assertEquals(frame.spatialId(), obu.spatialId(), frame.toString());
          assertEquals(frame.temporalId(), obu.temporalId(), frame.toString());
        }
      }
    }
  }

  @Test
  void writesTemporalUnits() {
    assertEquals(
        "1200" + "3201aa" + "3601bb",
        HEX.formatHex(
            Av1Payload.temporalUnit(
                Arrays.asList(HEX.parseHex("3201aa"), HEX.parseHex("3601bb")))));
  }
}
