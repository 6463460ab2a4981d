/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.header.index;

/**
 * Arithmetic of 48-bit packet indices: 2<sup>16</sup> * ROC + SEQ (RFC 3711 section 3.3.1).
 * Stateless.
 */
public final class PacketIndex {
  /** The highest one that there is. */
  public static final long MAX = (1L << 48) - 1;

  /** Between indices of one sequence number. */
  public static final int CYCLE = 1 << 16;

  private PacketIndex() {}

  /**
   * An index from its parts.
   *
   * @param roc the rollover counter, an unsigned 32-bit number
   * @param sequenceNumber 0 to 65535
   */
  public static long of(int roc, int sequenceNumber) {
    return Integer.toUnsignedLong(roc) << 16 | sequenceNumber;
  }

  /**
   * The index with a sequence number that is nearest to the highest one so far, which is the
   * estimate of RFC 3711. Negative, or above {@link #MAX}, at the ends.
   */
  public static long nearest(long highest, int sequenceNumber) {
    int ahead = sequenceNumber - (int) (highest & CYCLE - 1);
    if (ahead > CYCLE / 2) {
      ahead -= CYCLE;
    } else if (ahead < -CYCLE / 2) {
      ahead += CYCLE;
    }
    return highest + ahead;
  }

  /** The least index with a sequence number above the highest one so far. */
  public static long next(long highest, int sequenceNumber) {
    int ahead = sequenceNumber - (int) (highest & CYCLE - 1);
    return highest + (ahead > 0 ? ahead : ahead + CYCLE);
  }
}
