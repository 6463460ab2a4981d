/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.session;

import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.perc4j.e2e.mls.GroupMoment;
import org.perc4j.e2e.mls.MlsGroup;
import org.perc4j.e2e.mls.Roster;

/**
 * Coming back together when the room was lost. If the room has forgotten everybody, they come back
 * one by one; until all are here, or the time is up, media go on under the keys that they have in
 * common, and new epochs are not told. Not thread-safe; keeps no time itself.
 */
final class Reunion {
  private enum Phase {
    /** Nothing was lost, or all are together again. */
    TOGETHER,
    /** The room is out of reach, or was and is being entered. */
    LOST,
    /** The room was entered anew, and somebody who was a member is not back. */
    GATHERING,
    /** The room was out of reach for so long that nothing is sent any more. */
    SILENT
  }

  private final String self;
  private final Set<String> awaited = new HashSet<>();
  private Phase phase = Phase.TOGETHER;
  private @Nullable Roster lastRoster;
  private @Nullable GroupMoment lastMoment;
  private @Nullable GroupMoment lostMoment;

  /**
   * How a new epoch is told.
   *
   * @param immediately whether nothing must be sent under the keys before any more
   * @param regrouped whether those who had the keys before have them at other leaves
   */
  record Telling(boolean immediately, boolean regrouped) {}

  /**
   * Begins with nobody.
   *
   * @param self the own name, for which nobody waits
   */
  Reunion(String self) {
    this.self = self;
  }

  /**
   * The room is out of reach.
   *
   * @return whether the time for coming back begins now
   */
  boolean lost() {
    if (phase != Phase.TOGETHER || lastRoster == null) {
      return false;
    }
    phase = Phase.LOST;
    return true;
  }

  /**
   * The connection is back, and nothing was missed.
   *
   * @return whether there is nothing to wait for
   */
  boolean resumed() {
    if (phase == Phase.LOST) {
      phase = Phase.TOGETHER;
    }
    return phase != Phase.GATHERING;
  }

  /** The room was entered anew. */
  void entered() {
    if (phase == Phase.LOST && lastRoster != null) {
      awaited.addAll(lastRoster.names().values());
      awaited.remove(self);
      lostMoment = lastMoment;
      phase = awaited.isEmpty() ? Phase.LOST : Phase.GATHERING;
    }
  }

  /** The room was out of reach for too long: it takes a new epoch to send again. */
  void silenced() {
    awaited.clear();
    phase = Phase.SILENT;
  }

  /** Whether it takes a new epoch to send again. */
  boolean isSilent() {
    return phase == Phase.SILENT;
  }

  /**
   * Who is not back by now is not waited for.
   *
   * @return whether an epoch may have come that was not told
   */
  boolean timeIsUp() {
    boolean incomplete = phase == Phase.GATHERING;
    awaited.clear();
    phase = phase == Phase.SILENT ? Phase.SILENT : Phase.TOGETHER;
    return incomplete;
  }

  /**
   * There is a new epoch.
   *
   * @param predecessors the roster of the epoch from which this one follows, or null
   * @param immediately whether somebody who has the keys before must not read from now on
   * @return how to tell it, or null if it is not to be told since there are others to wait for:
   *     until then media, roster and code stay those of the former group
   */
  @Nullable Telling epoch(MlsGroup next, @Nullable Roster predecessors, boolean immediately) {
    lastRoster = next.roster();
    lastMoment = next.moment();
    boolean neverAway = lostMoment != null && next.moment().sameGroup(lostMoment);
    if (phase != Phase.GATHERING || neverAway) {
      awaited.clear();
      phase = Phase.TOGETHER;
      return new Telling(immediately, false);
    }
    Set<String> names = new HashSet<>(next.roster().names().values());
    boolean left = predecessors != null && !names.containsAll(predecessors.names().values());
    awaited.removeAll(names);
    if (!left && !awaited.isEmpty()) {
      return null;
    }
    awaited.clear();
    phase = Phase.TOGETHER;
    return new Telling(left, true);
  }
}
