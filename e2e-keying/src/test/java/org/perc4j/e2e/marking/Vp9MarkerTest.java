/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.marking;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.perc4j.e2e.marking.Marking.assertRefused;
import static org.perc4j.e2e.marking.Marking.descriptorOf;
import static org.perc4j.e2e.marking.Marking.mark;
import static org.perc4j.e2e.marking.Marking.octets;

import java.util.HexFormat;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.perc4j.e2e.marking.PayloadFormatException.Reason;
import org.perc4j.header.dependency.DependencyDescriptorReader;
import org.perc4j.header.dependency.FrameDependencies;
import org.perc4j.header.framemarking.FrameMarkingCodec;

class Vp9MarkerTest {
  /** The beginning of a key frame of 160x120, as libvpx wrote it. */
  private static final String KEY = "834983420009f00778";

  private final Vp9Marker plain = new Vp9Marker(SvcLayers.full(1, 1));
  private final Vp9Marker layered = new Vp9Marker(SvcLayers.full(1, 3));
  private final DependencyDescriptorReader reader = new DependencyDescriptorReader();

  /** A frame that refers to three slots, of the size of the first of them. */
  private static String inter(int replaced, int first, int second, int third) {
    return hex(
        new BitString()
            .put(0b10_00_0_1_1_1, 8) // profile 0, inter, shown, error resilient
            .put(replaced, 8)
            .put(first, 3)
            .put(0, 1)
            .put(second, 3)
            .put(0, 1)
            .put(third, 3)
            .put(0, 1)
            .put(1, 1));
  }

  private static String hex(BitString bits) {
    return HexFormat.of().formatHex(bits.octets());
  }

  private FrameDependencies told(FrameMarker marker) throws Exception {
    byte[] descriptor = descriptorOf(marker);
    assertTrue(reader.read(descriptor, 0, descriptor.length));
    return Objects.requireNonNull(reader.dependencies());
  }

  @Test
  void packetsOfFrameAreMarkedAlike() throws PayloadFormatException {
    assertEquals(
        FrameMarkingCodec.ofNonScalable(true, false, true, false),
        mark(plain, "88 01" + KEY, false, 0));
    assertEquals(
        FrameMarkingCodec.ofNonScalable(false, false, true, false),
        mark(plain, "80 01 ffff", false, 0));
    // The payload says that it is the last, whatever the caller says.
    assertEquals(
        FrameMarkingCodec.ofNonScalable(false, true, true, false),
        mark(plain, "84 01 ffff", false, 0));
    assertEquals(
        FrameMarkingCodec.ofNonScalable(true, true, false, false),
        mark(plain, "cc 02" + inter(1, 0, 1, 2), true, 3000));
    assertEquals(
        FrameMarkingCodec.ofNonScalable(true, true, false, true),
        mark(plain, "cc 03" + inter(0, 0, 1, 2), true, 6000));
  }

  @Test
  void countsReferencesThatPictureDifferencesName() throws Exception {
    assertTold("b8 01 00" + KEY, 0, "S0T0 [] [0] SSS", true);
    // Slots 1 and 2 are replaced; then only one of them is really referred to.
    assertTold("f8 02 40 02" + inter(0b10, 0, 0, 0), 1, "S0T2 [1] [1] --D", false);
    assertTold("f8 03 20 04" + inter(0b100, 0, 1, 0), 2, "S0T1 [2] [2] -SS", false);
    assertTold("f8 04 40 03 06" + inter(0, 2, 0, 1), 3, "S0T2 [1, 3] [3] --D", false);
    // What none of the slots holds is not believed.
    assertTold("f8 05 00 7e" + inter(1, 0, 1, 2), 4, "S0T0 [4] [4] SRR", false);
    // A switching up point
    assertTold("f8 06 10 02" + inter(1, 0, 0, 0), 5, "S0T0 [1] [1] SSS", false);
  }

