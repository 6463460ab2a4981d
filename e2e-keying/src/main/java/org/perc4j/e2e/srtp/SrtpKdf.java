/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.srtp;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;

/**
 * SRTP's key derivation with a key derivation rate of 0 (RFC 3711 section 4.3), by AES in counter
 * mode with 128 bits (section 4.3.3) or 256 (RFC 6188 section 3). Stateless.
 *
 * <p>The rate of 0 makes {@code r} zero, so that the 112-bit {@code key_id} is the label alone:
 *
 * <pre>
 *   octet  0 . . . . . . 7 . . . . . 13 14 15
 *          |      master salt         | 00 00   (12-octet salts: octets 12 and 13 are 00 as well,
 *      XOR                label                  RFC 7714 section 11)
 * </pre>
 */
final class SrtpKdf {
  static final int LABEL_RTP_ENCRYPTION = 0;
  static final int LABEL_RTP_SALT = 2;

  private static final int BLOCK_LENGTH_BYTES = 16;
  private static final int MAX_SALT_LENGTH_BYTES = 14;
  private static final int LABEL_OFFSET = 7;

  private SrtpKdf() {}

  /**
   * Derives a session key or salt.
   *
   * @param masterKey 16 or 32 octets
   * @param masterSalt up to 14 octets
   * @param label what is derived: 0 to 5
   * @param lengthBytes how much of it
   */
  static byte[] derive(byte[] masterKey, byte[] masterSalt, int label, int lengthBytes) {
    if (masterSalt.length > MAX_SALT_LENGTH_BYTES) {
      throw new IllegalArgumentException("master salt of " + masterSalt.length + " octets");
    }
    byte[] counter = Arrays.copyOf(masterSalt, BLOCK_LENGTH_BYTES);
    counter[LABEL_OFFSET] ^= (byte) label;
    SessionKey key = new SessionKey(masterKey.clone());
    try {
      Cipher cipher = Cipher.getInstance("AES/CTR/NoPadding");
      cipher.init(Cipher.ENCRYPT_MODE, key, new IvParameterSpec(counter));
      return cipher.doFinal(new byte[lengthBytes]);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the JCE provider can't do AES in counter mode", e);
    } finally {
      key.destroy();
      Arrays.fill(counter, (byte) 0);
    }
  }
}
