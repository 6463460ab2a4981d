/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.transport;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * What SRTP derives from a master key (RFC 3711 section 4.3, RFC 7714 section 11). Written for
 * searches, apart from the implementations whose keys are searched for.
 */
public final class SessionKeys {
  /** Encryption of RTP. */
  public static final int RTP_ENCRYPTION = 0;

  /** Encryption of RTCP. */
  public static final int RTCP_ENCRYPTION = 3;

  private static final int BLOCK_BYTES = 16;
  private static final int LABEL_AT = 7;

  private SessionKeys() {}

  /**
   * Derives a session key of the master key's length.
   *
   * @param masterSalt 12 octets
   * @param label what it is for
   */
  public static byte[] derive(byte[] masterKey, byte[] masterSalt, int label) {
    byte[] counter = Arrays.copyOf(masterSalt, BLOCK_BYTES);
    counter[LABEL_AT] ^= (byte) label;
    try {
      Cipher cipher = Cipher.getInstance("AES/CTR/NoPadding");
      cipher.init(
          Cipher.ENCRYPT_MODE, new SecretKeySpec(masterKey, "AES"), new IvParameterSpec(counter));
      return cipher.doFinal(new byte[masterKey.length]);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("no AES in counter mode", e);
    }
  }
}
