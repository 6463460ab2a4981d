/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.hook.video;

import org.jspecify.annotations.Nullable;
import org.perc4j.jvb.video.FrameReader;

/** Added, with a field, to the bridge's node that parses video. */
public interface FrameReading {
  /** What reads frames for this node; null while the node is being made. */
  @Nullable FrameReader perc4jFrames();

  /** Sets it. */
  void perc4jFrames(FrameReader frames);
}
