/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.media;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.perc4j.it.media.Clips;
import org.perc4j.it.media.LayeredClip;

class Vp9PayloadTest {
  /** The sizes that Chrome 81 gave of three layers, in Jitsi Videobridge's Vp9PacketTest. */
  private static final String CHROME_SIZES = "014000b4028001680500" + "02d0";

  /** Payloads that Chrome 81 sent, from Jitsi Videobridge's Vp9PacketTest, cut short. */
  @ParameterizedTest
  @CsvSource({
    "aa9e6500fd58014000b402800168050002d004040454013402540183498342, 27, 0, true, false",
    "8ba558180628048601040182498342, 11, 0, true, false",
    "81a5589089bebb, 3, 0, false, false",
  })
  void readsWhatChromeWrites(
      String payload, int length, int spatialId, boolean begins, boolean ends) {
    assertEquals(
        new Vp9Payload.Descriptor(length, spatialId, begins, ends),
        Vp9Payload.Descriptor.parse(HexFormat.of().parseHex(payload)));
  }

  @Test
  void refusesDescriptorsThatAreCutOff() {
    byte[] whole =
        HexFormat.of().parseHex("aa9e6500fd58014000b402800168050002d0040404540134025401");
    assertNotNull(Vp9Payload.Descriptor.parse(whole));
    for (int length = 0; length < whole.length; length++) {
      assertNull(Vp9Payload.Descriptor.parse(Arrays.copyOf(whole, length)), "at " + length);
    }
    byte[] flexible = HexFormat.of().parseHex("f89e6500030305");
    assertNull(Vp9Payload.Descriptor.parse(flexible), "four references");
    byte[] three = HexFormat.of().parseHex("f89e6500030304");
    assertNotNull(Vp9Payload.Descriptor.parse(three));
    for (int length = 0; length < three.length; length++) {
      assertNull(Vp9Payload.Descriptor.parse(Arrays.copyOf(three, length)), "at " + length);
    }
  }

  /** Bit by bit after RFC 9628 section 4.2. */
  @Test
  void writesFlexibleDescriptors() throws Exception {
    List<String> descriptors = descriptors(Vp9Payload.Mode.FLEXIBLE, 16);
    // I L F B E V; no resolution is unknown; T0 U S0
    assertEquals("be" + "8001" + "10" + "50" + CHROME_SIZES, descriptors.get(0));
    // I L F B Z, E or not; T0 U S2 D
    assertTrue(descriptors.get(2).startsWith("b9" + "8001" + "15"), descriptors.get(2));
    // I P L F B E; picture 1: T2 U S0, predicted from one picture earlier
    assertEquals("fc" + "8002" + "50" + "02", descriptors.get(3));
    // picture 4, of the base, is predicted from picture 0; picture 5 is from picture 2: no U
    assertEquals("fc" + "8005" + "00" + "08", descriptors.get(12));
    // picture 6: T1 U S1 D, predicted from four pictures earlier
    assertEquals("fc" + "8007" + "33" + "08", descriptors.get(19));
    // picture 13: T2 U S2 D Z, from one and from three pictures earlier
    assertTrue(descriptors.get(41).endsWith("800e" + "55" + "03" + "06"), descriptors.get(41));
  }

  @Test
  void writesStructureForNonFlexibleMode() throws Exception {
    List<String> descriptors = descriptors(Vp9Payload.Mode.NON_FLEXIBLE, 16);
    assertEquals(
        "ae"
            + "8001"
            + "10"
            + "01"
            + "58"
            + CHROME_SIZES
            + "08"
            // T0 U 4; T2 U 1; T1 U 2; T2 U 1, 3
            + "1404"
            + "5401"
            + "3402"
            + "580103"
            // T0 4; T2 U 1, 3; T1 U 4; T2 U 1, 3
            + "0404"
            + "580103"
            + "3404"
            + "580103",
        descriptors.get(0));
    assertEquals("ec" + "8002" + "50" + "01", descriptors.get(3));
    assertEquals("ec" + "8005" + "00" + "02", descriptors.get(12));
  }

  /** The descriptors of the first packets of layer frames. */
  private static List<String> descriptors(Vp9Payload.Mode mode, int pictures) throws Exception {
    LayeredClip clip = Clips.layered(VideoCodec.VP9);
    LayerPacketizer packetizer = clip.packetizer(mode, 0, 1100);
    return clip.frames().stream()
        .filter(frame -> frame.picture() < pictures)
        .map(
            frame -> {
              byte[] first = packetizer.packetize(frame.encoded()).get(0);
              Vp9Payload.Descriptor descriptor = Vp9Payload.Descriptor.parse(first);
              assertNotNull(descriptor);
              return HexFormat.of().formatHex(first, 0, descriptor.length());
            })
        .toList();
  }

  /** Annex B of the VP9 bitstream specification. */
  @Test
  void writesSuperframeIndex() {
    assertEquals("0a0b0c", superframe("0a0b0c"));
    assertEquals("0a0b0c0d" + "d9" + "01000000" + "03000000" + "d9", superframe("0a", "0b0c0d"));
  }

  private static String superframe(String... frames) {
    return HexFormat.of()
        .formatHex(
            Vp9Payload.superframe(Arrays.stream(frames).map(HexFormat.of()::parseHex).toList()));
  }
}
