/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.session;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.perc4j.e2e.protocol.EventLoop;
import org.perc4j.e2e.room.RoomChannel;
import org.perc4j.e2e.room.RoomEvent;
import org.perc4j.e2e.room.RoomException;

/**
 * A server that has one thread, like Prosody: it reads a piece from one connection after another,
 * and delivers what is complete, which takes its time for each recipient.
 */
final class SlowServer {
  private static final int PIECE_BYTES = 8192;
  private static final long READ_NANOS = 20_000;
  private static final long NANOS_PER_OCTET = 20;

  private final EventLoop time;
  private final long deliveryNanos;
  private final Deque<Connection> readable = new ArrayDeque<>();
  private final Map<String, Integer> sent = new TreeMap<>();
  private boolean busy;
  private int occupants;

  /**
   * A server with nothing to do.
   *
   * @param delivery how long it takes to deliver a short stanza to one occupant
   */
  SlowServer(EventLoop time, Duration delivery) {
    this.time = time;
    this.deliveryNanos = delivery.toNanos();
  }

  /** Returns a way to the room by this server. */
  RoomChannel way(RoomChannel room) {
    return new Connection(room);
  }

  /** Returns how many occupants have entered the room. */
  int occupants() {
    return occupants;
  }

  /** Returns how many messages of a kind were sent. */
  int sent(String kind) {
    return sent.getOrDefault(kind, 0);
  }

  private interface Delivery {
    void run() throws RoomException;
  }

  private static final class Stanza {
    private final long costNanos;
    private final Delivery delivery;
    private int unread;

    Stanza(int octets, long costNanos, Delivery delivery) {
      this.costNanos = costNanos;
      this.delivery = delivery;
      this.unread = octets;
    }
  }

  private void serve() {
    Connection next = readable.poll();
    busy = next != null;
    if (next != null) {
      List<Stanza> complete = next.read();
      if (!next.stanzas.isEmpty()) {
        readable.add(next);
      }
      long nanos = READ_NANOS + complete.stream().mapToLong(stanza -> stanza.costNanos).sum();
      EventLoop.Timer unused =
          time.schedule(
              Duration.ofNanos(nanos),
              () -> {
                complete.forEach(SlowServer::deliver);
                serve();
              });
    }
  }

  private static void deliver(Stanza stanza) {
    try {
      stanza.delivery.run();
    } catch (RoomException e) {
      throw new AssertionError(e);
    }
  }

  private final class Connection implements RoomChannel {
    private final RoomChannel room;
    private final Deque<Stanza> stanzas = new ArrayDeque<>();

    Connection(RoomChannel room) {
      this.room = room;
    }

    private void send(int octets, int recipients, Delivery delivery) {
      int base64 = octets * 4 / 3;
      long costNanos = recipients * (deliveryNanos + base64 * NANOS_PER_OCTET);
      stanzas.add(new Stanza(base64 + 200, costNanos, delivery));
      if (stanzas.size() == 1) {
        readable.add(this);
        if (!busy) {
          serve();
        }
      }
    }

    List<Stanza> read() {
      List<Stanza> complete = new ArrayList<>();
      int octets = PIECE_BYTES;
      while (octets > 0 && !stanzas.isEmpty()) {
        Stanza first = stanzas.getFirst();
        int read = Math.min(octets, first.unread);
        octets -= read;
        first.unread -= read;
        if (first.unread == 0) {
          complete.add(stanzas.removeFirst());
        }
      }
      return complete;
    }

    @CanIgnoreReturnValue
    private int count(String kind) {
      return sent.merge(kind, 1, Integer::sum);
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
    public void enter(Consumer<RoomEvent> listener) {
      send(
          0,
          2 * occupants,
          () -> {
            occupants++;
            room.enter(listener);
          });
    }

    @Override
    public void broadcast(String kind, byte[] octets) {
      count(kind);
      send(octets.length, occupants, () -> room.broadcast(kind, octets));
    }

    @Override
    public void sendTo(String occupant, String kind, byte[] octets) {
      count(kind);
      send(octets.length, 1, () -> room.sendTo(occupant, kind, octets));
    }

    @Override
    public void publish(byte[] octets) {
      send(octets.length, occupants, () -> room.publish(octets));
    }

    @Override
    public int maxPublishedBytes() {
      return room.maxPublishedBytes();
    }

    @Override
    public void leave() {
      throw new UnsupportedOperationException("everybody stays");
    }
  }
}
