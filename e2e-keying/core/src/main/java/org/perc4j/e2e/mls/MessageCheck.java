/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.mls;

import static org.perc4j.e2e.mls.NodeCheck.KEY_BYTES;
import static org.perc4j.e2e.mls.NodeCheck.SIGNATURE_BYTES;
import static org.perc4j.e2e.mls.NodeCheck.encryptionKey;
import static org.perc4j.e2e.mls.NodeCheck.leaf;
import static org.perc4j.e2e.mls.NodeCheck.leafNode;
import static org.perc4j.e2e.mls.NodeCheck.require;
import static org.perc4j.e2e.mls.NodeCheck.unsupported;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.perc4j.e2e.mls.RefusedException.Reason;

/**
 * Reads MLS messages (RFC 9420 sections 5 to 12) before Bouncy Castle does, which believes declared
 * lengths and ignores octets left over. What passes has true lengths, minimal length encodings, and
 * uses only what this implementation uses itself: version 1.0, cipher suite 1, basic credentials,
 * no extensions but those of a GroupInfo, and commits of inline Add, Remove and ExternalInit
 * proposals.
 *
 * <p>The cost of a message is linear in its length, which is bounded first.
 */
final class MessageCheck {
  static final int MAX_KEY_PACKAGE_BYTES = 16 * 1024;
  static final int MAX_MESSAGE_BYTES = 512 * 1024;

  static final int HASH_BYTES = 32;

  static final int VERSION = 1;
  private static final int PUBLIC_MESSAGE = 1;
  private static final int WELCOME = 3;
  private static final int GROUP_INFO = 4;
  private static final int KEY_PACKAGE = 5;
  private static final int COMMIT = 3;
  private static final int ADD = 1;
  private static final int REMOVE = 3;
  private static final int EXTERNAL_INIT = 6;
  private static final int RATCHET_TREE = 2;
  private static final int EXTERNAL_PUB = 4;
  private static final int AEAD_TAG_BYTES = 16;

  /** How much comes before what a message holds: version and wire format (RFC 9420 section 6). */
  static final int HEADER_BYTES = 4;

  private final int maxMembers;

  /** Checks for groups of at most so many members. */
  MessageCheck(int maxMembers) {
    this.maxMembers = maxMembers;
  }

  /**
   * What a commit says of itself, not yet authenticated.
   *
   * @param ownLeaf the new leaf of whoever made it
   */
  record CommitOutline(
      GroupMoment moment,
      @Nullable Integer sender,
      List<KeyPackageOutline> adds,
      List<Integer> removes,
      LeafOutline ownLeaf) {}

  /**
   * A key package, not yet authenticated.
   *
   * @param octets its encoding, without the message around it
   * @param lifetime that of its leaf
   */
  @SuppressWarnings("ArrayRecordComponent") // not compared
  record KeyPackageOutline(byte[] octets, LeafOutline leaf, Lifetime lifetime) {}

  /** When a key package may be used, in seconds since 1970. */
  record Lifetime(long notBefore, long notAfter) {}

  /** What a leaf says of itself, not yet authenticated. */
  @SuppressWarnings("ArrayRecordComponent") // not compared
  record LeafOutline(byte[] signatureKey, byte[] credential, @Nullable Lifetime lifetime) {}

  /**
   * A GroupInfo's outline, not yet authenticated.
   *
   * @param leaves those of the tree that are not blank, by index; none if there is no tree
   * @param signer index of the leaf that signed, by its own word
   */
  @SuppressWarnings("ArrayRecordComponent") // not compared
  record GroupInfoOutline(
      GroupMoment moment,
      byte[] transcriptHash,
      boolean hasExternalKey,
      boolean hasTree,
      Map<Integer, LeafOutline> leaves,
      int signer) {
    /** Returns the leaf that signed, by its own word. */
    LeafOutline signingLeaf() throws RefusedException {
      return signingLeaf(leaves);
    }

    /** Returns the leaf that signed, by its own word, of a tree that came beside it. */
    LeafOutline signingLeaf(Map<Integer, LeafOutline> tree) throws RefusedException {
      LeafOutline leaf = tree.get(signer);
      if (leaf == null) {
        throw new RefusedException(Reason.NOT_AUTHENTIC, "GroupInfo signed by a blank leaf");
      }
      return leaf;
    }
  }

  /**
   * A tree, and the Welcome that came with it.
   *
   * @param tree its encoding, of which nothing but the length was looked at
   */
  @SuppressWarnings("ArrayRecordComponent") // not compared
  record WelcomeWithTree(byte[] tree, byte[] welcome) {}

  /** The parts of a Welcome. */
  @SuppressWarnings("ArrayRecordComponent") // not compared
  record WelcomeOutline(List<Secrets> secrets, byte[] encryptedGroupInfo) {
    /** What is meant for one key package. */
    record Secrets(byte[] keyPackageReference, byte[] kemOutput, byte[] ciphertext) {}
  }

