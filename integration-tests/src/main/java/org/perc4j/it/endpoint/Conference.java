/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.endpoint;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.function.ToIntBiFunction;
import org.jspecify.annotations.Nullable;
import org.perc4j.e2e.room.RoomChannel;
import org.perc4j.e2e.session.SessionOptions;
import org.perc4j.e2e.xmpp.InProcessRoom;
import org.perc4j.e2e.xmpp.XmppServer;
import org.perc4j.endpoint.media.MediaKind;
import org.perc4j.endpoint.signalling.AnnouncedSources;
import org.perc4j.endpoint.signalling.ReceiverConstraints;
import org.perc4j.endpoint.transport.LatePackets;
import org.perc4j.endpoint.transport.SessionEndToEnd;
import org.perc4j.endpoint.transport.SrtpProfile;
import org.perc4j.header.srtp.DoubleSrtpProfile;
import org.perc4j.it.bridge.Bridge;
import org.perc4j.it.bridge.Room;
import org.perc4j.it.harness.Await;
import org.perc4j.it.keying.Attendee;
import org.perc4j.it.keying.Gathering;
import org.perc4j.it.xmpp.ProsodyServer;

/**
 * Endpoints in one room, with all that they know of each other. Those that want double SRTP are
 * members of a group, in a room of its own for their messages. Used by one thread.
 */
public final class Conference implements Closeable {
  /**
   * The system property that names a folder for reports on all conferences. Where it is not set,
   * nobody is told of them but who asked for it.
   */
  public static final String REPORTS = "perc4j.reports";

  private static final Duration TOGETHER = Duration.ofSeconds(20);

  private final Room room;
  private final ByOccupant<AnnouncedSources> rosters;
  private final ByOccupant<RoomChannel> messages;
  private final @Nullable ExecutorService messenger;
  private @Nullable Gathering gathering;
  private final List<Endpoint> endpoints = new ArrayList<>();
  private final List<ConferenceListener> listeners = new ArrayList<>();

  /** What each occupant has of its own. */
  public interface ByOccupant<T> {
    /** Returns it, or makes it. */
    T of(String occupant) throws IOException, InterruptedException;
  }

  /** A place in a stream, from which on nothing may be missing. */
  private record Stream(String sender, MediaKind kind) {}

  private final Map<Stream, Integer> marks = new HashMap<>();

  /**
   * Opens a room, unique by its name as long as the bridge lives; messages stay in this process.
   */
  public Conference(Bridge bridge, String name) {
    room = bridge.createRoom(name);
    rosters = sharedRoster();
    messenger =
        Executors.newSingleThreadExecutor(
            task -> {
              Thread thread = new Thread(task, "room " + name);
              thread.setDaemon(true);
              return thread;
            });
    messages = new InProcessRoom(ProsodyServer.room(name), messenger)::channel;
    listeners.addAll(requested(name, bridge.description()));
  }

  /**
   * Opens a room, unique by its name as long as the bridge lives.
   *
   * @param servers returns how an occupant connects to the server that carries messages
   */
  public Conference(Bridge bridge, String name, Function<String, XmppServer> servers) {
    room = bridge.createRoom(name);
    rosters = sharedRoster();
    messenger = null;
    messages = occupant -> servers.apply(occupant).room(ProsodyServer.room(name), occupant);
    listeners.addAll(requested(name, bridge.description()));
  }

  /**
   * Uses a room in which each endpoint hears of the others' sources by itself.
   *
   * @param name of the room
   * @param bridge what it is held on, for people
   * @param messages makes an endpoint's channel into the room for messages
   * @param rosters returns where an endpoint finds who sends what
   */
  public Conference(
      Room room,
      String name,
      String bridge,
      ByOccupant<RoomChannel> messages,
      ByOccupant<AnnouncedSources> rosters) {
    this.room = room;
    this.messages = messages;
    this.rosters = rosters;
    this.messenger = null;
    listeners.addAll(requested(name, bridge));
  }

  private static List<ConferenceListener> requested(String room, String bridge) {
    String folder = System.getProperty(REPORTS, "");
    List<ConferenceListener> requested = new ArrayList<>();
    if (!folder.isEmpty()) {
      for (ConferenceListener.Provider provider :
          ServiceLoader.load(ConferenceListener.Provider.class)) {
        requested.add(provider.listener(Path.of(folder), room, bridge));
      }
    }
    return requested;
  }

  private static ByOccupant<AnnouncedSources> sharedRoster() {
    AnnouncedSources roster = new AnnouncedSources();
    return occupant -> roster;
  }

