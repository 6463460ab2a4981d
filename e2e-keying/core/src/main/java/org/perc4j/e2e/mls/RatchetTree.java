/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.mls;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
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
   * Reads who is in a tree that came from outside, and refuses it at the first leaf that is not
   * signed (RFC 9420 section 7.3), whose credential is not for it, or whose holder the validator
   * refuses: somebody who may make such trees, but is not accepted, costs no more than one leaf.
   *
   * @param signer the leaf whose holder made the GroupInfo, looked at first
   * @param isSelf who is not put to the validator
   */
  static Roster verified(
      TreeKEMPublicKey tree,
      byte[] groupId,
      int signer,
      GroupPolicy policy,
      Predicate<Member> isSelf)
      throws Exception {
    SortedMap<Integer, LeafNode> leaves = leaves(tree);
    LeafNode first = leaves.remove(signer);
    if (first == null) {
      throw new RefusedException(Reason.NOT_AUTHENTIC, "GroupInfo signed by a blank leaf");
    }
    List<Member> members = new ArrayList<>();
    members.add(verified(first, groupId, signer, policy, isSelf));
    for (Map.Entry<Integer, LeafNode> leaf : leaves.entrySet()) {
      members.add(verified(leaf.getValue(), groupId, leaf.getKey(), policy, isSelf));
    }
    return Roster.of(members);
  }

  private static Member verified(
      LeafNode leaf, byte[] groupId, int index, GroupPolicy policy, Predicate<Member> isSelf)
      throws Exception {
    if (!isSigned(leaf, groupId, index)) {
      throw new RefusedException(Reason.NOT_AUTHENTIC, "signature of leaf " + index);
    }
    Member member = member(leaf, index, policy);
    if (!isSelf.test(member)) {
      policy.requireAccepted(member.credential());
    }
    return member;
  }

  private static Member member(LeafNode leaf, int index, GroupPolicy policy)
      throws RefusedException {
    byte[] octets = leaf.getCredential().getIdentity();
    LeafCredential credential =
        LeafCredential.verify(octets, policy.room(), leaf.getSignatureKey());
    return member(leaf, index, credential);
  }

  private static Member member(LeafNode leaf, int index, LeafCredential credential) {
    return new Member(
        index,
        credential,
        leaf.getSignatureKey().clone(),
        LeafStatement.of(leaf.getCapabilities().getExtensions()));
  }

  /**
   * Reads who is in a tree that Bouncy Castle made of another one by a commit: it has verified the
   * leaves that are new ({@code Group.validateKeyPackage} and {@code validateLeafNode}), but no
   * credential. Whom the validator accepts is for {@link GroupPolicy#requireAllowed}.
   *
   * @param before who was in the other tree; who stays needs no second look
   * @param added key packages that were read already, some of whose holders may be new in it
   */
  static Roster next(
      TreeKEMPublicKey tree, GroupPolicy policy, Roster before, Collection<ReadKeyPackage> added)
      throws RefusedException {
    List<Member> members = new ArrayList<>();
    for (Map.Entry<Integer, LeafNode> entry : leaves(tree).entrySet()) {
      int index = entry.getKey();
      LeafNode leaf = entry.getValue();
      Member known = before.at(index);
      if (known != null && isOf(leaf, known.signatureKey(), known.credential())) {
        members.add(known);
      } else {
        members.add(member(leaf, index, policy, added));
      }
    }
    return before.next(members);
  }

  private static Member member(
      LeafNode leaf, int index, GroupPolicy policy, Collection<ReadKeyPackage> added)
      throws RefusedException {
    for (ReadKeyPackage each : added) {
      byte[] signatureKey = each.keyPackage().getLeafNode().getSignatureKey();
      if (isOf(leaf, signatureKey, each.credential())) {
        return member(leaf, index, each.credential());
      }
    }
    return member(leaf, index, policy);
  }

  private static boolean isOf(LeafNode leaf, byte[] signatureKey, LeafCredential credential) {
    return Arrays.equals(leaf.getSignatureKey(), signatureKey)
        && credential.hasOctets(leaf.getCredential().getIdentity());
  }

  /** Returns the leaves that are not blank, by index. */
  private static SortedMap<Integer, LeafNode> leaves(TreeKEMPublicKey tree)
      throws RefusedException {
    SortedMap<Integer, LeafNode> leaves = new TreeMap<>();
    Set<ByteBuffer> encryptionKeys = new HashSet<>();
    for (int i = 0; i < tree.getSize().leafCount(); i++) {
      LeafNode leaf = tree.getLeafNode(new LeafIndex(i));
      if (leaf == null) {
        continue;
      }
      leaves.put(i, leaf);
      if (!encryptionKeys.add(ByteBuffer.wrap(leaf.getEncryptionKey()))) {
        throw new RefusedException(Reason.DUPLICATE, "two leaves have one encryption key");
      }
    }
    return leaves;
  }

  /** Refuses a tree that is not the one of its group, or that no commits can have led to. */
  static void requireValid(TreeKEMPublicKey tree, GroupInfo info) throws Exception {
    tree.setHashAll();
    if (!Arrays.equals(tree.getRootHash(), info.getGroupContext().getTreeHash())) {
      throw new RefusedException(Reason.INVALID_TREE, "tree of another GroupInfo");
    }
    if (!tree.verifyParentHash()) {
      throw new RefusedException(Reason.INVALID_TREE, "parent hash");
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
