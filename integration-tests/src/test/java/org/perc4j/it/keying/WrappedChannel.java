/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.keying;

import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.perc4j.e2e.room.RoomChannel;
import org.perc4j.e2e.room.RoomEvent;
import org.perc4j.e2e.room.RoomException;

/** A way into the room where somebody else decides what goes through. */
final class WrappedChannel extends ForwardingChannel {
  /** Decides whether a message is sent. */
  @FunctionalInterface
  interface Gate {
    boolean passes(String kind, byte[] octets);
  }

  private final Gate outgoing;
  private final Function<RoomEvent, List<RoomEvent>> incoming;

  /**
   * Wraps a channel.
   *
   * @param incoming returns what the occupant is told in place of an event; called by one thread at
   *     a time
   */
  WrappedChannel(RoomChannel inner, Gate outgoing, Function<RoomEvent, List<RoomEvent>> incoming) {
    super(inner);
    this.outgoing = outgoing;
    this.incoming = incoming;
  }

  @Override
  public void enter(Consumer<RoomEvent> listener) throws RoomException {
    super.enter(event -> incoming.apply(event).forEach(listener));
  }

  @Override
  public void broadcast(String kind, byte[] octets) throws RoomException {
    if (outgoing.passes(kind, octets)) {
      super.broadcast(kind, octets);
    }
  }

  @Override
  public void sendTo(String occupant, String kind, byte[] octets) throws RoomException {
    if (outgoing.passes(kind, octets)) {
      super.sendTo(occupant, kind, octets);
    }
  }
}
