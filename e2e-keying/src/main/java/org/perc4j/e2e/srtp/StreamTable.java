/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.srtp;

import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * State per SSRC, up to a fixed number of them; nothing is removed on its own. Open addressing with
 * at most half of the places taken, so that looking up allocates nothing and ends. Not thread-safe.
 */
final class StreamTable<T> {
  private static final int INITIAL_CAPACITY = 16;

  private final int maxStreams;
  private int size;
  private int[] ssrcs = new int[INITIAL_CAPACITY];
  private @Nullable Object[] states = new @Nullable Object[INITIAL_CAPACITY];

  /**
   * An empty table.
   *
   * @param maxStreams how many SSRCs it takes: 1 or more
   */
  StreamTable(int maxStreams) {
    if (maxStreams < 1) {
      throw new IllegalArgumentException("at most " + maxStreams + " streams");
    }
    this.maxStreams = maxStreams;
  }

  /** The state of an SSRC, or null. */
  @SuppressWarnings("unchecked") // put() takes nothing but T
  @Nullable T get(int ssrc) {
    return (T) states[place(ssrc)];
  }

  boolean isFull() {
    return size >= maxStreams;
  }

  /** Adds the state of an SSRC that has none. */
  void put(int ssrc, T state) {
    if (isFull()) {
      throw new IllegalStateException("more than " + maxStreams + " streams");
    }
    if (2 * (size + 1) > states.length) {
      grow();
    }
    int place = place(ssrc);
    if (states[place] != null) {
      throw new IllegalStateException("SSRC is known");
    }
    ssrcs[place] = ssrc;
    states[place] = state;
    size++;
  }

  /** A table of the same size with some of the states. */
  StreamTable<T> retaining(Predicate<T> wanted) {
    StreamTable<T> retained = new StreamTable<>(maxStreams);
    for (int i = 0; i < states.length; i++) {
      @Nullable T state = get(ssrcs[i]);
      if (states[i] != null && state != null && wanted.test(state)) {
        retained.put(ssrcs[i], state);
      }
    }
    return retained;
  }

  private void grow() {
    int[] oldSsrcs = ssrcs;
    @Nullable Object[] oldStates = states;
    ssrcs = new int[2 * oldSsrcs.length];
    states = new @Nullable Object[2 * oldStates.length];
    for (int i = 0; i < oldStates.length; i++) {
      if (oldStates[i] != null) {
        int place = place(oldSsrcs[i]);
        ssrcs[place] = oldSsrcs[i];
        states[place] = oldStates[i];
      }
    }
  }

  /** Where the SSRC is, or the free place where it would be. */
  private int place(int ssrc) {
    int mask = states.length - 1;
    int place = hash(ssrc) & mask;
    while (states[place] != null && ssrcs[place] != ssrc) {
      place = place + 1 & mask;
    }
    return place;
  }

  /** Spreads SSRCs, which some senders number in sequence. */
  static int hash(int ssrc) {
    int product = ssrc * 0x9E3779B9;
    return product ^ product >>> 16;
  }
}