  private void assertTold(String payload, int picture, String expected, boolean independent)
      throws Exception {
    int marking = mark(layered, payload, true, picture * 3000L);
    assertEquals(independent, FrameMarkingCodec.independent(marking));
    assertEquals(expected, told(layered).toString());
  }

  /** The same, with the group of pictures that the key picture tells. */
  @Test
  void countsReferencesThatGroupNames() throws Exception {
    String group = "08 04 04 04 44 01 24 02 48 01 03";
    assertTold("aa ffff 00 07" + group + KEY, 0, "S0T0 [] [0] SSS", true);
    assertTold("e8 8000 40 07" + inter(0b10, 0, 0, 0), 1, "S0T2 [1] [1] --D", false);
    assertTold("e8 8001 20 07" + inter(0b100, 0, 1, 0), 2, "S0T1 [2] [2] -SS", false);
    assertTold("e8 8002 40 07" + inter(0, 2, 0, 1), 3, "S0T2 [1, 3] [3] --D", false);
    assertTold("e8 8003 00 08" + inter(1, 0, 0, 0), 4, "S0T0 [4] [4] SRR", false);
    assertTold("e8 8004 40 08" + inter(0b10, 0, 2, 2), 5, "S0T2 [1] [1] --D", false);
    assertTold("e8 8005 20 08" + inter(0b100, 0, 2, 2), 6, "S0T1 [2] [2] -SS", false);
  }

  /** Nobody promises that the highest temporal layer is not used; then it is not relied on. */
  @Test
  void doesNotRelyOnHighestLayerThatIsReferredTo() throws Exception {
    assertTold("b8 01 00" + KEY, 0, "S0T0 [] [0] SSS", true);
    assertTold("f8 02 40 02" + inter(0b10, 0, 0, 0), 1, "S0T2 [1] [1] --D", false);
    assertTold("f8 03 40 02" + inter(0b10, 1, 1, 1), 2, "S0T2 [1] [2] --S", false);
    assertTold("f8 04 40 02" + inter(0b100, 1, 1, 1), 3, "S0T2 [1] [3] --S", false);
    int marking = mark(layered, "f8 05 40 02" + inter(0b100, 1, 1, 1), true, 12_000);
    assertFalse(FrameMarkingCodec.discardable(marking));
    assertTrue(
        FrameMarkingCodec.discardable(mark(layered, "f8 06 40 02" + inter(0, 1, 1, 1), true, 13)));
  }

  @Test
  void newSizesTakeNewStructure() throws Exception {
    assertTold("b8 01 00" + KEY, 0, "S0T0 [] [0] SSS", true);
    int first = reader.templateId();
    assertEquals(160, Objects.requireNonNull(reader.structure()).width(0));
    assertTold("b8 02 00" + KEY, 1, "S0T0 [] [0] SSS", true);
    assertEquals(first, reader.templateId());
    assertTold("b8 03 00 834983420013f00b38", 2, "S0T0 [] [0] SSS", true);
    assertEquals(320, Objects.requireNonNull(reader.structure()).width(0));
    assertEquals(180, Objects.requireNonNull(reader.structure()).height(0));
    assertTrue(
        reader.templateId() >= first + Objects.requireNonNull(reader.structure()).templateCount());
  }

  @Test
  void structureWithoutSizesAsLongAsTheyAreNotKnown() throws Exception {
    Vp9Marker marker = new Vp9Marker(SvcLayers.full(2, 1));
    for (int round = 0; round < 2; round++) {
      int unused = mark(marker, "bc 01 00" + KEY, true, round);
      assertEquals("S0T0 [] [0, 0] SS", told(marker).toString());
      assertEquals(round > 0, Objects.requireNonNull(reader.structure()).hasResolutions());
      String sizeOfItsOwn =
          hex(
              new BitString()
                  .put(0b10_00_0_1_1_1, 8)
                  .put(2, 8)
                  .put(0, 12)
                  .put(0, 3)
                  .put(319, 16)
                  .put(239, 16));
      unused = mark(marker, "bd 01 03" + sizeOfItsOwn, true, round);
      assertEquals("S1T0 [1] [1, 1] -S", told(marker).toString());
    }
    assertEquals(320, Objects.requireNonNull(reader.structure()).width(1));
    assertEquals(240, Objects.requireNonNull(reader.structure()).height(1));
  }

