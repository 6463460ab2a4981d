/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.keying;

import java.util.function.Consumer;
import org.perc4j.e2e.room.RoomChannel;
import org.perc4j.e2e.room.RoomEvent;
import org.perc4j.e2e.room.RoomException;

/** A way into a room that is another one, apart from what is overridden. */
abstract class ForwardingChannel implements RoomChannel {
  private final RoomChannel inner;

  ForwardingChannel(RoomChannel inner) {
    this.inner = inner;
  }

  @Override
  public final String room() {
    return inner.room();
  }

  @Override
  public final String occupant() {
    return inner.occupant();
  }

  @Override
  public final int maxPublishedBytes() {
    return inner.maxPublishedBytes();
  }

  @Override
  public void enter(Consumer<RoomEvent> listener) throws RoomException {
    inner.enter(listener);
  }

  @Override
  public void broadcast(String kind, byte[] octets) throws RoomException {
    inner.broadcast(kind, octets);
  }

  @Override
  public void sendTo(String occupant, String kind, byte[] octets) throws RoomException {
    inner.sendTo(occupant, kind, octets);
  }

  @Override
  public final void publish(byte[] octets) throws RoomException {
    inner.publish(octets);
  }

  @Override
  public final void leave() {
    inner.leave();
  }
}
