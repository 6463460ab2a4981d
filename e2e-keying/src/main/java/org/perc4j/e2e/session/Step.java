/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.session;

import java.util.List;
import org.perc4j.e2e.mls.MlsGroup.PendingCommit;

/**
 * A step to another epoch that this occupant proposes.
 *
 * @param fromOutside whether it joins the group by it, instead of being a member already
 * @param joiners who becomes a member by it, and is to be sent the Welcome
 */
record Step(PendingCommit commit, boolean fromOutside, List<String> joiners) {
  static Step fromOutside(PendingCommit commit) {
    return new Step(commit, true, List.of());
  }
}
