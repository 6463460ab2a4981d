/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.hook.retransmission;

import org.jspecify.annotations.Nullable;
import org.perc4j.jvb.video.SentStreams;

/** Added, with a field, to the bridge's nodes that keep and that repeat what a transport sent. */
public interface SentStreamsHolder {
  /** The streams that were sent; null while the transport is not double. */
  @Nullable SentStreams perc4jSent();

  /** Sets them. */
  void perc4jSent(SentStreams sent);
}
