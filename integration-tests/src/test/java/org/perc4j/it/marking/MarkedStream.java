/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.marking;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.perc4j.e2e.marking.Av1Marker;
import org.perc4j.e2e.marking.FrameMarker;
import org.perc4j.e2e.marking.H264Marker;
import org.perc4j.e2e.marking.PayloadFormatException;
import org.perc4j.e2e.marking.SvcLayers;
import org.perc4j.e2e.marking.Vp8Marker;
import org.perc4j.e2e.marking.Vp9Marker;
import org.perc4j.endpoint.media.LayerPacketizer;
import org.perc4j.endpoint.media.Vp9Payload;
import org.perc4j.it.media.LayerFrame;
import org.perc4j.it.media.LayeredClip;

/** A clip in packets, each with what its marker said. */
final class MarkedStream {
  static final int ROUNDS = 2;

  private static final int MAX_BYTES = 300;
  private static final int FIRST_PICTURE_ID = 32_700;
  private static final int TICKS = 3000;

  /**
   * A packet.
   *
   * @param frame that it carries a part of
   * @param number of the layer frame among those sent
   * @param first whether it is the first of its layer frame
   * @param last whether it is the last of its layer frame
   * @param lastOfPicture whether it has RTP's marker
   * @param payload not copied
   * @param marking for {@code FrameMarkingCodec}
   * @param descriptor empty if there is none
   */
  @SuppressWarnings("ArrayRecordComponent") // not compared
  record Packet(
      LayerFrame frame,
      int number,
      boolean first,
      boolean last,
      boolean lastOfPicture,
      byte[] payload,
      int marking,
      byte[] descriptor) {}

  private MarkedStream() {}

  static FrameMarker marker(LayeredClip clip) {
    SvcLayers layers = SvcLayers.full(clip.spatialLayers(), clip.temporalLayers());
    return switch (clip.codec()) {
      case VP8 -> new Vp8Marker(clip.temporalLayers());
      case VP9 -> new Vp9Marker(layers);
      case AV1 -> new Av1Marker(layers);
      case H264 -> new H264Marker(clip.temporalLayers());
    };
  }

  /** Plays a clip twice, as a sender that was asked for a key. */
  static List<Packet> of(LayeredClip clip, Vp9Payload.Mode mode) throws PayloadFormatException {
    LayerPacketizer packetizer = clip.packetizer(mode, FIRST_PICTURE_ID, MAX_BYTES);
    FrameMarker marker = marker(clip);
    byte[] descriptor = new byte[FrameMarker.MAX_DESCRIPTOR_BYTES];
    List<Packet> packets = new ArrayList<>();
    int number = 0;
    for (long position = 0; position < (long) ROUNDS * clip.length(); position++) {
      for (LayerFrame frame : clip.picture(position)) {
        List<byte[]> payloads = packetizer.packetize(frame.encoded());
        for (int i = 0; i < payloads.size(); i++) {
          byte[] payload = payloads.get(i);
          boolean last = i == payloads.size() - 1;
          int marking = marker.mark(payload, 0, payload.length, last, position * TICKS);
          int length = marker.writeDescriptor(descriptor, 0);
          packets.add(
              new Packet(
                  frame,
                  number,
                  i == 0,
                  last,
                  last && frame.spatialId() == clip.spatialLayers() - 1,
                  payload,
                  marking,
                  Arrays.copyOf(descriptor, length)));
        }
        number++;
      }
    }
    return packets;
  }
}
