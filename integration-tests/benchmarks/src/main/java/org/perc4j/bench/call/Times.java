/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.bench.call;

import java.time.Instant;

/** The one clock of all processes of this machine. */
final class Times {
  private Times() {}

  /** Returns the time since 1970 in milliseconds, with parts of them. */
  static double nowMillis() {
    Instant now = Instant.now();
    return now.getEpochSecond() * 1e3 + now.getNano() / 1e6;
  }
}
