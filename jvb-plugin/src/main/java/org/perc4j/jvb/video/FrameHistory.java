/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.video;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Remembers which of the latest frame numbers (16 bits, wrapping) were forwarded. Reaches as far
 * back as a dependency descriptor can refer: 4096 frames.
 *
 * <p>Not thread-safe. Allocates with the first frame, and nothing more until {@link #rest}.
 */
final class FrameHistory {
  private static final int FRAMES = 8192;

  private long @Nullable [] bits;
  private boolean empty = true;
  private int newest;

  /** Forgets all. */
  void clear() {
    if (!empty && bits != null) {
      Arrays.fill(bits, 0);
    }
    empty = true;
  }

  /** Forgets all, and gives the memory back until there is something to remember. */
  void rest() {
    bits = null;
    empty = true;
  }

  /** Remembers a frame, unless it is too old. */
  void add(int number) {
    long[] words = bits;
    if (words == null) {
      words = new long[FRAMES / Long.SIZE];
      bits = words;
    }
    int ahead = empty ? FRAMES : (short) (number - newest);
    if (ahead >= FRAMES) {
      Arrays.fill(words, 0);
    } else if (ahead > 0) {
      clear(words, newest + 1, ahead);
    }
    if (ahead > 0) {
      newest = number;
      empty = false;
    } else if (-ahead >= FRAMES) {
      return;
    }
    words[word(number)] |= 1L << number;
  }

  /** Whether a frame is remembered. */
  boolean contains(int number) {
    long[] words = bits;
    int behind = (short) (newest - number);
    return words != null
        && !empty
        && behind >= 0
        && behind < FRAMES
        && (words[word(number)] & 1L << number) != 0;
  }

  /** Clears a run of bits, word by word. */
  private static void clear(long[] words, int first, int count) {
    int number = first;
    int left = count;
    while (left > 0) {
      int inWord = Math.min(left, Long.SIZE - (number & (Long.SIZE - 1)));
      words[word(number)] &= ~(-1L >>> (Long.SIZE - inWord) << number);
      number += inWord;
      left -= inWord;
    }
  }

  private static int word(int number) {
    return (number & (FRAMES - 1)) / Long.SIZE;
  }
}
