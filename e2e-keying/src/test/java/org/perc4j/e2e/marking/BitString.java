/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.marking;

import com.google.errorprone.annotations.CanIgnoreReturnValue;

/** Bits put together, the highest of an octet first. */
final class BitString {
  private final StringBuilder bits = new StringBuilder();

  @CanIgnoreReturnValue
  BitString put(int value, int count) {
    for (int i = count - 1; i >= 0; i--) {
      bits.append(value >>> i & 1);
    }
    return this;
  }

  /** Returns the octets, the last one filled up with zeros. */
  byte[] octets() {
    byte[] octets = new byte[(bits.length() + 7) / 8];
    for (int i = 0; i < bits.length(); i++) {
      octets[i / 8] |= (byte) ((bits.charAt(i) - '0') << (7 - i % 8));
    }
    return octets;
  }
}
