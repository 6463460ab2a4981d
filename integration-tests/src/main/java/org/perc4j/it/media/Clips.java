/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.media;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** The recordings that come with this module. */
public final class Clips {
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

  private static byte[] octets(String name) throws IOException {
    try (InputStream in = Clips.class.getResourceAsStream("/media/" + name)) {
      if (in == null) {
        throw new FileNotFoundException("/media/" + name);
      }
      return in.readAllBytes();
    }
  }
}
