/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.call;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.perc4j.e2e.marking.FrameMarker;
import org.perc4j.e2e.marking.PayloadFormatException;
import org.perc4j.endpoint.media.EncodedFrame;
import org.perc4j.endpoint.media.LayerPacketizer;
import org.perc4j.endpoint.rtp.HeaderExtension;
import org.perc4j.endpoint.rtp.MediaEngine;
import org.perc4j.endpoint.rtp.StreamSender;
import org.perc4j.endpoint.signalling.PayloadTypes;
import org.perc4j.header.framemarking.FrameMarkingCodec;

/**
 * Makes packets of the pictures of one encoding, with what the bridge is told about them. On the
 * thread of the media.
 */
final class PictureSender {
  private final MediaEngine engine;
  private final StreamSender stream;
  private final LayerPacketizer packetizer;
  private final FrameMarker marker;
  private final boolean described;
  private final byte[] marking = new byte[FrameMarker.MAX_DESCRIPTOR_BYTES];
  private final int firstTimestamp;

  PictureSender(
      MediaEngine engine, StreamSender stream, VideoFormat format, LayerPacketizer packetizer) {
    this.engine = engine;
    this.stream = stream;
    this.packetizer = packetizer;
    this.marker = format.marker();
    this.described = format.isScalable();
    this.firstTimestamp = stream.timestamp();
  }

  /**
   * Sends a picture.
   *
   * @param frames lowest spatial layer first
   * @param highest index of the last frame that is sent; what is left out counts, for those who
   *     number frames
   * @param ticks when it was taken, at 90 kHz
   */
  void send(List<EncodedFrame> frames, int highest, long ticks) throws IOException {
    stream.advance(firstTimestamp + (int) ticks - stream.timestamp());
    for (int i = 0; i < frames.size(); i++) {
      List<byte[]> payloads = packetizer.packetize(frames.get(i));
      for (int j = 0; j < payloads.size(); j++) {
        boolean isLast = j == payloads.size() - 1;
        List<HeaderExtension> markings = markings(payloads.get(j), isLast);
        if (i <= highest) {
          Object unused =
              engine.send(
                  stream, stream.next(payloads.get(j), isLast && i == highest, markings), false);
        }
      }
    }
  }

  private List<HeaderExtension> markings(byte[] payload, boolean isLastOfFrame) {
    int length;
    try {
      int mark =
          marker.mark(
              payload,
              0,
              payload.length,
              isLastOfFrame,
              Integer.toUnsignedLong(stream.timestamp()));
      length =
          described
              ? marker.writeDescriptor(marking, 0)
              : FrameMarkingCodec.write(mark, marking, 0);
    } catch (PayloadFormatException e) {
      throw new IllegalArgumentException("not a frame of this codec: " + e.reason(), e);
    }
    return length == 0
        ? List.of()
        : List.of(
            new HeaderExtension(
                described
                    ? PayloadTypes.DEPENDENCY_DESCRIPTOR_EXTENSION
                    : PayloadTypes.FRAME_MARKING_EXTENSION,
                Arrays.copyOf(marking, length)));
  }
}
