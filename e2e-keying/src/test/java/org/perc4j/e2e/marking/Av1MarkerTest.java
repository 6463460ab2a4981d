/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.marking;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.perc4j.e2e.marking.Marking.assertRefused;
import static org.perc4j.e2e.marking.Marking.descriptorOf;
import static org.perc4j.e2e.marking.Marking.look;
import static org.perc4j.e2e.marking.Marking.mark;

import java.util.HexFormat;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.perc4j.e2e.marking.PayloadFormatException.Reason;
import org.perc4j.header.dependency.DependencyDescriptorReader;
import org.perc4j.header.dependency.DependencyStructure;
import org.perc4j.header.framemarking.FrameMarkingCodec;

class Av1MarkerTest {
  /** The sequence header of a stream of 1280x720 by libaom, as an OBU without size. */
  private static final String SEQUENCE =
      "08" + "0087072b8195c04a60e530329809441ca20651012d4cffb3cd1a0080";

  /** The beginnings of frames of that stream, with the header of the OBU that each is in. */
  private static final String KEY = "30" + "124fcb3827f8167a7f81fffffe2cfc38";

  private static final String NEXT = "30" + "3101000003813fc0ffffff162a8c00dc";

  /** Aggregation header, the sequence header with its length, the frame. */
  private static final String KEY_PACKET = "28 1d" + SEQUENCE + KEY;

  private final Av1Marker plain = new Av1Marker(SvcLayers.full(1, 1));
  private final Av1Marker layered = new Av1Marker(SvcLayers.full(3, 3));

  private static String tail(String obu) {
    return obu.substring(2);
  }

  @Test
  void packetsOfFrameAreMarkedAlike() throws PayloadFormatException {
    assertEquals(
        FrameMarkingCodec.ofNonScalable(true, false, true, false),
        mark(plain, "68 1d" + SEQUENCE + KEY, false, 0));
    assertEquals(
        FrameMarkingCodec.ofNonScalable(false, false, true, false),
        mark(plain, "d0 ffff", false, 0));
    assertEquals(
        FrameMarkingCodec.ofNonScalable(false, true, true, false), mark(plain, "90 ffff", true, 0));
    assertEquals(
        FrameMarkingCodec.ofNonScalable(true, true, false, false),
        mark(plain, "10" + NEXT, true, 3000));
  }

  /** Golden is never replaced after the key frame, and is named by every frame. */
  @Test
  void slotThatIsNamedAndNeverUsedIsLeftOutOnceItIsTooOld() throws PayloadFormatException {
    int unused = mark(plain, "280b0800000024c4ffdf00680230106b7400c30c3016c6500000", true, 0);
    byte[] structure = descriptorOf(plain);
    assertTrue(structure.length > 3);
    for (int i = 1; i < 10_000; i++) {
      unused = mark(plain, "103030c040fdf826b6f03403be01d800", true, i);
      assertTrue(descriptorOf(plain).length > 0, "frame " + i);
    }
    assertFalse(plain.keyFrameWanted());
  }

  @ParameterizedTest
  @ValueSource(strings = {"10 1000", "10 28ff", "10 78ff", "10 " + SEQUENCE})
  void packetAheadOfTheHeaderIsMarkedAsItsFrameThatWasLookedAt(String ahead)
      throws PayloadFormatException {
    int unused = mark(plain, KEY_PACKET, true, 0);
    assertTrue(descriptorOf(plain).length > 0);
    for (String packet : new String[] {ahead, "10 " + NEXT, "90 ffff"}) {
      look(plain, packet, 3000);
    }
    assertEquals(
        FrameMarkingCodec.ofNonScalable(true, false, false, false),
        mark(plain, ahead, false, 3000));
    assertEquals(0x80, descriptorOf(plain)[0] & 0xc0);
    assertEquals(
        FrameMarkingCodec.ofNonScalable(false, false, false, false),
        mark(plain, "10 " + NEXT, false, 3000));
    assertEquals(0, descriptorOf(plain)[0] & 0xc0);
    assertEquals(
        FrameMarkingCodec.ofNonScalable(false, true, false, false),
        mark(plain, "90 ffff", true, 3000));
    assertEquals(0x40, descriptorOf(plain)[0] & 0xc0);
    assertEquals(
        FrameMarkingCodec.ofNonScalable(true, true, false, false),
        mark(plain, "10 " + NEXT, true, 6000));
    assertFalse(plain.keyFrameWanted());
  }

