/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.mls;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.perc4j.e2e.mls.RefusedException.Reason;

/**
 * The members of the group in one epoch, by leaf. A name may have several members: devices, each
 * with an identity key of its own. Immutable.
 */
public final class Roster {
  /** Of nobody. */
  static final Roster EMPTY = new Roster(List.of(), new Member[0], Set.of());

  private final List<Member> members;
  private final @Nullable Member[] byLeaf;

  /** What no two members may have in common. */
  private final Set<Object> traits;

  private Roster(List<Member> members, @Nullable Member[] byLeaf, Set<Object> traits) {
    this.members = members;
    this.byLeaf = byLeaf;
    this.traits = traits;
  }

  /**
   * The roster of these members.
   *
   * @throws RefusedException if two have the same occupant, identity key or signature key
   */
  static Roster of(Collection<Member> members) throws RefusedException {
    return EMPTY.next(members);
  }

  /**
   * The roster that follows this one; only who is new in it is compared with all.
   *
   * @param after all members
   * @throws RefusedException as {@link #of} does
   */
  Roster next(Collection<Member> after) throws RefusedException {
    List<Member> sorted = new ArrayList<>(after);
    sorted.sort(Comparator.comparingInt(Member::leaf));
    int leaves = sorted.isEmpty() ? 0 : sorted.get(sorted.size() - 1).leaf() + 1;
    @Nullable Member[] there = new Member[leaves];
    for (Member member : sorted) {
      if (there[member.leaf()] != null) {
        throw new RefusedException(Reason.DUPLICATE, member + " is where another one is");
      }
      there[member.leaf()] = member;
    }
    Set<Object> seen = new HashSet<>(traits);
    for (Member member : members) {
      if (!isAt(there, member)) {
        traits(member).forEach(seen::remove);
      }
    }
    for (Member member : sorted) {
      if (!isAt(byLeaf, member)) {
        for (Object trait : traits(member)) {
          if (!seen.add(trait)) {
            throw new RefusedException(Reason.DUPLICATE, member + " is there twice");
          }
        }
      }
    }
    return new Roster(List.copyOf(sorted), there, seen);
  }

  private static boolean isAt(@Nullable Member[] byLeaf, Member member) {
    Member there = member.leaf() < byLeaf.length ? byLeaf[member.leaf()] : null;
    return there != null && there.isSameLeaf(member);
  }

  private static List<Object> traits(Member member) {
    return List.of(
        "occupant " + member.occupant(),
        "key " + member.credential().fingerprint(),
        ByteBuffer.wrap(member.signatureKey()));
  }

  /** Returns all members in the order of their leaves. */
  public Collection<Member> members() {
    return members;
  }

  /** Returns how many members there are. */
  public int size() {
    return members.size();
  }

  /** Returns the member at a leaf, or null. */
  public @Nullable Member at(int leaf) {
    return leaf >= 0 && leaf < byLeaf.length ? byLeaf[leaf] : null;
  }

  /** Returns the member that is in the room under a nickname, or null. */
  public @Nullable Member occupant(String occupant) {
    for (Member member : members) {
      if (member.occupant().equals(occupant)) {
        return member;
      }
    }
    return null;
  }

  /** Returns the fingerprints of the members' identity keys, of which each has one of its own. */
  public Set<String> fingerprints() {
    Set<String> fingerprints = new HashSet<>();
    members.forEach(member -> fingerprints.add(member.credential().fingerprint()));
    return fingerprints;
  }

  /**
   * Returns how all media are protected under these members' keys: as frames, while anybody is
   * there who speaks nothing else. It follows from the roster alone, so that nobody can be talked
   * down.
   */
  public MediaProtection protection() {
    for (Member member : members) {
      if (member.protection() == SpokenProtection.FRAMES_ONLY) {
        return MediaProtection.FRAMES;
      }
    }
    return MediaProtection.DOUBLE;
  }

  /** Returns the members' names by leaf. */
  public Map<Integer, String> names() {
    Map<Integer, String> names = new TreeMap<>();
    members.forEach(member -> names.put(member.leaf(), member.name()));
    return names;
  }

  /**
   * Returns the leaves of members with the same identity as somebody who is to be added. Another
   * key of a name that is there is another device, which may stay beside it.
   *
   * @param hasLeft who is not in the room any more, and is removed in any case
   * @throws RefusedException if another member has the same occupant or key
   */
  Set<Integer> leavesReplacedBy(LeafCredential newcomer, Predicate<Member> hasLeft)
      throws RefusedException {
    Set<Integer> replaced = new HashSet<>();
    for (Member member : members) {
      boolean sameKey = member.credential().fingerprint().equals(newcomer.fingerprint());
      if (sameKey && member.name().equals(newcomer.name())) {
        replaced.add(member.leaf());
      } else if ((sameKey || member.occupant().equals(newcomer.occupant()))
          && !hasLeft.test(member)) {
        throw new RefusedException(
            Reason.DUPLICATE,
            newcomer.name() + " (" + newcomer.occupant() + ") claims to be what " + member + " is");
      }
    }
    return replaced;
  }

  /** For people. */
  @Override
  public String toString() {
    return members.toString();
  }
}
