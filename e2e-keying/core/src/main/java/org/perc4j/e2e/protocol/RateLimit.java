/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.protocol;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/** Allows each of many sources so many events in each window of time. Not thread-safe. */
public final class RateLimit {
  private static final int MAX_SOURCES = 4096;

  private record Window(long beginNanos, int count) {}

  private final LongSupplier nanoTime;
  private final int most;
  private final long windowNanos;
  private final Map<String, Window> windows = new HashMap<>();

  /**
   * Begins with nothing counted.
   *
   * @param most how many events are allowed to each source in each window, which begins with the
   *     first of them
   */
  public RateLimit(LongSupplier nanoTime, int most, Duration window) {
    this.nanoTime = nanoTime;
    this.most = most;
    this.windowNanos = window.toNanos();
  }

  /** Returns when a source that is not allowed anything now will be. */
  long nextNanos(String source) {
    Window window = windows.get(source);
    return (window == null ? nanoTime.getAsLong() : window.beginNanos) + windowNanos;
  }

  /** Counts an event and tells whether it is allowed. */
  public boolean allows(String source) {
    long now = nanoTime.getAsLong();
    Window window = windows.get(source);
    if (window == null || now - window.beginNanos >= windowNanos) {
      window = new Window(now, 0);
    }
    if (window.count >= most) {
      return false;
    }
    if (windows.size() >= MAX_SOURCES && !windows.containsKey(source)) {
      windows.values().removeIf(old -> now - old.beginNanos >= windowNanos);
      if (windows.size() >= MAX_SOURCES) {
        return false;
      }
    }
    windows.put(source, new Window(window.beginNanos, window.count + 1));
    return true;
  }
}
