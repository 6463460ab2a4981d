/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.video;

import java.util.Arrays;

/**
 * Remembers which of the latest frame numbers (16 bits, wrapping) were forwarded. Reaches as far
 * back as a dependency descriptor can refer: 4096 frames.
 *
 * <p>Not thread-safe. Allocates nothing after construction.
 */
final class FrameHistory {
  private static final int FRAMES = 8192;

  private final long[] bits = new long[FRAMES / Long.SIZE];
  private boolean empty = true;
  private int newest;

  /** Forgets all. */
  void clear() {
    if (!empty) {
      Arrays.fill(bits, 0);
      empty = true;
    }
  }

  /** Remembers a frame, unless it is too old. */
  void add(int number) {
    int ahead = empty ? FRAMES : (short) (number - newest);
    if (ahead >= FRAMES) {
      Arrays.fill(bits, 0);
    } else {
      for (int i = 1; i <= ahead; i++) {
        set(newest + i, false);
      }
    }
    if (ahead > 0) {
      newest = number;
      empty = false;
    } else if (-ahead >= FRAMES) {
      return;
    }
    set(number, true);
  }

  /** Whether a frame is remembered. */
  boolean contains(int number) {
    int behind = (short) (newest - number);
    return !empty && behind >= 0 && behind < FRAMES && (bits[word(number)] & 1L << number) != 0;
  }

  private void set(int number, boolean value) {
    if (value) {
      bits[word(number)] |= 1L << number;
    } else {
      bits[word(number)] &= ~(1L << number);
    }
  }

  private static int word(int number) {
    return (number & (FRAMES - 1)) / Long.SIZE;
  }
}
