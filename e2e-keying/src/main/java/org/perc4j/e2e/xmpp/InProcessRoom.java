/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.xmpp;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.perc4j.e2e.room.OccupantName;
import org.perc4j.e2e.room.RoomChannel;
import org.perc4j.e2e.room.RoomElement;
import org.perc4j.e2e.room.RoomEvent;
import org.perc4j.e2e.room.RoomException;

/**
 * A room within this process, for tests and demos. Thread-safe. All that happens goes through one
 * queue of deliveries: either somebody calls {@link #runUntilIdle}, which makes tests
 * deterministic, or an executor does.
 */
public final class InProcessRoom {
  /** Plays the server between the room and its occupants. */
  @FunctionalInterface
  public interface Interceptor {
    /**
     * Decides what an occupant is told. Called once for each event and occupant, in order, by the
     * thread that delivers.
     *
     * @return the event; none, to withhold it; or others
     */
    List<RoomEvent> deliver(String recipient, RoomEvent event);
  }

  private static final Logger LOGGER = Logger.getLogger(InProcessRoom.class.getName());

  private record Delivery(Channel to, RoomEvent event) {}

  private final String name;
  private final @Nullable Executor executor;
  private final Map<String, Channel> occupants = new LinkedHashMap<>();
  private final Map<String, Channel> forgotten = new HashMap<>();
  private final Set<String> outsiders = new LinkedHashSet<>();
  private final Deque<Delivery> deliveries = new ArrayDeque<>();
  private Interceptor interceptor = (recipient, event) -> List.of(event);
  private boolean delivering;

  /** Makes a room whose events wait for {@link #runUntilIdle}. */
  public InProcessRoom(String name) {
    this.name = name;
    this.executor = null;
  }

  /**
   * Makes a room whose events are delivered by an executor.
   *
   * @param executor may have several threads; events are delivered one at a time all the same
   */
  public InProcessRoom(String name, Executor executor) {
    this.name = name;
    this.executor = executor;
  }

  /**
   * Returns a way into the room; nobody is told before it is entered.
   *
   * @throws IllegalArgumentException if the nickname is too long or not canonical
   */
  public RoomChannel channel(String occupant) {
    String fault = OccupantName.fault(occupant);
    if (fault != null) {
      throw new IllegalArgumentException("nickname: " + fault);
    }
    return new Channel(occupant);
  }

  /** From now on, lets an interceptor decide what is delivered. */
  public synchronized void intercept(Interceptor interceptor) {
    this.interceptor = interceptor;
  }

  /**
   * Delivers all events, and those that they cause. Returns at once if events are being delivered.
   *
   * @return how many events there were
   */
  @CanIgnoreReturnValue
  public int runUntilIdle() {
    synchronized (this) {
      if (delivering) {
        return 0;
      }
      delivering = true;
    }
    int count = 0;
    boolean idle = false;
    try {
      while (true) {
        Delivery next;
        Interceptor between;
        synchronized (this) {
          next = deliveries.pollFirst();
          if (next == null) {
            delivering = false;
            idle = true;
            return count;
          }
          between = interceptor;
        }
        count++;
        deliver(next, between);
      }
    } finally {
      if (!idle) {
        synchronized (this) {
          delivering = false;
        }
      }
    }
  }

  private static void deliver(Delivery delivery, Interceptor between) {
    for (RoomEvent event : between.deliver(delivery.to().occupant, delivery.event())) {
      if (delivery.to().crashed) {
        return;
      }
      try {
        delivery.to().listener.accept(event);
      } catch (RuntimeException e) {
        LOGGER.log(Level.SEVERE, "listener failed on " + event.getClass().getSimpleName(), e);
      }
    }
  }

  /** Has somebody in the room who does not speak the protocol, or not any more. */
  public void outsider(String nickname, boolean present) {
    String name = OccupantName.of(nickname).told();
    change(
        () -> {
          if (present ? outsiders.add(name) : outsiders.remove(name)) {
            postToAll(new RoomEvent.Outsider(name, present));
          }
        });
  }

  /** Returns what an occupant shows to those who enter now; none if it shows nothing. */
  public synchronized byte[] published(String occupant) {
    return present(occupant).published.clone();
  }

  /** Removes an occupant as a moderator would. */
  public void kick(String occupant) {
    change(
        () -> {
          Channel channel = present(occupant);
          remove(channel);
          channel.away = false;
          post(channel, new RoomEvent.Ended(RoomEvent.Ended.Cause.REMOVED, "kicked from the room"));
        });
  }

  /** Ends an occupant that is told nothing any more; the others see it depart. */
  public void crash(String occupant) {
    change(
        () -> {
          Channel channel = present(occupant);
          channel.crashed = true;
          remove(channel);
        });
  }

  /** Takes an occupant's connection away; the others do not see it. */
  public void disconnect(String occupant) {
    change(
        () -> {
          Channel channel = present(occupant);
          post(channel, new RoomEvent.Disconnected());
          channel.away = true;
        });
  }

  /**
   * Takes everybody's connection away and forgets the room, as a server does that restarts: one
   * after another, so that the last one sees all others depart.
   */
  public void restart() {
    change(
        () -> {
          for (Channel channel : List.copyOf(occupants.values())) {
            post(channel, new RoomEvent.Disconnected());
            channel.away = true;
            forgotten.put(channel.occupant, channel);
            remove(channel);
          }
        });
  }

