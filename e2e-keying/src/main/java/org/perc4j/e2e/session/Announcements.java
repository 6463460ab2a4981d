/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.session;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

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

  private final RateLimit rate;
  private final Map<String, byte[]> waiting = new LinkedHashMap<>();

  Announcements(LongSupplier nanoTime) {
    this.rate = new RateLimit(nanoTime, MAX_PER_WINDOW, WINDOW);
  }

  /** Takes an announcement, unless there are too many. */
  boolean offer(String occupant, byte[] keyPackage) {
    if (keyPackage.length > MAX_LENGTH_BYTES
        || (waiting.size() >= MAX_WAITING && !waiting.containsKey(occupant))) {
      return false;
    }
    if (!rate.allows(occupant)) {
      return false;
    }
    waiting.remove(occupant); // to the end of the line
    waiting.put(occupant, keyPackage);
    return true;
  }

  boolean isEmpty() {
    return waiting.isEmpty();
  }

  void remove(String occupant) {
    waiting.remove(occupant);
  }

  void clear() {
    waiting.clear();
  }

  byte[] of(String occupant) {
    byte[] keyPackage = waiting.get(occupant);
    return keyPackage == null ? new byte[0] : keyPackage;
  }

  /** Returns those who wait, the one that waits longest first. */
  List<String> occupants(int most) {
    List<String> occupants = new ArrayList<>(waiting.keySet());
    return occupants.subList(0, Math.min(most, occupants.size()));
  }
}
