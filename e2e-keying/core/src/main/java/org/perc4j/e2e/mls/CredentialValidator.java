/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.mls;

import org.perc4j.e2e.mls.Acquaintance.Standing;

/**
 * Decides whether the key of a {@link LeafCredential} is really that of the name in it.
 * Implementations are thread-safe; one may serve several conferences.
 */
public interface CredentialValidator {
  /**
   * Looks at a credential whose signature is good. Called often, and for people who have only
   * announced themselves: it must not remember anything, and must not wait for the network.
   *
   * @throws RefusedException if its holder is not accepted
   */
  void check(LeafCredential credential) throws RefusedException;

  /**
   * Returns how far to believe that a key is that of the name, for people to be told; {@link
   * Standing#KNOWN} by default. As {@link #check}, it must not wait for anything.
   */
  default Standing standing(LeafCredential credential) {
    return Standing.KNOWN;
  }

  /** Is told that a holder who passed {@link #check} is a member now. Does nothing by default. */
  default void adopted(LeafCredential credential) {}
}