  /**
   * Gives an occupant its connection back.
   *
   * @param resumed whether it is told what it missed; otherwise it enters anew, as all have to
   *     after a {@link #restart}
   */
  public void reconnect(String occupant, boolean resumed) {
    change(
        () -> {
          Channel lost = resumed ? null : forgotten.remove(occupant);
          if (lost != null) {
            lost.away = false;
            lost.missed.clear();
            add(lost);
            return;
          }
          Channel channel = present(occupant);
          if (!channel.away) {
            throw new IllegalStateException(occupant + " is connected");
          }
          channel.away = false;
          if (resumed) {
            post(channel, new RoomEvent.Resumed());
            channel.missed.forEach(event -> post(channel, event));
            channel.missed.clear();
          } else {
            channel.missed.clear();
            remove(channel);
            add(channel);
          }
        });
  }

  private void change(Runnable change) {
    synchronized (this) {
      change.run();
    }
    if (executor != null) {
      try {
        executor.execute(this::runUntilIdle);
      } catch (RejectedExecutionException e) {
        LOGGER.log(Level.FINE, "the room is closed", e);
      }
    }
  }

  private Channel present(String occupant) {
    Channel channel = occupants.get(occupant);
    if (channel == null) {
      throw new IllegalArgumentException(occupant + " is not in the room");
    }
    return channel;
  }

  private void add(Channel channel) {
    channel.published = new byte[0];
    post(channel, new RoomEvent.Entered(List.copyOf(occupants.keySet()), List.copyOf(outsiders)));
    for (Channel elder : occupants.values()) {
      if (elder.published.length > 0) {
        post(channel, new RoomEvent.Published(elder.occupant, elder.published));
      }
    }
    postToAll(new RoomEvent.Arrived(channel.occupant));
    occupants.put(channel.occupant, channel);
  }

  private void remove(Channel channel) {
    occupants.remove(channel.occupant);
    postToAll(new RoomEvent.Departed(channel.occupant));
  }

  private void postToAll(RoomEvent event) {
    occupants.values().forEach(channel -> post(channel, event));
  }

  private void post(Channel channel, RoomEvent event) {
    if (channel.away) {
      channel.missed.add(event);
    } else {
      deliveries.addLast(new Delivery(channel, event));
    }
  }

  private final class Channel implements RoomChannel {
    private final String occupant;
    private final List<RoomEvent> missed = new ArrayList<>();
    private volatile Consumer<RoomEvent> listener = event -> {};
    private boolean entered;
    private boolean away;
    private byte[] published = new byte[0];
    private volatile boolean crashed;

    Channel(String occupant) {
      this.occupant = occupant;
    }

    @Override
    public String room() {
      return name;
    }

    @Override
    public String occupant() {
      return occupant;
    }

    @Override
    public int maxPublishedBytes() {
      return XmppRoom.MAX_PUBLISHED_BYTES;
    }

    @Override
    public void enter(Consumer<RoomEvent> listener) throws RoomException {
      synchronized (InProcessRoom.this) {
        if (entered) {
          throw new IllegalStateException("entered before");
        }
        if (occupants.containsKey(occupant)) {
          throw new RoomException("the nickname is taken");
        }
        entered = true;
        this.listener = listener;
      }
      change(() -> add(this));
    }

    @Override
    public void broadcast(String kind, byte[] octets) throws RoomException {
      requireSendable(kind, octets);
      RoomEvent event = new RoomEvent.Received(occupant, true, kind, octets.clone());
      change(() -> postToAll(event));
    }

    @Override
    public void sendTo(String to, String kind, byte[] octets) throws RoomException {
      requireSendable(kind, octets);
      RoomEvent event = new RoomEvent.Received(occupant, false, kind, octets.clone());
      change(
          () -> {
            Channel channel = occupants.get(to);
            if (channel != null) {
              post(channel, event);
            }
          });
    }

    @Override
    public void publish(byte[] octets) throws RoomException {
      if (octets.length > maxPublishedBytes()) {
        throw new RoomException(octets.length + " octets are too long to be published");
      }
      requireIn();
      byte[] copy = octets.clone();
      change(
          () -> {
            if (!Arrays.equals(copy, published)) {
              published = copy;
              RoomEvent event = new RoomEvent.Published(occupant, copy);
              for (Channel other : occupants.values()) {
                if (other != this) {
                  post(other, event);
                }
              }
            }
          });
    }

    @Override
    public void leave() {
      change(
          () -> {
            if (occupants.get(occupant) == this) {
              remove(this);
              away = false;
              post(this, new RoomEvent.Ended(RoomEvent.Ended.Cause.LEFT, "left"));
            }
          });
    }

    private void requireSendable(String kind, byte[] octets) throws RoomException {
      if (!RoomElement.Part.isKind(kind)) {
        throw new IllegalArgumentException("kind " + kind);
      }
      if (octets.length > MAX_MESSAGE_BYTES) {
        throw new RoomException(octets.length + " octets are too long for a message");
      }
      requireIn();
    }

    private void requireIn() throws RoomException {
      synchronized (InProcessRoom.this) {
        if (occupants.get(occupant) != this || away) {
          throw new RoomException("not in the room");
        }
      }
    }
  }
}
