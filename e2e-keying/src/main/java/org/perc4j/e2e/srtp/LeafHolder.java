/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.srtp;

/**
 * Who holds a leaf of the group: a device, known by its identity key. A name may have several, and
 * a device another leaf each time it joins. Immutable.
 */
public final class LeafHolder {
  private final String name;
  private final String occupant;
  private final String identity;

  /**
   * A holder.
   *
   * @param name what {@link MediaPacket#senderName} is to say
   * @param occupant where signalling says it is, as {@link EpochKeyring#hint} names it; of nobody
   *     else in the epoch
   * @param identity of nobody else in the epoch; names the long-lived key that vouches for the
   *     leaf, such as its fingerprint
   */
  public LeafHolder(String name, String occupant, String identity) {
    this.name = name;
    this.occupant = occupant;
    this.identity = identity;
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

  /** Whether both are the same device, at whatever leaves of whatever groups. */
  boolean isSameIdentity(LeafHolder other) {
    return name.equals(other.name) && identity.equals(other.identity);
  }

  /** For people. */
  @Override
  public String toString() {
    return name;
  }
}
