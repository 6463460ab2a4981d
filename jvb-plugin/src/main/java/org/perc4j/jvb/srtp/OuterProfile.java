/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.srtp;

import org.jspecify.annotations.Nullable;

/** The double profiles of RFC 8723 section 10.1, as a media distributor sees them. */
public enum OuterProfile {
  DOUBLE_AEAD_AES_128_GCM_AEAD_AES_128_GCM(0x0009, 16),
  DOUBLE_AEAD_AES_256_GCM_AEAD_AES_256_GCM(0x000A, 32);

  /** Octets of one layer's salt (RFC 7714). */
  public static final int SALT_LENGTH_BYTES = 12;

  /** Octets of an AES-GCM tag (RFC 7714). */
  public static final int TAG_LENGTH_BYTES = 16;

  private final int id;
  private final int keyLengthBytes;

  OuterProfile(int id, int keyLengthBytes) {
    this.id = id;
    this.keyLengthBytes = keyLengthBytes;
  }

  /** The DTLS-SRTP protection profile, as carried by {@code use_srtp}. */
  public int id() {
    return id;
  }

  /** Octets of one layer's master key. */
  public int keyLengthBytes() {
    return keyLengthBytes;
  }

  /** Octets of a double master key: inner half, outer half. */
  public int doubleKeyLengthBytes() {
    return 2 * keyLengthBytes;
  }

  /** Octets of a double master salt: inner half, outer half. */
  public static int doubleSaltLengthBytes() {
    return 2 * SALT_LENGTH_BYTES;
  }

  /** Octets that the DTLS exporter yields: two double keys, two double salts. */
  public int exporterLengthBytes() {
    return 2 * (doubleKeyLengthBytes() + doubleSaltLengthBytes());
  }

  /** The profile with this DTLS-SRTP id, or null. */
  public static @Nullable OuterProfile withId(int id) {
    for (OuterProfile profile : values()) {
      if (profile.id == id) {
        return profile;
      }
    }
    return null;
  }

  /** The profile whose double keys and salts have these lengths, or null. */
  public static @Nullable OuterProfile withLengths(int keyLengthBytes, int saltLengthBytes) {
    for (OuterProfile profile : values()) {
      if (profile.doubleKeyLengthBytes() == keyLengthBytes
          && doubleSaltLengthBytes() == saltLengthBytes) {
        return profile;
      }
    }
    return null;
  }
}
