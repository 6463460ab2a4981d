/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.media;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes payloads of the frames of one stream, and counts pictures as payload descriptors do. Not
 * thread-safe.
 */
public final class LayerPacketizer {
  private static final int TL0PICIDX_MASK = 0xFF;

  private final VideoCodec codec;
  private final Vp9Payload.@Nullable Structure structure;
  private final int maxBytes;
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
    this(codec, null, pictureId, maxBytes);
    if (codec == VideoCodec.VP9) {
      throw new IllegalArgumentException("VP9 without a structure");
    }
  }

  private LayerPacketizer(
      VideoCodec codec, Vp9Payload.@Nullable Structure structure, int pictureId, int maxBytes) {
    this.codec = codec;
    this.structure = structure;
    this.pictureId = pictureId % Vp8Payload.PICTURE_IDS;
    this.maxBytes = maxBytes;
  }

  /**
   * A packetizer at the beginning of a stream of VP9.
   *
   * @param pictureId of the first picture, 15 bits
   * @param maxBytes octets of a payload
   */
  public static LayerPacketizer ofVp9(Vp9Payload.Structure structure, int pictureId, int maxBytes) {
    return new LayerPacketizer(VideoCodec.VP9, structure, pictureId, maxBytes);
  }

  /** Makes the payloads of a layer frame. Those of one picture follow each other. */
  public List<byte[]> packetize(EncodedFrame frame) {
    if (frame.spatialId() == 0) {
      pictureId = (pictureId + 1) % Vp8Payload.PICTURE_IDS;
      if (frame.temporalId() == 0) {
        tl0PicIdx = (tl0PicIdx + 1) & TL0PICIDX_MASK;
      }
    }
    if (structure != null) {
      return Vp9Payload.packetize(structure, frame, pictureId, tl0PicIdx, maxBytes);
    }
    return switch (codec) {
      case VP8 -> Vp8Payload.packetize(frame, pictureId, tl0PicIdx, maxBytes);
      case VP9 -> throw new IllegalStateException("without a structure");
      case AV1 ->
          Av1Payload.packetize(frame.octets(), frame.key() && frame.spatialId() == 0, maxBytes);
      case H264 -> H264Payload.packetize(frame.octets(), maxBytes);
    };
  }
}
