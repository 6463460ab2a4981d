/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.protocol;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.perc4j.e2e.mls.GroupMoment;
import org.perc4j.e2e.mls.Member;
import org.perc4j.e2e.mls.RefusedException;
import org.perc4j.e2e.mls.RefusedException.Reason;
import org.perc4j.e2e.mls.Roster;

/**
 * Which leaves there were in the last epoch, and which were removed and must not come back.
 * Signature keys are fresh with every leaf, so they tell a leaf from all others, also from an
 * earlier one of the same member. Not thread-safe.
 */
final class LeafHistory {
  private static final int MAX_REMOVED_KEYS = 65536;

  /** The holders' fingerprints by the keys of leaves that were removed. */
  private final Map<ByteBuffer, String> removed = new LinkedHashMap<>();

  private @Nullable Roster last;

  /**
   * What an epoch changed.
   *
   * @param somebodyLeft whether a leaf of the last epoch is there no more, or there was no epoch
   * @param added those with a leaf that was not there before
   */
  record Change(boolean somebodyLeft, List<Member> added) {}

  static ByteBuffer leafKey(Member member) {
    return ByteBuffer.wrap(member.signatureKey());
  }

  static Set<ByteBuffer> leafKeys(Roster roster) {
    Set<ByteBuffer> keys = new HashSet<>();
    for (Member member : roster.members()) {
      keys.add(leafKey(member));
    }
    return keys;
  }

  /** Whether an occupant was a member in the last epoch. */
  boolean knows(String occupant) {
    return last != null && last.occupant(occupant) != null;
  }

  /**
   * Refuses an epoch in which somebody is a member by a leaf that was removed, has not come back
   * since, and is not in the room: it would be a step back. Who is in the room may have been
   * removed by mistake, as each half of a split group does with the other.
   */
  void requireNobodyReturned(Roster roster, GroupMoment moment, Occupancy occupancy)
      throws RefusedException {
    for (Member member : roster.members()) {
      if (removed.containsKey(leafKey(member)) && occupancy.hasLeft(member)) {
        throw new RefusedException(
            Reason.PAST_EPOCH, moment + " is from before " + member + " was removed");
      }
    }
  }

  /**
   * Goes on to an epoch.
   *
   * @param inLine whether it follows from the last one, so that who is missing was removed
   */
  Change advance(Roster next, boolean inLine) {
    Roster before = last;
    Set<ByteBuffer> keysBefore = before == null ? Set.of() : leafKeys(before);
    Set<ByteBuffer> keys = leafKeys(next);
    boolean somebodyLeft = !keys.containsAll(keysBefore);
    if (before != null && somebodyLeft && inLine) {
      for (Member member : before.members()) {
        if (!keys.contains(leafKey(member))) {
          removed.put(leafKey(member), member.credential().fingerprint());
        }
      }
    }
    Set<String> fingerprints = new HashSet<>();
    List<Member> added = new ArrayList<>();
    for (Member member : next.members()) {
      fingerprints.add(member.credential().fingerprint());
      if (!keysBefore.contains(leafKey(member))) {
        added.add(member);
      }
    }
    removed.values().removeAll(fingerprints);
    while (removed.size() > MAX_REMOVED_KEYS) {
      removed.remove(removed.keySet().iterator().next());
    }
    last = next;
    return new Change(somebodyLeft || before == null, added);
  }
}