  @Test
  void sequenceHeaderInAPacketOfItsOwnMakesAKeyFrameWhole() throws PayloadFormatException {
    look(plain, "18 " + SEQUENCE, 0);
    look(plain, "10 " + KEY, 0);
    assertEquals(
        FrameMarkingCodec.ofNonScalable(true, false, true, false),
        mark(plain, "18 " + SEQUENCE, false, 0));
    assertTrue(descriptorOf(plain).length > 3);
    assertEquals(
        FrameMarkingCodec.ofNonScalable(false, true, true, false),
        mark(plain, "10 " + KEY, true, 0));
  }

  @Test
  void packetAheadOfTheHeaderIsRefusedWithoutAndCostsNothingElse() throws PayloadFormatException {
    int unused = mark(plain, KEY_PACKET, true, 0);
    assertTrue(descriptorOf(plain).length > 0);
    assertRefused(Reason.AV1_FRAME_HEADER_MISSING, plain, "10 1000");
    assertFalse(plain.keyFrameWanted());
    assertEquals(
        FrameMarkingCodec.ofNonScalable(true, true, false, false),
        mark(plain, "10 " + NEXT, true, 90_000));
    assertEquals(3, descriptorOf(plain).length);
  }

  @Test
  void frameThatCannotBeReadCostsItselfOnly() throws PayloadFormatException {
    int unused = mark(plain, KEY_PACKET, true, 0);
    assertTrue(descriptorOf(plain).length > 0);
    assertRefused(Reason.AV1_OBU_HEADER, plain, "10 b0");
    assertEquals(0, descriptorOf(plain).length);
    assertTrue(plain.keyFrameWanted());
    for (int i = 1; i < 10; i++) {
      unused = mark(plain, "10" + NEXT, true, 90_000 + i);
      assertTrue(descriptorOf(plain).length > 3, "depends on the odd one");
    }
    unused = mark(plain, KEY_PACKET, true, 99_000);
    assertFalse(plain.keyFrameWanted());
  }

  @ParameterizedTest
  @CsvSource({
    "28 1d" + SEQUENCE + KEY, // two elements, the last one without length
    "08 1d" + SEQUENCE + "11" + KEY, // all with lengths
    "38 02 1200 1d" + SEQUENCE + KEY, // behind a temporal delimiter
    "28 9d00" + SEQUENCE + KEY, // a length in two octets
    "28 1e 0a1c" + "0087072b8195c04a60e530329809441ca20651012d4cffb3cd1a0080" + KEY, // OBU size
    "28 1d" + SEQUENCE + "34 00" + "124fcb3827f8167a7f81fffffe2cfc38", // layers named
  })
  void findsFrame(String payload) throws PayloadFormatException {
    assertEquals(
        FrameMarkingCodec.ofScalable(true, false, true, false, false, 0, 0, 1),
        mark(layered, payload, false, 0));
    assertEquals(95, descriptorOf(layered).length);
  }

  /** OBUs of several tile groups, and a frame header that is told again. */
  @Test
  void whatFollowsFrameHeaderBelongsToFrame() throws PayloadFormatException {
    String frameHeader = "18" + tail(KEY);
    int unused = mark(plain, "28 1d" + SEQUENCE + frameHeader, false, 0);
    assertTrue(descriptorOf(plain).length > 3);
    assertTrue(FrameMarkingCodec.independent(mark(plain, "20 02 20ff 20ff", false, 0)));
    assertTrue(FrameMarkingCodec.independent(mark(plain, "10 38" + tail(KEY), true, 0)));
    assertEquals(3, descriptorOf(plain).length);
  }

  @Test
  void secondFrameWithinFrameIsOneThatOthersMayDependOn() throws PayloadFormatException {
    int unused = mark(plain, KEY_PACKET, false, 0);
    assertTrue(descriptorOf(plain).length > 0);
    assertEquals(
        FrameMarkingCodec.ofNonScalable(false, true, false, false),
        mark(plain, "10" + NEXT, true, 0));
    assertEquals(0, descriptorOf(plain).length);
    assertEquals(
        FrameMarkingCodec.ofNonScalable(true, true, false, false),
        mark(plain, "10" + NEXT, true, 3000));
    assertTrue(descriptorOf(plain).length > 3);
    assertTrue(plain.keyFrameWanted());
    assertTrue(FrameMarkingCodec.independent(mark(plain, KEY_PACKET, true, 6000)));
    assertTrue(descriptorOf(plain).length > 0);
  }

