/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.mls;

import static org.perc4j.e2e.mls.BouncyCastle.LOCK;
import static org.perc4j.e2e.mls.BouncyCastle.SUITE;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.bouncycastle.mls.KeyScheduleEpoch;
import org.bouncycastle.mls.codec.MLSOutputStream;
import org.bouncycastle.mls.crypto.Secret;
import org.bouncycastle.mls.protocol.Group;
import org.jspecify.annotations.Nullable;
import org.perc4j.e2e.mls.MessageCheck.GroupInfoOutline;
import org.perc4j.e2e.mls.MessageCheck.WelcomeOutline;
import org.perc4j.e2e.mls.RefusedException.Reason;

/** Joins by a Welcome (RFC 9420 section 12.4.3.1) that may be anybody's. */
final class WelcomeReader {
  private final GroupPolicy policy;
  private final MessageCheck check;
  private final byte[] welcome;
  private final WelcomeOutline outline;

  /** Reads a Welcome's outside. */
  WelcomeReader(byte[] welcome, GroupPolicy policy) throws RefusedException {
    this.policy = policy;
    this.check = new MessageCheck(policy.maxMembers());
    this.welcome = welcome;
    this.outline = check.welcome(welcome);
  }

  /** Whether it answers this key package, by its own word. */
  boolean answers(OwnKeyPackage own) {
    return secretsFor(own) != null;
  }

  private WelcomeOutline.@Nullable Secrets secretsFor(OwnKeyPackage own) {
    byte[] reference;
    synchronized (LOCK) {
      try {
        reference =
            SUITE.refHash(MLSOutputStream.encode(own.keyPackage()), "MLS 1.0 KeyPackage Reference");
      } catch (IOException e) {
        throw new IllegalStateException("own key package cannot be encoded", e);
      }
    }
    for (WelcomeOutline.Secrets candidate : outline.secrets()) {
      if (Arrays.equals(candidate.keyPackageReference(), reference)) {
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
    try {
      Group group;
      synchronized (LOCK) {
        byte[] initKey = SUITE.getHPKE().serializePrivateKey(own.initKeys().getPrivate());
        GroupInfoOutline inside = checkInside(secrets, initKey);
        if (from != null) {
          requireSigner(inside, from);
        }
        policy.requireValidNow(inside);
        group =
            new Group(
                initKey,
                own.leafKeys(),
                own.signaturePrivateKey(),
                own.keyPackage(),
                BouncyCastle.decode(welcome).welcome,
                null,
                Map.of(),
                Map.of());
        Arrays.fill(initKey, (byte) 0);
      }
      RatchetTree.requireSignedLeaves(group.getTree(), group.getGroupID());
      Roster roster = RatchetTree.roster(group.getTree(), policy, null);
      policy.requireAcceptable(roster, group.getIndex().value());
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
    if (!inside.hasTree()) {
      throw new RefusedException(Reason.UNSUPPORTED, "Welcome without a tree");
    }
    return inside;
  }

  /** Refuses a Welcome that somebody else sent than the member who made it. */
  private static void requireSigner(GroupInfoOutline info, String occupant)
      throws RefusedException {
    String signer = LeafCredentialCodec.occupant(info.signingLeaf().credential());
    if (!signer.equals(occupant)) {
      throw new RefusedException(
          Reason.CREDENTIAL, "the Welcome of " + occupant + " is by " + signer);
    }
  }
}
