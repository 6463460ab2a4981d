/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.room;

import java.util.function.Consumer;

/**
 * One occupant's way into the conference's room. Thread-safe. Sending does not wait for the server.
 */
public interface RoomChannel {
  /** The most octets that one message, or what is published, may have. */
  int MAX_MESSAGE_BYTES = 512 * 1024;

  /** Returns the room's name, the same for all occupants: its bare JID. */
  String room();

  /** Returns the nickname under which this occupant is, or wants to be, in the room. */
  String occupant();

  /**
   * Enters the room, once.
   *
   * @param listener is told what happens, by one thread at a time and in order, from {@link
   *     RoomEvent.Entered} on; it must not block
   * @throws RoomException if the room cannot be entered
   */
  void enter(Consumer<RoomEvent> listener) throws RoomException;

  /**
   * Sends a message to all occupants; it comes back to the sender in the room's order.
   *
   * @param kind what it is, 1 to 16 letters a-z
   * @param octets 0 to {@link #MAX_MESSAGE_BYTES}; not kept
   * @throws RoomException if there is no connection, or the message is too long
   */
  void broadcast(String kind, byte[] octets) throws RoomException;

  /**
   * Sends a message to one occupant.
   *
   * @param kind what it is, 1 to 16 letters a-z
   * @param octets 0 to {@link #MAX_MESSAGE_BYTES}; not kept
   * @throws RoomException if there is no connection, or the message is too long
   */
  void sendTo(String occupant, String kind, byte[] octets) throws RoomException;

  /**
   * Shows octets to all occupants and to those who enter later, in place of what was published
   * before.
   *
   * @param octets none to take back what was published; not kept
   * @throws RoomException if there is no connection, or the server would not carry as much: {@link
   *     #maxPublishedBytes}
   */
  void publish(byte[] octets) throws RoomException;

  /** Returns how many octets may be published. */
  int maxPublishedBytes();

  /**
   * Leaves the room for good and lets go of all resources; may be called more than once. Does not
   * block, whatever the connection does: what takes time goes on after it has returned.
   */
  void leave();
}
