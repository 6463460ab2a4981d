/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.srtp;

import java.util.Arrays;

/**
 * Where a packet is decrypted to before it is known to be authentic. Grows to the longest packet
 * seen, which a datagram bounds.
 */
final class Scratch {
  private static final int INITIAL_LENGTH_BYTES = 2048;

  private byte[] octets = new byte[INITIAL_LENGTH_BYTES];

  /** An array of that length or more, with anything in it. */
  byte[] ofAtLeast(int length) {
    if (octets.length < length) {
      destroy();
      octets = new byte[length];
    }
    return octets;
  }

  /** Zeroes the octets. */
  void destroy() {
    Arrays.fill(octets, (byte) 0);
  }
}
