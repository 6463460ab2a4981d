/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.client.gstreamer;

import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.util.Objects;

/** An element that is not to be used, as if {@code GST_PLUGIN_FEATURE_RANK} said so. */
public final class DisabledElement implements AutoCloseable {
  private static final Ranks RANKS = Native.load("gstreamer-1.0", Ranks.class);

  private final String name;
  private final Pointer factory;
  private final int rank;

  /** Of libgstreamer. */
  interface Ranks extends Library {
    Pointer gst_element_factory_find(String name);

    int gst_plugin_feature_get_rank(Pointer feature);

    void gst_plugin_feature_set_rank(Pointer feature, int rank);

    void gst_object_unref(Pointer object);
  }

  /** Disables it until this is closed. */
  public DisabledElement(String name) {
    this.name = name;
    factory = Objects.requireNonNull(RANKS.gst_element_factory_find(name), name);
    rank = RANKS.gst_plugin_feature_get_rank(factory);
    RANKS.gst_plugin_feature_set_rank(factory, 0);
  }

  /** Returns its name. */
  public String name() {
    return name;
  }

  @Override
  public void close() {
    RANKS.gst_plugin_feature_set_rank(factory, rank);
    RANKS.gst_object_unref(factory);
  }
}
