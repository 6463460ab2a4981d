/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.header.rtp;

/**
 * How a header is rearranged for cryptex (RFC 9335 section 6): what is encrypted becomes one range,
 * and so does what is authenticated only.
 *
 * <pre>
 *   on the wire   | fixed header, 12 | CSRCs ...           | profile, length: 4 | extension, payload
 *   rearranged    | fixed header, 12 | profile, length: 4  | CSRCs ...          | extension, payload
 *                 | authenticated                          | encrypted
 * </pre>
 *
 * <p>Stateless; works in place, and allocates nothing. Nothing is checked: callers pass what {@link
 * RtpPacketView} says of the packet.
 */
public final class CryptexHeader {
  /** Octets that are authenticated only, once rearranged. */
  public static final int CLEAR_LENGTH_BYTES = 16;

  /** Octets of an extension without elements, which tells that there are encrypted CSRCs. */
  public static final int EXTENSION_HEADER_LENGTH_BYTES = 4;

  private static final int FIXED_HEADER_LENGTH_BYTES = 12;
  private static final byte EXTENSION_BIT = 0x10;

  private CryptexHeader() {}

  /** Whether the packet has what cryptex is there to hide. */
  public static boolean isApplicable(RtpPacketView view) {
    return view.hasExtension() || view.csrcCount() > 0;
  }

  /**
   * The profile for the encrypted form of an extension.
   *
   * @param profile as {@link RtpPacketView#extensionProfile} says: -1 for none
   * @return -1 if there is none; two-byte extensions with appbits have none, as it would lose them
   */
  public static int encryptedProfile(int profile) {
    return switch (profile) {
      case -1, ExtensionProfile.ONE_BYTE -> ExtensionProfile.CRYPTEX_ONE_BYTE;
      case ExtensionProfile.TWO_BYTE -> ExtensionProfile.CRYPTEX_TWO_BYTE;
      default -> -1;
    };
  }

  /** The profile of an extension before it was encrypted. */
  public static int clearProfile(int encryptedProfile) {
    return encryptedProfile == ExtensionProfile.CRYPTEX_TWO_BYTE
        ? ExtensionProfile.TWO_BYTE
        : ExtensionProfile.ONE_BYTE;
  }

  /**
   * Inserts an empty one-byte extension behind the CSRCs, which tells the receiver that they are
   * encrypted. There must be room for 4 octets behind the packet.
   *
   * @param headerLength of the header, which has no extension, in octets
   * @param length of the packet before, in octets
   */
  public static void insertEmptyExtension(byte[] buffer, int offset, int headerLength, int length) {
    int at = offset + headerLength;
    System.arraycopy(buffer, at, buffer, at + EXTENSION_HEADER_LENGTH_BYTES, length - headerLength);
    setProfile(buffer, at, ExtensionProfile.ONE_BYTE);
    buffer[at + 2] = 0;
    buffer[at + 3] = 0;
    buffer[offset] |= EXTENSION_BIT;
  }

  /**
   * Writes a profile at the start of the extension's header.
   *
   * @param at where that is in the buffer
   * @param profile 0 to 65535
   */
  public static void setProfile(byte[] buffer, int at, int profile) {
    buffer[at] = (byte) (profile >> 8);
    buffer[at + 1] = (byte) profile;
  }

  /** From the order on the wire to the other one. */
  public static void rearrange(byte[] buffer, int offset, int csrcCount) {
    int from = offset + FIXED_HEADER_LENGTH_BYTES + 4 * csrcCount;
    byte b0 = buffer[from];
    byte b1 = buffer[from + 1];
    byte b2 = buffer[from + 2];
    byte b3 = buffer[from + 3];
    int to = offset + FIXED_HEADER_LENGTH_BYTES;
    System.arraycopy(buffer, to, buffer, to + EXTENSION_HEADER_LENGTH_BYTES, 4 * csrcCount);
    put(buffer, to, b0, b1, b2, b3);
  }

  /** Back to the order on the wire. */
  public static void restore(byte[] buffer, int offset, int csrcCount) {
    int from = offset + FIXED_HEADER_LENGTH_BYTES;
    byte b0 = buffer[from];
    byte b1 = buffer[from + 1];
    byte b2 = buffer[from + 2];
    byte b3 = buffer[from + 3];
    System.arraycopy(buffer, from + EXTENSION_HEADER_LENGTH_BYTES, buffer, from, 4 * csrcCount);
    put(buffer, from + 4 * csrcCount, b0, b1, b2, b3);
  }

  private static void put(byte[] buffer, int at, byte b0, byte b1, byte b2, byte b3) {
    buffer[at] = b0;
    buffer[at + 1] = b1;
    buffer[at + 2] = b2;
    buffer[at + 3] = b3;
  }
}
