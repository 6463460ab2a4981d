/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.protocol;

import java.util.Set;
import org.perc4j.e2e.mls.Acquaintance.Standing;
import org.perc4j.e2e.mls.GroupMoment;
import org.perc4j.e2e.mls.Member;
import org.perc4j.e2e.mls.RefusedException;
import org.perc4j.e2e.mls.Roster;
import org.perc4j.e2e.mls.VerificationCode;

/** What a session tells the application, in order. */
public sealed interface SessionEvent {
  /**
   * The group is in a new epoch. What its members send is understood from now on; what this
   * endpoint sends goes over to its keys when {@link SendingIn} says so. Events about members
   * follow.
   *
   * @param moment which epoch
   * @param roster all members, oneself included
   */
  record EpochChanged(GroupMoment moment, Roster roster) implements SessionEvent {}

  /**
   * What is sent goes under the keys of this epoch from now on, or of a later one by now: its
   * members can read it, and those who were members before and are none in it cannot. Comes once
   * for each epoch that is reached, also while nothing is sent; epochs that were left before their
   * time had come are passed over.
   */
  record SendingIn(GroupMoment moment) implements SessionEvent {}

  /**
   * There is a code of this epoch, for people to read to each other: it is the same at all members,
   * or somebody is in between. Comes some time after {@link EpochChanged}, as it takes long to
   * make; of epochs that follow each other closely, only the last one's comes. With {@link
   * SessionOptions#withoutCodes}, it does not.
   */
  record CodeReady(GroupMoment moment, VerificationCode code) implements SessionEvent {}

  /**
   * Somebody else can read what is sent from this epoch on, and be heard. That is when {@link
   * SendingIn} names it, or a later one.
   *
   * @param member a device; somebody of its name may be there with others already, see {@link
   *     ConferenceSession#participants}
   * @param standing how far the validator believes that it is who it says. <b>To be shown</b> if it
   *     is {@link Standing#CHANGED}: the same name had another key before, or has it now
   */
  record MemberJoined(Member member, Standing standing) implements SessionEvent {}

  /**
   * Somebody cannot read any more what is sent from this epoch on.
   *
   * @param member a device; somebody of its name may still be there with others
   */
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
   * In a private room, nothing is sent until these are members or gone. Told whenever it changes
   * while there is an epoch.
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
   * occupant in a short time only the first are told; the session counts them all.
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
   * @param detail for people
   */
  record Degraded(Cause cause, String detail) implements SessionEvent {
    /** Why. */
    public enum Cause {
      /** The room is out of reach. */
      DISCONNECTED,
      /** Nothing was sent for a while, and it takes a new epoch to begin again. */
      SILENT,
      /** The group went on without this member. */
      MISSED,
      /** The group was split. */
      SPLIT,
      /** There was another group in the room, with more members. */
      OTHER_GROUP,
      /** Another member removed this one. */
      REMOVED,
      /** The key of the endpoint's identity did not sign what it needs to become a member. */
      NOT_SIGNED,
      /**
       * Others are in a group with somebody whom this endpoint does not accept: it does not follow
       * them, hears none of them, and is not heard. It goes on by itself when that one has left, or
       * is accepted.
       */
      NOT_ACCEPTED
    }
  }

  /**
   * Somebody in the room does not follow the group, by its own word, since it does not accept a
   * member: it hears nobody and is not heard.
   *
   * @param occupant its nickname
   * @param because whom it does not accept
   */
  record DoesNotFollow(String occupant, Member because) implements SessionEvent {}

  /** Somebody who did not follow the group does so again, or is gone. */
  record Follows(String occupant) implements SessionEvent {}

  /** The session is in step again. */
  record Recovered() implements SessionEvent {}

  /**
   * The session is over; nothing can be protected any more, and nothing more is told.
   *
   * @param detail for people
   */
  record Ended(Reason reason, String detail) implements SessionEvent {
    /** Why. */
    public enum Reason {
      /** The endpoint left. */
      LEFT,
      /** A moderator or the server removed this occupant, or the room. */
      REMOVED,
      /** The same identity joined from elsewhere, which took this one's place. */
      REPLACED,
      /** The connection was lost, came back, and the room did not let this occupant in again. */
      REFUSED,
      /** The connection, or the room behind it, was lost, and did not come back in time. */
      LOST,
      /** The room sent more than this endpoint could read. */
      OVERRUN
    }
  }
}
