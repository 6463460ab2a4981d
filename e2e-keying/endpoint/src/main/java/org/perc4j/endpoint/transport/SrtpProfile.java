/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.transport;

import org.perc4j.header.srtp.DoubleSrtpProfile;

/** The DTLS-SRTP protection profiles that an endpoint can offer (RFC 5764, RFC 7714, RFC 8723). */
public enum SrtpProfile {
  /** AES in counter mode, HMAC-SHA1 of 80 bits. */
  AES128_CM_HMAC_SHA1_80(0x0001, 16, 14, false),
  /** AES-128-GCM. */
  AEAD_AES_128_GCM(0x0007, 16, 12, false),
  /** AES-256-GCM. */
  AEAD_AES_256_GCM(0x0008, 32, 12, false),
  /** AES-128-GCM, twice. */
  DOUBLE_AEAD_AES_128_GCM(DoubleSrtpProfile.DOUBLE_AEAD_AES_128_GCM_AEAD_AES_128_GCM),
  /** AES-256-GCM, twice. */
  DOUBLE_AEAD_AES_256_GCM(DoubleSrtpProfile.DOUBLE_AEAD_AES_256_GCM_AEAD_AES_256_GCM);

  private final int id;
  private final int keyLengthBytes;
  private final int saltLengthBytes;
  private final boolean isDouble;

  SrtpProfile(DoubleSrtpProfile profile) {
    this(profile.id(), profile.keyLengthBytes(), DoubleSrtpProfile.SALT_LENGTH_BYTES, true);
  }

  SrtpProfile(int id, int keyLengthBytes, int saltLengthBytes, boolean isDouble) {
    this.id = id;
    this.keyLengthBytes = keyLengthBytes;
    this.saltLengthBytes = saltLengthBytes;
    this.isDouble = isDouble;
  }

  /** The profile with a number, or an exception, since nobody asks for one that was not offered. */
  static SrtpProfile fromId(int id) {
    for (SrtpProfile profile : values()) {
      if (profile.id == id) {
        return profile;
      }
    }
    throw new IllegalArgumentException("SRTP profile 0x" + Integer.toHexString(id));
  }

  /** The number in {@code use_srtp}. */
  public int id() {
    return id;
  }

  /** Whether there are two layers. */
  public boolean isDouble() {
    return isDouble;
  }

  /** Octets of the master key of one layer. */
  public int keyLengthBytes() {
    return keyLengthBytes;
  }

  /** Octets of the master salt of one layer. */
  public int saltLengthBytes() {
    return saltLengthBytes;
  }

  /** What to ask the DTLS exporter for: keys and salts of both directions and all layers. */
  public int exporterLengthBytes() {
    return (isDouble ? 2 : 1) * 2 * (keyLengthBytes + saltLengthBytes);
  }
}
