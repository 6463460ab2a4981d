/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.srtp;

import javax.security.auth.Destroyable;

/**
 * Both layers of a receiver at once (RFC 8723 section 5.3), for packets of one sender under one
 * inner key. Owns its two contexts. Not thread-safe.
 */
public final class DoubleSrtpReceiver implements Destroyable {
  private final OuterReceiver outer;
  private final InnerReceiver inner;

  /** A receiver of these two layers. */
  public DoubleSrtpReceiver(OuterReceiver outer, InnerReceiver inner) {
    this.outer = outer;
    this.inner = inner;
  }

  /**
   * Authenticates and decrypts a packet in place; see {@link InnerReceiver#unprotect} for what is
   * left of what the bridge wrote.
   *
   * @param packet an SRTP packet as it arrived
   * @return what the layer that refused the packet said. If that was the inner layer, the packet is
   *     left without its outer protection, for the receiver of another inner key; as is the
   *     bridge's padding, see {@link OuterReceiver#unprotect}
   */
  public DoubleSrtpResult unprotect(MediaPacket packet) {
    DoubleSrtpResult result = outer.unprotect(packet);
    return result == DoubleSrtpResult.OK ? inner.unprotect(packet) : result;
  }

  /** Destroys both contexts. */
  @Override
  public void destroy() {
    outer.destroy();
    inner.destroy();
  }

  @Override
  public boolean isDestroyed() {
    return outer.isDestroyed() && inner.isDestroyed();
  }
}
