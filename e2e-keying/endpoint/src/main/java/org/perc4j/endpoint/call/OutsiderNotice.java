/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.call;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Who in the room is to be told why it neither hears nor sees the group: whoever has been there for
 * a while without becoming a member, once. One member tells, the one with the lowest leaf; the
 * others keep account, as they may be that one later. Not thread-safe.
 */
final class OutsiderNotice {
  /** Of those who want to become members, most have become that. */
  static final Duration PATIENCE = Duration.ofSeconds(15);

  /** A crowd is told a few at a time. */
  static final int MAX_AT_ONCE = 5;

  private final String self;

  /** When who came, who was not told yet. */
  private final Map<String, Long> waiting = new HashMap<>();

  private final Set<String> present = new HashSet<>();

  /**
   * Nobody is there.
   *
   * @param self own nickname
   */
  OutsiderNotice(String self) {
    this.self = self;
  }

  /** Somebody is in the room, perhaps since before. */
  void shown(String nickname, long nowNanos) {
    if (present.add(nickname)) {
      waiting.put(nickname, nowNanos);
    }
  }

  /** Somebody is not in the room any more. */
  void gone(String nickname) {
    boolean unused = present.remove(nickname);
    Object unusedToo = waiting.remove(nickname);
  }

  /**
   * Returns the nicknames of those whom to tell now.
   *
   * @param members of the group, by their nicknames in the order of their leaves
   */
  List<String> due(List<String> members, long nowNanos) {
    List<String> due = new ArrayList<>();
    if (members.isEmpty()) {
      return due;
    }
    members.forEach(waiting::remove);
    for (Map.Entry<String, Long> each : waiting.entrySet()) {
      if (nowNanos - each.getValue() >= PATIENCE.toNanos() && due.size() < MAX_AT_ONCE) {
        due.add(each.getKey());
      }
    }
    due.forEach(waiting::remove);
    return members.get(0).equals(self) ? due : List.of();
  }
}
