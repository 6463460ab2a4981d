/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.signalling;

import java.util.ArrayList;
import java.util.List;
import org.perc4j.jvb.srtp.OuterProfile;

/**
 * Which SRTP protection profiles the bridge offers and accepts in a DTLS handshake, best first.
 *
 * <p>Only handshakes with endpoints may become double. Handshakes with other bridges keep the
 * bridge's own list: such a link carries the media of double and plain participants alike.
 *
 * <p>Thread-safe: a handshake runs on one thread, from {@link #begin} to {@link #end()}.
 */
public final class ProfileOffer {
  private final List<OuterProfile> profiles;
  private final boolean doubleOnly;
  private final ThreadLocal<Boolean> withEndpoint = new ThreadLocal<>();
  private volatile boolean withdrawn;

  /**
   * An offer.
   *
   * @param profiles the double profiles, best first
   * @param doubleOnly whether endpoints that do not ask for one of them are refused
   */
  public ProfileOffer(List<OuterProfile> profiles, boolean doubleOnly) {
    this.profiles = List.copyOf(profiles);
    this.doubleOnly = doubleOnly;
  }

  /** A handshake begins on this thread. */
  public void begin(boolean endpoint) {
    withEndpoint.set(endpoint);
  }

  /** The handshake on this thread is over. */
  public void end() {
    withEndpoint.remove();
  }

  /** From now on double is not negotiated any more. */
  public void withdraw() {
    withdrawn = true;
  }

  /** The double profiles on offer, best first. */
  public List<OuterProfile> profiles() {
    return withdrawn ? List.of() : profiles;
  }

  /**
   * What to offer and accept in the handshake on this thread.
   *
   * @param stock what the bridge is configured for
   */
  public List<Integer> profiles(List<Integer> stock) {
    if (withdrawn || !Boolean.TRUE.equals(withEndpoint.get())) {
      return stock;
    }
    List<Integer> all = new ArrayList<>(profiles.size() + stock.size());
    for (OuterProfile profile : profiles) {
      all.add(profile.id());
    }
    if (!doubleOnly) {
      all.addAll(stock);
    }
    return all;
  }
}
