/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.mls;

import java.util.Arrays;

/**
 * A member of the group in one epoch. Immutable.
 *
 * @param leaf the index of its leaf in the ratchet tree, 0 to 65535
 * @param credential who it is, verified
 * @param signatureKey the Ed25519 key that it signs the group's messages with: 32 octets, not to be
 *     changed
 * @param statement what it says of itself
 */
@SuppressWarnings("ArrayRecordComponent") // equality is not used: see isSameLeaf
public record Member(
    int leaf, LeafCredential credential, byte[] signatureKey, LeafStatement statement) {
  /** Returns its name. */
  public String name() {
    return credential.name();
  }

  /** Returns the nickname under which it is in the room. */
  public String occupant() {
    return credential.occupant();
  }

  /** Returns whether it speaks, by its own word. */
  public Role role() {
    return statement.role();
  }

  /** Returns how it protects media, by its own word. */
  public SpokenProtection protection() {
    return statement.protection();
  }

  /** Whether both are the same person or machine: the same name, proven by the same key. */
  public boolean isSameIdentity(Member other) {
    return isOf(other.credential);
  }

  /** Whether it is the person or machine that this credential is of. */
  boolean isOf(LeafCredential other) {
    return name().equals(other.name()) && credential.fingerprint().equals(other.fingerprint());
  }

  /** Whether both have the same credential and signature key. */
  boolean isSameLeaf(Member other) {
    return Arrays.equals(signatureKey, other.signatureKey) && credential.sameAs(other.credential);
  }

  /** For people. */
  @Override
  public String toString() {
    return name() + " (" + occupant() + ", leaf " + leaf + ")";
  }
}
