/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.browser;

import org.perc4j.e2e.name.CanonicalName;

/** What is said of names, character by character. */
final class Names {
  private Names() {}

  /** Returns what may be in the middle of a name, out of some code points: ranges. */
  static String allowed(int from, int to) {
    StringBuilder ranges = new StringBuilder();
    int start = -1;
    for (int c = from; c <= to; c++) {
      boolean allowed = c < to && CanonicalName.fault(text(c)) == null;
      if (allowed && start < 0) {
        start = c;
      } else if (!allowed && start >= 0) {
        ranges
            .append(Integer.toHexString(start))
            .append('-')
            .append(Integer.toHexString(c - 1))
            .append('\n');
        start = -1;
      }
    }
    return ranges.toString();
  }

  private static String text(int c) {
    return new String(new int[] {'a', c, 'b'}, 0, 3);
  }
}
