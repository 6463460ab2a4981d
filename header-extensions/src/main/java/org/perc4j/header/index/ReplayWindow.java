/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.header.index;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Which packet indices of one stream were used (RFC 3711 section 3.3.2): all those of the last
 * {@code size} below the highest, exactly; anything older counts as used.
 *
 * <p>A ring of 64-bit words with one word more than the window needs, so that advancing clears
 * whole words (RFC 6479). It is made with the second index, so that the many streams of which no
 * more than one packet comes take little memory. Nothing is allocated afterwards.
 *
 * <p>Can be extended by what else is kept of a stream, which saves each of them an object. Not
 * thread-safe.
 */
public class ReplayWindow {
  /** Before the first index is marked. */
  public static final long NONE = -1;

  /** What is known of an index. */
  public enum Verdict {
    /** It was not used. */
    NEW,
    /** It was used. */
    REPLAYED,
    /** It lies below the window, or below 0. */
    TOO_OLD
  }

  private final int size;
  private long @Nullable [] words;
  private long highest = NONE;

  /**
   * An empty window.
   *
   * @param size number of indices, the highest included; a positive multiple of 64
   */
  public ReplayWindow(int size) {
    if (size <= 0 || size % Long.SIZE != 0) {
      throw new IllegalArgumentException("window of " + size);
    }
    this.size = size;
  }

  /** The highest index that was marked, or {@link #NONE}. */
  public final long highest() {
    return highest;
  }

  /** Whether an index, which may be negative, lies below the window. */
  public final boolean isBelow(long index) {
    return highest - index >= size;
  }

  /**
   * Judges an index and changes nothing.
   *
   * @param index 0 to 2<sup>48</sup> - 1, or a negative one, which is too old
   */
  public final Verdict check(long index) {
    if (index < 0) {
      return Verdict.TOO_OLD;
    }
    if (index > highest) {
      return Verdict.NEW;
    }
    if (isBelow(index)) {
      return Verdict.TOO_OLD;
    }
    boolean marked =
        words == null ? index == highest : (words[slot(words, index)] & 1L << index) != 0;
    return marked ? Verdict.REPLAYED : Verdict.NEW;
  }

  /**
   * Marks an index, which changes nothing if {@link #check} says that it is {@link
   * Verdict#REPLAYED}.
   *
   * @param index one that is not {@link Verdict#TOO_OLD}
   */
  public final void mark(long index) {
    if (highest == NONE) {
      highest = index;
      return;
    }
    long[] ring = words;
    if (ring == null) {
      ring = new long[size / Long.SIZE + 1];
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
