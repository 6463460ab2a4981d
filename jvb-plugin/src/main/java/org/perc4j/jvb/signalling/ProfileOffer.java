/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.signalling;

import java.util.ArrayList;
import java.util.List;
import org.perc4j.header.srtp.DoubleSrtpProfile;

/**
 * Which SRTP protection profiles the bridge offers and accepts in a DTLS handshake, best first.
 *
 * <p>Handshakes with endpoints and with other bridges may become double. A bridge that does not
 * know double SRTP never picks such a profile.
 *
 * <p>Thread-safe: a handshake runs on one thread, from {@link #begin} to {@link #end()}.
 */
public final class ProfileOffer {
  private final List<DoubleSrtpProfile> profiles;
  private final boolean doubleOnly;
  private final ThreadLocal<Peer> peer = ThreadLocal.withInitial(() -> Peer.OTHER);
  private volatile boolean withdrawn;

  /**
   * An offer.
   *
   * @param profiles the double profiles, best first
   * @param doubleOnly whether endpoints that do not ask for one of them are refused
   */
  public ProfileOffer(List<DoubleSrtpProfile> profiles, boolean doubleOnly) {
    this.profiles = List.copyOf(profiles);
    this.doubleOnly = doubleOnly;
  }

  /** A handshake begins on this thread. */
  public void begin(Peer with) {
    peer.set(with);
  }

  /** The handshake on this thread is over. */
  public void end() {
    peer.remove();
  }

  /** With whom the handshake on this thread is made. */
  public Peer peer() {
    return peer.get();
  }

  /** From now on double is not negotiated any more. */
  public void withdraw() {
    withdrawn = true;
  }

  /** The double profiles on offer, best first. */
  public List<DoubleSrtpProfile> profiles() {
    return withdrawn ? List.of() : profiles;
  }

  /**
   * What to offer and accept in the handshake on this thread.
   *
   * @param stock what the bridge is configured for
   */
  public List<Integer> profiles(List<Integer> stock) {
    Peer with = peer();
    if (withdrawn || with == Peer.OTHER) {
      return stock;
    }
    List<Integer> all = new ArrayList<>(profiles.size() + stock.size());
    for (DoubleSrtpProfile profile : profiles) {
      all.add(profile.id());
    }
    if (!doubleOnly || with == Peer.BRIDGE) {
      all.addAll(stock);
    }
    return all;
  }
}
