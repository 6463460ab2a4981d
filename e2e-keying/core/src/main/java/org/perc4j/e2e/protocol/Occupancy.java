/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.protocol;

import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.perc4j.e2e.mls.Member;
import org.perc4j.e2e.mls.MlsGroup;
import org.perc4j.e2e.mls.RefusedException;
import org.perc4j.e2e.mls.RefusedException.Reason;
import org.perc4j.e2e.mls.Role;
import org.perc4j.e2e.mls.Roster;

/**
 * Who is in the room and speaks the protocol, by the server's word, and which members are not, or
 * were away since they became members. Not thread-safe.
 */
final class Occupancy {
  private final String self;
  private final Set<String> present = new HashSet<>();

  /** Leaves whose holder left the room; it may be back, but not as that leaf. */
  private final Set<ByteBuffer> departed = new HashSet<>();

  Occupancy(String self) {
    this.self = self;
  }

  /** The room was entered, for the first time or anew. */
  void entered(List<String> elders) {
    present.clear();
    present.addAll(elders);
    present.add(self);
  }

  void arrived(String occupant) {
    present.add(occupant);
  }

  /**
   * Somebody left.
   *
   * @param roster the members, or null if this occupant is none itself
   */
  void departed(String occupant, @Nullable Roster roster) {
    present.remove(occupant);
    Member member = roster == null ? null : roster.occupant(occupant);
    if (member != null) {
      departed.add(LeafHistory.leafKey(member));
    }
  }

  /** There is a new epoch with these members. */
  void inEpoch(Roster roster) {
    departed.retainAll(LeafHistory.leafKeys(roster));
  }

  /** This occupant is a member no more. */
  void outOfGroup() {
    departed.clear();
  }

  /** Whether a member is not in the room, or was not for a while since it has this leaf. */
  boolean hasLeft(Member member) {
    return !present.contains(member.occupant()) || departed.contains(LeafHistory.leafKey(member));
  }

  /** Whether all other members of a group have left. */
  boolean isAlone(MlsGroup group) {
    for (Member member : group.roster().members()) {
      if (member.leaf() != group.ownLeaf() && !hasLeft(member)) {
        return false;
      }
    }
    return true;
  }

  /**
   * Returns how many other members are online and come before this one: by leaf, and those who only
   * listen after all others.
   */
  int rank(MlsGroup group) {
    Member self = group.self();
    return (int)
        group.roster().members().stream()
            .filter(member -> comesBefore(member, self) && !hasLeft(member))
            .count();
  }

  private static boolean comesBefore(Member one, Member other) {
    return one.role() == other.role() ? one.leaf() < other.leaf() : one.role() == Role.SPEAKER;
  }

  /** Returns how many of these occupants are in the room. */
  int present(Collection<String> occupants) {
    return (int) occupants.stream().distinct().filter(present::contains).count();
  }

  /** Refuses a group most of whose members are not in the room. */
  void requireMostPresent(Collection<String> occupants) throws RefusedException {
    int there = present(occupants);
    if (2 * there < occupants.size()) {
      throw new RefusedException(
          Reason.ABANDONED, there + " of " + occupants.size() + " members are in the room");
    }
  }

  /** Returns all, oneself included; a view. */
  Set<String> present() {
    return Collections.unmodifiableSet(present);
  }

  /** Returns all but oneself. */
  Set<String> others() {
    Set<String> others = new HashSet<>(present);
    others.remove(self);
    return others;
  }
}
