/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.protocol;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.perc4j.e2e.mls.Member;
import org.perc4j.e2e.mls.MlsGroup;

/**
 * Whether a commit is needed, and when it is this member's turn to make it: those who are online
 * are ranked by role and leaf, and each waits longer than those before it (docs/protocol.md section
 * 14). Not thread-safe.
 */
final class CommitTurn {
  /** Beyond this rank, each member waits a quarter of the committer's time longer only. */
  private static final int MAX_PATIENT_RANK = 8;

  private final ProtocolTiming timing;
  private @Nullable Long needSinceNanos;

  CommitTurn(ProtocolTiming timing) {
    this.timing = timing;
  }

  /** What made a commit necessary is done with. */
  void reset() {
    needSinceNanos = null;
  }

  /**
   * Returns how long to wait before committing: zero or less if it is time, null if there is
   * nothing to commit.
   *
   * @param somebodyWaits whether somebody wants to become a member
   */
  @Nullable Duration untilTurn(
      MlsGroup group, Occupancy occupancy, boolean somebodyWaits, long nowNanos) {
    boolean leavers = false;
    boolean alone = true;
    for (Member member : group.roster().members()) {
      if (member.leaf() != group.ownLeaf()) {
        boolean left = occupancy.hasLeft(member);
        leavers |= left;
        alone &= left;
      }
    }
    if (!leavers && !somebodyWaits) {
      needSinceNanos = null;
      return null;
    }
    if (needSinceNanos == null) {
      needSinceNanos = nowNanos;
    }
    Duration delay = leavers ? Duration.ZERO : timing.batchDelay();
    if (alone && !somebodyWaits) {
      delay = timing.committerTimeout(); // a server that stops has all others leave first
    }
    return delay.plus(patience(occupancy.rank(group))).minusNanos(nowNanos - needSinceNanos);
  }

  private Duration patience(int rank) {
    Duration each = timing.committerTimeout();
    return rank <= MAX_PATIENT_RANK
        ? each.multipliedBy(rank)
        : each.multipliedBy(MAX_PATIENT_RANK)
            .plus(each.multipliedBy(rank - MAX_PATIENT_RANK).dividedBy(4));
  }
}
