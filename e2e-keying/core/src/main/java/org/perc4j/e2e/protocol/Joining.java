/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.protocol;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.perc4j.e2e.mls.GroupMoment;
import org.perc4j.e2e.mls.GroupPolicy;
import org.perc4j.e2e.mls.MlsGroup;
import org.perc4j.e2e.mls.RefusedException;

/**
 * An occupant on its way to become a member: who was there before it, what it heard of a group, and
 * how often it tried. Not thread-safe.
 */
final class Joining implements Standing {
  private static final int MAX_POSTPONED = 10;

  /** How often to announce oneself, and wait for a Welcome, before asking. */
  private static final int MAX_UNANSWERED = 2;

  /** How often to wait as long again because somebody seems to be let in. */
  private static final int MAX_EXTENSIONS = 3;

  private static final int MAX_HEARD = 32;
  private static final int MAX_HEARD_BYTES = 512 * 1024;
  private static final int MAX_DOUBLINGS = 3;

  /** Among so many elders it waits twice as long, among twice as many three times, and so on. */
  private static final int CROWD = 25;

  private static final int MAX_CROWDS = 9;

  private static final Logger LOGGER = Logger.getLogger(Joining.class.getName());

  private final Set<String> elders;
  private final Deque<Heard> heard = new ArrayDeque<>();
  private boolean heardLately;
  private Way way = Way.ANNOUNCES;
  private boolean triedLast;
  private int heardSinceExtension;
  private int extensions;
  private final @Nullable GroupMoment target;
  private int attempts;
  private int postponed;
  private long stepSinceNanos;

  /** How it tries to become a member. */
  private enum Way {
    /** It waits for members to let it in. */
    ANNOUNCES,
    /** It asks for the group as well, and joins from outside. */
    ASKS
  }

  /**
   * A commit that cannot be followed yet.
   *
   * @param from the occupant who sent it
   * @param atNanos when it was heard
   */
  @SuppressWarnings("ArrayRecordComponent") // not compared
  record Heard(String from, byte[] commit, long atNanos) {}

  /**
   * Begins.
   *
   * @param elders who is there already
   * @param target the group to which this occupant goes over, or null for any
   */
  Joining(Set<String> elders, @Nullable GroupMoment target) {
    this.elders = new HashSet<>(elders);
    this.target = target;
  }

  void departed(String occupant) {
    elders.remove(occupant);
  }

  /** Whether it is for this occupant to make the group. */
  boolean isEldest() {
    return elders.isEmpty();
  }

  /** Keeps a commit: a Welcome may be for the epoch that it is for. */
  void heard(String from, byte[] commit, long nowNanos) {
    heardLately = true;
    if (commit.length <= MAX_HEARD_BYTES) {
      heard.addLast(new Heard(from, commit, nowNanos));
      heardSinceExtension = Math.min(heardSinceExtension + 1, MAX_HEARD);
      if (heard.size() > MAX_HEARD) {
        heard.removeFirst();
      }
    }
  }

  /** Returns the newest commits that were heard, in order. */
  List<Heard> heard() {
    return List.copyOf(heard);
  }

  /**
   * Whether to wait as long again before making a group, as one of the commits that were heard
   * since the last time is a sign that there is one. Others may be slow to let all in, and another
   * group would make them slower still. There is an end to it, whatever is heard.
   */
  boolean hasMoreTime(Predicate<Heard> isSign) {
    List<Heard> all = heard();
    List<Heard> since = all.subList(all.size() - heardSinceExtension, all.size());
    heardSinceExtension = 0;
    if (extensions >= MAX_EXTENSIONS || since.stream().noneMatch(isSign)) {
      return false;
    }
    extensions++;
    return true;
  }

  /** Whether to follow a Welcome: at first only one into the group that was chosen. */
  boolean isWelcome(GroupMoment offered) {
    return target == null || attempts > 1 || target.sameGroup(offered);
  }

  /**
   * Whether to ask others for their group, and to join from outside: members let in many at once,
   * where those who join from outside get in each other's way.
   */
  boolean asks() {
    return way == Way.ASKS;
  }

  /**
   * Counts an attempt and returns how long to wait for what comes of it.
   *
   * @param slow whether the room takes so long for a message that steps from outside, of which only
   *     one at a time counts, would make everything slower still
   */
  Duration attempt(ProtocolTiming timing, boolean slow) {
    Duration delay =
        timing
            .joinTimeout()
            .multipliedBy(1L << Math.min(attempts, MAX_DOUBLINGS))
            .multipliedBy(1 + Math.min(elders.size() / CROWD, MAX_CROWDS));
    attempts++;
    way = attempts > MAX_UNANSWERED && !slow ? Way.ASKS : Way.ANNOUNCES;
    return delay;
  }

  /**
   * Whether to wait on for a Welcome, as a commit was heard since the last attempt: the members are
   * busy, and steps from outside would only compete with theirs. It lasts until the next attempt,
   * and happens {@value #MAX_POSTPONED} times at most.
   */
  boolean postpones() {
    if (!heardLately || postponed >= MAX_POSTPONED) {
      return false;
    }
    heardLately = false;
    postponed++;
    way = Way.ANNOUNCES;
    return true;
  }

  /**
   * Has it ask once more before it makes a group, however slow the room is: two groups would make
   * it slower still. Returns whether it has not done so before.
   */
  boolean triesLast() {
    if (triedLast) {
      return false;
    }
    triedLast = true;
    way = Way.ASKS;
    return true;
  }

  /**
   * Returns how long to wait for others to let this occupant in before making a group, unless it
   * {@link #hasMoreTime}.
   */
  Duration patience(ProtocolTiming timing) {
    return timing
        .createTimeout()
        .plus(timing.createTimeout().multipliedBy(elders.size()).dividedBy(10));
  }

  /**
   * It takes a step from outside.
   *
   * @param askedNanos when it asked for the group: what was said before, its members knew when they
   *     answered, or it is of another half of a group that was split
   */
  void stepsIn(long askedNanos) {
    stepSinceNanos = askedNanos;
  }

  /**
   * Whether a commit for the same epoch, or a later one, was heard before an own one, and after the
   * question that it is based on.
   */
  boolean heardBefore(Step step, GroupPolicy policy) {
    GroupMoment next = step.commit().next().moment();
    GroupMoment base = new GroupMoment(next.groupId(), next.epoch() - 1);
    for (Heard each : heard) {
      if (each.atNanos - stepSinceNanos < 0) {
        continue;
      }
      try {
        GroupMoment moment = MlsGroup.momentOfCommit(each.commit, policy);
        if (moment.sameGroup(base) && !moment.isBefore(base)) {
          return true;
        }
      } catch (RefusedException e) {
        LOGGER.log(Level.FINE, "unreadable commit", e);
      }
    }
    return false;
  }
}
