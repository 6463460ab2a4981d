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
import org.perc4j.it.media.Clips;
import org.perc4j.it.media.LayeredClip;

class Vp8PayloadTest {
  private static final HexFormat HEX = HexFormat.of();

  /** Bit by bit after RFC 7741 section 4.2. */
  @Test
  void writesDescriptorsOfLayers() throws Exception {
    LayeredClip clip = Clips.layered(VideoCodec.VP8);
    LayerPacketizer packetizer = clip.packetizer(Vp9Payload.Mode.FLEXIBLE, 0x7FFE, 1100);
    List<String> descriptors =
        clip.frames().stream()
            .map(frame -> packetizer.packetize(frame.encoded()))
            .map(payloads -> HEX.formatHex(payloads.get(0), 0, 6))
            .toList();
    // X S; I L T; M and the number; TL0PICIDX; TID Y
    assertEquals("90e0" + "ffff" + "01" + "00", descriptors.get(0));
    // N, as nothing is predicted from it; TID 2, Y
    assertEquals("b0e0" + "8000" + "01" + "a0", descriptors.get(1));
    assertEquals("90e0" + "8001" + "01" + "60", descriptors.get(2));
    // predicted from layer 1: no Y
    assertEquals("b0e0" + "8002" + "01" + "80", descriptors.get(3));
    assertEquals("90e0" + "8003" + "02" + "00", descriptors.get(4));
    assertEquals("b0e0" + "8004" + "02" + "80", descriptors.get(5));
    assertEquals("90e0" + "8005" + "02" + "40", descriptors.get(6));
    assertEquals("90e0" + "8007" + "03" + "00", descriptors.get(8));
  }

  @ParameterizedTest
  @CsvSource({
    // none, without extension; number in one octet and in two; all there is; nothing of layers
    "10aa, 1", "908011aa, 3", "90808111aa, 4", "90f0811122e0aa, 6", "9000aa, 2",
    // cut off
    "'', -1", "9080, -1", "908081, -1", "90c08111, -1", "90e0811122, -1",
  })
  void knowsWhereDescriptorsEnd(String payload, int length) {
    assertEquals(length, Vp8Payload.descriptorLength(HEX.parseHex(payload)));
  }

  @Test
  void refusesWhatCanNotFollow() {
    Vp8Payload.Assembly assembly = new Vp8Payload.Assembly();
    assertFalse(assembly.add(HEX.parseHex("9080")), "cut off");
    assertFalse(assembly.add(HEX.parseHex("00aa")), "no beginning");
    assertFalse(assembly.add(HEX.parseHex("11aa")), "begins another partition");
    assertTrue(assembly.add(HEX.parseHex("10aa")));
    assertFalse(assembly.add(HEX.parseHex("10bb")), "begins twice");
    assertTrue(assembly.add(HEX.parseHex("11cc")));
    assertTrue(assembly.add(HEX.parseHex("01dd")));
    assertEquals(List.of("aaccdd"), assembly.finish().stream().map(HEX::formatHex).toList());
    assertEquals(List.of(), assembly.finish());
  }
}