  @Test
  void continuationWhoseBeginningWasMissedPromisesNothing() throws PayloadFormatException {
    int unused = mark(layered, KEY_PACKET, true, 0);
    assertEquals(
        FrameMarkingCodec.ofScalable(false, true, false, false, false, 0, 0, 1),
        mark(layered, "90 ffff", true, 3000));
    assertEquals(0, descriptorOf(layered).length);
  }

  /** Key frames that are not shown, and showing them, are no place to begin at. */
  @Test
  void hiddenKeyFrameIsNoKey() throws Exception {
    int unused = mark(plain, KEY_PACKET, true, 0);
    assertTrue(descriptorOf(plain).length > 0);
    String hidden =
        HexFormat.of()
            .formatHex(
                new BitString()
                    .put(0, 1)
                    .put(0, 2) // key
                    .put(0, 1) // not shown
                    .put(1, 1) // showable
                    .put(0, 1) // error resilient
                    .put(0, 1)
                    .put(0, 1) // screen content tools
                    .put(0, 1) // size
                    .put(2, 8)
                    .put(0, 8)
                    .octets());
    int marking = mark(plain, "10 30" + hidden, true, 3000);
    assertFalse(FrameMarkingCodec.independent(marking));
    assertTrue(descriptorOf(plain).length > 0);
    marking = mark(plain, "10 18 90", true, 6000); // shows slot 1
    assertFalse(FrameMarkingCodec.independent(marking));
    DependencyDescriptorReader reader = new DependencyDescriptorReader();
    unused = mark(plain, KEY_PACKET, true, 9000);
    byte[] descriptor = descriptorOf(plain);
    assertTrue(reader.read(descriptor, 0, descriptor.length));
    assertEquals("S0T0 [] [0] S", Objects.requireNonNull(reader.dependencies()).toString());
    unused = mark(plain, "10 30" + hidden, true, 12_000);
    unused = mark(plain, "10 18 90", true, 15_000);
    descriptor = descriptorOf(plain);
    assertTrue(reader.read(descriptor, 0, descriptor.length));
    assertEquals("S0T0 [1] [1] S", Objects.requireNonNull(reader.dependencies()).toString());
  }

  /** The size of the middle layer is due before it is seen. */
  @ParameterizedTest
  @CsvSource({
    // KEY has the size 320x180 of its own; the sequence says 1280x720
    "124fcb3827f8167a7f81fffffe2cfc38, true",
    // 1280x720, as if there were no lower layers
    "120fcb3827f8167a7f81fffffe2cfc38, false",
  })
  void expectsMiddleLayerToBeHalfAsLarge(String frame, boolean sized) throws Exception {
    int unused = mark(layered, "28 1d" + SEQUENCE + "30" + frame, true, 0);
    byte[] descriptor = descriptorOf(layered);
    DependencyDescriptorReader reader = new DependencyDescriptorReader();
    assertTrue(reader.read(descriptor, 0, descriptor.length));
    DependencyStructure structure = Objects.requireNonNull(reader.structure());
    assertEquals(sized, structure.hasResolutions());
    if (sized) {
      assertEquals(640, structure.width(1));
      assertEquals(360, structure.height(1));
      assertEquals(1280, structure.width(2));
      assertEquals(720, structure.height(2));
    }
  }

  /** Pictures of temporal layers 0 2 1 2, each kept in a slot of its layer's number. */
  @Test
  void believesPromiseOfSwitchingUpUntilItIsBroken() throws Exception {
    Av1Marker marker = new Av1Marker(SvcLayers.full(1, 3).withSwitchingUp());
    int unused = mark(marker, KEY_PACKET, true, 0);
    assertTold(marker, "S0T0 [] [0] SSS");
    unused = mark(marker, inter(1, 1, 0), true, 1);
    assertTold(marker, "S0T1 [1] [1] -SS");
    unused = mark(marker, inter(0, 0, 0), true, 2);
    assertTold(marker, "S0T0 [2] [2] SSS");
    unused = mark(marker, inter(2, 2, 1), true, 3); // past picture 2
    assertTold(marker, "S0T2 [2] [1] --D");
    unused = mark(marker, inter(1, 1, 1), true, 4);
    assertTold(marker, "S0T1 [3] [2] -RR");
    unused = mark(marker, inter(0, 0, 0), true, 5);
    assertTold(marker, "S0T0 [3] [3] SRR");
  }