  /** K-SVC: layers are predicted from lower ones in key pictures only. */
  @Test
  void layersPartAfterKeyPicture() throws Exception {
    Vp9Marker marker = new Vp9Marker(new SvcLayers(2, 1, SvcLayers.InterLayer.KEY_PICTURES, false));
    int marking = mark(marker, "bc 01 00" + KEY, true, 0);
    assertEquals("S0T0 [] [0, 0] SS", told(marker).toString());
    assertTrue(FrameMarkingCodec.independent(marking));
    marking = mark(marker, "bd 01 03" + inter(2, 0, 0, 0), true, 0);
    assertEquals("S1T0 [1] [1, 1] -S", told(marker).toString());
    assertTrue(FrameMarkingCodec.independent(marking));
    for (int picture = 1; picture < 4; picture++) {
      marking = mark(marker, "fd 02 00 02" + inter(1, 0, 0, 0), true, picture);
      assertEquals("S0T0 [2] [2, 1] S-", told(marker).toString());
      assertFalse(FrameMarkingCodec.independent(marking));
      // The header names slot 0, the lower layer, but the structure excludes that.
      marking = mark(marker, "fd 02 02 02" + inter(2, 1, 0, 0), true, picture);
      assertEquals("S1T0 [2] [1, 2] -S", told(marker).toString());
      assertFalse(FrameMarkingCodec.discardable(marking));
    }
  }

  @Test
  void layersThatAreNeverPredictedFromEachOther() throws Exception {
    Vp9Marker marker = new Vp9Marker(new SvcLayers(2, 1, SvcLayers.InterLayer.NEVER, false));
    int marking = mark(marker, "bd 01 00" + KEY, true, 0);
    assertTrue(FrameMarkingCodec.independent(marking));
    assertEquals("S0T0 [] [0, 0] S-", told(marker).toString());
    String intraOnly =
        hex(
            new BitString()
                .put(0b10_00_0_1_0_1, 8) // inter, not shown, error resilient
                .put(1, 1)
                .put(0x498342, 24)
                .put(2, 8)
                .put(319, 16)
                .put(239, 16));
    marking = mark(marker, "bd 01 02" + intraOnly, true, 0);
    assertTrue(FrameMarkingCodec.independent(marking));
    assertEquals("S1T0 [] [1, 0] -S", told(marker).toString());
    marking = mark(marker, "fd 02 00 02" + inter(1, 0, 0, 0), true, 1);
    assertFalse(FrameMarkingCodec.independent(marking));
    assertEquals("S0T0 [2] [2, 1] S-", told(marker).toString());
    marking = mark(marker, "fd 02 02 02" + inter(2, 1, 0, 0), true, 1);
    assertEquals("S1T0 [2] [1, 2] -S", told(marker).toString());
    assertFalse(FrameMarkingCodec.independent(marking));
  }

  /** As an encoder with look-ahead makes them, behind which others hide in the same payload. */
  @Test
  void nothingIsPromisedAfterFrameThatIsNotShown() throws PayloadFormatException {
    int unused = mark(plain, "8c 01" + KEY, true, 0);
    String hidden = hex(new BitString().put(0b10_00_0_1_0_1, 8).put(0, 28).put(0, 28));
    assertFalse(FrameMarkingCodec.independent(mark(plain, "cc 02" + hidden, true, 1)));
    assertEquals(0, plain.writeDescriptor(new byte[0], 0));
    assertFalse(FrameMarkingCodec.independent(mark(plain, "cc 03" + inter(1, 0, 0, 0), true, 2)));
    assertEquals(0, plain.writeDescriptor(new byte[0], 0));
    assertTrue(FrameMarkingCodec.independent(mark(plain, "8c 04" + KEY, true, 3)));
    assertEquals(0x80, descriptorOf(plain)[3] & 0x80, "a structure");
  }

