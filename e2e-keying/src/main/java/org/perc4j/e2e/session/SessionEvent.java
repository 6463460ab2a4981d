/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.session;

import java.util.Set;
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
   * Somebody is in the room who does not speak the protocol: a plain client, which hears nobody of
   * the group and is not heard, as the bridge keeps the two kinds apart.
   *
   * @param occupant its nickname
   */
  record OutsiderArrived(String occupant) implements SessionEvent {}

  /** Somebody is not in the room any more who did not speak the protocol, or speaks it now. */
  record OutsiderLeft(String occupant) implements SessionEvent {}

  /**
   * In a private room ({@link SessionOptions#privateRoom}), nothing is sent until these are members
   * or gone. Told whenever it changes while there is an epoch.
   *
   * @param occupants their nicknames; none if what is sent is sent
   */
  record SendingWaits(Set<String> occupants) implements SessionEvent {
    /** Copies the nicknames. */
    public SendingWaits {
      occupants = Set.copyOf(occupants);
    }
  }

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