  /** Opens a room; messages stay in this process where there is no server. */
  public static Conference open(Bridge bridge, String name, @Nullable ProsodyServer server) {
    return server == null
        ? new Conference(bridge, name)
        : new Conference(bridge, name, occupant -> server.guests());
  }

  /** Tells somebody what happens; to be said before anybody joins. */
  public void addListener(ConferenceListener listener) {
    boolean unused = listeners.add(listener);
  }

  /** Lets an endpoint in; it sends nothing yet, and is sent all video that there is. */
  public Endpoint join(EndpointOptions options) throws IOException, InterruptedException {
    SrtpProfile wanted =
        options.profiles.stream().filter(SrtpProfile::isDouble).findFirst().orElse(null);
    listeners.forEach(listener -> options.keyTap(listener.keyTap()));
    Endpoint endpoint;
    if (wanted == null) {
      endpoint = Endpoint.join(room, rosters.of(options.id), null, options);
    } else {
      LatePackets late = new LatePackets();
      SessionOptions sessionOptions =
          SessionOptions.DEFAULT
              .withProfile(DoubleSrtpProfile.fromId(wanted.id()))
              .withPrivateRoom(options.privateRoom);
      Attendee member =
          joinGroup(
              messages.of(options.id),
              options.patient ? sessionOptions.withHeldPackets(late) : sessionOptions);
      boolean joined = false;
      try {
        endpoint =
            Endpoint.join(
                room, rosters.of(options.id), new SessionEndToEnd(member.session(), late), options);
        joined = true;
      } finally {
        if (!joined) {
          gathering().leave(options.id);
        }
      }
    }
    endpoints.add(endpoint);
    for (ConferenceListener listener : listeners) {
      listener.joined(endpoint);
    }
    room.setConstraints(options.id, ReceiverConstraints.EVERYTHING);
    return endpoint;
  }

  /**
   * Somebody becomes a member without media; returns when all members agree, and it can read what
   * they send.
   *
   * @param channel one of {@link #messages}, or around one
   */
  public Attendee joinSilently(RoomChannel channel) throws IOException, InterruptedException {
    return joinGroup(channel, SessionOptions.DEFAULT);
  }

  private Attendee joinGroup(RoomChannel channel, SessionOptions options)
      throws IOException, InterruptedException {
    if (gathering == null) {
      gathering = new Gathering(options);
      gathering.whenTogether(together -> listeners.forEach(listener -> listener.agreed(together)));
    }
    Attendee member = gathering.join(channel, gathering.introduce(channel.occupant()), options);
    gathering.awaitTogether(TOGETHER);
    gathering.awaitNewestKeys(TOGETHER);
    return member;
  }

  /** Returns the members of the group, which has to have had one. */
  public Gathering gathering() {
    if (gathering == null) {
      throw new IllegalStateException("nobody wanted double SRTP");
    }
    return gathering;
  }

  /** Returns a channel into the room for messages, not entered yet. */
  public RoomChannel messages(String occupant) throws IOException, InterruptedException {
    return messages.of(occupant);
  }

  /** Lets an endpoint go. */
  public void leave(Endpoint endpoint) throws IOException, InterruptedException {
    tellOfLeaving(endpoint);
    endpoints.remove(endpoint);
    endpoint.close();
    if (endpoint.profile().isDouble()) {
      gathering().leave(endpoint.id());
      gathering().awaitTogether(TOGETHER);
    }
  }

  /**
   * An endpoint dies: neither the bridge nor the room is told. Whoever calls this sees to it that
   * the room loses it, and tells the bridge when signalling would.
   *
   * @return its part in the group, to be closed, or null
   */
  public @Nullable Attendee die(Endpoint endpoint) throws IOException {
    tellOfLeaving(endpoint);
    endpoints.remove(endpoint);
    endpoint.die();
    return endpoint.profile().isDouble() ? gathering().forget(endpoint.id()) : null;
  }

  private void tellOfLeaving(Endpoint endpoint) throws IOException {
    for (ConferenceListener listener : listeners) {
      listener.leaving(endpoint);
    }
  }

  /** Lets everyone start to send, once everyone has heard who is going to send what. */
  public void startSending() throws IOException, InterruptedException {
    Await.until(
        "everyone to hear of everyone's sources: " + endpoints, TOGETHER, this::allIsAnnounced);
    endpoints.forEach(Endpoint::startSending);
  }

  private boolean allIsAnnounced() {
    return endpoints.stream()
        .allMatch(
            receiver -> endpoints.stream().allMatch(sender -> receiver.knows(sender.sources())));
  }