  KeyPackageOutline keyPackage(byte[] message) throws RefusedException {
    Cursor cursor = open(message, MAX_KEY_PACKAGE_BYTES, KEY_PACKAGE);
    KeyPackageOutline keyPackage = keyPackage(cursor);
    cursor.expectEnd();
    return keyPackage;
  }

  CommitOutline commit(byte[] message) throws RefusedException {
    Cursor cursor = open(message, MAX_MESSAGE_BYTES, PUBLIC_MESSAGE);
    byte[] groupId = cursor.opaque("group id", 1, GroupMoment.MAX_GROUP_ID_BYTES);
    long epoch = cursor.unsigned(8);
    Integer sender = sender(cursor);
    cursor.skip("authenticated data", 0, 0);
    require(cursor.uint8() == COMMIT, "content is no commit");
    List<KeyPackageOutline> adds = new ArrayList<>();
    List<Integer> removes = new ArrayList<>();
    boolean externalInit = false;
    Cursor proposals = cursor.vector();
    while (!proposals.atEnd()) {
      require(proposals.uint8() == 1, "proposal by reference");
      int type = proposals.uint16();
      switch (type) {
        case ADD -> adds.add(keyPackage(proposals));
        case REMOVE -> removes.add(leaf(proposals));
        case EXTERNAL_INIT -> {
          require(!externalInit, "two external inits");
          proposals.skip("KEM output", KEY_BYTES, KEY_BYTES);
          externalInit = true;
        }
        default -> throw unsupported("proposal of type " + type);
      }
      require(adds.size() <= maxMembers && removes.size() <= maxMembers, "too many proposals");
    }
    require(externalInit == (sender == null), "external init and sender do not match");
    require(
        sender != null || (adds.isEmpty() && removes.size() <= 1), "external commit does too much");
    require(cursor.present(), "commit without a path");
    LeafOutline ownLeaf = updatePath(cursor);
    cursor.skip("signature", SIGNATURE_BYTES, SIGNATURE_BYTES);
    cursor.skip("confirmation tag", HASH_BYTES, HASH_BYTES);
    if (sender != null) {
      cursor.skip("membership tag", HASH_BYTES, HASH_BYTES);
    }
    cursor.expectEnd();
    return new CommitOutline(
        new GroupMoment(groupId, epoch), sender, List.copyOf(adds), List.copyOf(removes), ownLeaf);
  }

  /** Tells a tree from the Welcome behind it, and reads neither. */
  WelcomeWithTree welcomeWithTree(byte[] message) throws RefusedException {
    requireLength(message, MAX_MESSAGE_BYTES);
    Cursor cursor = new Cursor(message);
    require(!cursor.vector().atEnd(), "Welcome without a tree");
    int end = cursor.position();
    return new WelcomeWithTree(
        Arrays.copyOf(message, end), Arrays.copyOfRange(message, end, message.length));
  }

  /**
   * Reads a tree.
   *
   * @return its leaves that are not blank, by index
   */
  Map<Integer, LeafOutline> tree(byte[] octets) throws RefusedException {
    Cursor cursor = new Cursor(octets);
    Map<Integer, LeafOutline> leaves = NodeCheck.tree(cursor.vector(), maxMembers);
    cursor.expectEnd();
    return leaves;
  }

  WelcomeOutline welcome(byte[] message) throws RefusedException {
    Cursor cursor = open(message, MAX_MESSAGE_BYTES, WELCOME);
    suite(cursor);
    List<WelcomeOutline.Secrets> secrets = new ArrayList<>();
    Cursor list = cursor.vector();
    while (!list.atEnd()) {
      byte[] reference = list.opaque("key package reference", HASH_BYTES, HASH_BYTES);
      byte[] kemOutput = list.opaque("KEM output", KEY_BYTES, KEY_BYTES);
      secrets.add(
          new WelcomeOutline.Secrets(
              reference, kemOutput, list.opaque("group secrets", AEAD_TAG_BYTES, 256)));
      require(secrets.size() <= maxMembers, "too many joiners");
    }
    byte[] groupInfo = cursor.opaque("group info", AEAD_TAG_BYTES, MAX_MESSAGE_BYTES);
    cursor.expectEnd();
    return new WelcomeOutline(secrets, groupInfo);
  }

  /**
   * Reads the GroupSecrets (RFC 9420 section 12.4.3.1) that a Welcome held.
   *
   * @return the joiner secret
   */
  byte[] groupSecrets(byte[] decrypted) throws RefusedException {
    Cursor cursor = new Cursor(decrypted);
    byte[] joinerSecret = cursor.opaque("joiner secret", HASH_BYTES, HASH_BYTES);
    require(cursor.present(), "no path secret");
    cursor.skip("path secret", HASH_BYTES, HASH_BYTES);
    require(cursor.vector().atEnd(), "pre-shared keys");
    cursor.expectEnd();
    return joinerSecret;
  }

