/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.bench.srtp;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * What any implementation on JCE has to call, and no SRTP around it: AES-GCM twice, over the octets
 * that perc4j encrypts. What it decrypts it does not copy back.
 */
final class BareCiphers implements BothLayers {
  private static final int HEADER = TestPackets.HEADER_LENGTH;
  private static final int TAG = 16;
  private static final int OHB = 1;

  private final byte[] nonce = new byte[12];
  private final byte[] outerText = new byte[TestPackets.BUFFER_LENGTH];
  private final byte[] innerText = new byte[TestPackets.BUFFER_LENGTH];
  private final Cipher inner = Cipher.getInstance("AES/GCM/NoPadding");
  private final Cipher outer = Cipher.getInstance("AES/GCM/NoPadding");
  private final SecretKeySpec innerKey;
  private final SecretKeySpec outerKey;

  BareCiphers(int keyBits) throws GeneralSecurityException {
    innerKey = key(keyBits, false);
    outerKey = key(keyBits, true);
  }

  private static SecretKeySpec key(int keyBits, boolean outer) {
    byte[] keyThenSalt = TestPackets.keyThenSalt(keyBits, outer);
    return new SecretKeySpec(Arrays.copyOf(keyThenSalt, keyBits / 8), "AES");
  }

  @Override
  public int protect(byte[] packet, int length) throws GeneralSecurityException {
    start(inner, Cipher.ENCRYPT_MODE, innerKey, packet);
    int text = inner.doFinal(packet, HEADER, length - HEADER, packet, HEADER) + OHB;
    start(outer, Cipher.ENCRYPT_MODE, outerKey, packet);
    return HEADER + outer.doFinal(packet, HEADER, text, packet, HEADER);
  }

  @Override
  public int unprotect(byte[] packet, int length) throws GeneralSecurityException {
    start(outer, Cipher.DECRYPT_MODE, outerKey, packet);
    int text = outer.doFinal(packet, HEADER, length - HEADER, outerText, 0) - OHB;
    start(inner, Cipher.DECRYPT_MODE, innerKey, packet);
    return HEADER + inner.doFinal(outerText, 0, text, innerText, 0);
  }

  private void start(Cipher cipher, int mode, SecretKeySpec key, byte[] packet)
      throws GeneralSecurityException {
    System.arraycopy(packet, 2, nonce, 0, 10);
    cipher.init(mode, key, new GCMParameterSpec(8 * TAG, nonce));
    cipher.updateAAD(packet, 0, HEADER);
  }
}
