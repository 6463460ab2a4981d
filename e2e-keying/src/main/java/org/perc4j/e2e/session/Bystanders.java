/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.session;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Consumer;
import org.perc4j.e2e.mls.Roster;
import org.perc4j.e2e.protocol.SessionEvent;
import org.perc4j.e2e.room.RoomEvent;

/**
 * Who is in the room and no member: plain clients, of whom the application is told, and in a
 * private room all others for whom nothing is sent. Belongs to one event loop, except {@link
 * #areWaitedFor}.
 */
final class Bystanders {
  private final boolean privateRoom;
  private final Set<String> tolerated;
  private final Consumer<SessionEvent> listener;
  private final Set<String> outsiders = new LinkedHashSet<>();
  private Set<String> awaited = Set.of();
  private volatile boolean waiting;

  Bystanders(SessionOptions options, Consumer<SessionEvent> listener) {
    this.privateRoom = options.privateRoom();
    this.tolerated = options.tolerated();
    this.listener = listener;
    this.waiting = privateRoom;
  }

  /** Whether nothing is to be sent for now, keys or not. */
  boolean areWaitedFor() {
    return waiting;
  }

  /** Whether an event changes who is in the room. */
  static boolean changesWhoIsThere(RoomEvent event) {
    return event instanceof RoomEvent.Entered
        || event instanceof RoomEvent.Arrived
        || event instanceof RoomEvent.Departed
        || event instanceof RoomEvent.Outsider;
  }

  void onEvent(RoomEvent event) {
    if (event instanceof RoomEvent.Entered entered) {
      Set<String> gone = new LinkedHashSet<>(outsiders);
      gone.removeAll(Set.copyOf(entered.outsiders()));
      gone.forEach(outsider -> note(outsider, false));
      entered.outsiders().forEach(outsider -> note(outsider, true));
    } else if (event instanceof RoomEvent.Outsider outsider) {
      note(outsider.occupant(), outsider.present());
    }
  }

  private void note(String occupant, boolean present) {
    if (present && !tolerated.contains(occupant) && outsiders.add(occupant)) {
      listener.accept(new SessionEvent.OutsiderArrived(occupant));
    } else if (!present && outsiders.remove(occupant)) {
      listener.accept(new SessionEvent.OutsiderLeft(occupant));
    }
  }

  /**
   * Looks for whom nothing is to be sent.
   *
   * @param present who speaks the protocol and is in the room
   * @param roster the members
   */
  void look(Set<String> present, Roster roster) {
    if (!privateRoom) {
      return;
    }
    Set<String> strangers = new LinkedHashSet<>(outsiders);
    for (String occupant : present) {
      if (roster.occupant(occupant) == null) {
        strangers.add(occupant);
      }
    }
    waiting = !strangers.isEmpty();
    if (!strangers.equals(awaited)) {
      awaited = strangers;
      listener.accept(new SessionEvent.SendingWaits(strangers));
    }
  }
}
