/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.media;

import java.util.List;

/**
 * Makes payloads of the frames of one stream, and counts pictures as payload descriptors do. Not
 * thread-safe.
 */
public final class LayerPacketizer {
  private static final int TL0PICIDX_MASK = 0xFF;

  /** Cuts a frame as its codec asks for. */
  private interface Cutter {
    List<byte[]> cut(EncodedFrame frame, int pictureId, int tl0PicIdx);
  }

  private final Cutter cutter;
  private int pictureId;
  private int tl0PicIdx;

  /**
   * A packetizer at the beginning of a stream.
   *
   * @param codec other than VP9
   * @param pictureId of the first picture, 15 bits
   * @param maxBytes octets of a payload
   */
  public LayerPacketizer(VideoCodec codec, int pictureId, int maxBytes) {
    this(cutter(codec, maxBytes), pictureId);
  }

  private LayerPacketizer(Cutter cutter, int pictureId) {
    this.cutter = cutter;
    this.pictureId = pictureId % Vp8Payload.PICTURE_IDS;
  }

  private static Cutter cutter(VideoCodec codec, int maxBytes) {
    return switch (codec) {
      case VP8 -> (frame, id, tl0) -> Vp8Payload.packetize(frame, id, tl0, maxBytes);
      case VP9 -> throw new IllegalArgumentException("VP9 without a structure");
      case AV1 ->
          (frame, id, tl0) ->
              Av1Payload.packetize(frame.octets(), frame.key() && frame.spatialId() == 0, maxBytes);
      case H264 -> (frame, id, tl0) -> H264Payload.packetize(frame.octets(), maxBytes);
    };
  }

  /**
   * A packetizer at the beginning of a stream of VP9.
   *
   * @param pictureId of the first picture, 15 bits
   * @param maxBytes octets of a payload
   */
  public static LayerPacketizer ofVp9(Vp9Payload.Structure structure, int pictureId, int maxBytes) {
    return new LayerPacketizer(
        (frame, id, tl0) -> Vp9Payload.packetize(structure, frame, id, tl0, maxBytes), pictureId);
  }

  /** Makes the payloads of a layer frame. Those of one picture follow each other. */
  public List<byte[]> packetize(EncodedFrame frame) {
    if (frame.spatialId() == 0) {
      pictureId = (pictureId + 1) % Vp8Payload.PICTURE_IDS;
      if (frame.temporalId() == 0) {
        tl0PicIdx = (tl0PicIdx + 1) & TL0PICIDX_MASK;
      }
    }
    return cutter.cut(frame, pictureId, tl0PicIdx);
  }
}
