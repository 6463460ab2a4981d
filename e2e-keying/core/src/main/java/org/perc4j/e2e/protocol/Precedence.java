/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.protocol;

import java.util.List;
import org.bouncycastle.util.Arrays;
import org.perc4j.e2e.mls.GroupAnswer;
import org.perc4j.e2e.mls.GroupMark;
import org.perc4j.e2e.mls.Member;
import org.perc4j.e2e.mls.MlsGroup;

/**
 * Which of two groups in a room, or of two halves of one, its members leave for the other. Both
 * sides see the same, so that only one goes: the one with fewer members in the room. The rest only
 * decides between equals.
 */
final class Precedence {
  private Precedence() {}

  /** Why a member leaves its group for another epoch. */
  enum Verdict {
    /** It does not. */
    STAY,
    /** The group went on without this member noticing. */
    MISSED,
    /** The group was split, and this is the smaller half. */
    SPLIT,
    /** There are two groups, and this is the smaller one. */
    OTHER_GROUP
  }

  static Verdict compare(MlsGroup ours, GroupAnswer theirs, Occupancy occupancy) {
    GroupMark mine = ours.mark();
    GroupMark other = theirs.mark();
    boolean sameGroup = mine.moment().sameGroup(other.moment());
    if (mine.isSame(other)) {
      return Verdict.STAY;
    }
    if (sameGroup
        && mine.moment().isBefore(other.moment())
        && theirs.hasLeaf(ours.self().signatureKey())) {
      return Verdict.MISSED;
    }
    List<String> members = ours.roster().members().stream().map(Member::occupant).toList();
    int order = Long.compare(occupancy.present(theirs.occupants()), occupancy.present(members));
    if (order == 0) {
      order = -Arrays.compareUnsigned(other.moment().groupId(), mine.moment().groupId());
    }
    if (order == 0) {
      order = Long.compareUnsigned(other.moment().epoch(), mine.moment().epoch());
    }
    if (order == 0) {
      order = -Arrays.compareUnsigned(other.transcriptHash(), mine.transcriptHash());
    }
    if (order <= 0) {
      return Verdict.STAY;
    }
    return sameGroup ? Verdict.SPLIT : Verdict.OTHER_GROUP;
  }
}
