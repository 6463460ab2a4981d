/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.media;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.perc4j.endpoint.media.VideoCodec;

/** The recordings that come with this module. */
public final class Clips {
  private static final String CAMERA = "camera-";

  private Clips() {}

  /**
   * Reads a voice.
   *
   * @param number 1 to 3
   */
  public static SpeechClip speech(int number) throws IOException {
    return speech("speech-" + number);
  }

  /** Reads the sound of a room in which nobody speaks. */
  public static SpeechClip quiet() throws IOException {
    return speech("quiet");
  }

  private static SpeechClip speech(String name) throws IOException {
    return new SpeechClip(
        OggOpusReader.packets(octets(name + ".opus")),
        new String(octets(name + ".levels"), StandardCharsets.US_ASCII)
            .lines()
            .mapToInt(Integer::parseInt)
            .toArray());
  }

  /**
   * Reads a moving picture.
   *
   * @param number 1 to 3
   */
  public static PictureClip picture(int number) throws IOException {
    return PictureClip.parse(octets("picture-" + number + ".ivf"));
  }

  /** Reads VP8 in three encodings of the same pictures, lowest first, each in temporal layers. */
  public static List<LayeredClip> simulcast() throws IOException {
    return simulcast("");
  }

  private static List<LayeredClip> simulcast(String prefix) throws IOException {
    return List.of(
        layered(prefix + "vp8-l1t3-180"),
        layered(prefix + "vp8-l1t3-360"),
        layered(prefix + "vp8-l1t3-720"));
  }

  /** Reads pictures in the only encoding, or the one with all layers, that there is of a codec. */
  public static LayeredClip layered(VideoCodec codec) throws IOException {
    return switch (codec) {
      case VP8 -> layered("vp8-l1t3-180");
      case VP9 -> layered("vp9-l3t3");
      case AV1 -> layered("av1-l3t3");
      case H264 -> layered("h264-l1t3");
    };
  }

  /**
   * Reads pictures at the rates of a camera's, in three sizes: VP8 in an encoding for each, lowest
   * first, VP9 and AV1 in one with layers.
   */
  public static List<LayeredClip> camera(VideoCodec codec) throws IOException {
    return switch (codec) {
      case VP8 -> simulcast(CAMERA);
      case VP9 -> List.of(layered(CAMERA + "vp9-l3t3"));
      case AV1 -> List.of(layered(CAMERA + "av1-l3t3"));
      case H264 -> throw new IllegalArgumentException("no layers in space of " + codec);
    };
  }

  private static LayeredClip layered(String name) throws IOException {
    return LayeredClip.parse(
        octets(name + ".ivf"), new String(octets(name + ".layers"), StandardCharsets.US_ASCII));
  }

  /**
   * Puts a clip into a folder, for programs that read files, and returns its file.
   *
   * @param name such as {@code speech-1.opus}
   */
  public static Path file(String name, Path folder) throws IOException {
    return Files.write(folder.resolve(name), octets(name));
  }

  private static byte[] octets(String name) throws IOException {
    try (InputStream in = Clips.class.getResourceAsStream("/media/" + name)) {
      if (in == null) {
        throw new FileNotFoundException("/media/" + name);
      }
      return in.readAllBytes();
    }
  }
}
