/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.srtp;

/**
 * Where the search for the sender of an SSRC that nobody announced goes on. A small table of fixed
 * size, indexed by a hash of the SSRC, so that forged SSRCs take no memory. An SSRC that has its
 * place to itself sweeps over everything without a gap. Those that share one start at random each
 * time it changes hands: with one cursor between them, two that alternate could each be shown the
 * same half for ever. Not thread-safe.
 */
final class ScanCursors {
  /** A power of 2. */
  private static final int PLACES = 64;

  private final int[] owners = new int[PLACES];
  private final int[] positions = new int[PLACES];
  private int random = 1;

  /** Where to start: 0 to {@code size - 1}. */
  int start(int ssrc, int size) {
    int place = place(ssrc);
    if (owners[place] != ssrc) {
      owners[place] = ssrc;
      positions[place] = nextRandom();
    }
    return positions[place] % size;
  }

  /** Remembers where to start next time. */
  void set(int ssrc, int position) {
    positions[place(ssrc)] = position;
  }

  /** A number that is not negative, by Marsaglia's xorshift: it decides nothing but an order. */
  private int nextRandom() {
    random ^= random << 13;
    random ^= random >>> 17;
    random ^= random << 5;
    return random & Integer.MAX_VALUE;
  }

  private static int place(int ssrc) {
    return StreamTable.hash(ssrc) & (PLACES - 1);
  }
}
