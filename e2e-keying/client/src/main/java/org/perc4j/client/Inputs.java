/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.client;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.perc4j.client.gstreamer.GStreamer;
import org.perc4j.client.gstreamer.MediaException;
import org.perc4j.client.media.Capture;
import org.perc4j.client.media.Input;
import org.perc4j.client.options.ClientOptions;

/** Opens what is to be sent. */
final class Inputs {
  private static final String DEFAULT_CAMERA = "/dev/video0";

  private Inputs() {}

  /**
   * Opens it. A microphone that is not there is said, and not missed, unless it was named.
   *
   * @return null if nothing is to be sent
   */
  static @Nullable Capture open(GStreamer gstreamer, ClientOptions options, Consumer<String> lines)
      throws MediaException {
    if (!options.video() && !options.sound()) {
      return null;
    }
    if (options.testPattern() != null) {
      return Capture.open(
          gstreamer,
          new Input.TestMedia(options.sound(), options.video(), options.testPattern()),
          options.maxHeight());
    }
    if (options.file() != null) {
      Input.MediaFile there =
          Capture.file(gstreamer, options.file(), options.sound(), options.video());
      return Capture.open(gstreamer, there, options.maxHeight());
    }
    return devices(gstreamer, options, lines);
  }

  private static @Nullable Capture devices(
      GStreamer gstreamer, ClientOptions options, Consumer<String> lines) throws MediaException {
    String camera =
        !options.video() ? null : options.camera() == null ? DEFAULT_CAMERA : options.camera();
    String microphone =
        !options.sound() ? null : options.microphone() == null ? "" : options.microphone();
    try {
      return Capture.open(gstreamer, new Input.Devices(camera, microphone), options.maxHeight());
    } catch (MediaException e) {
      if (e.reason() != MediaException.Reason.NO_MICROPHONE || options.microphone() != null) {
        throw e;
      }
      lines.accept("you are not heard: " + e.getMessage());
      return camera == null
          ? null
          : Capture.open(gstreamer, new Input.Devices(camera, null), options.maxHeight());
    }
  }
}
