/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.srtp;

/**
 * Where the search for a rollover counter stands: 0, 1, 2, ... up to a limit, then from 0 up to
 * four times that, and so on. Starting again finds what was skipped because other packets moved the
 * cursor; growing finds everything in the end, at little more than the cost of one sweep.
 */
final class SearchCursor {
  static final int FIRST_LIMIT = 256;

  private static final int GROWTH = 4;
  private static final long MAX_LIMIT = 1L << 32;

  private long position;
  private long limit = FIRST_LIMIT;

  /** The next number of wraps to try, 0 to 2<sup>32</sup> - 1. */
  long take() {
    if (position == limit) {
      startAgain();
    }
    return position++;
  }

  /** Ends this sweep and starts one that goes further. */
  void startAgain() {
    position = 0;
    limit = Math.min(limit * GROWTH, MAX_LIMIT);
  }

  /** Forgets all, when the search has come to its end. */
  void reset() {
    position = 0;
    limit = FIRST_LIMIT;
  }
}
