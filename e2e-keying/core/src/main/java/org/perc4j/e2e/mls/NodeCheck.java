/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.mls;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.bouncycastle.util.encoders.Hex;
import org.perc4j.e2e.mls.MessageCheck.LeafOutline;
import org.perc4j.e2e.mls.MessageCheck.Lifetime;
import org.perc4j.e2e.mls.RefusedException.Reason;

/** Reads the nodes of ratchet trees (RFC 9420 sections 7.1 to 7.8) for {@link MessageCheck}. */
final class NodeCheck {
  static final int KEY_BYTES = 32;
  static final int SIGNATURE_BYTES = 64;

  private static final int BASIC = 1;
  private static final int MAX_CAPABILITIES = 64;

  /** The u-coordinates below 2^255 of all points of low order on Curve25519 and its twist. */
  private static final Set<ByteBuffer> LOW_ORDER =
      Stream.of(
              "0000000000000000000000000000000000000000000000000000000000000000",
              "0100000000000000000000000000000000000000000000000000000000000000",
              "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
              "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
              "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
              "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
              "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f")
          .map(Hex::decode)
          .map(ByteBuffer::wrap)
          .collect(Collectors.toUnmodifiableSet());

  private NodeCheck() {}

  /**
   * Reads a tree.
   *
   * @return its leaves that are not blank, by index
   */
  static Map<Integer, LeafOutline> tree(Cursor nodes, int maxMembers) throws RefusedException {
    int count = 0;
    boolean lastPresent = false;
    Map<Integer, LeafOutline> leaves = new LinkedHashMap<>();
    List<Unmerged> unmerged = new ArrayList<>();
    while (!nodes.atEnd()) {
      lastPresent = nodes.present();
      if (lastPresent) {
        int type = nodes.uint8();
        require(type == (count % 2 == 0 ? 1 : 2), "node of the wrong type in the tree");
        if (type == 1) {
          leaves.put(count / 2, leafNode(nodes));
        } else {
          parentNode(nodes, count, unmerged);
        }
      }
      count++;
      require(count < 2 * maxMembers, "tree too large");
    }
    require(count % 2 == 1 && lastPresent, "tree does not end with a leaf");
    for (Unmerged entry : unmerged) {
      require(
          leaves.containsKey(entry.leaf()) && entry.isBelowParent(), "unmerged leaf out of place");
    }
    return leaves;
  }

  /** An entry in a parent's list of leaves that do not have its key. */
  private record Unmerged(int parent, int leaf) {
    /** In this numbering (RFC 9420 appendix C), a node's level is how many ones it ends with. */
    boolean isBelowParent() {
      int reach = Integer.lowestOneBit(~parent) - 1;
      return Math.abs(2 * leaf - parent) <= reach;
    }
  }

  private static void parentNode(Cursor cursor, int index, List<Unmerged> unmerged)
      throws RefusedException {
    encryptionKey(cursor, "encryption key");
    cursor.skip("parent hash", 0, MessageCheck.HASH_BYTES);
    int previous = -1;
    Cursor list = cursor.vector();
    while (!list.atEnd()) {
      int leaf = leaf(list);
      require(leaf > previous, "unmerged leaves out of order");
      unmerged.add(new Unmerged(index, leaf));
      previous = leaf;
    }
  }

  /** Reads a leaf. */
  static LeafOutline leafNode(Cursor cursor) throws RefusedException {
    encryptionKey(cursor, "encryption key");
    byte[] signatureKey = cursor.opaque("signature key", KEY_BYTES, KEY_BYTES);
    int credentialType = cursor.uint16();
    require(credentialType == BASIC, "credential of type " + credentialType);
    byte[] credential = cursor.opaque("credential", 1, LeafCredential.MAX_LENGTH_BYTES);
    requireListed(cursor.vector(), MessageCheck.VERSION, "version");
    requireListed(cursor.vector(), MlsGroup.CIPHER_SUITE, "cipher suite");
    requireListed(cursor.vector(), -1, "extension");
    requireListed(cursor.vector(), -1, "proposal");
    requireListed(cursor.vector(), BASIC, "credential type");
    Lifetime lifetime = null;
    int source = cursor.uint8();
    switch (source) {
      case 1 -> lifetime = new Lifetime(cursor.unsigned(8), cursor.unsigned(8));
      case 3 -> cursor.skip("parent hash", 0, MessageCheck.HASH_BYTES);
      default -> throw unsupported("leaf from source " + source);
    }
    require(cursor.vector().atEnd(), "leaf with extensions");
    cursor.skip("signature", SIGNATURE_BYTES, SIGNATURE_BYTES);
    return new LeafOutline(signatureKey, credential, lifetime);
  }

  /**
   * Refuses points of low order, with which there is no shared secret (RFC 7748 section 6.1): to
   * one in a tree, nobody can encrypt, and so nobody can commit.
   */
  static void encryptionKey(Cursor cursor, String what) throws RefusedException {
    byte[] key = cursor.opaque(what, KEY_BYTES, KEY_BYTES);
    key[KEY_BYTES - 1] &= 0x7f; // as X25519 does
    require(!LOW_ORDER.contains(ByteBuffer.wrap(key)), what + " of low order");
  }

  /** Reads a list of capabilities, of which one must be there unless it is -1. */
  private static void requireListed(Cursor list, int needed, String what) throws RefusedException {
    boolean found = needed == -1;
    for (int i = 0; !list.atEnd(); i++) {
      require(i < MAX_CAPABILITIES, "too many capabilities");
      found |= list.uint16() == needed;
    }
    require(found, "leaf that does not support our " + what);
  }

  /** Reads the index of a leaf. */
  static int leaf(Cursor cursor) throws RefusedException {
    long leaf = cursor.unsigned(4);
    require(leaf < 1 << 16, "leaf index out of range");
    return (int) leaf;
  }

  static void require(boolean holds, String otherwise) throws RefusedException {
    if (!holds) {
      throw Cursor.malformed(otherwise);
    }
  }

  static RefusedException unsupported(String detail) {
    return new RefusedException(Reason.UNSUPPORTED, detail);
  }
}
