/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.protocol;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.perc4j.e2e.mls.GroupAnswer;
import org.perc4j.e2e.mls.GroupMark;
import org.perc4j.e2e.mls.GroupMoment;

/**
 * What other occupants show of the groups that they are in, and whom to ask for more. A mark that
 * is shown is nobody's word: it may be anybody's, and of any time. It only says whom to ask. As
 * long as a mark does not fit, its holder is asked again and again, ever more seldom. Not
 * thread-safe.
 */
final class Inquiries {
  private static final int MAX_SHOWN = 4096;
  private static final int MAX_PASSED = 64;

  /**
   * How many questions there are in {@link #WINDOW}, whoever is asked: answers take time to read.
   */
  private static final int MAX_PER_WINDOW = 4;

  private static final Duration WINDOW = Duration.ofSeconds(1);

  /** For how long an answer is taken, from when its number was made up. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /**
   * How long somebody is not asked again, doubled with each question up to two times; twice as long
   * in a room of {@value #CROWD}, and so on, since everybody there asks.
   */
  private static final Duration PAUSE = Duration.ofSeconds(4);

  private static final int CROWD = 50;

  private static final int MAX_DOUBLINGS = 2;

  /** How many occupants who show nothing are asked at a time. */
  private static final int MAX_GUESSES = 2;

  private static final GroupMark SOMEWHERE =
      new GroupMark(new GroupMoment(new byte[1], 0), new byte[0]);

  private final LongSupplier nanoTime;
  private final IntSupplier present;
  private final SecureRandom random;
  private final RateLimit rate;
  private final Map<String, Shown> shown = new LinkedHashMap<>();
  private final Deque<GroupMark> passed = new ArrayDeque<>();
  private @Nullable GroupMark current;

  /** What an occupant shows, and how it was asked about it. */
  private static final class Shown {
    final String occupant;
    GroupMark mark;
    int asked;
    long lastNanos;
    byte @Nullable [] nonce;
    long nonceNanos;

    /** Whether it shows nothing, and is asked all the same. */
    boolean guessed;

    Shown(String occupant, GroupMark mark) {
      this.occupant = occupant;
      this.mark = mark;
    }

    long againNanos(Duration shortest) {
      Duration pause = shortest.multipliedBy(1L << Math.min(Math.max(asked - 1, 0), MAX_DOUBLINGS));
      return lastNanos + pause.toNanos();
    }
  }

  /** Ask an occupant which group it is in, with this number. */
  @SuppressWarnings("ArrayRecordComponent") // not compared
  record Question(String occupant, byte[] nonce) {}

  /**
   * Begins with nobody.
   *
   * @param present how many are in the room
   */
  Inquiries(LongSupplier nanoTime, IntSupplier present, SecureRandom random) {
    this.nanoTime = nanoTime;
    this.present = present;
    this.random = random;
    this.rate = new RateLimit(nanoTime, MAX_PER_WINDOW, WINDOW);
  }

  /** The room has forgotten everything. */
  void clear() {
    shown.clear();
  }

  void forget(String occupant) {
    shown.remove(occupant);
  }

  /** Another occupant is in this epoch, by its own word, or in none. */
  void isIn(String occupant, @Nullable GroupMark mark) {
    if (mark == null) {
      shown.remove(occupant);
      return;
    }
    Shown known = shown.get(occupant);
    if (known == null) {
      if (shown.size() < MAX_SHOWN) {
        shown.put(occupant, new Shown(occupant, mark));
      }
    } else if (!known.mark.isSame(mark)) {
      known.mark = mark;
      known.guessed = false;
      known.asked = Math.min(known.asked, 1);
    }
  }

  /**
   * Other occupants may be in some group, though they show nothing: they are asked as well, until
   * this one is in a group.
   */
  void maybeIn(Collection<String> occupants) {
    List<String> silent = new ArrayList<>(occupants);
    silent.removeAll(shown.keySet());
    Collections.shuffle(silent, random);
    for (String occupant : silent.subList(0, Math.min(MAX_GUESSES, silent.size()))) {
      Shown guess = new Shown(occupant, SOMEWHERE);
      guess.guessed = true;
      shown.put(occupant, guess);
    }
  }

