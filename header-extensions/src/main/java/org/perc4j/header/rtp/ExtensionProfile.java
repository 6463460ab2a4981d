/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.header.rtp;

/**
 * The 16-bit "defined by profile" values of an RTP header extension (RFC 3550 section 5.3.1) that
 * this module knows.
 *
 * <p>All methods are stateless and take the value as {@link RtpPacketView#extensionProfile} returns
 * it, where -1 (no extension) belongs to no profile.
 */
public final class ExtensionProfile {

  /** RFC 8285 section 4.2: elements with one-byte headers. */
  public static final int ONE_BYTE = 0xBEDE;

  /** RFC 8285 section 4.3: elements with two-byte headers; the four lowest bits are "appbits". */
  public static final int TWO_BYTE = 0x1000;

  /** RFC 9335 section 5: as {@link #ONE_BYTE}, with CSRCs and elements encrypted by cryptex. */
  public static final int CRYPTEX_ONE_BYTE = 0xC0DE;

  /** RFC 9335 section 5: as {@link #TWO_BYTE}, with CSRCs and elements encrypted by cryptex. */
  public static final int CRYPTEX_TWO_BYTE = 0xC2DE;

  private static final int APPBITS_MASK = 0x000F;

  private ExtensionProfile() {}

  /** Tells whether a profile value announces one-byte headers in the clear. */
  public static boolean isOneByte(int profile) {
    return profile == ONE_BYTE;
  }

  /**
   * Tells whether a profile value announces two-byte headers in the clear, whatever its appbits.
   */
  public static boolean isTwoByte(int profile) {
    return (profile & ~APPBITS_MASK) == TWO_BYTE;
  }

  /** Tells whether a profile value announces elements that cryptex has encrypted. */
  public static boolean isCryptex(int profile) {
    return profile == CRYPTEX_ONE_BYTE || profile == CRYPTEX_TWO_BYTE;
  }
}
