/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.mls;

import static org.perc4j.e2e.mls.BouncyCastle.LOCK;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.bouncycastle.mls.TreeKEM.LeafNode;
import org.bouncycastle.mls.codec.KeyPackage;
import org.perc4j.e2e.mls.MessageCheck.KeyPackageOutline;
import org.perc4j.e2e.mls.MessageCheck.LeafOutline;
import org.perc4j.e2e.mls.RefusedException.Reason;

/**
 * Somebody's key package that is valid. Immutable.
 *
 * @param digest by which {@link UsedKeyPackages} knows it
 * @param credential whose it is, verified and accepted
 */
record ReadKeyPackage(KeyPackage keyPackage, ByteBuffer digest, LeafCredential credential) {
  /**
   * Reads a key package: its holder's credential is for this room and accepted, its signatures are
   * right, it is valid now, and its keys can be used: {@link NodeCheck} refuses those that nothing
   * can be encrypted to, which would spoil the commits of others.
   */
  static ReadKeyPackage read(byte[] message, GroupPolicy policy) throws RefusedException {
    KeyPackageOutline outline = new MessageCheck(policy.maxMembers()).keyPackage(message);
    policy.requireValidNow(outline);
    LeafOutline holder = outline.leaf();
    LeafCredential credential = policy.requireAccepted(holder);
    try {
      KeyPackage keyPackage = BouncyCastle.decode(message).keyPackage;
      LeafNode leaf = keyPackage.getLeafNode();
      if (!Arrays.equals(leaf.getSignatureKey(), holder.signatureKey())
          || !credential.hasOctets(leaf.getCredential().getIdentity())) {
        throw new IllegalStateException("two readings of one key package");
      }
      // Bouncy Castle allows no skew: one such key package would spoil a commit that adds others
      if (!leaf.verifyLifetime()) {
        throw new RefusedException(Reason.LIFETIME, "key package not valid by the system's clock");
      }
      synchronized (LOCK) {
        if (!keyPackage.verify()) {
          throw new RefusedException(Reason.NOT_AUTHENTIC, "signature of a key package");
        }
        if (Arrays.equals(keyPackage.getInitKey(), leaf.getEncryptionKey())) {
          throw new RefusedException(Reason.DUPLICATE, "init key and leaf key are one");
        }
      }
      return new ReadKeyPackage(keyPackage, UsedKeyPackages.digest(outline.octets()), credential);
    } catch (Exception e) { // all that Bouncy Castle declares
      throw BouncyCastle.refused(e);
    }
  }
}
