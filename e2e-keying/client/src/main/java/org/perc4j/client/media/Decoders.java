/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.client.media;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.perc4j.client.gstreamer.GStreamer;
import org.perc4j.endpoint.media.VideoCodec;

/** What decodes pictures, of what is installed. */
public final class Decoders {
  private Decoders() {}

  /** Returns the part of a pipeline that decodes a codec, or null if this machine has none. */
  static @Nullable String description(GStreamer gstreamer, VideoCodec codec) {
    if (codec == VideoCodec.H264 && !gstreamer.has("h264parse")) {
      return null;
    }
    for (String decoder : known(codec)) {
      if (gstreamer.hasDecoder(decoder)) {
        return codec == VideoCodec.H264 ? "h264parse ! " + decoder : decoder;
      }
    }
    return null;
  }

  private static List<String> known(VideoCodec codec) {
    return switch (codec) {
      case VP8 -> List.of("vp8dec");
      case VP9 -> List.of("vp9dec");
      case AV1 -> List.of("dav1ddec", "av1dec");
      case H264 -> List.of("openh264dec", "avdec_h264");
    };
  }

  /** Returns the package of Debian that has a decoder. */
  public static String debianPackage(VideoCodec codec) {
    return switch (codec) {
      case VP8, VP9 -> "gstreamer1.0-plugins-good";
      case AV1, H264 -> "gstreamer1.0-plugins-bad";
    };
  }

  /** Returns what people call a codec. */
  public static String word(VideoCodec codec) {
    return codec == VideoCodec.H264 ? "H.264" : codec.name();
  }
}