  @Test
  void showingFrameAgainRefersToIt() throws Exception {
    int unused = mark(plain, "8c 01" + KEY, true, 0);
    assertEquals("S0T0 [] [0] S", told(plain).toString());
    int marking = mark(plain, "cc 02 8a", true, 1); // slot 2
    assertEquals("S0T0 [1] [1] D", told(plain).toString());
    assertTrue(FrameMarkingCodec.discardable(marking));
  }

  @Test
  void referenceThatDescriptorCannotNameIsLeftOut() throws PayloadFormatException {
    int unused = mark(plain, "8c 01" + KEY, true, 0);
    assertTrue(descriptorOf(plain).length > 0);
    for (int i = 1; i < 4096; i++) {
      unused = mark(plain, "cc 01" + inter(2, 1, 1, 1), true, i);
    }
    assertTrue(descriptorOf(plain).length > 0);
    assertEquals(
        FrameMarkingCodec.ofNonScalable(true, true, false, false),
        mark(plain, "cc 01" + inter(2, 0, 1, 1), true, 4096));
    assertEquals(7, descriptorOf(plain).length);
    for (int i = 4097; i < 9000; i++) {
      unused = mark(plain, "cc 01" + inter(2, 0, 1, 1), true, i);
      assertTrue(descriptorOf(plain).length > 0);
    }
    assertFalse(plain.keyFrameWanted());
  }

  @Test
  void layerThatComesBackTooLateForItsChainIsNotDescribedOnce() throws PayloadFormatException {
    Vp9Marker marker = new Vp9Marker(new SvcLayers(2, 1, SvcLayers.InterLayer.KEY_PICTURES, false));
    int unused = mark(marker, "bc 01 00" + KEY, true, 0);
    assertTrue(descriptorOf(marker).length > 0);
    unused = mark(marker, "bd 01 03" + inter(2, 0, 0, 0), true, 0);
    for (int i = 1; i < 300; i++) {
      unused = mark(marker, "fd 01 00 02" + inter(1, 0, 0, 0), true, i);
      assertTrue(descriptorOf(marker).length > 0);
    }
    assertFalse(marker.keyFrameWanted());
    unused = mark(marker, "fd 01 02 02" + inter(2, 1, 1, 1), true, 299);
    assertEquals(0, descriptorOf(marker).length);
    assertTrue(marker.keyFrameWanted());
    unused = mark(marker, "fd 01 00 02" + inter(1, 0, 0, 0), true, 300);
    assertTrue(descriptorOf(marker).length > 0);
    unused = mark(marker, "fd 01 02 02" + inter(2, 1, 1, 1), true, 300);
    assertTrue(descriptorOf(marker).length > 0);
    unused = mark(marker, "bc 01 00" + KEY, true, 301);
    assertFalse(marker.keyFrameWanted());
  }

  @Test
  void frameThatRefersToOtherLayersIsNotDescribed() throws PayloadFormatException {
    int unused = mark(layered, "b8 01 00" + KEY, true, 0);
    assertTrue(descriptorOf(layered).length > 0);
    unused = mark(layered, "fc 02 20 02" + inter(0xFF, 0, 0, 0), true, 1);
    unused = mark(layered, "fc 03 00 02" + inter(1, 0, 0, 0), true, 2);
    assertEquals(0, layered.writeDescriptor(new byte[0], 0));
    assertTrue(layered.keyFrameWanted());
    unused = mark(layered, "fc 04 00 02" + inter(1, 0, 0, 0), true, 3);
    assertTrue(descriptorOf(layered).length > 0, "the frame after that is told of again");
  }

