/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.srtp;

import java.util.Arrays;
import javax.security.auth.Destroyable;
import org.perc4j.header.srtp.DoubleSrtpProfile;

/**
 * The master key and master salt of one layer in one direction (RFC 3711 section 3.2.1).
 *
 * <p>Octets are copied in and never handed out. A context derives its session keys when it is made
 * and does not keep the master key: the owner may {@link #destroy} it at once.
 */
public final class SrtpMasterKey implements Destroyable {
  /** Length of the master salt for AES-GCM, in octets (RFC 7714 section 12). */
  public static final int SALT_LENGTH_BYTES = DoubleSrtpProfile.SALT_LENGTH_BYTES;

  private final byte[] key;
  private final byte[] salt;
  private boolean destroyed;

  private SrtpMasterKey(byte[] key, byte[] salt) {
    this.key = key;
    this.salt = salt;
  }

  /**
   * A key from its two parts, which are copied and not changed.
   *
   * @param key 16 or 32 octets
   * @param salt 12 octets
   * @throws IllegalArgumentException if a length is another one
   */
  public static SrtpMasterKey copyOf(byte[] key, byte[] salt) {
    return copyOfRanges(key, 0, key.length, salt, 0, salt.length);
  }

  /**
   * A key from one array, such as an exporter yields, which is copied and not changed.
   *
   * @param keyThenSalt 16 or 32 octets of key, then 12 octets of salt
   * @throws IllegalArgumentException if the length is neither 28 nor 44
   */
  public static SrtpMasterKey copyOfKeyThenSalt(byte[] keyThenSalt) {
    int keyLengthBytes = keyThenSalt.length - SALT_LENGTH_BYTES;
    return copyOfRanges(
        keyThenSalt, 0, keyLengthBytes, keyThenSalt, keyLengthBytes, SALT_LENGTH_BYTES);
  }

  static SrtpMasterKey copyOfRanges(
      byte[] keys, int keyOffset, int keyLength, byte[] salts, int saltOffset, int saltLength) {
    if (keyLength != 16 && keyLength != 32) {
      throw new IllegalArgumentException("master key of " + keyLength + " octets");
    }
    if (saltLength != SALT_LENGTH_BYTES) {
      throw new IllegalArgumentException("master salt of " + saltLength + " octets");
    }
    return new SrtpMasterKey(
        Arrays.copyOfRange(keys, keyOffset, keyOffset + keyLength),
        Arrays.copyOfRange(salts, saltOffset, saltOffset + saltLength));
  }

  /** The key itself, not a copy. */
  byte[] key() {
    requireAlive();
    return key;
  }

  /** The salt itself, not a copy. */
  byte[] salt() {
    requireAlive();
    return salt;
  }

  /** Throws an {@link IllegalArgumentException} if the profile's keys have another length. */
  void requireFor(DoubleSrtpProfile profile) {
    if (key.length != profile.keyLengthBytes()) {
      throw new IllegalArgumentException(
          profile + " takes keys of " + profile.keyLengthBytes() + " octets, not " + key.length);
    }
  }

  private void requireAlive() {
    if (destroyed) {
      throw new IllegalStateException("master key was destroyed");
    }
  }

  /** Zeroes the key and the salt; may be called more than once. */
  @Override
  public void destroy() {
    Arrays.fill(key, (byte) 0);
    Arrays.fill(salt, (byte) 0);
    destroyed = true;
  }

  @Override
  public boolean isDestroyed() {
    return destroyed;
  }

  /** Says nothing about the key but its length. */
  @Override
  public String toString() {
    return "SrtpMasterKey[" + key.length * 8 + " bits, redacted]";
  }
}
