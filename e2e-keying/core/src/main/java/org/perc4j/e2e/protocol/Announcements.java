/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.protocol;

import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Key packages that occupants announced and that no member has read yet: the newest of each. They
 * are not looked at before somebody is about to commit, so a flood of them costs memory only, and
 * of that no more than {@link #MAX_WAITING} times {@link #MAX_LENGTH_BYTES}. Not thread-safe.
 */
final class Announcements {
  static final int MAX_LENGTH_BYTES = 16 * 1024;
  static final int MAX_WAITING = 1024;

  /** How many announcements of one occupant are taken in {@link #WINDOW}. */
  static final int MAX_PER_WINDOW = 10;

  static final Duration WINDOW = Duration.ofSeconds(30);

  private final LongSupplier nanoTime;
  private final RateLimit rate;
  private final Map<String, Waiting> waiting = new LinkedHashMap<>();

  /** A key package that is not to be read before its time. */
  @SuppressWarnings("ArrayRecordComponent") // not compared
  private record Waiting(byte[] keyPackage, long dueNanos) {}

  Announcements(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.rate = new RateLimit(nanoTime, MAX_PER_WINDOW, WINDOW);
  }

  /**
   * Takes an announcement, unless there are too many. Who announces too often is kept as well, and
   * read when its time has come: nothing else would be heard of it, if it is content by then.
   *
   * @return whether it is to be read now
   */
  boolean offer(String occupant, byte[] keyPackage) {
    if (keyPackage.length > MAX_LENGTH_BYTES
        || (waiting.size() >= MAX_WAITING && !waiting.containsKey(occupant))) {
      return false;
    }
    boolean now = rate.allows(occupant);
    waiting.remove(occupant); // to the end of the line
    waiting.put(
        occupant, new Waiting(keyPackage, now ? nanoTime.getAsLong() : rate.nextNanos(occupant)));
    return now;
  }

  private boolean isDue(Waiting entry) {
    return entry.dueNanos - nanoTime.getAsLong() <= 0;
  }

  int size() {
    return waiting.size();
  }

  /** Whether nobody's is to be read now. */
  boolean isEmpty() {
    return waiting.values().stream().noneMatch(this::isDue);
  }

  /** Returns how long until one is to be read that is not now, or null if there is none. */
  @Nullable Duration untilNext() {
    return waiting.values().stream()
        .filter(entry -> !isDue(entry))
        .map(entry -> Duration.ofNanos(entry.dueNanos - nanoTime.getAsLong()))
        .min(Comparator.naturalOrder())
        .orElse(null);
  }

  void remove(String occupant) {
    waiting.remove(occupant);
  }

  void clear() {
    waiting.clear();
  }

  /** Returns all key packages that wait. */
  List<byte[]> keyPackages() {
    return waiting.values().stream().map(Waiting::keyPackage).toList();
  }

  byte[] of(String occupant) {
    Waiting entry = waiting.get(occupant);
    return entry == null ? new byte[0] : entry.keyPackage;
  }

  /** Returns those whose is to be read now, the one that waits longest first. */
  List<String> occupants(int most) {
    return waiting.entrySet().stream()
        .filter(entry -> isDue(entry.getValue()))
        .map(Map.Entry::getKey)
        .limit(most)
        .toList();
  }
}
