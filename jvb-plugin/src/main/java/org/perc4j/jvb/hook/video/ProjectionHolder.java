/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.hook.video;

import org.jspecify.annotations.Nullable;
import org.perc4j.jvb.video.DoubleProjectionContext;

/** Added, with a field, to the bridge's projection of a source to a receiver. */
public interface ProjectionHolder {
  /** The projection, if the source is double; else null. */
  @Nullable DoubleProjectionContext perc4jProjection();

  /** Sets it. */
  void perc4jProjection(DoubleProjectionContext projection);
}
