/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.transport;

import java.util.function.Consumer;
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
   * @return {@code OK} only if it is that endpoint's; {@code HELD} if it may come by {@link
   *     #whenLate}
   */
  DoubleSrtpResult unprotect(MediaPacket packet, String sender);

  /**
   * Has somebody take packets that came ahead of their keys, on any thread. They are to be copied,
   * and tell who sent them; what signalling says of that was not looked at.
   */
  default void whenLate(Consumer<MediaPacket> taker) {}

  /** Returns how many packets were {@code HELD} and did not come by {@link #whenLate} in time. */
  default long heldInVain() {
    return 0;
  }
}
