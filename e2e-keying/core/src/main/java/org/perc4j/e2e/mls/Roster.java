/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.mls;

import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.perc4j.e2e.mls.RefusedException.Reason;

/** The members of the group in one epoch, by leaf. Immutable. */
public final class Roster {
  private final Map<Integer, Member> members;

  private Roster(Map<Integer, Member> members) {
    this.members = members;
  }

  /**
   * The roster of these members.
   *
   * @throws RefusedException if two have the same name, occupant, identity key or signature key
   */
  static Roster of(Collection<Member> members) throws RefusedException {
    TreeMap<Integer, Member> byLeaf = new TreeMap<>();
    Set<Object> seen = new HashSet<>();
    for (Member member : members) {
      byLeaf.put(member.leaf(), member);
      if (!seen.add("name " + member.name())
          || !seen.add("occupant " + member.occupant())
          || !seen.add("key " + member.credential().fingerprint())
          || !seen.add(ByteBuffer.wrap(member.signatureKey()))) {
        throw new RefusedException(Reason.DUPLICATE, member + " is there twice");
      }
    }
    return new Roster(byLeaf);
  }

  /** Returns all members in the order of their leaves. */
  public Collection<Member> members() {
    return Collections.unmodifiableCollection(members.values());
  }

  /** Returns how many members there are. */
  public int size() {
    return members.size();
  }

  /** Returns the member at a leaf, or null. */
  public @Nullable Member at(int leaf) {
    return members.get(leaf);
  }

  /** Returns the member that is in the room under a nickname, or null. */
  public @Nullable Member occupant(String occupant) {
    for (Member member : members.values()) {
      if (member.occupant().equals(occupant)) {
        return member;
      }
    }
    return null;
  }

  /** Returns the members' names by leaf. */
  public Map<Integer, String> names() {
    Map<Integer, String> names = new TreeMap<>();
    members.forEach((leaf, member) -> names.put(leaf, member.name()));
    return names;
  }

  /**
   * Returns the leaves of members with the same identity as somebody who is to be added.
   *
   * @param hasLeft who is not in the room any more, and is removed in any case
   * @throws RefusedException if another member has the same name, occupant or key
   */
  Set<Integer> leavesReplacedBy(LeafCredential newcomer, Predicate<Member> hasLeft)
      throws RefusedException {
    Set<Integer> replaced = new HashSet<>();
    for (Member member : members.values()) {
      boolean sameName = member.name().equals(newcomer.name());
      boolean sameKey = member.credential().fingerprint().equals(newcomer.fingerprint());
      if (sameName && sameKey) {
        replaced.add(member.leaf());
      } else if ((sameName || sameKey || member.occupant().equals(newcomer.occupant()))
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
    return members.values().toString();
  }
}
