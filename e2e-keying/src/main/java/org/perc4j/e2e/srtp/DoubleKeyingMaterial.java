/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.srtp;

import javax.security.auth.Destroyable;
import org.perc4j.header.srtp.DoubleSrtpProfile;

/**
 * The master keys of both layers in one direction, split as RFC 8723 section 3 lays them out:
 *
 * <pre>
 *   master_key  = inner key  (16 or 32 octets) | outer key  (16 or 32)
 *   master_salt = inner salt (12 octets)       | outer salt (12)
 * </pre>
 *
 * <p>Only for keys of which both halves are end-to-end secrets, as in known-answer tests. What a
 * DTLS handshake with a bridge yields goes through {@link OuterKeys} instead, since the bridge
 * knows its inner half.
 */
public final class DoubleKeyingMaterial implements Destroyable {
  private final SrtpMasterKey inner;
  private final SrtpMasterKey outer;

  private DoubleKeyingMaterial(SrtpMasterKey inner, SrtpMasterKey outer) {
    this.inner = inner;
    this.outer = outer;
  }

  /**
   * Splits a double master key and salt. The arrays are copied and not changed.
   *
   * @param masterKey twice the profile's key length: 32 or 64 octets
   * @param masterSalt 24 octets
   * @throws IllegalArgumentException if a length is another one
   */
  public static DoubleKeyingMaterial split(
      DoubleSrtpProfile profile, byte[] masterKey, byte[] masterSalt) {
    int keyLength = profile.keyLengthBytes();
    int saltLength = DoubleSrtpProfile.SALT_LENGTH_BYTES;
    if (masterKey.length != 2 * keyLength || masterSalt.length != 2 * saltLength) {
      throw new IllegalArgumentException(
          "double master key of "
              + masterKey.length
              + " and salt of "
              + masterSalt.length
              + " octets for "
              + profile);
    }
    return new DoubleKeyingMaterial(
        SrtpMasterKey.copyOfRanges(masterKey, 0, keyLength, masterSalt, 0, saltLength),
        SrtpMasterKey.copyOfRanges(
            masterKey, keyLength, keyLength, masterSalt, saltLength, saltLength));
  }

  /** The end-to-end half. */
  public SrtpMasterKey inner() {
    return inner;
  }

  /** The hop-by-hop half. */
  public SrtpMasterKey outer() {
    return outer;
  }

  /** Zeroes both halves. */
  @Override
  public void destroy() {
    inner.destroy();
    outer.destroy();
  }

  @Override
  public boolean isDestroyed() {
    return inner.isDestroyed() && outer.isDestroyed();
  }

  @Override
  public String toString() {
    return "DoubleKeyingMaterial[inner=" + inner + ", outer=" + outer + "]";
  }
}
