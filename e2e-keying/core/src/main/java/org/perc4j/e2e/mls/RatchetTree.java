/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.mls;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.bouncycastle.crypto.params.Ed25519PublicKeyParameters;
import org.bouncycastle.crypto.signers.Ed25519Signer;
import org.bouncycastle.mls.TreeKEM.LeafIndex;
import org.bouncycastle.mls.TreeKEM.LeafNode;
import org.bouncycastle.mls.TreeKEM.LeafNodeSource;
import org.bouncycastle.mls.TreeKEM.TreeKEMPublicKey;
import org.bouncycastle.mls.codec.Extension;
import org.bouncycastle.mls.codec.GroupInfo;
import org.bouncycastle.mls.codec.MLSOutputStream;
import org.bouncycastle.mls.crypto.MlsCipherSuite;
import org.jspecify.annotations.Nullable;
import org.perc4j.e2e.mls.RefusedException.Reason;

/** Reads Bouncy Castle's ratchet trees: who is in one, and whether its leaves are signed. */
final class RatchetTree {
  private static final int SIGNATURE_BYTES = 64;

  private RatchetTree() {}

  /** Returns the tree that a GroupInfo has. */
  static TreeKEMPublicKey of(GroupInfo info) throws Exception {
    for (Extension extension : info.getExtensions()) {
      TreeKEMPublicKey tree = extension.getRatchetTree();
      if (tree != null) {
        return tree;
      }
    }
    throw new RefusedException(Reason.UNSUPPORTED, "GroupInfo without a tree");
  }

  /**
   * Reads who is in a tree.
   *
   * @param known an earlier roster, whose members need no second look
   */
  static Roster roster(TreeKEMPublicKey tree, GroupPolicy policy, @Nullable Roster known)
      throws RefusedException {
    List<Member> members = new ArrayList<>();
    Set<ByteBuffer> encryptionKeys = new HashSet<>();
    for (int i = 0; i < tree.getSize().leafCount(); i++) {
      LeafNode leaf = tree.getLeafNode(new LeafIndex(i));
      if (leaf == null) {
        continue;
      }
      if (!encryptionKeys.add(ByteBuffer.wrap(leaf.getEncryptionKey()))) {
        throw new RefusedException(Reason.DUPLICATE, "two leaves have one encryption key");
      }
      byte[] octets = leaf.getCredential().getIdentity();
      Member before = known == null ? null : known.at(i);
      if (before != null
          && Arrays.equals(before.signatureKey(), leaf.getSignatureKey())
          && before.credential().hasOctets(octets)) {
        members.add(before);
      } else {
        byte[] signatureKey = leaf.getSignatureKey().clone();
        members.add(
            new Member(
                i, LeafCredential.verify(octets, policy.room(), signatureKey), signatureKey));
      }
    }
    return Roster.of(members);
  }

  /** Verifies the leaves of a tree that came from outside (RFC 9420 section 7.3). */
  static void requireSignedLeaves(TreeKEMPublicKey tree, byte[] groupId) throws Exception {
    for (int i = 0; i < tree.getSize().leafCount(); i++) {
      LeafNode leaf = tree.getLeafNode(new LeafIndex(i));
      if (leaf != null && !isSigned(leaf, groupId, i)) {
        throw new RefusedException(Reason.NOT_AUTHENTIC, "signature of leaf " + i);
      }
    }
  }

  /** As Bouncy Castle does it, but without its static state: large trees would hold the lock. */
  private static boolean isSigned(LeafNode leaf, byte[] groupId, int index) throws IOException {
    byte[] content =
        leaf.getSource() == LeafNodeSource.KEY_PACKAGE
            ? leaf.toBeSigned(null, -1)
            : leaf.toBeSigned(groupId, index);
    byte[] signed =
        MLSOutputStream.encode(new MlsCipherSuite.GenericContent("LeafNodeTBS", content));
    Ed25519Signer verifier = new Ed25519Signer();
    verifier.init(false, new Ed25519PublicKeyParameters(leaf.getSignatureKey()));
    verifier.update(signed, 0, signed.length);
    return verifier.verifySignature(signatureOf(leaf));
  }

  /** The signature is a leaf's last field, and there is no other way to it. */
  private static byte[] signatureOf(LeafNode leaf) throws IOException {
    byte[] encoded = MLSOutputStream.encode(leaf);
    return Arrays.copyOfRange(encoded, encoded.length - SIGNATURE_BYTES, encoded.length);
  }
}
