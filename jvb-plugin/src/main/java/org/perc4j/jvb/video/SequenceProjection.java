/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.video;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Maps the sequence numbers of one SSRC from its sender's numbering to a receiver's: what was
 * dropped on purpose leaves no gap, what was lost leaves one, and a packet that comes late finds
 * its number kept for it.
 *
 * <p>One thread calls {@link #forward}, {@link #drop} and {@link #miss}; another may call {@link
 * #map} for a packet once the packet has been handed over to it. Allocates nothing after
 * construction.
 */
public final class SequenceProjection {
  /** How far behind the newest packet one may come and still be taken for a late one. */
  static final int WINDOW = 2048;

  /** {@link #map} found no number. */
  static final int UNMAPPED = -1;

  /** In what {@link #map} returns: the packet is the last one of its picture to be forwarded. */
  static final int LAST_OF_PICTURE = 1 << 16;

  private static final int NUMBER_MASK = 0xffff;
  private static final int MISSING = 1 << 17;
  private static final int FORWARDED = 1 << 18;
  private static final int NOTHING = 0;

  /** For each number of the sender's, by its low bits: the receiver's number and the flags. */
  private final int[] entries = new int[WINDOW];

  /** The number that each entry is about. */
  private final char[] numbers = new char[WINDOW];

  /**
   * Where a projection stands, without what it remembers of single packets.
   *
   * @param highest the sender's highest number
   * @param highestIndex the same without wraps
   * @param delta from the sender's numbers to the receiver's
   * @param sent whether anything was sent
   * @param highestSent the receiver's highest number, 0 before the first
   */
  record Position(int highest, long highestIndex, int delta, boolean sent, int highestSent) {}

  private boolean started;
  private boolean sent;
  private int highest;
  private long highestIndex;
  private int delta;
  private int highestSent;
  private int suspect = -1;

  /** A projection that has seen nothing. */
  SequenceProjection() {}

  /** Goes on where another one stood; packets from before count as too late. */
  SequenceProjection(Position position) {
    started = true;
    highest = position.highest();
    highestIndex = position.highestIndex();
    delta = position.delta();
    sent = position.sent();
    highestSent = position.highestSent();
  }

  /** Where it stands, or null if it has seen nothing. */
  @Nullable Position position() {
    return started ? new Position(highest, highestIndex, delta, sent, highestSent) : null;
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
   * @param lastOfPicture whether to remember it as the last one of its picture
   * @param droppedBefore whether the packets missing right before this one, if there are any,
   *     belong to what was dropped
   * @return false if the packet comes too late, or a second time
   */
  boolean forward(int sequenceNumber, boolean lastOfPicture, boolean droppedBefore) {
    int mapped;
    if (isMissing(sequenceNumber)) {
      mapped = entries[sequenceNumber & (WINDOW - 1)] & NUMBER_MASK;
    } else if (!late(sequenceNumber) || restarted(sequenceNumber)) {
      advance(sequenceNumber, droppedBefore);
      mapped = (sequenceNumber + delta) & NUMBER_MASK;
    } else {
      return false;
    }
    set(sequenceNumber, mapped | FORWARDED | (lastOfPicture ? LAST_OF_PICTURE : 0));
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
      set(sequenceNumber, NOTHING);
    } else if (!late(sequenceNumber) || restarted(sequenceNumber)) {
      advance(sequenceNumber, droppedBefore);
      passOver(sequenceNumber, true);
    }
  }

  /** A packet came that cannot be used: for the receiver it is as good as lost. */
  void miss(int sequenceNumber) {
    if (!late(sequenceNumber)) {
      advance(sequenceNumber, false);
      passOver(sequenceNumber, false);
    }
  }

  /**
   * The receiver's number for a packet that was forwarded, and {@link #LAST_OF_PICTURE} if it was
   * remembered as that; or {@link #UNMAPPED}.
   */
  int map(int sequenceNumber) {
    int slot = sequenceNumber & (WINDOW - 1);
    int entry = entries[slot];
    return numbers[slot] == sequenceNumber && (entry & FORWARDED) != 0
        ? entry & (NUMBER_MASK | LAST_OF_PICTURE)
        : UNMAPPED;
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
        for (int i = 1; i < ahead; i++) {
          passOver((highest + i) & NUMBER_MASK, droppedBefore);
        }
      }
    }
    highest = sequenceNumber;
    suspect = -1;
  }

  private void passOver(int sequenceNumber, boolean dropped) {
    if (dropped) {
      set(sequenceNumber, NOTHING);
      delta = sent ? (delta - 1) & NUMBER_MASK : 0;
    } else {
      set(sequenceNumber, ((sequenceNumber + delta) & NUMBER_MASK) | MISSING);
    }
  }

  /**
   * So much was lost that it will not be repaired, or the sender numbers anew: one number in the
   * receiver's numbering stays free as a sign of it, not thousands.
   */
  private void leap(int sequenceNumber) {
    Arrays.fill(entries, NOTHING);
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
    int slot = sequenceNumber & (WINDOW - 1);
    return late(sequenceNumber)
        && -ahead(sequenceNumber) < WINDOW
        && numbers[slot] == sequenceNumber
        && (entries[slot] & MISSING) != 0;
  }

  private void set(int sequenceNumber, int entry) {
    int slot = sequenceNumber & (WINDOW - 1);
    numbers[slot] = (char) sequenceNumber;
    entries[slot] = entry;
  }

  /** How far a number is ahead of the highest, in RFC 1982 order. */
  private int ahead(int sequenceNumber) {
    return (short) (sequenceNumber - highest);
  }
}
