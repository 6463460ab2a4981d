/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.video;

/**
 * What was decided on the latest frames of one stream, so that all packets of a frame share its
 * fate, however late they come.
 *
 * <p>Not thread-safe. Allocates nothing after construction.
 */
final class RecentFrames {
  /** Nothing was decided yet. */
  static final int UNDECIDED = 0;

  /** The frame is not forwarded. */
  static final int DROPPED = 1;

  /** The frame is forwarded. */
  static final int FORWARDED = 2;

  /** The frame is forwarded, and is the last one of its picture that is. */
  static final int FORWARDED_LAST = 3;

  private static final int FRAMES = 128;

  private final long[] keys = new long[FRAMES];
  private final byte[] decisions = new byte[FRAMES];
  private int newest;

  /** What was decided on a frame. */
  int find(long key) {
    for (int i = 0; i < FRAMES; i++) {
      int slot = (newest - i) & (FRAMES - 1);
      if (decisions[slot] == UNDECIDED) {
        return UNDECIDED;
      }
      if (keys[slot] == key) {
        return decisions[slot];
      }
    }
    return UNDECIDED;
  }

  /** Remembers what was decided on a frame that {@link #find} does not know. */
  void add(long key, int decision) {
    newest = (newest + 1) & (FRAMES - 1);
    keys[newest] = key;
    decisions[newest] = (byte) decision;
  }
}