  GroupInfoOutline groupInfoMessage(byte[] message) throws RefusedException {
    return groupInfo(open(message, MAX_MESSAGE_BYTES, GROUP_INFO));
  }

  /** Reads a GroupInfo that a Welcome held. */
  GroupInfoOutline groupInfo(byte[] decrypted) throws RefusedException {
    return groupInfo(new Cursor(decrypted));
  }

  private GroupInfoOutline groupInfo(Cursor cursor) throws RefusedException {
    version(cursor);
    suite(cursor);
    byte[] groupId = cursor.opaque("group id", 1, GroupMoment.MAX_GROUP_ID_BYTES);
    long epoch = cursor.unsigned(8);
    cursor.skip("tree hash", HASH_BYTES, HASH_BYTES);
    byte[] transcriptHash = cursor.opaque("transcript hash", 0, HASH_BYTES);
    require(cursor.vector().atEnd(), "group context with extensions");
    boolean externalPub = false;
    boolean tree = false;
    Map<Integer, LeafOutline> leaves = Map.of();
    Cursor extensions = cursor.vector();
    while (!extensions.atEnd()) {
      int type = extensions.uint16();
      Cursor data = extensions.vector();
      switch (type) {
        case EXTERNAL_PUB -> {
          require(!externalPub, "two external keys");
          encryptionKey(data, "external key");
          externalPub = true;
        }
        case RATCHET_TREE -> {
          require(!tree, "two trees");
          leaves = NodeCheck.tree(data.vector(), maxMembers);
          tree = true;
        }
        default -> throw unsupported("extension of type " + type);
      }
      data.expectEnd();
    }
    cursor.skip("confirmation tag", HASH_BYTES, HASH_BYTES);
    int signer = leaf(cursor);
    cursor.skip("signature", SIGNATURE_BYTES, SIGNATURE_BYTES);
    cursor.expectEnd();
    return new GroupInfoOutline(
        new GroupMoment(groupId, epoch), transcriptHash, externalPub, tree, leaves, signer);
  }

  private KeyPackageOutline keyPackage(Cursor cursor) throws RefusedException {
    int start = cursor.position();
    version(cursor);
    suite(cursor);
    encryptionKey(cursor, "init key");
    LeafOutline leaf = leafNode(cursor);
    Lifetime lifetime = leaf.lifetime();
    if (lifetime == null) {
      throw Cursor.malformed("key package with the leaf of a commit");
    }
    require(cursor.vector().atEnd(), "key package with extensions");
    cursor.skip("signature", SIGNATURE_BYTES, SIGNATURE_BYTES);
    return new KeyPackageOutline(cursor.since(start), leaf, lifetime);
  }

  private LeafOutline updatePath(Cursor cursor) throws RefusedException {
    LeafOutline leaf = leafNode(cursor);
    require(leaf.lifetime() == null, "path with the leaf of a key package");
    Cursor nodes = cursor.vector();
    int ciphertexts = 0;
    while (!nodes.atEnd()) {
      encryptionKey(nodes, "encryption key");
      Cursor list = nodes.vector();
      while (!list.atEnd()) {
        list.skip("KEM output", KEY_BYTES, KEY_BYTES);
        list.skip("path secret", HASH_BYTES + AEAD_TAG_BYTES, HASH_BYTES + AEAD_TAG_BYTES);
        ciphertexts++;
        require(ciphertexts <= 2 * maxMembers, "path too long");
      }
    }
    return leaf;
  }

  private static @Nullable Integer sender(Cursor cursor) throws RefusedException {
    int type = cursor.uint8();
    return switch (type) {
      case 1 -> leaf(cursor);
      case 4 -> null;
      default -> throw unsupported("sender of type " + type);
    };
  }

  private static Cursor open(byte[] message, int maxBytes, int wireFormat) throws RefusedException {
    requireLength(message, maxBytes);
    Cursor cursor = new Cursor(message);
    version(cursor);
    int found = cursor.uint16();
    require(found == wireFormat, "wire format " + found + " in place of " + wireFormat);
    return cursor;
  }

  private static void requireLength(byte[] message, int maxBytes) throws RefusedException {
    if (message.length > maxBytes) {
      throw new RefusedException(Reason.TOO_LARGE, message.length + " octets");
    }
  }

  private static void version(Cursor cursor) throws RefusedException {
    int version = cursor.uint16();
    if (version != VERSION) {
      throw unsupported("version " + version);
    }
  }

  private static void suite(Cursor cursor) throws RefusedException {
    int suite = cursor.uint16();
    if (suite != MlsGroup.CIPHER_SUITE) {
      throw unsupported("cipher suite " + suite);
    }
  }
}
