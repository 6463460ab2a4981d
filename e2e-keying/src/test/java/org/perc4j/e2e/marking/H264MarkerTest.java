/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.marking;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.perc4j.e2e.marking.Marking.assertRefused;
import static org.perc4j.e2e.marking.Marking.look;
import static org.perc4j.e2e.marking.Marking.mark;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.perc4j.e2e.marking.PayloadFormatException.Reason;
import org.perc4j.header.framemarking.FrameMarkingCodec;

class H264MarkerTest {
  private static final String IDR = "65888040";
  private static final String REFERENCE = "419a2040";
  private static final String NO_REFERENCE = "019e2040";
  private static final String PARAMETERS = "78 0004 6742c00b 0004 68cb8cb2";

  private final H264Marker plain = new H264Marker(1);
  private final H264Marker layered = new H264Marker(3);

  @ParameterizedTest
  @CsvSource({
    IDR + ", true, false",
    REFERENCE + ", false, false",
    NO_REFERENCE + ", false, true",
    "429a2040, false, false", // data partition A
    PARAMETERS + ", false, false",
    "6742c00b, false, false",
    "68cb8cb2, false, false",
    "0605ffff, false, false", // SEI
    "0910, false, false", // delimiter of I slices only
    "0930, false, false", // of I and P slices
    "78 0002 0910 0004 " + REFERENCE + ", false, false", // an I picture that is not IDR
    "78 0004 " + NO_REFERENCE + " 0004 " + NO_REFERENCE + ", false, true",
    "7c858880, true, false", // FU-A, start, of an IDR slice
    "1c818880, false, true", // FU-A, start, of a slice that is no reference
    "1c8605ff, false, false", // FU-A, start, of SEI
  })
  void marksWithoutLayers(String payload, boolean independent, boolean discardable)
      throws PayloadFormatException {
    assertEquals(
        FrameMarkingCodec.ofNonScalable(true, true, independent, discardable),
        mark(plain, payload, true, 0));
  }

  @Test
  void fragmentsAreMarkedAsTheirFirst() throws PayloadFormatException {
    int unused = mark(plain, PARAMETERS, false, 0);
    assertEquals(
        FrameMarkingCodec.ofNonScalable(false, false, true, false),
        mark(plain, "7c858880", false, 0));
    assertEquals(
        FrameMarkingCodec.ofNonScalable(false, false, true, false),
        mark(plain, "7c05ffff", false, 0));
    assertEquals(
        FrameMarkingCodec.ofNonScalable(false, true, true, false), mark(plain, "7c45ff", true, 0));
    assertEquals(
        FrameMarkingCodec.ofNonScalable(true, false, false, true),
        mark(plain, "1c818880", false, 3000));
    assertEquals(
        FrameMarkingCodec.ofNonScalable(false, true, false, true),
        mark(plain, "1c41ff", true, 3000));
  }

  @Test
  void fragmentsWhoseFirstWasMissedPromiseNothing() throws PayloadFormatException {
    int unused = mark(layered, "7c858880", false, 0);
    int nothing = FrameMarkingCodec.ofScalable(false, false, false, false, false, 0, 0, 1);
    assertEquals(nothing, mark(layered, "7c05ffff", false, 3000));
    assertEquals(nothing, mark(layered, "1c01ffff", false, 6000));
  }

  /** As an encoder sends them that repeats its parameter sets before any picture. */
  private static final List<String> PARAMETERS_THEN_SLICE =
      List.of("6742c01e8c8d40501ed00f08846a", "68ce3c80", "0606010c80", "41e00040be478444f04e");

  private static final List<String> PARAMETERS_THEN_IDR =
      List.of("0910", "6742c01e8c8d40501ed00f08846a", "68ce3c80", "0606010c80", IDR, "0cff80");

  @Test
  void parameterSetsAloneMakeNoSwitchingPoint() throws PayloadFormatException {
    for (boolean lookedAt : new boolean[] {false, true}) {
      assertMarkedAlike(new H264Marker(1), PARAMETERS_THEN_SLICE, lookedAt, false);
    }
  }

  @Test
  void allPacketsOfAnIdrPictureThatWasLookedAtAreOfASwitchingPoint() throws PayloadFormatException {
    assertMarkedAlike(new H264Marker(1), PARAMETERS_THEN_IDR, true, true);
  }

  @Test
  void packetsAheadOfAPictureThatWasLookedAtHaveItsLayer() throws PayloadFormatException {
    int unused = mark(layered, "78 0004 6ec08007 0004 " + IDR, true, 0);
    for (String packet : List.of("0930", "0e808047", NO_REFERENCE)) {
      look(layered, packet, 1);
    }
    assertEquals(
        FrameMarkingCodec.ofScalable(true, false, false, true, true, 2, 0, 1),
        mark(layered, "0930", false, 1));
    assertEquals(
        FrameMarkingCodec.ofScalable(false, false, false, true, true, 2, 0, 1),
        mark(layered, "0e808047", false, 1));
    assertEquals(
        FrameMarkingCodec.ofScalable(false, true, false, true, true, 2, 0, 1),
        mark(layered, NO_REFERENCE, true, 1));
  }

  private static void assertMarkedAlike(
      H264Marker marker, List<String> packets, boolean lookedAt, boolean independent)
      throws PayloadFormatException {
    for (int frame = 0; frame < 2; frame++) {
      if (lookedAt) {
        for (String packet : packets) {
          look(marker, packet, frame);
        }
      }
      for (int i = 0; i < packets.size(); i++) {
        boolean last = i == packets.size() - 1;
        assertEquals(
            FrameMarkingCodec.ofNonScalable(i == 0, last, independent, false),
            mark(marker, packets.get(i), last, frame),
            packets.get(i));
      }
    }
  }

