/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.srtp;

/**
 * Remembers which of the latest sequence numbers of one SSRC were sent, so that none is encrypted
 * twice: AES-GCM under a repeated nonce gives its authentication key away.
 *
 * <p>Not thread-safe. Allocates nothing after construction.
 */
final class SentIndices {
  private static final int WINDOW = 4096;

  private final long[] bits = new long[WINDOW / Long.SIZE];
  private long highest = -1;

  /**
   * Marks a sequence number as used.
   *
   * @return false if it was used before, or lies so far behind the highest that this cannot be told
   */
  boolean use(int sequenceNumber) {
    if (highest < 0) {
      // One whole cycle up, so that an index behind the first one is never negative.
      highest = 0x10000L + sequenceNumber;
      set(highest);
      return true;
    }
    long index = highest + (short) (sequenceNumber - (int) highest);
    if (index > highest) {
      if (index - highest >= WINDOW) {
        java.util.Arrays.fill(bits, 0);
      } else {
        for (long i = highest + 1; i < index; i++) {
          clear(i);
        }
      }
      highest = index;
      set(index);
      return true;
    }
    if (highest - index >= WINDOW || isSet(index)) {
      return false;
    }
    set(index);
    return true;
  }

  private void set(long index) {
    int bit = (int) (index % WINDOW);
    bits[bit >>> 6] |= 1L << bit;
  }

  private void clear(long index) {
    int bit = (int) (index % WINDOW);
    bits[bit >>> 6] &= ~(1L << bit);
  }

  private boolean isSet(long index) {
    int bit = (int) (index % WINDOW);
    return (bits[bit >>> 6] & 1L << bit) != 0;
  }
}
