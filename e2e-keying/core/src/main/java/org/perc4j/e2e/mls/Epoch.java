/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.mls;

import static org.perc4j.e2e.mls.BouncyCastle.LOCK;
import static org.perc4j.e2e.mls.BouncyCastle.SUITE;

import java.io.IOException;
import java.util.List;
import org.bouncycastle.mls.KeyScheduleEpoch;
import org.bouncycastle.mls.codec.GroupContext;
import org.bouncycastle.mls.codec.MLSOutputStream;
import org.bouncycastle.mls.protocol.Group;

/**
 * A group at one epoch: Bouncy Castle's state of it, and who is in it, verified.
 *
 * @param group secrets and tree; only read, with the lock
 */
record Epoch(Group group, Roster roster) {
  /**
   * Makes a group with one member.
   *
   * @param own whose keys are used, once
   */
  static Epoch create(byte[] groupId, OwnKeyPackage own, GroupPolicy policy) {
    try {
      Group group;
      synchronized (LOCK) {
        group =
            new Group(
                groupId, SUITE, own.leafKeys(), own.signaturePrivateKey(), own.leaf(), List.of());
      }
      return new Epoch(group, RatchetTree.next(group.getTree(), policy, Roster.EMPTY, List.of()));
    } catch (Exception e) { // all that Bouncy Castle declares
      throw new IllegalStateException("cannot make a group", e);
    }
  }

  /** Returns which epoch this is. */
  GroupMoment moment() {
    return new GroupMoment(group.getGroupID(), group.getEpoch());
  }

  /** Returns the index of this member's own leaf. */
  int ownLeaf() {
    return group.getIndex().value();
  }

  /** Returns this member. */
  Member self() {
    Member self = roster.at(ownLeaf());
    if (self == null) {
      throw new IllegalStateException("not in the own roster");
    }
    return self;
  }

  /** Returns {@code DeriveSecret(exporter_secret, label)}, the caller's to erase. */
  byte[] exporterSecret(String label) {
    synchronized (LOCK) {
      try {
        return group.getKeySchedule().exporterSecret.deriveSecret(SUITE, label).value();
      } catch (IOException e) {
        throw new IllegalStateException("cannot derive", e);
      }
    }
  }

  /** Returns what others need to join from outside, signed by this member. */
  byte[] groupInfo() {
    synchronized (LOCK) {
      try {
        return MLSOutputStream.encode(group.getGroupInfo(true));
      } catch (Exception e) { // all that Bouncy Castle declares
        throw new IllegalStateException("cannot make a GroupInfo", e);
      }
    }
  }

  /** Returns what tells this epoch from all others. */
  GroupMark mark() {
    synchronized (LOCK) {
      try {
        return new GroupMark(moment(), context().getConfirmedTranscriptHash().clone());
      } catch (Exception e) { // all that Bouncy Castle declares
        throw new IllegalStateException("no group context", e);
      }
    }
  }

  /** Erases all that this epoch was derived from. */
  void forgetOrigin() {
    synchronized (LOCK) {
      group.getKeySchedule().getJoinerSecret().consume();
    }
  }

  /** Erases all secrets. Nothing else may be called afterwards. */
  void eraseSecrets() {
    synchronized (LOCK) {
      KeyScheduleEpoch schedule = group.getKeySchedule();
      schedule.joinerSecret.consume();
      schedule.initSecret.consume();
      schedule.senderDataSecret.consume();
      schedule.exporterSecret.consume();
      schedule.confirmationKey.consume();
      schedule.membershipKey.consume();
      schedule.resumptionPSK.consume();
      schedule.epochAuthenticator.consume();
      schedule.encryptionSecret.consume();
      schedule.externalSecret.consume();
    }
  }

  /**
   * Returns what all signatures of the group cover; the library signs a GroupInfo for it. Call it
   * with the lock.
   */
  GroupContext context() throws Exception {
    return group.getGroupInfo(false).groupInfo.getGroupContext();
  }
}
