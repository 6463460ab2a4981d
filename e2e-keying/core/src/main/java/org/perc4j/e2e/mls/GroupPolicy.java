/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.mls;

import java.time.Clock;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.perc4j.e2e.mls.Acquaintance.Standing;
import org.perc4j.e2e.mls.MessageCheck.CommitOutline;
import org.perc4j.e2e.mls.MessageCheck.KeyPackageOutline;
import org.perc4j.e2e.mls.MessageCheck.LeafOutline;
import org.perc4j.e2e.mls.MessageCheck.Lifetime;
import org.perc4j.e2e.mls.RefusedException.Reason;

/**
 * Who may be in the group, and what may happen to its roster from one epoch to the next. Bouncy
 * Castle checks signatures and the tree; all of this it does not. Thread-safe if the validator is.
 *
 * <ul>
 *   <li>Who is added has a credential for this room that the validator accepts.
 *   <li>Who is removed has left the room, or takes its own place again in the same commit.
 *   <li>Who stays keeps leaf, credential and signature key.
 *   <li>Who joins from outside adds itself, and removes nobody but an earlier leaf of its own.
 *   <li>No two members have the same occupant or key; no key package is used twice. Those who have
 *       the same name are devices of one person, or not: the validator has accepted each key.
 * </ul>
 */
public final class GroupPolicy {
  /** The most members that a group has unless said otherwise. */
  public static final int DEFAULT_MAX_MEMBERS = 1000;

  /** For how long a key package is valid from when it was made. */
  static final long KEY_PACKAGE_LIFETIME_SECONDS = 24 * 3600;

  /** By how much the clocks of two members may differ. */
  static final long CLOCK_SKEW_SECONDS = 3600;

  private final String room;
  private final CredentialValidator validator;
  private final int maxMembers;
  private final Clock clock;

  /**
   * A policy.
   *
   * @param room the conference's room, which credentials must name
   * @param validator who may be a member
   * @param maxMembers the most members, 2 to 32768
   * @param clock for lifetimes
   */
  public GroupPolicy(String room, CredentialValidator validator, int maxMembers, Clock clock) {
    if (maxMembers < 2 || maxMembers > 32768) {
      throw new IllegalArgumentException("group of at most " + maxMembers);
    }
    this.room = room;
    this.validator = validator;
    this.maxMembers = maxMembers;
    this.clock = clock;
  }

  String room() {
    return room;
  }

  /** Returns the most members that a group has. */
  public int maxMembers() {
    return maxMembers;
  }

  long nowSeconds() {
    return clock.instant().getEpochSecond();
  }

  /** Refuses a key package that is not valid now, or for longer than it should be. */
  void requireValidNow(KeyPackageOutline keyPackage) throws RefusedException {
    requireValidNow(keyPackage.lifetime());
  }

  /**
   * Refuses a tree with a leaf that came with a key package which is not valid any more: its holder
   * should have renewed it. Leaves that came with a commit have no lifetime.
   */
  void requireValidNow(Collection<LeafOutline> tree) throws RefusedException {
    for (LeafOutline leaf : tree) {
      if (leaf.lifetime() != null) {
        requireValidNow(leaf.lifetime());
      }
    }
  }

  private void requireValidNow(Lifetime lifetime) throws RefusedException {
    long notBefore = lifetime.notBefore();
    long notAfter = lifetime.notAfter();
    long now = nowSeconds();
    // negative is what 2^63 and more look like
    if (notBefore < 0
        || notAfter < notBefore
        || notAfter - notBefore > KEY_PACKAGE_LIFETIME_SECONDS + CLOCK_SKEW_SECONDS) {
      throw new RefusedException(
          Reason.LIFETIME,
          "key package valid from "
              + Long.toUnsignedString(notBefore)
              + " to "
              + Long.toUnsignedString(notAfter));
    }
    if (now < notBefore - CLOCK_SKEW_SECONDS || now > notAfter + CLOCK_SKEW_SECONDS) {
      throw new RefusedException(
          Reason.LIFETIME,
          "key package valid from " + notBefore + " to " + notAfter + ", and it is " + now);
    }
  }

  /** Refuses a leaf whose credential is not for it, or whose holder the validator refuses. */
  LeafCredential requireAccepted(LeafOutline leaf) throws RefusedException {
    LeafCredential holder = LeafCredential.verify(leaf.credential(), room, leaf.signatureKey());
    requireAccepted(holder);
    return holder;
  }

  /** Refuses whom the validator refuses. */
  void requireAccepted(LeafCredential credential) throws RefusedException {
    try {
      validator.check(credential);
    } catch (RefusedException e) {
      throw e.of(credential);
    }
  }

  /** Returns how far the validator believes that a member's key is that of its name. */
  public Standing standing(Member member) {
    return validator.standing(member.credential());
  }

  /** Tells the validator that somebody whom it accepted is a member now. */
  public void adopted(Member member) {
    validator.adopted(member.credential());
  }

  /** Refuses a group that has too many members. */
  void requireRoom(Roster roster) throws RefusedException {
    if (roster.size() > maxMembers) {
      throw new RefusedException(Reason.GROUP_FULL, roster.size() + " of " + maxMembers);
    }
  }

  /**
   * Refuses what must not happen to a roster.
   *
   * @param hasLeft who is not in the room any more, by this member's own knowledge
   */
  void requireAllowed(Roster before, Roster after, CommitOutline commit, Predicate<Member> hasLeft)
      throws RefusedException {
    Set<Integer> removed = new HashSet<>(commit.removes());
    if (removed.size() != commit.removes().size()) {
      throw new RefusedException(Reason.MALFORMED, "leaf removed twice");
    }
    for (Member member : before.members()) {
      if (!removed.contains(member.leaf())) {
        Member now = after.at(member.leaf());
        if (now == null || !now.isSameLeaf(member)) {
          throw new RefusedException(Reason.CREDENTIAL_CHANGED, "of " + member);
        }
      }
    }
    Collection<Member> added =
        after.members().stream()
            .filter(member -> before.at(member.leaf()) == null || removed.contains(member.leaf()))
            .toList();
    boolean external = commit.sender() == null;
    if (added.size() != (external ? 1 : commit.adds().size())) {
      throw new RefusedException(Reason.MALFORMED, added.size() + " leaves were added");
    }
    for (Member member : added) {
      requireAccepted(member.credential());
    }
    Map<String, Member> addedByKey =
        added.stream()
            .collect(
                Collectors.toMap(member -> member.credential().fingerprint(), Function.identity()));
    for (int leaf : removed) {
      Member member = before.at(leaf);
      if (member == null) {
        throw new RefusedException(Reason.MALFORMED, "blank leaf removed");
      }
      Member successor = addedByKey.get(member.credential().fingerprint());
      boolean succeeded = successor != null && successor.isSameIdentity(member);
      if (!succeeded && (external || !hasLeft.test(member))) {
        throw new RefusedException(Reason.EVICTION, "of " + member);
      }
    }
    requireRoom(after);
  }
}
