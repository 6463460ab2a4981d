/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.transport;

import org.jspecify.annotations.Nullable;
import org.perc4j.e2e.srtp.DoubleSrtpResult;
import org.perc4j.e2e.srtp.MediaPacket;

/** The end-to-end layer of an endpoint, under keys that the bridge has no part in. */
public interface EndToEnd {
  /** Protects an RTP packet in place. */
  DoubleSrtpResult protect(MediaPacket packet);

  /** Tells whether there is any sense in having something to protect. */
  default boolean canSend() {
    return true;
  }

  /**
   * Authenticates and decrypts an RTP packet in place.
   *
   * @param sender identifier of the endpoint that signalling names
   * @return {@code OK} only if it is that endpoint's
   */
  DoubleSrtpResult unprotect(MediaPacket packet, String sender);

  /** Returns something that is another whenever there are other keys; null if there are none. */
  default @Nullable Object epoch() {
    return this;
  }
}
