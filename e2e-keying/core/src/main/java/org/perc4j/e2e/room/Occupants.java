/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.room;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.logging.Logger;

/**
 * Who else is in the room, by each occupant's last presence alone, and what those say who speak the
 * protocol. Nobody is overlooked: whoever does not speak the protocol, or is not to be believed
 * that it does, is an outsider, and those for whom there is no place are one outsider together.
 * Returns what is to be told of each change; whether it is told is for others to decide. Not
 * thread-safe.
 */
public final class Occupants {
  /** The most speakers, and the most outsiders, that are told apart. */
  public static final int MAX_OCCUPANTS = 4096;

  /** What those beyond it are called together; no occupant's name. */
  public static final String BEYOND =
      "more than " + MAX_OCCUPANTS + " occupants" + OccupantName.ELLIPSIS;

  /** The most of them that are remembered, so that it is seen when they are gone. */
  public static final int MAX_BEYOND = 4 * MAX_OCCUPANTS;

  private static final Logger LOGGER = Logger.getLogger(Occupants.class.getName());

  private final String self;
  private final Map<String, byte[]> publishedBySpeaker = new LinkedHashMap<>();
  private final Set<String> outsiders = new LinkedHashSet<>();
  private final Set<String> beyond = new HashSet<>();
  private final MessageParts parts = new MessageParts();

  /** Whether there were more than can be remembered: nothing says when all of them are gone. */
  private boolean uncounted;

  /**
   * Knows nobody yet.
   *
   * @param self one's own nickname, whose messages come back
   */
  public Occupants(String self) {
    this.self = self;
  }

  /** Forgets everybody, when the room is about to be entered. */
  public void clear() {
    publishedBySpeaker.clear();
    outsiders.clear();
    beyond.clear();
    uncounted = false;
    parts.clear();
  }

  /** Returns what is to be told of those who are here when the room is entered. */
  public List<RoomEvent> entered() {
    List<RoomEvent> events = new ArrayList<>();
    List<String> outside = new ArrayList<>(outsiders);
    if (isAnyoneBeyond()) {
      outside.add(BEYOND);
    }
    events.add(
        new RoomEvent.Entered(List.copyOf(publishedBySpeaker.keySet()), List.copyOf(outside)));
    publishedBySpeaker.forEach(
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
  public List<RoomEvent> shown(OccupantName occupant, List<RoomElement> elements) {
    List<RoomEvent> events = new ArrayList<>();
    String name = occupant.told();
    if (elements.size() == 1
        && elements.get(0) instanceof RoomElement.Mark mark
        && occupant.maySpeak()) {
      speaks(name, mark.octets(), events);
      return events;
    }
    if (!elements.isEmpty()) {
      events.add(new RoomEvent.Malformed(name, fault(occupant, elements)));
    }
    speakerGone(name, events);
    if (!outsiders.contains(name)) {
      if (outsiders.size() < MAX_OCCUPANTS) {
        outsiders.add(name);
        events.add(new RoomEvent.Outsider(name, true));
        beyondGone(name, events);
      } else {
        isBeyond(name, events);
      }
    }
    return events;
  }

  private static String fault(OccupantName occupant, List<RoomElement> elements) {
    if (elements.get(0) instanceof RoomElement.Malformed malformed) {
      return malformed.reason();
    }
    return occupant.maySpeak()
        ? "no mark of the protocol in presence"
        : "a nickname that no member has";
  }

  private void speaks(String name, byte[] octets, List<RoomEvent> events) {
    byte[] before = publishedBySpeaker.get(name);
    if (before == null && publishedBySpeaker.size() >= MAX_OCCUPANTS) {
      isBeyond(name, events);
      outsiderGone(name, events);
      return;
    }
    byte[] unused = publishedBySpeaker.put(name, octets);
    outsiderGone(name, events);
    if (before == null) {
      events.add(new RoomEvent.Arrived(name));
    }
    if (!Arrays.equals(before == null ? new byte[0] : before, octets)) {
      events.add(new RoomEvent.Published(name, octets));
    }
    beyondGone(name, events);
  }

  /** Somebody left the room. */
  public List<RoomEvent> gone(OccupantName occupant) {
    List<RoomEvent> events = new ArrayList<>();
    speakerGone(occupant.told(), events);
    outsiderGone(occupant.told(), events);
    beyondGone(occupant.told(), events);
    return events;
  }

  private void speakerGone(String name, List<RoomEvent> events) {
    parts.forget(name);
    if (publishedBySpeaker.remove(name) != null) {
      events.add(new RoomEvent.Departed(name));
    }
  }

  private void outsiderGone(String name, List<RoomEvent> events) {
    if (outsiders.remove(name)) {
      events.add(new RoomEvent.Outsider(name, false));
    }
  }

  private boolean isAnyoneBeyond() {
    return uncounted || !beyond.isEmpty();
  }

  private void isBeyond(String name, List<RoomEvent> events) {
    boolean before = isAnyoneBeyond();
    if (beyond.size() < MAX_BEYOND) {
      beyond.add(name);
    } else if (!beyond.contains(name)) {
      uncounted = true;
    }
    if (!before) {
      LOGGER.warning("more than " + MAX_OCCUPANTS + " occupants; the others count as one outsider");
      events.add(new RoomEvent.Outsider(BEYOND, true));
    }
  }

  private void beyondGone(String name, List<RoomEvent> events) {
    if (beyond.remove(name) && !isAnyoneBeyond()) {
      events.add(new RoomEvent.Outsider(BEYOND, false));
    }
  }

  /**
   * Somebody said something.
   *
   * @param toAll whether the room sent it to all occupants
   * @param elements those of the protocol's namespace, one or more
   */
  public List<RoomEvent> said(OccupantName occupant, boolean toAll, List<RoomElement> elements) {
    String name = occupant.told();
    if (!name.equals(self) && !publishedBySpeaker.containsKey(name)) {
      LOGGER.fine("ignoring a message: the sender does not announce the protocol");
      return List.of();
    }
    if (elements.size() > 1) {
      return List.of(new RoomEvent.Malformed(name, "several elements in a message"));
    }
    if (elements.get(0) instanceof RoomElement.Part part) {
      return parts.accept(name, toAll, part);
    }
    if (elements.get(0) instanceof RoomElement.Malformed malformed) {
      return List.of(new RoomEvent.Malformed(name, malformed.reason()));
    }
    return List.of(new RoomEvent.Malformed(name, "a mark of presence in a message"));
  }
}
