/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.mls;

import static org.perc4j.e2e.mls.BouncyCastle.LOCK;
import static org.perc4j.e2e.mls.BouncyCastle.SUITE;

import java.util.Map;
import org.bouncycastle.mls.TreeKEM.LeafIndex;
import org.bouncycastle.mls.TreeKEM.LeafNode;
import org.bouncycastle.mls.TreeKEM.TreeKEMPublicKey;
import org.bouncycastle.mls.codec.GroupInfo;
import org.bouncycastle.mls.codec.MLSOutputStream;
import org.bouncycastle.mls.protocol.Group;
import org.jspecify.annotations.Nullable;
import org.perc4j.e2e.mls.MessageCheck.GroupInfoOutline;
import org.perc4j.e2e.mls.RefusedException.Reason;

/** Joins a group from outside by a GroupInfo that may be anybody's. */
final class ExternalJoin {
  private ExternalJoin() {}

  /**
   * Joins a group from outside (RFC 9420 section 12.4.3.2), in place of an earlier leaf of the same
   * identity if there is one.
   *
   * @param own whose keys are used, once
   * @param groupInfo as a member published it
   */
  static CommittedEpoch join(OwnKeyPackage own, byte[] groupInfo, GroupPolicy policy)
      throws RefusedException {
    GroupInfoOutline outline = new MessageCheck(policy.maxMembers()).groupInfoMessage(groupInfo);
    if (!outline.hasTree()) {
      throw new RefusedException(Reason.UNSUPPORTED, "GroupInfo without a tree");
    }
    policy.requireValidNow(outline);
    try {
      GroupInfo info = BouncyCastle.decode(groupInfo).groupInfo;
      TreeKEMPublicKey tree = RatchetTree.of(info);
      tree.setSuite(SUITE);
      RatchetTree.requireSignedLeaves(tree, info.getGroupID());
      Roster before = RatchetTree.roster(tree, policy, null);
      Member signer = before.at(info.getSigner().value());
      if (signer == null) {
        throw new RefusedException(Reason.NOT_AUTHENTIC, "GroupInfo signed by a blank leaf");
      }
      LeafIndex earlier = earlierLeaf(own.leaf(), before, policy);
      policy.requireAcceptable(before, earlier == null ? -1 : earlier.value());
      Group.GroupWithMessage result;
      byte[] commit;
      synchronized (LOCK) {
        if (!info.verify(SUITE, signer.signatureKey())) {
          throw new RefusedException(Reason.NOT_AUTHENTIC, "signature of a GroupInfo");
        }
        result =
            Group.externalJoin(
                BouncyCastle.freshSecret(),
                own.signatureKeys(),
                own.keyPackage(),
                info,
                null,
                new Group.MessageOptions(),
                earlier,
                Map.of());
        commit = MLSOutputStream.encode(result.message);
      }
      Roster after = RatchetTree.roster(result.group.getTree(), policy, before);
      policy.requireRoom(after);
      return new CommittedEpoch(commit, null, new Epoch(result.group, after));
    } catch (Exception e) { // all that Bouncy Castle declares
      throw BouncyCastle.refused(e);
    }
  }

  private static @Nullable LeafIndex earlierLeaf(
      LeafNode ownLeaf, Roster roster, GroupPolicy policy) throws RefusedException {
    LeafCredential credential =
        LeafCredential.verify(
            ownLeaf.getCredential().getIdentity(), policy.room(), ownLeaf.getSignatureKey());
    Member self = new Member(-1, credential, ownLeaf.getSignatureKey());
    for (Member member : roster.members()) {
      if (member.isSameIdentity(self)) {
        return new LeafIndex(member.leaf());
      }
    }
    return null;
  }
}
