/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.activity;

/** Counts of keys that are hashes already: open addressing, for speed. For one thread. */
final class Tally {
  private static final int INITIAL_SLOTS = 1 << 10;

  private long[] keys = new long[INITIAL_SLOTS];
  private int[] counts = new int[INITIAL_SLOTS];
  private int used;

  /** Joins a value to a hash; also good for keys of {@link Tally}, as every bit counts. */
  static long mix(long hash, long value) {
    // finaliser of SplitMix64 (Steele, Lea and Flood 2014)
    long mixed = (hash + 0x632BE59BD9B4E019L) * 0x9E3779B97F4A7C15L + value;
    mixed = (mixed ^ (mixed >>> 30)) * 0xBF58476D1CE4E5B9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
    return mixed ^ (mixed >>> 31);
  }

  /** Returns the count of a key, 0 at first. */
  int get(long key) {
    return counts[slot(key)];
  }

  /** Counts a key once more. */
  void increment(long key) {
    set(key, get(key) + 1);
  }

  /** Replaces the count of a key. */
  void set(long key, int count) {
    if (count == 0) {
      throw new IllegalArgumentException("an empty slot has this count");
    }
    int slot = slot(key);
    if (counts[slot] == 0 && 2 * ++used > keys.length) {
      grow();
      slot = slot(key);
    }
    keys[slot] = key;
    counts[slot] = count;
  }

  private int slot(long key) {
    int mask = keys.length - 1;
    int slot = (int) key & mask;
    while (counts[slot] != 0 && keys[slot] != key) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  private void grow() {
    long[] oldKeys = keys;
    int[] oldCounts = counts;
    keys = new long[2 * oldKeys.length];
    counts = new int[keys.length];
    for (int i = 0; i < oldKeys.length; i++) {
      if (oldCounts[i] != 0) {
        int slot = slot(oldKeys[i]);
        keys[slot] = oldKeys[i];
        counts[slot] = oldCounts[i];
      }
    }
  }
}
