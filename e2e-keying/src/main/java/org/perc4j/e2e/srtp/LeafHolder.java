/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.srtp;

import java.util.Arrays;

/**
 * Who holds a leaf of the group. A name may have several devices, each with an identity key of its
 * own, and a device another leaf, with another signature key, each time it joins. Immutable.
 */
public final class LeafHolder {
  private final String name;
  private final String occupant;
  private final String identity;
  private final byte[] leafKey;

  /**
   * A holder.
   *
   * @param name what {@link MediaPacket#senderName} is to say
   * @param occupant where signalling says it is, as {@link EpochKeyring#hint} names it; of nobody
   *     else in the epoch
   * @param identity of nobody else in the epoch; names the long-lived key that vouches for the
   *     leaf, such as its fingerprint
   * @param leafKey the leaf's signature key, fresh with every leaf; copied
   */
  public LeafHolder(String name, String occupant, String identity, byte[] leafKey) {
    this.name = name;
    this.occupant = occupant;
    this.identity = identity;
    this.leafKey = leafKey.clone();
  }

  /** Returns the name. */
  public String name() {
    return name;
  }

  String occupant() {
    return occupant;
  }

  String identity() {
    return identity;
  }

  /** Whether both are the same leaf of one group. */
  boolean isSameLeaf(LeafHolder other) {
    return name.equals(other.name) && Arrays.equals(leafKey, other.leafKey);
  }

  /** Whether both are the same device, in this group or in another. */
  boolean isSameIdentity(LeafHolder other) {
    return name.equals(other.name) && identity.equals(other.identity);
  }

  /** For people. */
  @Override
  public String toString() {
    return name;
  }
}
