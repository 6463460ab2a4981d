/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.marking;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.perc4j.e2e.marking.Marking.assertRefused;
import static org.perc4j.e2e.marking.Marking.mark;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.perc4j.e2e.marking.PayloadFormatException.Reason;
import org.perc4j.header.framemarking.FrameMarkingCodec;

class Vp8MarkerTest {
  /** The start of a key frame of 176x144 (RFC 6386 section 9.1). */
  private static final String KEY = "302000" + "9d012a" + "b0009000";

  private static final String INTER = "b10200";

  private final Vp8Marker plain = new Vp8Marker(1);
  private final Vp8Marker layered = new Vp8Marker(3);

  /** The examples of RFC 7741 section 4.4: N, S, PID and M are drawn there, sizes are made up. */
  @ParameterizedTest
  @CsvSource({
    "90 80 11" + KEY + ", true, true, false", // key frame, 7-bit PictureID
    "90 80 8011" + KEY + ", true, true, false", // the same, 15-bit
    "80 80 11" + INTER + ", false, false, false", // continues a partition
    "81 80 11" + INTER + ", false, false, false", // another partition
    "91 80 11" + INTER + ", false, false, false", // begins a partition, not the frame
    "90 80 11" + INTER + ", true, false, false",
    "b0 80 11" + INTER + ", true, false, true", // non-reference
    "10 " + KEY + ", true, true, false", // no extension
  })
  void marksWithoutLayers(String payload, boolean start, boolean independent, boolean discardable)
      throws PayloadFormatException {
    assertEquals(
        FrameMarkingCodec.ofNonScalable(start, true, independent, discardable),
        mark(plain, payload, true, 0));
  }

  @Test
  void allPacketsOfKeyFrameAreIndependent() throws PayloadFormatException {
    assertEquals(
        FrameMarkingCodec.ofNonScalable(true, false, true, false),
        mark(plain, "10" + KEY, false, 0));
    assertEquals(
        FrameMarkingCodec.ofNonScalable(false, false, true, false),
        mark(plain, "00" + INTER, false, 0));
    assertEquals(
        FrameMarkingCodec.ofNonScalable(false, true, true, false),
        mark(plain, "11" + INTER, true, 0));
    assertEquals(
        FrameMarkingCodec.ofNonScalable(true, true, false, false),
        mark(plain, "10" + INTER, true, 3000));
  }

  @Test
  void frameWhoseStartWasMissedIsNotIndependent() throws PayloadFormatException {
    int unused = mark(plain, "10" + KEY, false, 0);
    assertFalse(FrameMarkingCodec.independent(mark(plain, "00" + INTER, false, 3000)));
    assertFalse(FrameMarkingCodec.independent(mark(plain, "00" + INTER, true, 3000)));
    assertTrue(FrameMarkingCodec.independent(mark(plain, "10" + KEY, true, 6000)));
    // the timestamp comes again, after the frame has ended
    assertFalse(FrameMarkingCodec.independent(mark(plain, "00" + INTER, true, 6000)));
  }

  @ParameterizedTest
  @CsvSource({
    "90 e0 8001 07 00 " + KEY + ", true, false, 0, 7",
    "90 e0 8002 07 a0 " + INTER + ", false, true, 2, 7",
    "90 e0 8002 07 80 " + INTER + ", false, false, 2, 7",
    "90 f0 8002 07 6f " + INTER + ", false, true, 1, 7", // with key index
    "90 f0 8002 ff 2f " + INTER + ", false, false, 0, 255", // Y says nothing of the base layer
    "90 60 07 a0 " + INTER + ", false, true, 2, 7", // no PictureID
  })
  void marksTemporalLayers(
      String payload, boolean independent, boolean sync, int temporalId, int tl0PicIdx)
      throws PayloadFormatException {
    assertEquals(
        FrameMarkingCodec.ofScalable(
            true, false, independent, false, sync, temporalId, 0, tl0PicIdx),
        mark(layered, payload, false, 0));
  }

  @Test
  void countsFramesOfLowestLayerThatPacketizerDoesNot() throws PayloadFormatException {
    int first = FrameMarkingCodec.tl0PicIdx(mark(layered, "90 20 00" + KEY, true, 0));
    assertEquals(first, FrameMarkingCodec.tl0PicIdx(mark(layered, "90 20 80" + INTER, true, 1)));
    assertEquals(first, FrameMarkingCodec.tl0PicIdx(mark(layered, "90 20 40" + INTER, true, 2)));
    assertEquals(
        first + 1, FrameMarkingCodec.tl0PicIdx(mark(layered, "90 20 00" + INTER, false, 3)));
    assertEquals(
        first + 1, FrameMarkingCodec.tl0PicIdx(mark(layered, "80 20 00" + INTER, true, 3)));
  }

  @Test
  void needsNoDescriptor() throws PayloadFormatException {
    int unused = mark(layered, "90 e0 8001 07 00 " + KEY, true, 0);
    assertEquals(0, layered.writeDescriptor(new byte[0], 0));
  }

  @ParameterizedTest
  @CsvSource({
    "'', EMPTY",
    "90, DESCRIPTOR_TRUNCATED",
    "9080, DESCRIPTOR_TRUNCATED",
    "908080, DESCRIPTOR_TRUNCATED",
    "9040, DESCRIPTOR_TRUNCATED",
    "9020, DESCRIPTOR_TRUNCATED",
    "90e08001, DESCRIPTOR_TRUNCATED",
    "90e0800107, DESCRIPTOR_TRUNCATED",
    "90e080010700, FRAME_HEADER_TRUNCATED",
    "90e080010700 3020009d01, FRAME_HEADER_TRUNCATED",
    "90e080010700 3020009e012a, FRAME_HEADER_INVALID",
    "90e080010700 3020009d022a, FRAME_HEADER_INVALID",
    "90e080010700 3020009d012b, FRAME_HEADER_INVALID",
    "9080800131, LAYER_MISSING",
    "10b1, LAYER_MISSING",
    "90e0800107c0 31, LAYER_RANGE",
  })
  void refuses(String payload, Reason reason) throws PayloadFormatException {
    assertRefused(reason, layered, payload);
    assertTrue(
        FrameMarkingCodec.independent(mark(layered, "90 e0 8001 07 00 " + KEY, true, 0)),
        "usable afterwards");
  }

  @Test
  void refusesLayersThatCannotBe() {
    assertThrows(IllegalArgumentException.class, () -> new Vp8Marker(0));
    assertThrows(IllegalArgumentException.class, () -> new Vp8Marker(5));
  }
}
