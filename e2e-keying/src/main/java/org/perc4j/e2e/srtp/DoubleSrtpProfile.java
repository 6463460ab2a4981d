/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.srtp;

/** The DTLS-SRTP protection profiles of RFC 8723 section 10.1. Immutable. */
public enum DoubleSrtpProfile {
  /** {@code {0x00, 0x09}}: AES-128-GCM in both layers. */
  DOUBLE_AEAD_AES_128_GCM_AEAD_AES_128_GCM(0x0009, 16),
  /** {@code {0x00, 0x0A}}: AES-256-GCM in both layers. */
  DOUBLE_AEAD_AES_256_GCM_AEAD_AES_256_GCM(0x000A, 32);

  /** Length of one layer's master salt, in octets. */
  public static final int SALT_LENGTH_BYTES = SrtpMasterKey.SALT_LENGTH_BYTES;

  /** Length of one layer's authentication tag, in octets. */
  public static final int TAG_LENGTH_BYTES = AeadTransform.TAG_LENGTH_BYTES;

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
    for (DoubleSrtpProfile profile : values()) {
      if (profile.id == id) {
        return profile;
      }
    }
    throw new IllegalArgumentException("not a double SRTP profile: 0x" + Integer.toHexString(id));
  }

  /** The identifier in the DTLS {@code use_srtp} extension. */
  public int id() {
    return id;
  }

  /** Length of one layer's master key, in octets: 16 or 32. */
  public int keyLengthBytes() {
    return keyLengthBytes;
  }

  /**
   * What to ask the DTLS exporter for ({@code EXTRACTOR-dtls_srtp}, RFC 5764 section 4.2), in
   * octets: 112 or 176.
   */
  public int exporterLengthBytes() {
    return 2 * 2 * (keyLengthBytes + SALT_LENGTH_BYTES);
  }

  void requireKeyFor(SrtpMasterKey key) {
    if (key.key().length != keyLengthBytes) {
      throw new IllegalArgumentException(
          this + " takes keys of " + keyLengthBytes + " octets, not " + key.key().length);
    }
  }
}
