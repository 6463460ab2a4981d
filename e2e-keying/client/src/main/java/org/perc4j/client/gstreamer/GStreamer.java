/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.client.gstreamer;

import com.sun.jna.Pointer;
import com.sun.jna.ptr.PointerByReference;
import org.jspecify.annotations.Nullable;
import org.perc4j.client.gstreamer.MediaException.Reason;

/** The GStreamer of this machine, once for the process. Thread-safe. */
public final class GStreamer {
  private static final String PACKAGES = "gstreamer1.0-plugins-base gstreamer1.0-plugins-good";

  /** Where a test pretends that there is none. */
  private static final String PREFIX =
      System.getProperty("org.perc4j.client.gstreamer", "gstreamer");

  private static @Nullable GStreamer started;

  private final NativeGStreamer.Core core;
  private final NativeGStreamer.App app;

  private GStreamer(NativeGStreamer.Core core, NativeGStreamer.App app) {
    this.core = core;
    this.app = app;
  }

  /**
   * Returns it, started.
   *
   * @throws MediaException if it is not installed, or does not start
   */
  public static synchronized GStreamer start() throws MediaException {
    GStreamer there = started;
    if (there != null) {
      return there;
    }
    try {
      NativeGStreamer.Core core = NativeGStreamer.load(PREFIX + "-1.0", NativeGStreamer.Core.class);
      PointerByReference error = new PointerByReference();
      if (core.gstInitCheck(null, null, error) == 0) {
        throw new MediaException(
            Reason.FAILED, "GStreamer does not start: " + message(core, error.getValue()));
      }
      GStreamer now =
          new GStreamer(core, NativeGStreamer.load("gstapp-1.0", NativeGStreamer.App.class));
      started = now;
      return now;
    } catch (UnsatisfiedLinkError e) {
      throw new MediaException(
          Reason.NOT_INSTALLED,
          "GStreamer 1.x is not installed; on Debian: apt install " + PACKAGES,
          e);
    }
  }

  NativeGStreamer.Core core() {
    return core;
  }

  NativeGStreamer.App app() {
    return app;
  }

  /** Whether there is an element of this name. */
  public boolean has(String element) {
    Pointer factory = core.gstElementFactoryFind(element);
    if (factory == null) {
      return false;
    }
    core.gstObjectUnref(factory);
    return true;
  }

  /**
   * Whether there is a decoder of this name that is to be used: people turn one off that is broken
   * with {@code GST_PLUGIN_FEATURE_RANK=NAME:NONE}.
   */
  public boolean hasDecoder(String element) {
    Pointer factory = core.gstElementFactoryFind(element);
    if (factory == null) {
      return false;
    }
    int rank = core.gstPluginFeatureGetRank(factory);
    core.gstObjectUnref(factory);
    return rank > 0;
  }

  /**
   * Asks for elements.
   *
   * @throws MediaException if there is one missing
   */
  public void require(String... elements) throws MediaException {
    for (String element : elements) {
      if (!has(element)) {
        throw new MediaException(
            Reason.PART_MISSING,
            "GStreamer has no " + element + "; on Debian: apt install " + PACKAGES);
      }
    }
  }

  /** Takes the message out of a {@code GError}, and frees it. */
  static String message(NativeGStreamer.Core core, @Nullable Pointer error) {
    if (error == null) {
      return "unknown error";
    }
    // GError: domain and code of 32 bits each, then the message
    String text = error.getPointer(2 * Integer.BYTES).getString(0, "UTF-8");
    core.gErrorFree(error);
    return text.lines().findFirst().orElse("unknown error");
  }
}
