/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.header.dependency;

/** Octets written bit by bit, as the specification's syntax is. */
final class BitString {

  private BitString() {}

  /**
   * Returns octets.
   *
   * @param bits zeros, ones and spaces; zeros are added up to a whole octet
   */
  static byte[] octets(String... bits) {
    String joined = String.join("", bits).replace(" ", "");
    byte[] octets = new byte[(joined.length() + 7) / 8];
    for (int i = 0; i < joined.length(); i++) {
      if (joined.charAt(i) == '1') {
        octets[i / 8] |= (byte) (0x80 >>> i % 8);
      }
    }
    return octets;
  }
}