  @Test
  void continuationOfAnotherLayerWasMissed() throws Exception {
    Vp9Marker marker = new Vp9Marker(SvcLayers.full(2, 1));
    int unused = mark(marker, "b8 01 00" + KEY, false, 0);
    assertEquals(
        FrameMarkingCodec.ofScalable(false, false, false, false, false, 0, 1, 1),
        mark(marker, "b0 01 03 ff", false, 0));
    assertEquals(0, marker.writeDescriptor(new byte[0], 0));
  }

  @ParameterizedTest
  @CsvSource({
    "'', EMPTY",
    "88, DESCRIPTOR_TRUNCATED",
    "8880, DESCRIPTOR_TRUNCATED",
    "a801, DESCRIPTOR_TRUNCATED",
    "a80100, DESCRIPTOR_TRUNCATED",
    "f80100, DESCRIPTOR_TRUNCATED",
    "f8010003, DESCRIPTOR_TRUNCATED",
    "f80100 03 03 03, VP9_TOO_MANY_REFERENCES",
    "f80100 03 03 03 02, VP9_TOO_MANY_REFERENCES",
    "ba0100, DESCRIPTOR_TRUNCATED",
    "ba0100 10 000000, DESCRIPTOR_TRUNCATED",
    "ba0100 08, DESCRIPTOR_TRUNCATED",
    "ba0100 08 02 00, DESCRIPTOR_TRUNCATED",
    "ba0100 08 01 04, DESCRIPTOR_TRUNCATED",
    "ba0100 20, LAYER_RANGE",
    "8801 " + KEY + ", LAYER_MISSING",
    "b80160 " + KEY + ", LAYER_RANGE",
    "b80102 " + KEY + ", LAYER_RANGE",
    "b80100, FRAME_HEADER_TRUNCATED",
    "b80100 8349834200, FRAME_HEADER_TRUNCATED",
    "b80100 43, FRAME_HEADER_INVALID", // frame marker
    "b80100 b8, FRAME_HEADER_INVALID", // reserved bit of profile 3
    "b80100 83498343 0009f00778, FRAME_HEADER_INVALID", // sync code
    "b80100 83498342e009f00778, FRAME_HEADER_INVALID", // sRGB in profile 0
    "b80100 85c94983430009f00778, FRAME_HEADER_INVALID", // sync code, intra only
  })
  void refuses(String payload, Reason reason) throws PayloadFormatException {
    int unused = mark(layered, "b8 01 00" + KEY, true, 0);
    assertRefused(reason, layered, payload);
    assertEquals(0, layered.writeDescriptor(new byte[0], 0));
    assertFalse(
        FrameMarkingCodec.independent(mark(layered, "b0 01 00 ff", true, 90_000)),
        "the rest of its frame");
    assertTrue(
        FrameMarkingCodec.independent(mark(layered, "b8 01 00" + KEY, true, 180_000)),
        "usable afterwards");
  }

  @Test
  void refusesLayersThatCannotBe() {
    for (int[] layers : new int[][] {{0, 1}, {1, 0}, {4, 1}, {1, 4}}) {
      assertThrows(IllegalArgumentException.class, () -> SvcLayers.full(layers[0], layers[1]));
      assertThrows(
          IllegalArgumentException.class,
          () -> new Vp9Marker(SvcLayers.full(3, 3)).activate(layers[0], layers[1]));
    }
  }

  @Test
  void descriptorThatDoesNotFitIsCallersBug() throws PayloadFormatException {
    int unused = mark(layered, "b8 01 00" + KEY, true, 0);
    assertThrows(IndexOutOfBoundsException.class, () -> layered.writeDescriptor(new byte[3], 1));
    assertThrows(
        IndexOutOfBoundsException.class, () -> layered.mark(octets("b80100"), 1, 3, true, 0));
  }
}
