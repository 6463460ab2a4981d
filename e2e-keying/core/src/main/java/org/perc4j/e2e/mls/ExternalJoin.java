/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.mls;

import static org.perc4j.e2e.mls.BouncyCastle.LOCK;
import static org.perc4j.e2e.mls.BouncyCastle.SUITE;

import java.util.List;
import java.util.Map;
import org.bouncycastle.mls.TreeKEM.LeafIndex;
import org.bouncycastle.mls.TreeKEM.TreeKEMPublicKey;
import org.bouncycastle.mls.codec.GroupInfo;
import org.bouncycastle.mls.codec.MLSOutputStream;
import org.bouncycastle.mls.protocol.Group;
import org.jspecify.annotations.Nullable;
import org.perc4j.e2e.mls.MessageCheck.GroupInfoOutline;
import org.perc4j.e2e.mls.RefusedException.Reason;

/**
 * A group that may be joined from outside (RFC 9420 section 12.4.3.2), by a GroupInfo that was
 * anybody's: it and all leaves of its tree are signed, and all members are accepted.
 */
final class ExternalJoin {
  private final GroupInfo info;
  private final TreeKEMPublicKey tree;
  private final Roster roster;
  private final @Nullable Member earlier;
  private final GroupPolicy policy;

  private ExternalJoin(
      GroupInfo info,
      TreeKEMPublicKey tree,
      Roster roster,
      @Nullable Member earlier,
      GroupPolicy policy) {
    this.info = info;
    this.tree = tree;
    this.roster = roster;
    this.earlier = earlier;
    this.policy = policy;
  }

  /**
   * Reads a GroupInfo. Its signature comes first, then the leaf that signed, then all others.
   *
   * @param groupInfo as a member published it
   * @param self who wants to join: not put to the validator, if it is in the group already
   */
  static ExternalJoin read(byte[] groupInfo, EndpointIdentity self, GroupPolicy policy)
      throws RefusedException {
    GroupInfoOutline outline = new MessageCheck(policy.maxMembers()).groupInfoMessage(groupInfo);
    if (!outline.hasTree()) {
      throw new RefusedException(Reason.UNSUPPORTED, "GroupInfo without a tree");
    }
    if (!outline.hasExternalKey()) {
      throw new RefusedException(Reason.UNSUPPORTED, "GroupInfo without a key for outsiders");
    }
    policy.requireValidNow(outline.leaves().values());
    byte[] signerKey = outline.signingLeaf().signatureKey();
    try {
      GroupInfo info = BouncyCastle.decode(groupInfo).groupInfo;
      synchronized (LOCK) {
        if (!info.verify(SUITE, signerKey)) {
          throw new RefusedException(Reason.NOT_AUTHENTIC, "signature of a GroupInfo");
        }
      }
      TreeKEMPublicKey tree = RatchetTree.of(info);
      tree.setSuite(SUITE);
      Roster roster =
          RatchetTree.verified(
              tree, info.getGroupID(), outline.signer(), policy, member -> isSame(member, self));
      policy.requireRoom(roster);
      Member earlier = null;
      for (Member member : roster.members()) {
        earlier = isSame(member, self) ? member : earlier;
      }
      return new ExternalJoin(info, tree, roster, earlier, policy);
    } catch (Exception e) { // all that Bouncy Castle declares
      throw BouncyCastle.refused(e);
    }
  }

  private static boolean isSame(Member member, EndpointIdentity self) {
    return member.name().equals(self.name())
        && member.credential().fingerprint().equals(self.fingerprint());
  }

  /**
   * Refuses a tree that cannot be this group's, as joining does, and makes no commit.
   *
   * @return who else is in the group now
   */
  Roster requireJoinable() throws RefusedException {
    try {
      synchronized (LOCK) {
        RatchetTree.requireValid(tree, info);
      }
    } catch (Exception e) { // all that Bouncy Castle declares
      throw BouncyCastle.refused(e);
    }
    if (earlier == null && roster.size() == policy.maxMembers()) {
      throw new RefusedException(Reason.GROUP_FULL, roster.size() + " members");
    }
    return roster.next(
        roster.members().stream().filter(member -> !member.equals(earlier)).toList());
  }

  /**
   * Joins, in place of an earlier leaf of the same identity if there is one.
   *
   * @param own whose keys are used, once; of the identity that was named before
   */
  CommittedEpoch join(OwnKeyPackage own) throws RefusedException {
    try {
      Group.GroupWithMessage result;
      byte[] commit;
      synchronized (LOCK) {
        result =
            Group.externalJoin(
                BouncyCastle.freshSecret(),
                own.signatureKeys(),
                own.keyPackage(),
                info,
                tree,
                new Group.MessageOptions(),
                earlier == null ? null : new LeafIndex(earlier.leaf()),
                Map.of());
        commit = MLSOutputStream.encode(result.message);
      }
      Roster after = RatchetTree.next(result.group.getTree(), policy, roster, List.of());
      policy.requireRoom(after);
      return new CommittedEpoch(commit, null, new Epoch(result.group, after));
    } catch (Exception e) { // all that Bouncy Castle declares
      throw BouncyCastle.refused(e);
    }
  }
}
