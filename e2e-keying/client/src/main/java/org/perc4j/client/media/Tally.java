/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.client.media;

import java.util.Map;
import java.util.TreeMap;

/** What was decoded of whom. Thread-safe. */
public final class Tally {
  private static final double SAMPLE_RATE = 48_000;

  /** What was decoded is heard so long after it at most. */
  private static final long VOICE_NANOS = 200_000_000;

  private volatile long lastVoiceNanos = System.nanoTime() - VOICE_NANOS;
  private final Map<String, Count> counts = new TreeMap<>();

  /**
   * Of one owner.
   *
   * @param pictures that were decoded
   * @param soundSeconds that were decoded, silence included
   */
  public record Count(long pictures, double soundSeconds) {
    private static final Count NOTHING = new Count(0, 0);
  }

  synchronized void picture(String owner) {
    counts.merge(
        owner,
        new Count(1, 0),
        (before, one) -> new Count(before.pictures + 1, before.soundSeconds));
  }

  /** Voice was decoded now. */
  void voice() {
    lastVoiceNanos = System.nanoTime();
  }

  /** Whether voice of somebody is being heard. */
  public boolean hearsVoice() {
    return System.nanoTime() - lastVoiceNanos < VOICE_NANOS;
  }

  synchronized void sound(String owner, long samples) {
    double seconds = samples / SAMPLE_RATE;
    counts.merge(
        owner,
        new Count(0, seconds),
        (before, one) -> new Count(before.pictures, before.soundSeconds + seconds));
  }

  /** Returns what was decoded of somebody, by its nickname. */
  public synchronized Count of(String owner) {
    return counts.getOrDefault(owner, Count.NOTHING);
  }

  /** Returns what was decoded of everybody, by nickname. */
  public synchronized Map<String, Count> all() {
    return Map.copyOf(counts);
  }
}
