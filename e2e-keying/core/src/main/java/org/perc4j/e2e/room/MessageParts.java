/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.room;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Splits messages into parts that fit into stanzas, and puts parts together again. A message counts
 * as received when its last part arrives, so that occupants who got the same parts in the same
 * order got the same messages in the same order. What is dropped depends on the parts alone, for
 * the same reason. Not thread-safe.
 */
public final class MessageParts {
  /** The most messages of one occupant that may be unfinished. */
  static final int MAX_UNFINISHED = 4;

  /** The most octets that unfinished messages of all occupants may have. */
  static final int MAX_UNFINISHED_BYTES = 8 * 1024 * 1024;

  /** What a stanza needs besides the element's Base64: addresses, identifiers, hints, delays. */
  public static final int ENVELOPE_BYTES = 2048;

  /** The least octets of XML that a stanza must be allowed, so that a message fits. */
  public static final int MIN_STANZA_BYTES = 4096;

  private static final class Unfinished {
    final String id;
    final String kind;
    final boolean toAll;
    final int parts;
    final List<byte[]> octets = new ArrayList<>();
    int lengthBytes;

    Unfinished(RoomElement.Part first, boolean toAll) {
      this.id = first.id();
      this.kind = first.kind();
      this.toAll = toAll;
      this.parts = first.parts();
    }

    boolean isContinuedBy(RoomElement.Part part, boolean partToAll) {
      return part.part() == octets.size()
          && part.parts() == parts
          && part.kind().equals(kind)
          && partToAll == toAll;
    }

    byte[] join() {
      byte[] all = new byte[lengthBytes];
      int at = 0;
      for (byte[] piece : octets) {
        System.arraycopy(piece, 0, all, at, piece.length);
        at += piece.length;
      }
      return all;
    }
  }

  /** By occupant; oldest first. */
  private final Map<String, Deque<Unfinished>> unfinished = new LinkedHashMap<>();

  private int unfinishedBytes;

  /** Returns how many octets a stanza carries. */
  public static int partBytes(int stanzaBytes) {
    return (stanzaBytes - ENVELOPE_BYTES) / 4 * 3;
  }

  /**
   * Splits a message.
   *
   * @param id of the message, see {@link RoomElement.Part}
   * @param octets 0 to {@link RoomChannel#MAX_MESSAGE_BYTES}; copied
   * @param stanzaBytes the most octets of XML of one stanza, {@link #MIN_STANZA_BYTES} or more
   */
  public static List<RoomElement.Part> split(
      String kind, String id, byte[] octets, int stanzaBytes) {
    int partBytes = partBytes(stanzaBytes);
    int parts = Math.max(1, (octets.length + partBytes - 1) / partBytes);
    List<RoomElement.Part> all = new ArrayList<>(parts);
    for (int part = 0; part < parts; part++) {
      int from = part * partBytes;
      int to = Math.min(octets.length, from + partBytes);
      all.add(new RoomElement.Part(kind, id, part, parts, Arrays.copyOfRange(octets, from, to)));
    }
    return all;
  }

  /**
   * Takes a part that arrived.
   *
   * @return a message, if it is whole now, and what was dropped
   */
  public List<RoomEvent> accept(String occupant, boolean toAll, RoomElement.Part part) {
    List<RoomEvent> events = new ArrayList<>(2);
    Unfinished message = find(occupant, part.id());
    if (message == null) {
      if (part.part() > 0) {
        // Told once per message: whoever entered in mid-message sees all its other parts, too.
        if (part.part() == part.parts() - 1) {
          events.add(new RoomEvent.Malformed(occupant, "a message without its start"));
        }
        return events;
      }
      message = new Unfinished(part, toAll);
      if (part.parts() > 1) {
        Deque<Unfinished> mine =
            unfinished.computeIfAbsent(occupant, unused -> new ArrayDeque<>(MAX_UNFINISHED));
        if (mine.size() == MAX_UNFINISHED) {
          drop(occupant, mine.getFirst());
          events.add(
              new RoomEvent.Malformed(
                  occupant, "more than " + MAX_UNFINISHED + " unfinished messages"));
        }
        // Dropping the last one drops the queue as well.
        unfinished.computeIfAbsent(occupant, unused -> new ArrayDeque<>()).addLast(message);
      }
    } else if (!message.isContinuedBy(part, toAll)) {
      drop(occupant, message);
      events.add(new RoomEvent.Malformed(occupant, "a part that does not continue its message"));
      return events;
    }

    if (message.lengthBytes + part.octets().length > RoomChannel.MAX_MESSAGE_BYTES) {
      drop(occupant, message);
      events.add(
          new RoomEvent.Malformed(
              occupant, "a message longer than " + RoomChannel.MAX_MESSAGE_BYTES + " octets"));
      return events;
    }
    message.octets.add(part.octets());
    message.lengthBytes += part.octets().length;
    if (part.parts() > 1) {
      unfinishedBytes += part.octets().length;
    }
    if (message.octets.size() == message.parts) {
      drop(occupant, message);
      events.add(new RoomEvent.Received(occupant, toAll, message.kind, message.join()));
    }
    while (unfinishedBytes > MAX_UNFINISHED_BYTES) {
      events.add(dropOfGreediest());
    }
    return events;
  }

  /** Drops the unfinished messages of an occupant. */
  public void forget(String occupant) {
    Deque<Unfinished> gone = unfinished.remove(occupant);
    if (gone != null) {
      unfinishedBytes -= lengthBytes(gone);
    }
  }

  /** Drops all unfinished messages. */
  public void clear() {
    unfinished.clear();
    unfinishedBytes = 0;
  }

  /** How many octets unfinished messages have. */
  int unfinishedBytes() {
    return unfinishedBytes;
  }

  private @Nullable Unfinished find(String occupant, String id) {
    for (Unfinished message : unfinished.getOrDefault(occupant, new ArrayDeque<>(0))) {
      if (message.id.equals(id)) {
        return message;
      }
    }
    return null;
  }

  /** Does nothing if the message has one part only. */
  private void drop(String occupant, Unfinished message) {
    Deque<Unfinished> mine = unfinished.get(occupant);
    if (mine != null && mine.remove(message)) {
      unfinishedBytes -= message.lengthBytes;
      if (mine.isEmpty()) {
        unfinished.remove(occupant);
      }
    }
  }

  /** Whoever fills the memory loses messages, not whoever uses what is left of it. */
  private RoomEvent dropOfGreediest() {
    String greediest = "";
    int most = -1;
    for (Map.Entry<String, Deque<Unfinished>> entry : unfinished.entrySet()) {
      int bytes = lengthBytes(entry.getValue());
      if (bytes > most) {
        most = bytes;
        greediest = entry.getKey();
      }
    }
    Deque<Unfinished> messages = unfinished.get(greediest);
    if (messages == null) {
      throw new IllegalStateException("octets counted without messages");
    }
    drop(greediest, messages.getFirst());
    return new RoomEvent.Malformed(greediest, "too many octets of unfinished messages");
  }

  private static int lengthBytes(Deque<Unfinished> messages) {
    return messages.stream().mapToInt(message -> message.lengthBytes).sum();
  }
}
