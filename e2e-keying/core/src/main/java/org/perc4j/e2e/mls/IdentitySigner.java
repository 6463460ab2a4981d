/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.mls;

/**
 * Has the private half of an identity key, and signs with it: at once, or later, as tokens and
 * WebCrypto do.
 */
public interface IdentitySigner {
  /** Is told what came of it, once. */
  interface Answer {
    /**
     * It is signed.
     *
     * @param signature as {@link LeafCredential} describes it for the kind of key; the receiver's
     */
    void signed(byte[] signature);

    /**
     * It can't be signed.
     *
     * @param detail for people
     */
    void failed(String detail);
  }

  /**
   * Signs.
   *
   * @param content the signer's to keep
   * @param answer may be called before this returns, or later from any thread
   */
  void sign(byte[] content, Answer answer);
}
