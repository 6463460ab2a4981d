/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.mls;

import static org.perc4j.e2e.mls.BouncyCastle.LOCK;
import static org.perc4j.e2e.mls.BouncyCastle.SUITE;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.bouncycastle.mls.KeyScheduleEpoch;
import org.bouncycastle.mls.TreeKEM.TreeKEMPublicKey;
import org.bouncycastle.mls.codec.MLSInputStream;
import org.bouncycastle.mls.crypto.Secret;
import org.bouncycastle.mls.protocol.Group;
import org.jspecify.annotations.Nullable;
import org.perc4j.e2e.mls.MessageCheck.GroupInfoOutline;
import org.perc4j.e2e.mls.MessageCheck.LeafOutline;
import org.perc4j.e2e.mls.MessageCheck.WelcomeOutline;
import org.perc4j.e2e.mls.RefusedException.Reason;

/**
 * Joins by a Welcome (RFC 9420 section 12.4.3.1) that may be anybody's. The tree comes before it,
 * in the encoding of the {@code ratchet_tree} extension, which the GroupInfo inside does not have:
 * what is sealed for each joiner covers all of the GroupInfo, so that a tree in it would be hashed
 * for each of them again. The GroupInfo has the tree's hash, and its signature covers that.
 *
 * <pre>
 *   optional&lt;Node&gt; ratchet_tree&lt;V&gt;;
 *   MLSMessage welcome;
 * </pre>
 */
final class WelcomeReader {
  private final GroupPolicy policy;
  private final MessageCheck check;
  private final byte[] tree;
  private final byte[] welcome;
  private final WelcomeOutline outline;

  /** Reads a Welcome's outside, and not yet the tree. */
  WelcomeReader(byte[] welcome, GroupPolicy policy) throws RefusedException {
    this.policy = policy;
    this.check = new MessageCheck(policy.maxMembers());
    MessageCheck.WelcomeWithTree parts = check.welcomeWithTree(welcome);
    this.tree = parts.tree();
    this.welcome = parts.welcome();
    this.outline = check.welcome(parts.welcome());
  }

  /** Whether it answers this key package, by its own word. */
  boolean answers(OwnKeyPackage own) {
    return secretsFor(own) != null;
  }

  private WelcomeOutline.@Nullable Secrets secretsFor(OwnKeyPackage own) {
    for (WelcomeOutline.Secrets candidate : outline.secrets()) {
      if (Arrays.equals(candidate.keyPackageReference(), own.reference())) {
        return candidate;
      }
    }
    return null;
  }

  /**
   * Joins the group, whose roster is accepted in whole or not at all.
   *
   * @param own the key package that it answers
   * @param from the occupant who sent it: it must be the member who made it; null for anybody
   */
  Epoch join(OwnKeyPackage own, @Nullable String from) throws RefusedException {
    WelcomeOutline.Secrets secrets = secretsFor(own);
    if (secrets == null) {
      throw new RefusedException(Reason.NOT_FOR_US, "Welcome for other key packages");
    }
    Map<Integer, LeafOutline> leaves = check.tree(tree);
    policy.requireValidNow(leaves.values());
    try {
      GroupInfoOutline inside;
      Group group;
      synchronized (LOCK) {
        byte[] initKey = SUITE.getHPKE().serializePrivateKey(own.initKeys().getPrivate());
        inside = checkInside(secrets, initKey);
        requireSigner(inside.signingLeaf(leaves), from);
        group =
            new Group(
                initKey,
                own.leafKeys(),
                own.signaturePrivateKey(),
                own.keyPackage(),
                BouncyCastle.decode(welcome).welcome,
                (TreeKEMPublicKey) MLSInputStream.decode(tree, TreeKEMPublicKey.class),
                Map.of(),
                Map.of());
        Arrays.fill(initKey, (byte) 0);
      }
      int ownLeaf = group.getIndex().value();
      Roster roster =
          RatchetTree.verified(
              group.getTree(),
              group.getGroupID(),
              inside.signer(),
              policy,
              member -> member.leaf() == ownLeaf);
      policy.requireRoom(roster);
      return new Epoch(group, roster);
    } catch (Exception e) { // all that Bouncy Castle declares
      throw BouncyCastle.refused(e);
    }
  }

  /** Decrypts what Bouncy Castle will decrypt again, to check its lengths before it parses them. */
  private GroupInfoOutline checkInside(WelcomeOutline.Secrets secrets, byte[] initKey)
      throws Exception {
    byte[] groupSecrets =
        SUITE.decryptWithLabel(
            initKey,
            "Welcome",
            outline.encryptedGroupInfo(),
            secrets.kemOutput(),
            secrets.ciphertext());
    byte[] joinerSecret;
    try {
      joinerSecret = check.groupSecrets(groupSecrets);
    } finally {
      Arrays.fill(groupSecrets, (byte) 0);
    }
    Secret welcomeSecret = KeyScheduleEpoch.welcomeSecret(SUITE, joinerSecret, List.of());
    Secret key =
        welcomeSecret.expandWithLabel(SUITE, "key", new byte[0], SUITE.getAEAD().getKeySize());
    Secret nonce =
        welcomeSecret.expandWithLabel(SUITE, "nonce", new byte[0], SUITE.getAEAD().getNonceSize());
    byte[] groupInfo =
        SUITE.getAEAD().open(key.value(), nonce.value(), new byte[0], outline.encryptedGroupInfo());
    Arrays.fill(joinerSecret, (byte) 0);
    key.consume();
    GroupInfoOutline inside = check.groupInfo(groupInfo);
    if (inside.hasTree()) {
      throw new RefusedException(Reason.UNSUPPORTED, "Welcome with two trees");
    }
    return inside;
  }

  /**
   * Refuses a Welcome that somebody else sent than the member who made it, or whose maker the
   * validator refuses, before it costs a tree.
   */
  private void requireSigner(LeafOutline leaf, @Nullable String occupant) throws RefusedException {
    String signer = LeafCredentialCodec.occupant(leaf.credential());
    if (occupant != null && !signer.equals(occupant)) {
      throw new RefusedException(
          Reason.CREDENTIAL, "the Welcome of " + occupant + " is by " + signer);
    }
    LeafCredential unused = policy.requireAccepted(leaf);
  }
}
