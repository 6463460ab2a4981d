/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.xmpp;

import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.perc4j.e2e.room.RoomEvent;

/** What a room's listener is told. Thread-safe. */
final class Heard implements Consumer<RoomEvent> {
  private final BlockingQueue<RoomEvent> events = new LinkedBlockingQueue<>();

  @Override
  public void accept(RoomEvent event) {
    events.add(event);
  }

  /** Waits for the next event. */
  RoomEvent next() throws InterruptedException {
    RoomEvent event = events.poll(60, TimeUnit.SECONDS);
    assertNotNull(event, "nothing happens");
    return event;
  }
}
