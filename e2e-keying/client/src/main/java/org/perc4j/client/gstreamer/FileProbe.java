/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.client.gstreamer;

import com.sun.jna.Pointer;
import com.sun.jna.ptr.PointerByReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.perc4j.client.gstreamer.MediaException.Reason;

/**
 * What there is in a media file.
 *
 * @param sound whether it has sound that can be decoded
 * @param pictures whether it has pictures that can be decoded
 */
public record FileProbe(boolean sound, boolean pictures) {
  private static final long TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(10);

  /** Of {@code GstDiscovererResult}. */
  private static final int MISSING_PLUGINS = 5;

  /**
   * Looks into a file.
   *
   * @throws MediaException if it cannot be read, or nothing in it can be decoded
   */
  public static FileProbe of(GStreamer gstreamer, Path file) throws MediaException {
    if (!Files.isReadable(file) || Files.isDirectory(file)) {
      throw new MediaException(Reason.FILE, file + " is no file that can be read");
    }
    NativeGStreamer.Discoverer native_ =
        NativeGStreamer.load("gstpbutils-1.0", NativeGStreamer.Discoverer.class);
    PointerByReference error = new PointerByReference();
    Pointer discoverer = native_.gstDiscovererNew(TIMEOUT_NANOS, error);
    if (discoverer == null) {
      throw new MediaException(
          Reason.FAILED, "GStreamer: " + GStreamer.message(gstreamer.core(), error.getValue()));
    }
    Pointer info =
        native_.gstDiscovererDiscoverUri(
            discoverer, file.toAbsolutePath().toUri().toString(), error);
    native_.gObjectUnref(discoverer);
    String why =
        error.getValue() == null ? null : GStreamer.message(gstreamer.core(), error.getValue());
    if (info == null) {
      throw cannotBeDecoded(file, why);
    }
    boolean missing = native_.gstDiscovererInfoGetResult(info) == MISSING_PLUGINS;
    FileProbe probe =
        new FileProbe(
            isNotEmpty(native_, native_.gstDiscovererInfoGetAudioStreams(info)),
            isNotEmpty(native_, native_.gstDiscovererInfoGetVideoStreams(info)));
    native_.gObjectUnref(info);
    if (missing) {
      throw cannotBeDecoded(file, "GStreamer has no decoder for a codec in it");
    }
    if (why != null || !(probe.sound || probe.pictures)) {
      throw cannotBeDecoded(file, why);
    }
    return probe;
  }

  private static MediaException cannotBeDecoded(Path file, @Nullable String why) {
    return new MediaException(
        Reason.FILE, file + " cannot be decoded" + (why == null ? "" : ": " + why));
  }

  private static boolean isNotEmpty(NativeGStreamer.Discoverer native_, @Nullable Pointer list) {
    if (list == null) {
      return false;
    }
    native_.gstDiscovererStreamInfoListFree(list);
    return true;
  }
}
