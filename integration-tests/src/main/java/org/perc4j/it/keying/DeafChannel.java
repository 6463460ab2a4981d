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
public final class DeafChannel extends ForwardingChannel {
  private volatile boolean deaf;

  /** Hears all, for now. */
  public DeafChannel(RoomChannel room) {
    super(room);
  }

  /** Leaves the room as others see it, and does not tell its own session. */
  public void leaveUnnoticed() {
    deaf = true;
    leave();
  }

  @Override
  public void enter(Consumer<RoomEvent> listener) throws RoomException {
    super.enter(
        event -> {
          if (!deaf) {
            listener.accept(event);
          }
        });
  }
}
