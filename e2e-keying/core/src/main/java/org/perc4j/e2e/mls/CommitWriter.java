/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.mls;

import static org.perc4j.e2e.mls.BouncyCastle.LOCK;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import org.bouncycastle.mls.TreeKEM.LeafIndex;
import org.bouncycastle.mls.codec.MLSMessage;
import org.bouncycastle.mls.codec.MLSOutputStream;
import org.bouncycastle.mls.codec.Proposal;
import org.bouncycastle.mls.codec.WireFormat;
import org.bouncycastle.mls.protocol.Group;

/** Makes a member's own commits (RFC 9420 section 12.4.1). */
final class CommitWriter {
  private CommitWriter() {}

  /**
   * Makes a commit, always with a path.
   *
   * @param joiners who is added, in this order
   * @param leavers leaves that are removed
   * @throws RefusedException if the policy does not allow it
   */
  static CommittedEpoch write(
      Epoch current,
      Collection<ReadKeyPackage> joiners,
      Collection<Integer> leavers,
      GroupPolicy policy)
      throws RefusedException {
    try {
      List<Proposal> proposals = new ArrayList<>();
      Group.GroupWithMessage result;
      byte[] commit;
      byte[] welcome = null;
      synchronized (LOCK) {
        for (int leaver : leavers) {
          proposals.add(Proposal.remove(new LeafIndex(leaver)));
        }
        for (ReadKeyPackage joiner : joiners) {
          proposals.add(Proposal.add(joiner.keyPackage()));
        }
        result =
            current
                .group()
                .commit(
                    BouncyCastle.freshSecret(),
                    new Group.CommitOptions(proposals, false, true, null),
                    new Group.MessageOptions(),
                    new Group.CommitParameters(Group.NORMAL_COMMIT_PARAMS));
        commit = MLSOutputStream.encode(result.message);
        if (!joiners.isEmpty()) {
          MLSMessage message = new MLSMessage(WireFormat.mls_welcome);
          message.welcome = result.message.welcome;
          // what each joiner's secrets are sealed with covers all of the GroupInfo: no tree in it
          welcome = concat(MLSOutputStream.encode(result.group.getTree()), message);
        }
      }
      Roster after = RatchetTree.next(result.group.getTree(), policy, current.roster(), joiners);
      policy.requireAllowed(
          current.roster(),
          after,
          new MessageCheck(policy.maxMembers()).commit(commit),
          leaver -> true);
      return new CommittedEpoch(commit, welcome, new Epoch(result.group, after));
    } catch (Exception e) { // all that Bouncy Castle declares
      throw BouncyCastle.refused(e);
    }
  }

  private static byte[] concat(byte[] tree, MLSMessage welcome) throws IOException {
    byte[] octets = MLSOutputStream.encode(welcome);
    byte[] both = Arrays.copyOf(tree, tree.length + octets.length);
    System.arraycopy(octets, 0, both, tree.length, octets.length);
    return both;
  }
}
