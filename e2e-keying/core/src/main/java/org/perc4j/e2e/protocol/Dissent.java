/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.protocol;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.perc4j.e2e.mls.Member;
import org.perc4j.e2e.mls.Roster;

/**
 * Who does not follow the others because it does not accept a member: this occupant, and others by
 * their own word. Not thread-safe.
 */
final class Dissent {
  private final Map<String, String> others = new LinkedHashMap<>();
  private final Map<String, Member> told = new LinkedHashMap<>();
  private @Nullable Refusal own;

  /**
   * What this occupant does not follow.
   *
   * @param follower who did what is refused
   * @param notAccepted fingerprint of the identity that is not accepted
   */
  record Refusal(String follower, String notAccepted) {}

  /**
   * This occupant does not accept somebody whom another one accepted.
   *
   * @return whether that is news
   */
  boolean refuses(String follower, String notAccepted) {
    boolean news = own == null || !own.notAccepted.equals(notAccepted);
    own = new Refusal(follower, notAccepted);
    return news;
  }

  /** This occupant is in step with others again. */
  void follows() {
    own = null;
  }

  /** Returns the fingerprint of whom this occupant does not accept, or null if it follows. */
  @Nullable String notAccepted() {
    return own == null ? null : own.notAccepted;
  }

  /** The room has forgotten everything. */
  void clear() {
    others.clear();
    own = null;
  }

  /** Somebody left; returns whether this occupant has nobody any more whom it does not follow. */
  boolean departed(String occupant) {
    others.remove(occupant);
    if (own != null && own.follower.equals(occupant)) {
      own = null;
      return true;
    }
    return false;
  }

  /** Another occupant shows whom it does not accept, or null if it accepts all. */
  void shows(String occupant, @Nullable String notAccepted) {
    if (notAccepted == null) {
      others.remove(occupant);
    } else {
      others.put(occupant, notAccepted);
    }
  }

  /**
   * Returns what changed since the last call: who does not follow this group because of a member,
   * and who does no more.
   *
   * @param roster of the epoch that this occupant is in, or null
   */
  List<SessionEvent> changes(@Nullable Roster roster) {
    Map<String, Member> now = new LinkedHashMap<>();
    if (roster != null) {
      others.forEach(
          (occupant, fingerprint) ->
              roster.members().stream()
                  .filter(member -> member.credential().fingerprint().equals(fingerprint))
                  .findFirst()
                  .ifPresent(member -> now.put(occupant, member)));
    }
    List<SessionEvent> changes = new ArrayList<>();
    for (String occupant : List.copyOf(told.keySet())) {
      if (!now.containsKey(occupant)) {
        told.remove(occupant);
        changes.add(new SessionEvent.Follows(occupant));
      }
    }
    now.forEach(
        (occupant, member) -> {
          Member before = told.put(occupant, member);
          if (before == null || !before.isSameIdentity(member)) {
            changes.add(new SessionEvent.DoesNotFollow(occupant, member));
          }
        });
    return changes;
  }
}
