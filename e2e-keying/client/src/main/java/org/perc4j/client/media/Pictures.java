/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.client.media;

import java.util.List;
import org.perc4j.endpoint.media.Av1Payload;
import org.perc4j.endpoint.media.VideoCodec;
import org.perc4j.endpoint.media.Vp9Payload;

/** Encoded pictures as GStreamer's elements take them. */
public final class Pictures {
  private Pictures() {}

  /** Returns the octets of a picture with all of its layers. */
  public static byte[] octets(VideoCodec codec, List<byte[]> layerFrames) {
    return switch (codec) {
      case VP8, H264 -> layerFrames.get(0);
      case VP9 -> Vp9Payload.superframe(layerFrames);
      case AV1 -> Av1Payload.temporalUnit(layerFrames);
    };
  }

  /** Returns the caps of what {@link #octets} returns, without sizes. */
  public static String caps(VideoCodec codec) {
    return switch (codec) {
      case VP8 -> "video/x-vp8";
      case VP9 -> "video/x-vp9";
      case AV1 -> "video/x-av1,stream-format=obu-stream,alignment=tu";
      case H264 -> "video/x-h264,stream-format=byte-stream,alignment=au";
    };
  }
}
