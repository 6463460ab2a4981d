/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.xmpp;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.logging.Logger;
import org.jivesoftware.smack.packet.ExtensionElement;
import org.perc4j.e2e.xmpp.element.MlsElement;

/**
 * Who else is in the room, by each occupant's last presence alone, and what those say who speak the
 * protocol. Returns what is to be told of each change; whether it is told is for others to decide.
 * Not thread-safe.
 */
final class Occupants {
  static final int MAX_OCCUPANTS = 4096;

  private static final Logger LOGGER = Logger.getLogger(Occupants.class.getName());

  private final String self;
  private final Map<String, byte[]> publishedByOccupant = new LinkedHashMap<>();
  private final Set<String> outsiders = new LinkedHashSet<>();
  private final MessageParts parts = new MessageParts();

  /**
   * Knows nobody yet.
   *
   * @param self one's own nickname, whose messages come back
   */
  Occupants(String self) {
    this.self = self;
  }

  void clear() {
    publishedByOccupant.clear();
    outsiders.clear();
    parts.clear();
  }

  /** Returns what is to be told of those who are here when the room is entered. */
  List<RoomEvent> entered() {
    List<RoomEvent> events = new ArrayList<>();
    events.add(
        new RoomEvent.Entered(List.copyOf(publishedByOccupant.keySet()), List.copyOf(outsiders)));
    publishedByOccupant.forEach(
        (elder, octets) -> {
          if (octets.length > 0) {
            events.add(new RoomEvent.Published(elder, octets));
          }
        });
    return events;
  }

  /**
   * Somebody shows something in the place of what it showed before, if anything.
   *
   * @param elements those of the protocol's namespace
   */
  List<RoomEvent> shown(String nickname, List<ExtensionElement> elements) {
    List<RoomEvent> events = new ArrayList<>();
    if (elements.size() == 1 && elements.get(0) instanceof MlsElement.Mark mark) {
      marked(nickname, mark.octets(), events);
      return events;
    }
    if (!elements.isEmpty()) {
      String reason = "no mark of the protocol in presence";
      if (elements.get(0) instanceof MlsElement.Malformed malformed) {
        reason = malformed.reason();
      }
      events.add(new RoomEvent.Malformed(nickname, reason));
    }
    speakerGone(nickname, events);
    if (outsiders.size() < MAX_OCCUPANTS && outsiders.add(nickname)) {
      events.add(new RoomEvent.Outsider(nickname, true));
    }
    return events;
  }

  private void marked(String nickname, byte[] octets, List<RoomEvent> events) {
    byte[] before = publishedByOccupant.get(nickname);
    if (before == null && publishedByOccupant.size() >= MAX_OCCUPANTS) {
      LOGGER.warning("more than " + MAX_OCCUPANTS + " occupants");
      return;
    }
    byte[] unused = publishedByOccupant.put(nickname, octets);
    outsiderGone(nickname, events);
    if (before == null) {
      events.add(new RoomEvent.Arrived(nickname));
    }
    if (!Arrays.equals(before == null ? new byte[0] : before, octets)) {
      events.add(new RoomEvent.Published(nickname, octets));
    }
  }

  /** Somebody left the room. */
  List<RoomEvent> gone(String nickname) {
    List<RoomEvent> events = new ArrayList<>();
    speakerGone(nickname, events);
    outsiderGone(nickname, events);
    return events;
  }

  private void speakerGone(String nickname, List<RoomEvent> events) {
    parts.forget(nickname);
    if (publishedByOccupant.remove(nickname) != null) {
      events.add(new RoomEvent.Departed(nickname));
    }
  }

  private void outsiderGone(String nickname, List<RoomEvent> events) {
    if (outsiders.remove(nickname)) {
      events.add(new RoomEvent.Outsider(nickname, false));
    }
  }

  /**
   * Somebody said something.
   *
   * @param toAll whether the room sent it to all occupants
   * @param elements those of the protocol's namespace, one or more
   */
  List<RoomEvent> said(String nickname, boolean toAll, List<ExtensionElement> elements) {
    if (!nickname.equals(self) && !publishedByOccupant.containsKey(nickname)) {
      LOGGER.fine("a message of an occupant that does not say that it speaks the protocol");
      return List.of();
    }
    if (elements.size() > 1) {
      return List.of(new RoomEvent.Malformed(nickname, "several elements in a message"));
    }
    if (elements.get(0) instanceof MlsElement.Part part) {
      return parts.accept(nickname, toAll, part);
    }
    if (elements.get(0) instanceof MlsElement.Malformed malformed) {
      return List.of(new RoomEvent.Malformed(nickname, malformed.reason()));
    }
    return List.of(new RoomEvent.Malformed(nickname, "a mark of presence in a message"));
  }
}