  /** This occupant itself is in this epoch now, or in none. */
  void selfIsIn(@Nullable GroupMark mark) {
    if (mark != null) {
      shown.values().removeIf(each -> each.guessed);
    }
    if (current != null) {
      passed.addLast(current);
      if (passed.size() > MAX_PASSED) {
        passed.removeFirst();
      }
    }
    current = mark;
  }

  /** Whether somebody shows a later epoch of the group, so that an earlier one is of the past. */
  boolean showsLater(GroupMark earlier) {
    for (Shown each : shown.values()) {
      if (each.mark.moment().sameGroup(earlier.moment())
          && earlier.moment().isBefore(each.mark.moment())) {
        return true;
      }
    }
    return false;
  }

  /** Returns the other occupants who are in this epoch, by their own word. */
  List<String> isIn(GroupMark mark) {
    return shown.values().stream()
        .filter(each -> each.mark.isSame(mark))
        .map(each -> each.occupant)
        .toList();
  }

  /** Whether a mark does not fit to where this occupant is, nor was. */
  private boolean isOfInterest(GroupMark mark) {
    return current == null || (!mark.isSame(current) && passed.stream().noneMatch(mark::isSame));
  }

  /**
   * Returns whom to ask now, if anybody: those who are preferred first, then who was not asked for
   * the longest time. The question counts as asked.
   *
   * @param preferred who is known to have been a member
   */
  @Nullable Question next(Predicate<String> preferred) {
    long now = nanoTime.getAsLong();
    Duration pause = pause();
    Shown first =
        ofInterest().stream()
            .filter(each -> each.asked == 0 || each.againNanos(pause) - now <= 0)
            .min(
                Comparator.<Shown>comparingInt(each -> preferred.test(each.occupant) ? 0 : 1)
                    .thenComparingInt(each -> each.asked == 0 ? 0 : 1)
                    .thenComparingLong(each -> each.lastNanos - now))
            .orElse(null);
    if (first == null || !rate.allows("")) {
      return null;
    }
    byte[] nonce = first.nonce;
    if (nonce == null || now - first.nonceNanos > PATIENCE.toNanos() / 2) {
      nonce = new byte[GroupAnswer.NONCE_BYTES];
      random.nextBytes(nonce);
      first.nonce = nonce;
      first.nonceNanos = now;
    } // else an answer that is on its way is as good as one to come
    first.asked++;
    first.lastNanos = now;
    return new Question(first.occupant, nonce.clone());
  }

  private Duration pause() {
    return PAUSE.multipliedBy(1 + present.getAsInt() / CROWD);
  }

  private List<Shown> ofInterest() {
    return shown.values().stream().filter(each -> isOfInterest(each.mark)).toList();
  }

  /** Returns how long until {@link #next} may have something, or null if nothing is of interest. */
  @Nullable Duration untilNext() {
    long now = nanoTime.getAsLong();
    Duration pause = pause();
    return ofInterest().stream()
        .map(each -> each.asked == 0 ? 0 : each.againNanos(pause) - now)
        .min(Comparator.naturalOrder())
        .map(nanos -> Duration.ofNanos(Math.max(nanos, WINDOW.toNanos() / MAX_PER_WINDOW)))
        .orElse(null);
  }

  /** Returns when the number of the last question to an occupant was made up; now if none was. */
  long askedNanos(String occupant) {
    Shown asked = shown.get(occupant);
    return asked == null || asked.nonce == null ? nanoTime.getAsLong() : asked.nonceNanos;
  }

  /**
   * Takes the number of the question that an occupant answers; each question has one answer.
   *
   * @return null if it was not asked, or too long ago
   */
  byte @Nullable [] answered(String occupant) {
    Shown asked = shown.get(occupant);
    if (asked == null || asked.nonce == null) {
      return null;
    }
    byte[] nonce = asked.nonce;
    asked.nonce = null;
    return nanoTime.getAsLong() - asked.nonceNanos > PATIENCE.toNanos() ? null : nonce;
  }
}
