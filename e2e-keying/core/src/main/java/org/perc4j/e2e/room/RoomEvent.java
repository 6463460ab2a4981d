/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.room;

import java.util.List;

/**
 * What happened in the room. All occupants see arrivals, departures and broadcasts in one order,
 * their own broadcasts included, if the server is honest. <b>All of it is the server's word</b>:
 * who sent something, who is there, and that nothing is missing.
 *
 * <p>Occupants are named by their nickname in the room (the resource of the occupant's JID). Those
 * that do not say in their presence that they speak the protocol, or whose nickname no member can
 * have, appear as outsiders only. A nickname that is longer than {@link
 * OccupantName#MAX_NICKNAME_CHARS}, or not canonical ({@link org.perc4j.e2e.name.CanonicalName}),
 * is told as its first characters, escaped, U+2026, and 40 hexadecimal digits of its SHA-256:
 * short, all to be seen, and nobody else's.
 *
 * <p>Octets handed out belong to the receiver of the event, who must not change them.
 */
@SuppressWarnings("ArrayRecordComponent") // events are not compared
public sealed interface RoomEvent {
  /**
   * The room was entered, for the first time or anew after what was said while away is lost. What
   * the elders have published follows as events of its own.
   *
   * @param elders the occupants who were there before and speak the protocol
   * @param outsiders those who were there before and do not
   */
  record Entered(List<String> elders, List<String> outsiders) implements RoomEvent {}

  /** Another occupant entered. */
  record Arrived(String occupant) implements RoomEvent {}

  /** Another occupant left, was removed or was given up by the server. */
  record Departed(String occupant) implements RoomEvent {}

  /**
   * Somebody who does not speak the protocol came into the room or ceased to speak it, or is not
   * there any more, or speaks it now.
   */
  record Outsider(String occupant, boolean present) implements RoomEvent {}

  /**
   * An occupant published octets in place of what it had published before, which the room shows to
   * those who enter later as well. No octets mean that it took them back.
   */
  record Published(String occupant, byte[] octets) implements RoomEvent {}

  /**
   * A message arrived, whole.
   *
   * @param occupant who sent it, oneself included
   * @param toAll whether the room sent it to all occupants, or to this one only
   * @param kind what it is, 1 to 16 letters a-z
   */
  record Received(String occupant, boolean toAll, String kind, byte[] octets)
      implements RoomEvent {}

  /**
   * The room is out of reach for now; {@link Resumed}, {@link Entered} or {@link Ended} follows.
   */
  record Disconnected() implements RoomEvent {}

  /** The connection is back, and nothing was missed. */
  record Resumed() implements RoomEvent {}

  /**
   * The room was left for good.
   *
   * @param detail for people
   */
  record Ended(Cause cause, String detail) implements RoomEvent {
    /** Why. */
    public enum Cause {
      /** By {@link RoomChannel#leave}. */
      LEFT,
      /** Kicked, banned, or the room is no more. */
      REMOVED,
      /** The room did not let the occupant in again. */
      REFUSED,
      /** The connection, or the room behind it, stays lost. */
      LOST
    }
  }

  /** Something that an occupant sent could not be read and was dropped. */
  record Malformed(String occupant, String reason) implements RoomEvent {}
}
