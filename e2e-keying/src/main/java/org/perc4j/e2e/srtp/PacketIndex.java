/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.srtp;

/**
 * Arithmetic of 48-bit packet indices: 2<sup>16</sup> * ROC + SEQ (RFC 3711 section 3.3.1).
 * Stateless.
 */
final class PacketIndex {
  static final long MAX = (1L << 48) - 1;

  private static final int WRAP = 1 << 16;

  private PacketIndex() {}

  /**
   * An index from its parts.
   *
   * @param roc the rollover counter, an unsigned 32-bit number
   * @param sequenceNumber 0 to 65535
   */
  static long of(int roc, int sequenceNumber) {
    return Integer.toUnsignedLong(roc) << 16 | sequenceNumber;
  }

  /**
   * The index with a sequence number that is nearest to the highest one so far, which is the
   * estimate of RFC 3711. Negative, or above {@link #MAX}, at the ends.
   */
  static long nearest(long highest, int sequenceNumber) {
    int ahead = sequenceNumber - (int) (highest & WRAP - 1);
    if (ahead > WRAP / 2) {
      ahead -= WRAP;
    } else if (ahead < -WRAP / 2) {
      ahead += WRAP;
    }
    return highest + ahead;
  }

  /** The least index with a sequence number above the highest one so far. */
  static long next(long highest, int sequenceNumber) {
    int ahead = sequenceNumber - (int) (highest & WRAP - 1);
    return highest + (ahead > 0 ? ahead : ahead + WRAP);
  }
}
