/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.media;

import java.util.List;

/**
 * Makes payloads of a clip's layer frames, and counts pictures as payload descriptors do. Not
 * thread-safe.
 */
public final class LayerPacketizer {
  private static final int TL0PICIDX_MASK = 0xFF;

  /** After how many pictures the structure of all clips here repeats itself. */
  private static final int CYCLE = 8;

  private final LayeredClip clip;
  private final Vp9Payload.Mode vp9Mode;
  private final int maxBytes;
  private int pictureId;
  private int tl0PicIdx;

  /**
   * A packetizer at the beginning of a stream.
   *
   * @param vp9Mode does not matter to other codecs
   * @param pictureId of the first picture, 15 bits
   * @param maxBytes octets of a payload
   */
  public LayerPacketizer(LayeredClip clip, Vp9Payload.Mode vp9Mode, int pictureId, int maxBytes) {
    this.clip = clip;
    this.vp9Mode = vp9Mode;
    this.pictureId = pictureId % Vp8Payload.PICTURE_IDS;
    this.maxBytes = maxBytes;
  }

  /** Makes the payloads of a layer frame. Those of one picture follow each other. */
  public List<byte[]> packetize(LayerFrame frame) {
    if (frame.spatialId() == 0) {
      pictureId = (pictureId + 1) % Vp8Payload.PICTURE_IDS;
      if (frame.temporalId() == 0) {
        tl0PicIdx = (tl0PicIdx + 1) & TL0PICIDX_MASK;
      }
    }
    return switch (clip.codec()) {
      case VP8 -> Vp8Payload.packetize(frame, pictureId, tl0PicIdx, maxBytes);
      case VP9 -> Vp9Payload.packetize(clip, frame, vp9Mode, pictureId, tl0PicIdx, CYCLE, maxBytes);
      case AV1 ->
          Av1Payload.packetize(frame.octets(), frame.key() && frame.spatialId() == 0, maxBytes);
      case H264 -> H264Payload.packetize(frame.octets(), maxBytes);
    };
  }
}
