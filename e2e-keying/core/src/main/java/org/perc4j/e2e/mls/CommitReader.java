/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.mls;

import static org.perc4j.e2e.mls.BouncyCastle.LOCK;
import static org.perc4j.e2e.mls.BouncyCastle.SUITE;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.bouncycastle.mls.TreeKEM.LeafNode;
import org.bouncycastle.mls.codec.AuthenticatedContent;
import org.bouncycastle.mls.codec.Commit;
import org.bouncycastle.mls.codec.GroupContext;
import org.bouncycastle.mls.codec.MLSMessage;
import org.bouncycastle.mls.codec.MLSOutputStream;
import org.bouncycastle.mls.codec.ProposalOrRef;
import org.bouncycastle.mls.codec.ProposalType;
import org.bouncycastle.mls.protocol.Group;
import org.jspecify.annotations.Nullable;
import org.perc4j.e2e.mls.MessageCheck.CommitOutline;
import org.perc4j.e2e.mls.MessageCheck.KeyPackageOutline;
import org.perc4j.e2e.mls.RefusedException.Reason;

/** Follows a commit (RFC 9420 section 12.4.2) that may be anybody's. */
final class CommitReader {
  private final Epoch current;
  private final GroupPolicy policy;
  private final byte[] commit;
  private final CommitOutline outline;

  /**
   * A step to another epoch.
   *
   * @param added digests of the key packages that it uses
   */
  record Next(Epoch epoch, Set<ByteBuffer> added) {}

  /**
   * Reads a commit's outline.
   *
   * @param current the epoch that it is to lead on from
   * @param commit any octets
   */
  CommitReader(Epoch current, byte[] commit, GroupPolicy policy) throws RefusedException {
    this.current = current;
    this.policy = policy;
    this.commit = commit;
    this.outline = new MessageCheck(policy.maxMembers()).commit(commit);
  }

  /**
   * Takes the step that another member, or somebody from outside, made.
   *
   * @param hasLeft who is not in the room any more, by this member's own knowledge
   * @param used key packages that must not be used again
   * @return null if an authentic commit removed this member: one by another member, or one from
   *     outside by this member's own identity
   */
  @Nullable Next follow(Predicate<Member> hasLeft, UsedKeyPackages used) throws RefusedException {
    requireThisEpoch();
    Set<ByteBuffer> added = new HashSet<>();
    for (KeyPackageOutline keyPackage : outline.adds()) {
      policy.requireValidNow(keyPackage);
      used.requireUnused(UsedKeyPackages.digest(keyPackage.octets()), added);
    }
    requireSender();
    try {
      Group next;
      synchronized (LOCK) {
        if (outline.removes().contains(current.ownLeaf())) {
          requireAuthentic(BouncyCastle.decode(commit));
          return null;
        }
        next = current.group().handle(commit, null);
      }
      if (next == null) {
        throw new RefusedException(Reason.MALFORMED, "no commit");
      }
      Roster after = RatchetTree.next(next.getTree(), policy, current.roster(), List.of());
      policy.requireAllowed(current.roster(), after, outline, hasLeft);
      return new Next(new Epoch(next, after), added);
    } catch (Exception e) { // all that Bouncy Castle declares
      throw BouncyCastle.refused(e);
    }
  }

  /** Whether it adds whom one of these announcements, as messages, is of. */
  static boolean adds(CommitOutline commit, Collection<byte[]> announcements) {
    Set<ByteBuffer> announced = new HashSet<>();
    for (byte[] message : announcements) {
      if (message.length > MessageCheck.HEADER_BYTES) {
        announced.add(
            ByteBuffer.wrap(
                message, MessageCheck.HEADER_BYTES, message.length - MessageCheck.HEADER_BYTES));
      }
    }
    return commit.adds().stream()
        .anyMatch(keyPackage -> announced.contains(ByteBuffer.wrap(keyPackage.octets())));
  }

  /** See {@link MlsGroup#isSignOfLife}; what is cheap is looked at first. */
  static boolean isSignOfLife(
      byte[] commit, String from, Collection<byte[]> announcements, GroupPolicy policy)
      throws RefusedException {
    CommitOutline outline = new MessageCheck(policy.maxMembers()).commit(commit);
    return outline.sender() != null
        && adds(outline, announcements)
        && policy.requireAccepted(outline.ownLeaf()).occupant().equals(from);
  }

