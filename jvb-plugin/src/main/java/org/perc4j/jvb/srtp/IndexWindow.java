/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.srtp;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Which SRTP packet indices of one SSRC were used: the last {@link #SIZE} of them exactly, and
 * everything before counts as used (RFC 3711 section 3.3.2).
 *
 * <p>A ring of words with one more than the window needs, so that a jump clears whole words (RFC
 * 6479). It is made with the second index: of an SSRC that is invented for one packet little is
 * kept. Not thread-safe; allocates nothing afterwards.
 */
class IndexWindow {
  /** How many indices are told apart, the highest included. */
  static final int SIZE = 2048;

  /** Indices have 48 bits. */
  static final long MAX_INDEX = (1L << 48) - 1;

  /** Between indices of one sequence number. */
  static final int CYCLE = 1 << 16;

  static final long NONE = -1;

  private long highest = NONE;
  private long @Nullable [] words;

  /** The highest index that was used, or {@link #NONE}. */
  final long highest() {
    return highest;
  }

  /** Whether an index, which may be none at all, lies below the window. */
  final boolean isBelow(long index) {
    return highest - index >= SIZE;
  }

  /** Whether something is an index, and was not used. */
  final boolean isNew(long index) {
    if (index < 0 || index > MAX_INDEX || isBelow(index)) {
      return false;
    }
    if (index >= highest) {
      return index > highest;
    }
    long[] ring = words;
    return ring == null || (ring[slot(ring, index)] & 1L << index) == 0;
  }

  /** Marks an index which {@link #isNew} as used. */
  final void mark(long index) {
    if (highest == NONE) {
      highest = index;
      return;
    }
    long[] ring = words;
    if (ring == null) {
      ring = new long[SIZE / Long.SIZE + 1];
      ring[slot(ring, highest)] |= 1L << highest;
      words = ring;
    }
    if (index > highest) {
      long from = highest / Long.SIZE + 1;
      long to = index / Long.SIZE;
      if (to - from >= ring.length) {
        Arrays.fill(ring, 0);
      } else {
        for (long word = from; word <= to; word++) {
          ring[(int) (word % ring.length)] = 0;
        }
      }
      highest = index;
    }
    ring[slot(ring, index)] |= 1L << index;
  }

  private static int slot(long[] ring, long index) {
    return (int) (index / Long.SIZE % ring.length);
  }
}
