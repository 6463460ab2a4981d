/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.session;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.perc4j.e2e.mls.Acquaintance.Standing;
import org.perc4j.e2e.mls.Member;
import org.perc4j.e2e.mls.Roster;

/**
 * Somebody in a conference, with one device or several. Devices are one person's if they have one
 * name and the validator believes each of their keys to be that name's. One that comes with a key
 * of which it does not, {@link Standing#CHANGED}, may be somebody else: it is shown by itself.
 * Immutable.
 *
 * @param name of all devices
 * @param devices at least one, in the order of their leaves
 * @param standing how far the validator believes in the least believed of them
 */
public record Participant(String name, List<Member> devices, Standing standing) {
  /** Copies the list. */
  public Participant {
    devices = List.copyOf(devices);
  }

  /** Returns who the members are, in the order of their first leaves. */
  static List<Participant> of(Roster roster, Function<Member, Standing> standing) {
    Map<Object, Participant> participants = new LinkedHashMap<>();
    for (Member member : roster.members()) {
      Standing believed = standing.apply(member);
      Object who = believed == Standing.CHANGED ? member : member.name();
      participants.merge(
          who,
          new Participant(member.name(), List.of(member), believed),
          (first, further) -> first.and(further));
    }
    return List.copyOf(participants.values());
  }

  private Participant and(Participant further) {
    List<Member> all = new ArrayList<>(devices);
    all.addAll(further.devices);
    Standing least = standing.compareTo(further.standing) <= 0 ? standing : further.standing;
    return new Participant(name, all, least);
  }
}
