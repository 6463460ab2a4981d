/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.session;

import org.perc4j.e2e.mls.GroupMoment;
import org.perc4j.e2e.mls.Member;
import org.perc4j.e2e.mls.RefusedException;
import org.perc4j.e2e.mls.Roster;

/** What a session tells the application, in order. */
public sealed interface SessionEvent {
  /**
   * The group is in a new epoch: media are protected by its keys from now on, subject to the timing
   * of the keyring. Events about members follow. {@link ConferenceSession#epochCode} tells the code
   * to compare.
   */
  record EpochChanged(GroupMoment moment, Roster roster) implements SessionEvent {}

  /** Somebody else can read what is sent from this epoch on, and be heard. */
  record MemberJoined(Member member) implements SessionEvent {}

  /** Somebody cannot read any more what is sent from this epoch on. */
  record MemberLeft(Member member) implements SessionEvent {}

  /**
   * Something was refused, and nothing else happened. Of many refusals of one kind from one
   * occupant in a short time only the first are told; {@link ConferenceSession#refusals} counts
   * them all.
   *
   * @param occupant who sent it, by the server's word
   * @param detail for people
   */
  record Refused(String occupant, RefusedException.Reason reason, String detail)
      implements SessionEvent {}

  /**
   * The session is not in step with the conference, or not connected: who joined or left in the
   * meantime is not known. It tries to get back by itself.
   *
   * @param reason for people
   */
  record Degraded(String reason) implements SessionEvent {}

  /** The session is in step again. */
  record Recovered() implements SessionEvent {}

  /** The session is over; nothing can be protected any more. */
  record Ended(String reason) implements SessionEvent {}
}
