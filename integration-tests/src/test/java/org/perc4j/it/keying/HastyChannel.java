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
final class HastyChannel extends ForwardingChannel {
  private Consumer<RoomEvent> listener = event -> {};

  HastyChannel(RoomChannel inner) {
    super(inner);
  }

  @Override
  public void enter(Consumer<RoomEvent> listener) throws RoomException {
    synchronized (this) {
      this.listener = listener;
    }
    super.enter(this::tell);
  }

  private synchronized void tell(RoomEvent event) {
    listener.accept(event);
  }

  @Override
  public void sendTo(String occupant, String kind, byte[] octets) throws RoomException {
    if (kind.equals(MessageKind.ECHO)) {
      tell(new RoomEvent.Received(occupant, false, kind, octets));
    } else {
      super.sendTo(occupant, kind, octets);
    }
  }
}
