/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.video;

import org.jspecify.annotations.Nullable;
import org.perc4j.header.index.PacketIndex;
import org.perc4j.header.index.ReplayWindow;
import org.perc4j.header.index.ReplayWindow.Verdict;

/**
 * Remembers which of the latest frame numbers (16 bits, wrapping) were forwarded. Reaches as far
 * back as a dependency descriptor can refer: 4096 frames.
 *
 * <p>Not thread-safe. Allocates with the first two frames, and nothing more until {@link #rest}.
 */
final class FrameHistory {
  private static final int FRAMES = 8192;

  private @Nullable ReplayWindow window;
  private boolean empty = true;

  /** Forgets all. */
  void clear() {
    empty = true;
  }

  /** Forgets all, and gives the memory back until there is something to remember. */
  void rest() {
    window = null;
    empty = true;
  }

  /** Remembers a frame, unless it is too old. */
  void add(int number) {
    ReplayWindow frames = window;
    if (frames == null) {
      frames = new ReplayWindow(FRAMES);
      window = frames;
    }
    long index = nearest(frames, number);
    if (empty) {
      // A cycle later, all that was remembered lies below the window.
      index += PacketIndex.CYCLE;
      empty = false;
    }
    if (!frames.isBelow(index)) {
      frames.mark(index);
    }
  }

  /** Whether a frame is remembered. */
  boolean contains(int number) {
    ReplayWindow frames = window;
    return frames != null && !empty && frames.check(nearest(frames, number)) == Verdict.REPLAYED;
  }

  private static long nearest(ReplayWindow frames, int number) {
    return frames.highest() + (short) (number - (int) frames.highest());
  }
}
