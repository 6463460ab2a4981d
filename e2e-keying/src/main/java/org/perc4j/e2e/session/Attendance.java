/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.session;

import java.util.LinkedHashSet;
import java.util.Set;
import org.perc4j.e2e.mls.Roster;
import org.perc4j.e2e.xmpp.RoomEvent;

/** Who else is in the room, by the server's word. Belongs to one event loop. */
final class Attendance {
  private final Set<String> tolerated;
  private final Set<String> speakers = new LinkedHashSet<>();
  private final Set<String> outsiders = new LinkedHashSet<>();

  /**
   * Begins with nobody.
   *
   * @param tolerated outsiders who do not count
   */
  Attendance(Set<String> tolerated) {
    this.tolerated = tolerated;
  }

  /** Follows the room; returns whether somebody came, went or changed sides. */
  boolean onEvent(RoomEvent event) {
    if (event instanceof RoomEvent.Entered entered) {
      outsiders.clear();
      speakers.clear();
      speakers.addAll(entered.elders());
      return true;
    } else if (event instanceof RoomEvent.Arrived arrived) {
      return speakers.add(arrived.occupant());
    } else if (event instanceof RoomEvent.Departed departed) {
      return speakers.remove(departed.occupant());
    } else if (event instanceof RoomEvent.Outsider outsider
        && !tolerated.contains(outsider.occupant())) {
      return outsider.present()
          ? outsiders.add(outsider.occupant())
          : outsiders.remove(outsider.occupant());
    }
    return false;
  }

  /** Returns a copy of the nicknames of those who do not speak the protocol. */
  Set<String> outsiders() {
    return Set.copyOf(outsiders);
  }

  /** Returns the nicknames of all who are in the room and are no members. */
  Set<String> strangersTo(Roster roster) {
    Set<String> strangers = new LinkedHashSet<>(outsiders);
    for (String speaker : speakers) {
      if (roster.occupant(speaker) == null) {
        strangers.add(speaker);
      }
    }
    return strangers;
  }
}
