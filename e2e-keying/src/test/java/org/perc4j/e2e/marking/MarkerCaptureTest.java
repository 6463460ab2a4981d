/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.marking;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.perc4j.header.framemarking.FrameMarkingCodec;

/**
 * Streams of real encoders and packetizers: what is marked is what the encoder was told to make, in
 * {@code src/test/python}.
 */
class MarkerCaptureTest {
  private static final int[] TEMPORAL_IDS = {0, 2, 1, 2};
  private static final boolean[] SYNC = {false, true, true, false};

  /** What is known of a picture. */
  private interface Truth {
    int marking(int picture, boolean start, boolean end);
  }

  @Test
  void vp8() throws PayloadFormatException {
    assertMarked(
        "vp8",
        new Vp8Marker(1),
        (picture, start, end) ->
            FrameMarkingCodec.ofNonScalable(start, end, picture % 4 == 0, false));
  }

  @Test
  void vp8WithTemporalLayers() throws PayloadFormatException {
    assertMarked(
        "vp8-l1t3",
        new Vp8Marker(3),
        (picture, start, end) ->
            FrameMarkingCodec.ofScalable(
                start,
                end,
                picture % 12 == 0,
                false,
                SYNC[picture % 4],
                TEMPORAL_IDS[picture % 4],
                0,
                picture / 4));
  }

  @Test
  void h264WithEachUnitInItsOwnPacket() throws PayloadFormatException {
    assertMarked(
        "h264-x264",
        new H264Marker(1),
        (picture, start, end) ->
            FrameMarkingCodec.ofNonScalable(start, end, picture % 6 == 0, false));
  }

  @Test
  void h264WithAggregates() throws PayloadFormatException {
    assertMarked(
        "h264-openh264",
        new H264Marker(1),
        (picture, start, end) ->
            FrameMarkingCodec.ofNonScalable(start, end, picture % 6 == 0, false));
  }

  /** Every second picture is one that nothing is predicted from. */
  @Test
  void h264WithDiscardablePictures() throws PayloadFormatException {
    assertMarked(
        "h264-x264-discardable",
        new H264Marker(2),
        (picture, start, end) -> {
          boolean key = picture % 12 == 0;
          boolean between = !key && picture % 2 == 0;
          // Pictures 0, 1, 3, 5, ... and 12 are of the lowest layer.
          int tl0PicIdx = picture == 12 ? 8 : 1 + (picture + 1) / 2;
          return FrameMarkingCodec.ofScalable(
              start, end, key, between, between, between ? 1 : 0, 0, tl0PicIdx);
        });
  }

  /** OpenH264 tells layers in prefix NAL units. */
  @Test
  void h264WithTemporalLayers() throws PayloadFormatException {
    assertMarked(
        "h264-l1t3",
        new H264Marker(3),
        (picture, start, end) ->
            FrameMarkingCodec.ofScalable(
                start,
                end,
                picture == 0,
                picture % 2 == 1,
                picture == 1 || picture == 2, // later ones might refer to layer 1
                TEMPORAL_IDS[picture % 4],
                0,
                1 + picture / 4));
  }

  @Test
  void vp9() throws PayloadFormatException {
    assertMarked(
        "vp9",
        new Vp9Marker(SvcLayers.full(1, 1)),
        (picture, start, end) ->
            FrameMarkingCodec.ofNonScalable(start, end, picture % 5 == 0, false));
  }

  private static void assertMarked(String name, FrameMarker marker, Truth truth)
      throws PayloadFormatException {
    List<Capture> packets = Capture.read(name);
    for (int i = 0; i < packets.size(); i++) {
      Capture packet = packets.get(i);
      int picture = packet.picture();
      boolean start = i == 0 || packets.get(i - 1).picture() != picture;
      boolean end = i + 1 == packets.size() || packets.get(i + 1).picture() != picture;
      for (int j = i; start && j < packets.size() && packets.get(j).picture() == picture; j++) {
        packets.get(j).look(marker);
      }
      assertEquals(
          Integer.toHexString(truth.marking(picture, start, end)),
          Integer.toHexString(packet.mark(marker)),
          "packet " + i);
    }
  }
}
