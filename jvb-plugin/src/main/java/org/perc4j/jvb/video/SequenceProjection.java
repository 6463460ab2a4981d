/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.video;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Maps the sequence numbers of one SSRC from its sender's numbering to a receiver's: what was
 * dropped on purpose leaves no gap, what was lost leaves one, and a packet that comes late finds
 * its number kept for it.
 *
 * <p>One thread calls {@link #forward}, {@link #drop}, {@link #miss} and {@link #rest}; another may
 * call {@link #map} for a packet once the packet has been handed over to it. Memory for single
 * packets is taken with the first that is forwarded or kept a number for, and given back when
 * nothing was for as many numbers as are remembered. Beyond that nothing is allocated. However far
 * a sender jumps, a packet costs no more than filling that memory.
 */
public final class SequenceProjection {
  /** How far behind the newest packet one may come and still be taken for a late one. */
  static final int WINDOW = 2048;

  /** {@link #map} found no number. */
  static final int UNMAPPED = -1;

  /** In what {@link #map} returns: the packet is the last one of its picture to be forwarded. */
  static final int LAST_OF_PICTURE = 1 << 16;

  private static final int NUMBER_MASK = 0xffff;

  /** In what {@link #map} returns: other decode targets are active from its frame on. */
  static final int TARGETS_CHANGED = 1 << 17;

  private static final int TARGET_SHIFT = 18;
  private static final int TARGET_MASK = 0x1f << TARGET_SHIFT;
  private static final int NOTE_MASK = LAST_OF_PICTURE | TARGETS_CHANGED | TARGET_MASK;

  private static final int MISSING = 1 << 23;
  private static final int FORWARDED = 1 << 24;
  private static final int CYCLE_SHIFT = 25;
  private static final int NOTHING = 0;

  /** How many low bits of a number say where its entry is. */
  private static final int SLOT_BITS = Integer.numberOfTrailingZeros(WINDOW);

  /**
   * For each number of the sender's, by its low bits: the way from there to the receiver's number,
   * the flags, and the number's other bits. All of a run of numbers that were lost are the same,
   * but for those bits.
   */
  private int @Nullable [] entries;

  private boolean started;
  private boolean sent;
  private int highest;
  private long highestIndex;
  private int delta;
  private int highestSent;
  private int suspect = -1;

  /** How many of the newest numbers, as far as they are remembered, have nothing in their entry. */
  private int empty;

  /** A projection that has seen nothing. */
  SequenceProjection() {}

  /**
   * Forgets single packets, but not where it stands: packets from before count as too late, and the
   * next one's number follows those that were sent.
   */
  void rest() {
    entries = null;
    empty = WINDOW;
    suspect = -1;
  }

  /** Whether it remembers nothing of single packets. */
  boolean rests() {
    return entries == null;
  }

  /** How far a packet is ahead of the newest one; 1 if it is next, 0 or less if it is late. */
  int lead(int sequenceNumber) {
    return started ? ahead(sequenceNumber) : 1;
  }

  /** A packet's place in the order of sending, without wraps; it may be negative. */
  long index(int sequenceNumber) {
    return highestIndex + lead(sequenceNumber);
  }

  /** Whether a packet comes behind one that was here before. */
  boolean late(int sequenceNumber) {
    return started && ahead(sequenceNumber) <= 0;
  }

  /**
   * Forwards a packet.
   *
   * @param note what to remember with it: {@link #LAST_OF_PICTURE}, {@link #TARGETS_CHANGED},
   *     {@link #ofTarget}, or 0
   * @param droppedBefore whether the packets missing right before this one, if there are any,
   *     belong to what was dropped
   * @return false if the packet comes too late, or a second time
   */
  boolean forward(int sequenceNumber, int note, boolean droppedBefore) {
    int mapped;
    if (isMissing(sequenceNumber)) {
      mapped = (sequenceNumber + entry(sequenceNumber)) & NUMBER_MASK;
    } else if (!late(sequenceNumber) || restarted(sequenceNumber)) {
      advance(sequenceNumber, droppedBefore);
      mapped = (sequenceNumber + delta) & NUMBER_MASK;
    } else {
      return false;
    }
    int way = (mapped - sequenceNumber) & NUMBER_MASK;
    fill(sequenceNumber, 1, way | FORWARDED | (note & NOTE_MASK));
    empty = 0;
    if (!sent || (short) (mapped - highestSent) > 0) {
      highestSent = mapped;
    }
    sent = true;
    return true;
  }

  /**
   * Drops a packet on purpose.
   *
   * @param droppedBefore as with {@link #forward}
   */
  void drop(int sequenceNumber, boolean droppedBefore) {
    if (isMissing(sequenceNumber)) {
      // The number that was kept for it stays a gap.
      fill(sequenceNumber, 1, NOTHING);
    } else if (!late(sequenceNumber) || restarted(sequenceNumber)) {
      advance(sequenceNumber, droppedBefore);
      passOver(sequenceNumber, 1, true);
      if (empty >= WINDOW) {
        entries = null;
      }
    }
  }

  /** A packet came that cannot be used: for the receiver it is as good as lost. */
  void miss(int sequenceNumber) {
    if (!late(sequenceNumber)) {
      advance(sequenceNumber, false);
      passOver(sequenceNumber, 1, false);
    }
  }

  /**
   * The receiver's number for a packet that was forwarded, and what was noted with it; or {@link
   * #UNMAPPED}.
   */
  int map(int sequenceNumber) {
    int entry = entry(sequenceNumber);
    return (entry & FORWARDED) != 0
        ? ((sequenceNumber + entry) & NUMBER_MASK) | (entry & NOTE_MASK)
        : UNMAPPED;
  }

  /** Notes a decode target, 0 to 31, in {@link #forward}. */
  static int ofTarget(int target) {
    return (target << TARGET_SHIFT) & TARGET_MASK;
  }

  /** The decode target that was noted, by what {@link #map} returned; 0 if none was. */
  static int target(int mapped) {
    return (mapped & TARGET_MASK) >>> TARGET_SHIFT;
  }

  /** The highest number sent so far; 0 before the first. */
  int highestSent() {
    return highestSent;
  }

  private void advance(int sequenceNumber, boolean droppedBefore) {
    highestIndex = index(sequenceNumber);
    if (!started) {
      started = true;
    } else {
      int ahead = ahead(sequenceNumber);
      if (ahead > WINDOW) {
        leap(sequenceNumber);
      } else {
        passOver(highest + 1, ahead - 1, droppedBefore);
      }
    }
    highest = sequenceNumber;
    suspect = -1;
  }

  /** Notes on a run of numbers, at most {@link #WINDOW} of them, that they were dropped or lost. */
  private void passOver(int first, int count, boolean dropped) {
    if (dropped) {
      fill(first, count, NOTHING);
      delta = sent ? (delta - count) & NUMBER_MASK : 0;
      empty += Math.min(count, WINDOW - empty);
    } else if (count > 0) {
      fill(first, count, delta | MISSING);
      empty = 0;
    }
  }

  /**
   * So much was lost that it will not be repaired, or the sender numbers anew: one number in the
   * receiver's numbering stays free as a sign of it, not thousands.
   */
  private void leap(int sequenceNumber) {
    if (entries != null) {
      Arrays.fill(entries, NOTHING);
    }
    empty = WINDOW;
    delta = sent ? (highestSent + 2 - sequenceNumber) & NUMBER_MASK : 0;
  }

  /** Two packets in a row from far behind mean that the sender numbers anew (RFC 3550 A.1). */
  private boolean restarted(int sequenceNumber) {
    if (-ahead(sequenceNumber) < WINDOW) {
      return false;
    }
    if (sequenceNumber != suspect) {
      suspect = (sequenceNumber + 1) & NUMBER_MASK;
      return false;
    }
    leap(sequenceNumber);
    highest = (sequenceNumber - 1) & NUMBER_MASK;
    suspect = -1;
    return true;
  }

  private boolean isMissing(int sequenceNumber) {
    return late(sequenceNumber)
        && -ahead(sequenceNumber) < WINDOW
        && (entry(sequenceNumber) & MISSING) != 0;
  }

  /** What is remembered of a number. */
  private int entry(int sequenceNumber) {
    int[] all = entries;
    int entry = all == null ? NOTHING : all[sequenceNumber & (WINDOW - 1)];
    return (entry >>> CYCLE_SHIFT) == (sequenceNumber >>> SLOT_BITS) ? entry : NOTHING;
  }

  /** Remembers the same of a run of numbers, at most {@link #WINDOW} of them. */
  private void fill(int first, int count, int entry) {
    int[] all = entries;
    if (all == null) {
      if (entry == NOTHING) {
        return;
      }
      all = new int[WINDOW];
      entries = all;
    }
    int from = first & NUMBER_MASK;
    int slot = from & (WINDOW - 1);
    int untilEnd = Math.min(count, WINDOW - slot);
    Arrays.fill(all, slot, slot + untilEnd, inCycleOf(from, entry));
    if (untilEnd < count) {
      int next = (from + untilEnd) & NUMBER_MASK;
      Arrays.fill(all, 0, count - untilEnd, inCycleOf(next, entry));
    }
  }

  private static int inCycleOf(int sequenceNumber, int entry) {
    return entry == NOTHING ? NOTHING : entry | ((sequenceNumber >>> SLOT_BITS) << CYCLE_SHIFT);
  }

  /** How far a number is ahead of the highest, in RFC 1982 order. */
  private int ahead(int sequenceNumber) {
    return (short) (sequenceNumber - highest);
  }
}
