/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.protocol;

import java.util.List;
import org.perc4j.e2e.mls.GroupMoment;
import org.perc4j.e2e.mls.MlsGroup.PendingCommit;

/**
 * A step to another epoch that this occupant proposes.
 *
 * @param fromOutside whether it joins the group by it, instead of being a member already
 * @param joiners who becomes a member by it, and is to be sent the Welcome
 */
record Step(PendingCommit commit, boolean fromOutside, List<String> joiners) {
  /**
   * Whether it leads from this epoch to the next, so that another one would only compete with it.
   */
  boolean isFrom(GroupMoment moment) {
    GroupMoment next = commit.next().moment();
    return next.sameGroup(moment) && next.epoch() == moment.epoch() + 1;
  }

  static Step fromOutside(PendingCommit commit) {
    return new Step(commit, true, List.of());
  }
}
