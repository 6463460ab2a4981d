/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.keying;

import java.util.function.Consumer;
import org.perc4j.e2e.room.RoomChannel;
import org.perc4j.e2e.room.RoomEvent;
import org.perc4j.e2e.room.RoomException;

/**
 * A way into the room for somebody who leaves and keeps its last keys: from then on it is told
 * nothing. Thread-safe.
 */
public final class DeafChannel implements RoomChannel {
  private final RoomChannel room;
  private volatile boolean deaf;

  /** Hears all, for now. */
  public DeafChannel(RoomChannel room) {
    this.room = room;
  }

  /** Leaves the room as others see it, and does not tell its own session. */
  public void leaveUnnoticed() {
    deaf = true;
    room.leave();
  }

  @Override
  public String room() {
    return room.room();
  }

  @Override
  public String occupant() {
    return room.occupant();
  }

  @Override
  public void enter(Consumer<RoomEvent> listener) throws RoomException {
    room.enter(
        event -> {
          if (!deaf) {
            listener.accept(event);
          }
        });
  }

  @Override
  public void broadcast(String kind, byte[] octets) throws RoomException {
    room.broadcast(kind, octets);
  }

  @Override
  public void sendTo(String occupant, String kind, byte[] octets) throws RoomException {
    room.sendTo(occupant, kind, octets);
  }

  @Override
  public void publish(byte[] octets) throws RoomException {
    room.publish(octets);
  }

  @Override
  public int maxPublishedBytes() {
    return room.maxPublishedBytes();
  }

  @Override
  public void leave() {
    room.leave();
  }
}
