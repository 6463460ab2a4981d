/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.video;

import org.jspecify.annotations.Nullable;

/**
 * What was decided on the latest frames of one stream, so that all packets of a frame share its
 * fate, however late they come.
 *
 * <p>Until a frame is forwarded only the newest one is remembered: whatever comes late by then is
 * dropped. Memory for more is taken with the first one that is forwarded, and given back by {@link
 * #rest}. Not thread-safe.
 */
final class RecentFrames {
  /** Nothing was decided yet. */
  static final int UNDECIDED = 0;

  /** The frame is not forwarded. */
  static final int DROPPED = 1;

  /** The frame is forwarded. */
  static final int FORWARDED = 2;

  private static final int FATE_MASK = 0x3;

  /** The frame is forwarded, and is the last one of its picture that is. */
  private static final int FORWARDED_LAST = 3;

  private static final int TARGET_SHIFT = 2;
  private static final int TARGET_MASK = 0x1f;
  private static final int TARGETS_CHANGED = 1 << 7;
  private static final int DECISION_MASK = 0xff;

  private static final int FRAMES = 128;

  private long newestKey;
  private int newestDecision = UNDECIDED;
  private long @Nullable [] keys;
  private byte @Nullable [] decisions;
  private int newest;

  /**
   * That a frame is forwarded.
   *
   * @param last whether it is the last one of its picture that is
   * @param target the decode target that it is forwarded for, 0 to 31; any other without one
   * @param targetsChanged whether other decode targets are active from this frame on
   */
  static int forwarded(boolean last, int target, boolean targetsChanged) {
    return (last ? FORWARDED_LAST : FORWARDED)
        | (target & TARGET_MASK) << TARGET_SHIFT
        | (targetsChanged ? TARGETS_CHANGED : 0);
  }

  /** Whether a decision is to forward a frame. */
  static boolean isForwarded(int decision) {
    return (decision & FORWARDED) != 0;
  }

  /** Whether a frame that is forwarded is the last one of its picture that is. */
  static boolean isLast(int decision) {
    return (decision & FATE_MASK) == FORWARDED_LAST;
  }

  /** The decode target that a frame is forwarded for. */
  static int target(int decision) {
    return (decision >>> TARGET_SHIFT) & TARGET_MASK;
  }

  /** Whether other decode targets are active from a frame on. */
  static boolean targetsChanged(int decision) {
    return (decision & TARGETS_CHANGED) != 0;
  }

  /** What was decided on a frame. */
  int find(long key) {
    if (newestDecision != UNDECIDED && newestKey == key) {
      return newestDecision;
    }
    long[] allKeys = keys;
    byte[] allDecisions = decisions;
    if (allKeys == null || allDecisions == null) {
      return UNDECIDED;
    }
    for (int i = 0; i < FRAMES; i++) {
      int slot = (newest - i) & (FRAMES - 1);
      if (allDecisions[slot] == UNDECIDED) {
        return UNDECIDED;
      }
      if (allKeys[slot] == key) {
        return allDecisions[slot] & DECISION_MASK;
      }
    }
    return UNDECIDED;
  }

  /** Remembers what was decided on a frame that {@link #find} does not know. */
  void add(long key, int decision) {
    newestKey = key;
    newestDecision = decision;
    long[] allKeys = keys;
    byte[] allDecisions = decisions;
    if (allKeys == null || allDecisions == null) {
      if (decision == DROPPED) {
        return;
      }
      allKeys = new long[FRAMES];
      allDecisions = new byte[FRAMES];
      keys = allKeys;
      decisions = allDecisions;
    }
    newest = (newest + 1) & (FRAMES - 1);
    allKeys[newest] = key;
    allDecisions[newest] = (byte) decision;
  }

  /** Gives the memory back; a frame under way that is dropped is remembered. */
  void rest() {
    if (newestDecision != DROPPED) {
      newestDecision = UNDECIDED;
    }
    keys = null;
    decisions = null;
  }
}
