/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.client.media;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Where sound and pictures come from. */
public sealed interface Input {
  /**
   * A camera and a microphone.
   *
   * @param camera a device of Video4Linux such as {@code /dev/video0}, or null for none
   * @param microphone a source of PulseAudio or a device of ALSA such as {@code hw:0}, empty for
   *     the default, or null for none
   */
  record Devices(@Nullable String camera, @Nullable String microphone) implements Input {}

  /**
   * A file, in the pace in which it was recorded.
   *
   * @param sound whether its sound is used
   * @param pictures whether its pictures are used
   */
  record MediaFile(Path path, boolean sound, boolean pictures) implements Input {}

  /**
   * A tone that comes and goes, and a picture that moves.
   *
   * @param sound whether there is a tone
   * @param pictures whether there are pictures
   * @param pattern of {@code videotestsrc}
   */
  record TestMedia(boolean sound, boolean pictures, String pattern) implements Input {}

  /** Whether there is sound. */
  default boolean hasSound() {
    if (this instanceof Devices devices) {
      return devices.microphone() != null;
    }
    return this instanceof MediaFile file ? file.sound() : ((TestMedia) this).sound();
  }

  /** Whether there are pictures. */
  default boolean hasPictures() {
    if (this instanceof Devices devices) {
      return devices.camera() != null;
    }
    return this instanceof MediaFile file ? file.pictures() : ((TestMedia) this).pictures();
  }
}