  @Test
  void prefixTellsTemporalLayer() throws PayloadFormatException {
    // Behind the prefix: svc_extension_flag, idr_flag, PRID; N, DID, QID; TID, U, D, O, RR.
    assertMarked("78 0004 6ec08007 0004 " + IDR, 0, true, false, 0, false, 1);
    assertMarked("78 0004 0e808047 0004 " + NO_REFERENCE, 1, false, true, 2, true, 1);
    assertMarked("78 0004 4e808027 0004 " + REFERENCE, 2, false, false, 1, true, 1);
    assertMarked("78 0004 0e808047 0004 " + NO_REFERENCE, 3, false, true, 2, false, 1);
    assertMarked("78 0004 4e808007 0004 " + REFERENCE, 4, false, false, 0, false, 2);
    assertMarked("78 0004 4e808027 0004 " + REFERENCE, 5, false, false, 1, false, 2);
    assertMarked("78 0004 6ec08007 0004 " + IDR, 6, true, false, 0, false, 3);
    assertMarked("78 0004 0e808047 0004 " + NO_REFERENCE, 7, false, true, 2, true, 3);
  }

  /** The slice comes in a packet of its own. */
  @Test
  void prefixTellsOfSliceInAdvance() throws PayloadFormatException {
    assertEquals(
        FrameMarkingCodec.ofScalable(true, false, true, false, false, 0, 0, 1),
        mark(layered, "6ec08007", false, 0));
    assertEquals(
        FrameMarkingCodec.ofScalable(false, true, true, false, false, 0, 0, 1),
        mark(layered, IDR, true, 0));
    assertEquals(
        FrameMarkingCodec.ofScalable(true, false, false, true, true, 2, 0, 1),
        mark(layered, "0e808047", false, 1));
    assertEquals(
        FrameMarkingCodec.ofScalable(false, true, false, true, true, 2, 0, 1),
        mark(layered, "1c818880", true, 1));
  }

  private void assertMarked(
      String payload,
      long timestamp,
      boolean independent,
      boolean discardable,
      int temporalId,
      boolean sync,
      int tl0PicIdx)
      throws PayloadFormatException {
    assertEquals(
        FrameMarkingCodec.ofScalable(
            true, true, independent, discardable, sync, temporalId, 0, tl0PicIdx),
        mark(layered, payload, true, timestamp));
  }

  @Test
  void withoutPrefixWhatIsNoReferenceIsOfHighestLayer() throws PayloadFormatException {
    assertMarked(IDR, 0, true, false, 0, false, 1);
    assertMarked(NO_REFERENCE, 1, false, true, 2, true, 1);
    assertMarked(REFERENCE, 2, false, false, 0, false, 2);
    assertMarked(NO_REFERENCE, 3, false, true, 2, true, 2);
  }

  @Test
  void noSyncBeforeFirstIdr() throws PayloadFormatException {
    assertMarked(NO_REFERENCE, 1, false, true, 2, false, 0);
  }

  @Test
  void prefixOfMultiviewCodingSaysNothing() throws PayloadFormatException {
    int unused = mark(layered, IDR, true, 0);
    assertMarked("78 0004 0e008067 0004 " + NO_REFERENCE, 1, false, true, 2, true, 1);
  }

  @Test
  void needsNoDescriptor() throws PayloadFormatException {
    int unused = mark(layered, IDR, true, 0);
    assertEquals(0, layered.writeDescriptor(new byte[0], 0));
  }

  @ParameterizedTest
  @CsvSource({
    "'', EMPTY",
    "e5888040, H264_FORBIDDEN_BIT",
    "78 0001 e7, H264_FORBIDDEN_BIT",
    "00, H264_PACKET_TYPE",
    "19 0000 0001 65, H264_PACKET_TYPE", // STAP-B
    "1a 0000, H264_PACKET_TYPE", // MTAP16
    "1b 0000, H264_PACKET_TYPE", // MTAP24
    "1d 85 0000, H264_PACKET_TYPE", // FU-B
    "1e, H264_PACKET_TYPE",
    "1f, H264_PACKET_TYPE",
    "78, H264_AGGREGATE",
    "78 00, H264_AGGREGATE",
    "78 0000, H264_AGGREGATE",
    "78 0002 67, H264_AGGREGATE",
    "78 0001 67 00, H264_AGGREGATE",
    "78 0001 78, H264_AGGREGATE", // an aggregate in an aggregate
    "78 0001 60, H264_AGGREGATE",
    "7c, DESCRIPTOR_TRUNCATED",
    "7c 98, H264_FRAGMENT_TYPE", // an aggregate in a fragment
    "7c 80, H264_FRAGMENT_TYPE",
    "7c 1c, H264_FRAGMENT_TYPE",
    "0e c080, FRAME_HEADER_TRUNCATED",
    "78 0003 0ec080 0001 65, FRAME_HEADER_TRUNCATED",
    "0e c09007, H264_SPATIAL_LAYER",
    "0e c08107, H264_SPATIAL_LAYER",
    "54 c08007, H264_SPATIAL_LAYER",
    "78 0004 0e808067 0001 01, LAYER_RANGE",
  })
  void refuses(String payload, Reason reason) throws PayloadFormatException {
    assertRefused(reason, layered, payload);
    assertTrue(
        FrameMarkingCodec.independent(mark(layered, IDR, true, 180_000)), "usable afterwards");
  }

  @Test
  void refusesLayersThatCannotBe() {
    assertThrows(IllegalArgumentException.class, () -> new H264Marker(0));
    assertThrows(IllegalArgumentException.class, () -> new H264Marker(9));
  }
}
