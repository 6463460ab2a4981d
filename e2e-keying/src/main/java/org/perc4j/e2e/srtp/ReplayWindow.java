/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.srtp;

import java.util.Arrays;

/**
 * Which packet indices of one stream were used (RFC 3711 section 3.3.2): all those of the last
 * {@code size} below the highest, exactly; anything older counts as used.
 *
 * <p>A ring of 64-bit words with one word more than the window needs, so that advancing clears
 * whole words (RFC 6479). Not thread-safe; allocates nothing after construction.
 */
final class ReplayWindow {
  /** Before the first index is marked. */
  static final long NONE = -1;

  enum Verdict {
    NEW,
    REPLAYED,
    TOO_OLD
  }

  private final int size;
  private final long[] words;
  private long highest = NONE;

  /**
   * An empty window.
   *
   * @param size number of indices, the highest included; a positive multiple of 64
   */
  ReplayWindow(int size) {
    if (size <= 0 || size % Long.SIZE != 0) {
      throw new IllegalArgumentException("window of " + size);
    }
    this.size = size;
    this.words = new long[size / Long.SIZE + 1];
  }

  /** The highest index that was marked, or {@link #NONE}. */
  long highest() {
    return highest;
  }

  /**
   * Judges an index and changes nothing.
   *
   * @param index 0 to 2<sup>48</sup> - 1, or a negative one, which is too old
   */
  Verdict check(long index) {
    if (index < 0) {
      return Verdict.TOO_OLD;
    }
    if (index > highest) {
      return Verdict.NEW;
    }
    if (highest - index >= size) {
      return Verdict.TOO_OLD;
    }
    return (words[slot(index)] & 1L << index) == 0 ? Verdict.NEW : Verdict.REPLAYED;
  }

  /** Marks an index which {@link #check} said is {@link Verdict#NEW}. */
  void mark(long index) {
    if (index > highest) {
      long from = highest < 0 ? 0 : highest / Long.SIZE + 1;
      long to = index / Long.SIZE;
      if (to - from >= words.length) {
        Arrays.fill(words, 0);
      } else {
        for (long word = from; word <= to; word++) {
          words[(int) (word % words.length)] = 0;
        }
      }
      highest = index;
    }
    words[slot(index)] |= 1L << index;
  }

  private int slot(long index) {
    return (int) (index / Long.SIZE % words.length);
  }
}
