/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.header.srtp;

import org.jspecify.annotations.Nullable;

/**
 * The DTLS-SRTP protection profiles of RFC 8723 section 10.1, and the lengths of their keys, salts
 * and tags. Immutable.
 */
public enum DoubleSrtpProfile {
  /** {@code {0x00, 0x09}}: AES-128-GCM in both layers. */
  DOUBLE_AEAD_AES_128_GCM_AEAD_AES_128_GCM(0x0009, 16),
  /** {@code {0x00, 0x0A}}: AES-256-GCM in both layers. */
  DOUBLE_AEAD_AES_256_GCM_AEAD_AES_256_GCM(0x000A, 32);

  /** Length of one layer's master salt, in octets (RFC 7714 section 12). */
  public static final int SALT_LENGTH_BYTES = 12;

  /** Length of one layer's authentication tag, in octets (RFC 7714 section 12). */
  public static final int TAG_LENGTH_BYTES = 16;

  private final int id;
  private final int keyLengthBytes;

  DoubleSrtpProfile(int id, int keyLengthBytes) {
    this.id = id;
    this.keyLengthBytes = keyLengthBytes;
  }

  /**
   * The profile with a DTLS-SRTP identifier.
   *
   * @param id the two octets of the {@code use_srtp} extension as a number
   * @throws IllegalArgumentException if {@code id} is no double profile
   */
  public static DoubleSrtpProfile fromId(int id) {
    DoubleSrtpProfile profile = withId(id);
    if (profile == null) {
      throw new IllegalArgumentException("not a double SRTP profile: 0x" + Integer.toHexString(id));
    }
    return profile;
  }

  /** The profile with a DTLS-SRTP identifier, or null if {@code id} is no double profile. */
  public static @Nullable DoubleSrtpProfile withId(int id) {
    for (DoubleSrtpProfile profile : values()) {
      if (profile.id == id) {
        return profile;
      }
    }
    return null;
  }

  /**
   * The profile whose double keys and double salts have these lengths, in octets, or null if none
   * has.
   */
  public static @Nullable DoubleSrtpProfile withDoubleLengths(
      int doubleKeyLengthBytes, int doubleSaltLengthBytes) {
    for (DoubleSrtpProfile profile : values()) {
      if (profile.doubleKeyLengthBytes() == doubleKeyLengthBytes
          && doubleSaltLengthBytes() == doubleSaltLengthBytes) {
        return profile;
      }
    }
    return null;
  }

  /** The identifier in the DTLS {@code use_srtp} extension. */
  public int id() {
    return id;
  }

  /** Length of one layer's master key, in octets: 16 or 32. */
  public int keyLengthBytes() {
    return keyLengthBytes;
  }

  /** Length of a double master key, in octets: the inner half, then the outer half. */
  public int doubleKeyLengthBytes() {
    return 2 * keyLengthBytes;
  }

  /** Length of a double master salt, in octets: the inner half, then the outer half. */
  public static int doubleSaltLengthBytes() {
    return 2 * SALT_LENGTH_BYTES;
  }

  /**
   * What to ask the DTLS exporter for ({@code EXTRACTOR-dtls_srtp}, RFC 5764 section 4.2), in
   * octets: two double keys, then two double salts; 112 or 176.
   */
  public int exporterLengthBytes() {
    return 2 * (doubleKeyLengthBytes() + doubleSaltLengthBytes());
  }
}