  private void requireThisEpoch() throws RefusedException {
    GroupMoment moment = outline.moment();
    GroupMoment here = current.moment();
    if (!moment.sameGroup(here)) {
      throw new RefusedException(Reason.OTHER_GROUP, moment + ", this is " + here);
    }
    if (moment.epoch() != here.epoch()) {
      throw new RefusedException(
          moment.isBefore(here) ? Reason.PAST_EPOCH : Reason.FUTURE_EPOCH,
          moment + ", this is " + here);
    }
  }

  private void requireSender() throws RefusedException {
    Integer sender = outline.sender();
    if (sender != null && current.roster().at(sender) == null) {
      throw new RefusedException(Reason.NOT_AUTHENTIC, "commit by a blank leaf");
    }
    if (sender != null && sender == current.ownLeaf()) {
      throw new RefusedException(Reason.NOT_AUTHENTIC, "own commit, but not the one that was sent");
    }
    if (sender == null) {
      requireAcceptedJoiner();
    }
  }

  /**
   * Refuses a step from outside by somebody who is not accepted: anybody can send one, and it would
   * cost a copy of the tree. It does not tell whether others accept that one.
   */
  private void requireAcceptedJoiner() throws RefusedException {
    try {
      LeafCredential unused = policy.requireAccepted(outline.ownLeaf());
    } catch (RefusedException e) {
      RefusedException refusal = new RefusedException(e.reason(), String.valueOf(e.getMessage()));
      refusal.initCause(e);
      throw refusal;
    }
  }

  /** Refuses a commit by somebody who is not in the group; what it does is not looked at. */
  private void requireAuthentic(MLSMessage message) throws Exception {
    Integer sender = outline.sender();
    GroupContext context = current.context();
    AuthenticatedContent content = unprotected(message, context);
    Member member = sender == null ? null : current.roster().at(sender);
    byte[] signatureKey =
        member == null
            ? content.getContent().getCommit().getUpdatePath().getLeafNode().getSignatureKey()
            : member.signatureKey();
    if (!content.verify(SUITE, signatureKey, MLSOutputStream.encode(context))) {
      throw new RefusedException(Reason.NOT_AUTHENTIC, "signature of a commit");
    }
    if (member == null) {
      // anybody can sign such a commit; the others take it from the same identity only
      LeafNode leaf = content.getContent().getCommit().getUpdatePath().getLeafNode();
      LeafCredential joiner =
          LeafCredential.verify(leaf.getCredential().getIdentity(), policy.room(), signatureKey);
      if (!current.self().isOf(joiner)) {
        throw new RefusedException(Reason.EVICTION, "of this member, from outside");
      }
    }
  }

  private AuthenticatedContent unprotected(MLSMessage message, GroupContext context)
      throws Exception {
    return message.publicMessage.unprotect(
        SUITE, current.group().getKeySchedule().membershipKey, context);
  }

  /** Whether it adds this member's own identity under another nickname. */
  boolean addsSelfElsewhere() throws RefusedException {
    try {
      Commit content;
      synchronized (LOCK) {
        content =
            unprotected(BouncyCastle.decode(commit), current.context()).getContent().getCommit();
      }
      List<LeafNode> added = new ArrayList<>();
      added.add(content.getUpdatePath().getLeafNode());
      for (ProposalOrRef proposal : content.getProposals()) {
        if (proposal.getProposal().getProposalType() == ProposalType.ADD) {
          added.add(proposal.getProposal().getLeafNode());
        }
      }
      Member self = current.self();
      for (LeafNode leaf : added) {
        LeafCredential credential =
            LeafCredential.verify(
                leaf.getCredential().getIdentity(), policy.room(), leaf.getSignatureKey());
        if (self.isOf(credential) && !credential.occupant().equals(self.occupant())) {
          return true;
        }
      }
      return false;
    } catch (Exception e) { // all that Bouncy Castle declares
      throw BouncyCastle.refused(e);
    }
  }
}
