/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.keying;

import java.util.function.Consumer;
import org.perc4j.e2e.protocol.MessageKind;
import org.perc4j.e2e.room.RoomChannel;
import org.perc4j.e2e.room.RoomEvent;
import org.perc4j.e2e.room.RoomException;

/**
 * A way into a room for an occupant who does not wait for what others have said: what it sends to
 * itself to find out comes back at once.
 */
final class HastyChannel implements RoomChannel {
  private final RoomChannel inner;
  private Consumer<RoomEvent> listener = event -> {};

  HastyChannel(RoomChannel inner) {
    this.inner = inner;
  }

  @Override
  public String room() {
    return inner.room();
  }

  @Override
  public String occupant() {
    return inner.occupant();
  }

  @Override
  public void enter(Consumer<RoomEvent> listener) throws RoomException {
    synchronized (this) {
      this.listener = listener;
    }
    inner.enter(this::tell);
  }

  private synchronized void tell(RoomEvent event) {
    listener.accept(event);
  }

  @Override
  public void broadcast(String kind, byte[] octets) throws RoomException {
    inner.broadcast(kind, octets);
  }

  @Override
  public void sendTo(String occupant, String kind, byte[] octets) throws RoomException {
    if (kind.equals(MessageKind.ECHO)) {
      tell(new RoomEvent.Received(occupant, false, kind, octets));
    } else {
      inner.sendTo(occupant, kind, octets);
    }
  }

  @Override
  public void publish(byte[] octets) throws RoomException {
    inner.publish(octets);
  }

  @Override
  public int maxPublishedBytes() {
    return inner.maxPublishedBytes();
  }

  @Override
  public void leave() {
    inner.leave();
  }
}