  /**
   * Waits until everyone has got some packets of everything that the others send from now on.
   *
   * @param packets of each stream
   */
  public void awaitFlow(int packets, Duration timeout) throws IOException, InterruptedException {
    Map<Stream, Map<String, Integer>> before = new HashMap<>();
    for (Endpoint sender : endpoints) {
      for (MediaKind kind : MediaKind.values()) {
        for (Endpoint receiver : endpoints) {
          before
              .computeIfAbsent(new Stream(sender.id(), kind), unused -> new HashMap<>())
              .put(receiver.id(), receiver.receivedPackets(sender.id(), kind));
        }
      }
    }
    Await.until(
        "media from everyone to everyone: " + endpoints,
        timeout,
        () ->
            before.entrySet().stream()
                .allMatch(entry -> flows(entry.getKey(), entry.getValue(), packets)));
  }

  private boolean flows(Stream stream, Map<String, Integer> before, int packets) {
    for (Endpoint sender : endpoints) {
      if (sender.id().equals(stream.sender()) && sender.sent(stream.kind()) != null) {
        for (Endpoint receiver : endpoints) {
          int already = before.getOrDefault(receiver.id(), 0);
          if (receiver != sender
              && receiver.receivedPackets(sender.id(), stream.kind()) < already + packets) {
            return false;
          }
        }
      }
    }
    return true;
  }

  /** From here on, nothing may be missing. */
  public void mark() {
    for (Endpoint sender : endpoints) {
      for (MediaKind kind : MediaKind.values()) {
        SentStream sent = sender.sent(kind);
        if (sent != null) {
          marks.put(new Stream(sender.id(), kind), sent.size());
        }
      }
    }
  }

  /**
   * Waits until everyone has got something of everything that the others sent since the {@link
   * #mark}: nothing that was sent before is on its way then, where the network keeps the order.
   */
  public void awaitMarked(Duration timeout) throws IOException, InterruptedException {
    Await.until(
        "what was sent before to have arrived: " + endpoints,
        timeout,
        () -> arrivedEverywhere((stream, sent) -> 1));
  }

  /** Compares what was sent since the {@link #mark} with what arrived. */
  public Delivery delivery(Endpoint sender, MediaKind kind, Endpoint receiver) {
    SentStream sent = sender.sent(kind);
    if (sent == null) {
      throw new IllegalArgumentException(sender.id() + " sends no " + kind);
    }
    return Delivery.of(
        sent,
        marks.getOrDefault(new Stream(sender.id(), kind), 0),
        receiver.received(sender.id(), kind));
  }

  /**
   * Lets everyone stop to send, and gives what is on its way the time to arrive.
   *
   * @param timeout after which what is missing counts as lost
   */
  public void stopSending(Duration timeout) throws InterruptedException {
    endpoints.forEach(Endpoint::stopSending);
    boolean unused = Await.holdsWithin(timeout, this::nothingIsMissing);
  }

  private boolean nothingIsMissing() {
    return arrivedEverywhere((stream, sent) -> sent.size() - marks.getOrDefault(stream, 0));
  }

  /** Whether of all that was sent since the mark everyone else has at least so many packets. */
  private boolean arrivedEverywhere(ToIntBiFunction<Stream, SentStream> atLeast) {
    for (Endpoint sender : endpoints) {
      for (Endpoint receiver : endpoints) {
        for (MediaKind kind : MediaKind.values()) {
          SentStream sent = sender.sent(kind);
          if (sent != null
              && sender != receiver
              && delivery(sender, kind, receiver).arrived()
                  < atLeast.applyAsInt(new Stream(sender.id(), kind), sent)) {
            return false;
          }
        }
      }
    }
    return true;
  }

  /** Returns the room, as signalling sees it. */
  public Room room() {
    return room;
  }

  /** Returns who is in. */
  public List<Endpoint> endpoints() {
    return List.copyOf(endpoints);
  }

  /** Lets everyone go, and closes the room. */
  @Override
  public void close() throws IOException {
    List<ConferenceListener> told = List.copyOf(listeners);
    listeners.clear();
    try {
      for (ConferenceListener listener : told) {
        listener.closing(this);
      }
    } finally {
      end();
    }
    for (ConferenceListener listener : told) {
      listener.closed();
    }
  }

  private void end() throws IOException {
    for (Endpoint endpoint : endpoints) {
      endpoint.close();
    }
    endpoints.clear();
    room.close();
    if (gathering != null) {
      gathering.close();
    }
    if (messenger != null) {
      messenger.shutdown();
    }
  }
}
