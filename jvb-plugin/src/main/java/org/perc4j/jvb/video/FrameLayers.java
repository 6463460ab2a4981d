/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.video;

import org.jspecify.annotations.Nullable;

/**
 * Added, with a field, to the bridge's video packets: the dependencies that a dependency descriptor
 * gives the packet's frame.
 */
public interface FrameLayers {
  /** The dependencies; null if there is no descriptor or its structure is not known. */
  @Nullable LayerFrame perc4jLayers();

  /** Replaces them. */
  void perc4jLayers(@Nullable LayerFrame layers);
}
