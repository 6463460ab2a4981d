/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.endpoint;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.perc4j.it.bridge.Bridge;
import org.perc4j.it.bridge.MediaKind;
import org.perc4j.it.bridge.ReceiverConstraints;
import org.perc4j.it.bridge.Room;
import org.perc4j.it.harness.Await;
import org.perc4j.it.transport.SharedKeys;

/** Endpoints in one room, with all that they know of each other. Used by one thread. */
public final class Conference implements Closeable {
  private final Room room;
  private final Roster roster = new Roster();
  private final SharedKeys keys = new SharedKeys();
  private final List<Endpoint> endpoints = new ArrayList<>();

  /** A place in a stream, from which on nothing may be missing. */
  private record Stream(String sender, MediaKind kind) {}

  private final Map<Stream, Integer> marks = new HashMap<>();

  /** Opens a room, unique by its name as long as the bridge lives. */
  public Conference(Bridge bridge, String name) {
    room = bridge.createRoom(name);
  }

  /** Lets an endpoint in; it sends nothing yet, and is sent all video that there is. */
  public Endpoint join(EndpointOptions options) throws IOException, InterruptedException {
    Endpoint endpoint = Endpoint.join(room, roster, keys, options);
    endpoints.add(endpoint);
    room.setConstraints(options.id, ReceiverConstraints.EVERYTHING);
    return endpoint;
  }

  /** Lets an endpoint go. */
  public void leave(Endpoint endpoint) throws IOException {
    endpoints.remove(endpoint);
    endpoint.close();
  }

  /** Lets everyone start to send. */
  public void startSending() {
    endpoints.forEach(Endpoint::startSending);
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
    for (Endpoint sender : endpoints) {
      for (Endpoint receiver : endpoints) {
        for (MediaKind kind : MediaKind.values()) {
          SentStream sent = sender.sent(kind);
          if (sent != null
              && sender != receiver
              && delivery(sender, kind, receiver).arrived()
                  < sent.size() - marks.getOrDefault(new Stream(sender.id(), kind), 0)) {
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

  /** Returns the end-to-end keys. */
  public SharedKeys keys() {
    return keys;
  }

  /** Returns who is in. */
  public List<Endpoint> endpoints() {
    return List.copyOf(endpoints);
  }

  /** Lets everyone go, and closes the room. */
  @Override
  public void close() throws IOException {
    for (Endpoint endpoint : endpoints) {
      endpoint.close();
    }
    endpoints.clear();
    room.close();
  }
}
