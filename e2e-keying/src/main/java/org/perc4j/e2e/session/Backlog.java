/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.session;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.perc4j.e2e.protocol.EventLoop;
import org.perc4j.e2e.room.RoomEvent;

/** The room's events that wait for the event loop, which are not too many. Thread-safe. */
final class Backlog {
  private static final int MAX_EVENTS = 10_000;
  private static final long MAX_BYTES = 64 * 1024 * 1024;

  /** What an event takes besides the octets that it carries, more rather than less. */
  private static final long EVENT_BYTES = 512;

  private final EventLoop loop;
  private final Consumer<RoomEvent> reader;
  private final Runnable end;
  private final AtomicInteger events = new AtomicInteger();
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicBoolean overrun = new AtomicBoolean();

  /**
   * A backlog without events.
   *
   * @param reader is given the events in order, on the event loop
   * @param end is run on the event loop, once, when there are too many events
   */
  Backlog(EventLoop loop, Consumer<RoomEvent> reader, Runnable end) {
    this.loop = loop;
    this.reader = reader;
    this.end = end;
  }

  void add(RoomEvent event) {
    long length = lengthBytes(event);
    if (overrun.get()
        || events.incrementAndGet() > MAX_EVENTS
        || bytes.addAndGet(length) > MAX_BYTES) {
      // the room's order is lost; nothing that follows can be relied upon, or counted
      if (overrun.compareAndSet(false, true)) {
        loop.execute(end);
      }
      return;
    }
    loop.execute(
        () -> {
          events.decrementAndGet();
          bytes.addAndGet(-length);
          reader.accept(event);
        });
  }

  private static long lengthBytes(RoomEvent event) {
    if (event instanceof RoomEvent.Received received) {
      return EVENT_BYTES + received.octets().length;
    }
    if (event instanceof RoomEvent.Published published) {
      return EVENT_BYTES + published.octets().length;
    }
    if (event instanceof RoomEvent.Entered entered) {
      return EVENT_BYTES * (1 + entered.elders().size() + entered.outsiders().size());
    }
    return EVENT_BYTES;
  }
}
