/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.protocol;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.perc4j.e2e.mls.GroupMoment;
import org.perc4j.e2e.mls.MlsGroup;
import org.perc4j.e2e.mls.Roster;

/**
 * For how long media go on under keys of an epoch whose members cannot be asked any more, because
 * the room is out of reach or the group was left. If the room has forgotten everybody, they come
 * back one by one; until all are here, or the time is up, media stay under the keys that they have
 * in common, and new epochs are not told. Whatever happens meanwhile does not make the time longer.
 * Not thread-safe.
 */
final class Reunion {
  private enum Phase {
    /** In a group, or with no keys at all. */
    TOGETHER,
    /** The room is out of reach. */
    AWAY,
    /** The room is in reach, and there is no group yet. */
    APART,
    /** The room was entered anew, and somebody who was a member is not back. */
    GATHERING,
    /** The time was up with no group: it takes a new epoch to send again. */
    SILENT
  }

  private final String self;
  private final ProtocolTiming timing;
  private final Set<String> awaited = new HashSet<>();
  private Phase phase = Phase.TOGETHER;
  private long sinceNanos;
  private long untilNanos;
  private @Nullable Roster lastRoster;
  private @Nullable GroupMoment lastMoment;
  private @Nullable GroupMoment lostMoment;

  /**
   * How a new epoch is told.
   *
   * @param immediately whether nothing must be sent under the keys before any more
   */
  record Telling(boolean immediately) {}

  /** What is to be done when the time is up. */
  enum TimeUp {
    /** Nothing. */
    NOTHING,
    /** The epoch that there is is to be told: who is not back is not waited for. */
    TELL,
    /** Nothing must be sent any more. */
    SILENCE
  }

  /**
   * Begins with nobody.
   *
   * @param self the fingerprint of the own identity, for which nobody waits
   */
  Reunion(String self, ProtocolTiming timing) {
    this.self = self;
    this.timing = timing;
  }

  /** The room is out of reach. */
  void lost(long nowNanos) {
    begin(Phase.AWAY, nowNanos);
    if (phase == Phase.APART) {
      phase = Phase.AWAY;
    }
    untilNanos = sinceNanos + timing.offlineLimit().toNanos();
  }

  /** The group was left, with the room in reach. */
  void left(long nowNanos) {
    begin(Phase.APART, nowNanos);
    reached(nowNanos);
  }

  private void begin(Phase next, long nowNanos) {
    if (phase == Phase.TOGETHER && lastRoster != null) {
      phase = next;
      sinceNanos = nowNanos;
    }
  }

  /** The room is in reach again, and there is no group yet. */
  private void reached(long nowNanos) {
    if (phase == Phase.AWAY) {
      phase = Phase.APART;
    }
    long usual = sinceNanos + timing.reunionLimit().toNanos();
    long latest = sinceNanos + timing.offlineLimit().toNanos();
    long late = nowNanos + timing.reunionLimit().toNanos();
    untilNanos = usual - nowNanos > 0 ? usual : late - latest < 0 ? late : latest;
  }

  /**
   * The connection is back, and nothing was missed.
   *
   * @param member whether this occupant is still a member
   */
  void resumed(boolean member, long nowNanos) {
    if (phase == Phase.AWAY && member) {
      phase = Phase.TOGETHER;
    } else {
      reached(nowNanos);
    }
  }

  /** The room was entered anew. */
  void entered(long nowNanos) {
    begin(Phase.AWAY, nowNanos);
    boolean inTime = sinceNanos + timing.reunionLimit().toNanos() - nowNanos > 0;
    if (phase == Phase.AWAY && lastRoster != null && inTime) {
      awaited.addAll(lastRoster.fingerprints());
      awaited.remove(self);
      lostMoment = lastMoment;
      if (!awaited.isEmpty()) {
        phase = Phase.GATHERING;
      }
    }
    reached(nowNanos);
  }

  /** Returns how long it may go on like this, or null if there is nothing to end. */
  @Nullable Duration timeLeft(long nowNanos) {
    return phase == Phase.TOGETHER || phase == Phase.SILENT
        ? null
        : Duration.ofNanos(Math.max(0, untilNanos - nowNanos));
  }

  /** Whether it takes a new epoch to send again. */
  boolean isSilent() {
    return phase == Phase.SILENT;
  }

  /**
   * The time is up.
   *
   * @param member whether this occupant is a member of a group in a room that is in reach
   */
  TimeUp timeIsUp(boolean member) {
    Phase before = phase;
    awaited.clear();
    if (before == Phase.TOGETHER || before == Phase.SILENT) {
      return TimeUp.NOTHING;
    }
    if (member && before == Phase.GATHERING) {
      phase = Phase.TOGETHER;
      return TimeUp.TELL;
    }
    phase = Phase.SILENT;
    return TimeUp.SILENCE;
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
      return new Telling(immediately);
    }
    Set<String> here = next.roster().fingerprints();
    boolean left = predecessors != null && !here.containsAll(predecessors.fingerprints());
    awaited.removeAll(here);
    if (!left && !awaited.isEmpty()) {
      return null;
    }
    awaited.clear();
    phase = Phase.TOGETHER;
    return new Telling(left);
  }
}
