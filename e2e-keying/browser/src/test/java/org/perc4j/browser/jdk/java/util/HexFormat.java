/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.browser.jdk.java.util;

import org.bouncycastle.util.encoders.Hex;

/** Tests know it; the core does without it. */
public final class HexFormat {
  private HexFormat() {}

  /** Lower case, nothing in between. */
  public static HexFormat of() {
    return new HexFormat();
  }

  /** Reads octets. */
  public byte[] parseHex(CharSequence digits) {
    return Hex.decode(digits.toString());
  }

  /** Writes octets. */
  public String formatHex(byte[] octets) {
    return Hex.toHexString(octets);
  }
}