  @Test
  void withoutPromiseOnlyWhatIsCertainIsSwitchingPoint() throws Exception {
    Av1Marker marker = new Av1Marker(SvcLayers.full(1, 3));
    int unused = mark(marker, KEY_PACKET, true, 0);
    assertTold(marker, "S0T0 [] [0] SSS");
    unused = mark(marker, inter(1, 1, 0), true, 1);
    assertTold(marker, "S0T1 [1] [1] -SS");
    unused = mark(marker, inter(0, 0, 0), true, 2);
    assertTold(marker, "S0T0 [2] [2] SRR");
  }

  private final DependencyDescriptorReader reader = new DependencyDescriptorReader();

  private void assertTold(FrameMarker marker, String expected) throws Exception {
    byte[] descriptor = descriptorOf(marker);
    assertTrue(reader.read(descriptor, 0, descriptor.length));
    assertEquals(expected, Objects.requireNonNull(reader.dependencies()).toString());
  }

  /** A frame of the sequence above that goes into one slot and refers to one. */
  private static String inter(int temporalId, int replaced, int referred) {
    BitString bits =
        new BitString()
            .put(0x10, 8) // one element
            .put(0x34, 8)
            .put(temporalId, 3)
            .put(0, 5)
            .put(0, 1)
            .put(1, 2) // inter
            .put(1, 1) // shown
            .put(0, 1) // error resilient
            .put(0, 1)
            .put(0, 1) // screen content tools
            .put(0, 1) // size
            .put(7, 3)
            .put(1 << replaced, 8);
    for (int i = 0; i < Av1FrameHeader.REFERENCES; i++) {
      bits.put(referred, 3);
    }
    return HexFormat.of().formatHex(bits.octets());
  }

  @ParameterizedTest
  @CsvSource({
    "'', EMPTY",
    "10, AV1_ELEMENT_OVERRUN",
    "20 02 20ff, AV1_ELEMENT_OVERRUN", // the last element is empty
    "00 00, AV1_ELEMENT_OVERRUN",
    "00 05 3012, AV1_ELEMENT_OVERRUN",
    "00 ffffffff7f 3012, AV1_ELEMENT_OVERRUN", // more than an int
    "00 8080808080 00, AV1_ELEMENT_OVERRUN", // more than five octets
    "00 80, AV1_ELEMENT_OVERRUN",
    "20 80, AV1_ELEMENT_OVERRUN",
    "10 b012, AV1_OBU_HEADER",
    "10 34, AV1_OBU_HEADER",
    "10 32, AV1_ELEMENT_OVERRUN", // OBU without its size
    "20 1d " + SEQUENCE + " 32 80, AV1_ELEMENT_OVERRUN",
    "10 30, FRAME_HEADER_TRUNCATED",
    "10 3201 12, FRAME_HEADER_TRUNCATED",
    "10 0800, FRAME_HEADER_TRUNCATED",
    "10 28ff, AV1_FRAME_HEADER_MISSING", // metadata
    "10 " + SEQUENCE + ", AV1_FRAME_HEADER_MISSING",
    "10 34601100, LAYER_RANGE",
    "10 34181100, LAYER_RANGE",
  })
  void refuses(String payload, Reason reason) throws PayloadFormatException {
    int unused = mark(layered, KEY_PACKET, true, 0);
    assertRefused(reason, layered, payload);
    assertEquals(0, layered.writeDescriptor(new byte[0], 0));
    assertFalse(
        FrameMarkingCodec.independent(mark(layered, "90 ffff", true, 90_000)),
        "the rest of its frame");
    assertTrue(
        FrameMarkingCodec.independent(mark(layered, KEY_PACKET, true, 180_000)),
        "usable afterwards");
  }

  @Test
  void refusesFramesBeforeSequence() {
    assertRefused(Reason.AV1_SEQUENCE_HEADER_MISSING, layered, "10" + KEY);
  }

  @Test
  void refusesLayersThatCannotBe() {
    assertThrows(IllegalArgumentException.class, () -> layered.activate(4, 1));
    assertThrows(IllegalArgumentException.class, () -> layered.activate(1, 0));
  }
}
