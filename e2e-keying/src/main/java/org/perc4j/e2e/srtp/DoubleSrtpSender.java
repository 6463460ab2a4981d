/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.srtp;

import javax.security.auth.Destroyable;

/**
 * Both layers of a sender at once (RFC 8723 section 5.1), for packets that need no copy for repair
 * between them. Owns its two contexts. Not thread-safe.
 */
public final class DoubleSrtpSender implements Destroyable {
  /** How much longer a packet gets at most, in octets. */
  public static final int MAX_OVERHEAD_BYTES =
      InnerSender.OVERHEAD_BYTES + OuterSender.MAX_OVERHEAD_BYTES;

  private final InnerSender inner;
  private final OuterSender outer;

  /** A sender of these two layers. */
  public DoubleSrtpSender(InnerSender inner, OuterSender outer) {
    this.inner = inner;
    this.outer = outer;
  }

  /**
   * Protects a packet in place.
   *
   * @param packet an RTP packet, with room for {@link #MAX_OVERHEAD_BYTES} behind it
   * @return what the layer that refused the packet said; or {@code NO_ROOM}, even if a few octets
   *     less would have done. If the outer layer refused it, the packet is left with its inner
   *     protection: its index in the inner layer is used
   */
  public DoubleSrtpResult protect(MediaPacket packet) {
    if (!packet.hasRoomFor(MAX_OVERHEAD_BYTES)) {
      return DoubleSrtpResult.NO_ROOM;
    }
    DoubleSrtpResult result = inner.protect(packet);
    return result == DoubleSrtpResult.OK ? outer.protect(packet) : result;
  }

  /** Destroys both contexts. */
  @Override
  public void destroy() {
    inner.destroy();
    outer.destroy();
  }

  @Override
  public boolean isDestroyed() {
    return inner.isDestroyed() && outer.isDestroyed();
  }
}
