/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.protocol;

import org.perc4j.e2e.mls.MlsGroup;

/** What an occupant is to the group; docs/protocol.md section 14 draws how one becomes another. */
sealed interface Standing permits Standing.Absent, Joining, Standing.Membership, Standing.Over {
  /** The room was not entered yet. */
  record Absent() implements Standing {}

  /**
   * A member.
   *
   * @param confirmed whether the group has proven to be alive: it was made here, or another member
   *     did something in it. A GroupInfo by which somebody joins may be of a group that is no more
   */
  record Membership(MlsGroup group, boolean confirmed) implements Standing {}

  /** Nothing happens any more; all keys are erased. */
  record Over() implements Standing {}
}
