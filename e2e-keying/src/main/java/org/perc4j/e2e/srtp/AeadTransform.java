/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.srtp;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import org.perc4j.header.srtp.DoubleSrtpProfile;

/**
 * AES-GCM under one session key in one direction, with the nonces of SRTP (RFC 7714 section 8.1).
 *
 * <pre>
 *     0  0  0  0  0  0  0  0  0  0  1  1
 *     0  1  2  3  4  5  6  7  8  9  0  1
 *   +--+--+--+--+--+--+--+--+--+--+--+--+
 *   |00|00|    SSRC   |     ROC   | SEQ |   XOR session salt
 *   +--+--+--+--+--+--+--+--+--+--+--+--+
 * </pre>
 *
 * <p>The caller answers for never encrypting twice with one SSRC and index. Not thread-safe. Each
 * call allocates a {@code GCMParameterSpec}, which copies the nonce; JCE knows no other way.
 */
final class AeadTransform {
  static final int TAG_LENGTH_BYTES = DoubleSrtpProfile.TAG_LENGTH_BYTES;

  private static final int NONCE_LENGTH_BYTES = 12;

  private final Cipher cipher;
  private final int mode;
  private final SessionKey key;
  private final byte[] salt;
  private final byte[] nonce = new byte[NONCE_LENGTH_BYTES];
  private long calls;

  private AeadTransform(int mode, SessionKey key, byte[] salt) {
    try {
      this.cipher = Cipher.getInstance("AES/GCM/NoPadding");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the JCE provider has no AES-GCM", e);
    }
    this.mode = mode;
    this.key = key;
    this.salt = salt;
  }

  /** Derives the session key and salt for encryption from a master key. */
  static AeadTransform encrypting(SrtpMasterKey master) {
    return derived(Cipher.ENCRYPT_MODE, master);
  }

  /** Derives the session key and salt for decryption from a master key. */
  static AeadTransform decrypting(SrtpMasterKey master) {
    return derived(Cipher.DECRYPT_MODE, master);
  }

  private static AeadTransform derived(int mode, SrtpMasterKey master) {
    return ofSessionKey(
        mode,
        SrtpKdf.derive(
            master.key(), master.salt(), SrtpKdf.LABEL_RTP_ENCRYPTION, master.key().length),
        SrtpKdf.derive(master.key(), master.salt(), SrtpKdf.LABEL_RTP_SALT, NONCE_LENGTH_BYTES));
  }

  /**
   * A transform under a given session key; it owns both arrays from here on.
   *
   * @param mode {@link Cipher#ENCRYPT_MODE} or {@link Cipher#DECRYPT_MODE}
   * @param sessionKey 16 or 32 octets
   * @param sessionSalt 12 octets
   */
  static AeadTransform ofSessionKey(int mode, byte[] sessionKey, byte[] sessionSalt) {
    return new AeadTransform(mode, new SessionKey(sessionKey), sessionSalt);
  }

  /**
   * Encrypts in place and writes the tag behind.
   *
   * @param index the 48-bit packet index: ROC, then SEQ
   * @param offset where the plaintext starts; the octets from here to {@code length + 16} are
   *     overwritten
   * @param length of the plaintext, in octets; may be 0
   */
  void encrypt(
      int ssrc,
      long index,
      byte[] aad,
      int aadOffset,
      int aadLength,
      byte[] buffer,
      int offset,
      int length) {
    try {
      start(ssrc, index, aad, aadOffset, aadLength);
      int written = cipher.doFinal(buffer, offset, length, buffer, offset);
      if (written != length + TAG_LENGTH_BYTES) {
        throw new IllegalStateException("the JCE provider wrote " + written + " octets");
      }
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the JCE provider refuses to encrypt", e);
    }
  }

  /**
   * Decrypts into another array.
   *
   * @param index the 48-bit packet index that is tried
   * @param inLength of ciphertext and tag, in octets: 16 or more
   * @param out must not be {@code in}, as providers clear the output if the tag does not match;
   *     needs room for {@code inLength - 16} octets
   * @return whether the tag matched; if not, no assumption may be made about the output
   */
  boolean decrypt(
      int ssrc,
      long index,
      byte[] aad,
      int aadOffset,
      int aadLength,
      byte[] in,
      int inOffset,
      int inLength,
      byte[] out) {
    try {
      start(ssrc, index, aad, aadOffset, aadLength);
      int written = cipher.doFinal(in, inOffset, inLength, out, 0);
      if (written != inLength - TAG_LENGTH_BYTES) {
        throw new IllegalStateException("the JCE provider wrote " + written + " octets");
      }
      return true;
    } catch (AEADBadTagException e) {
      return false;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the JCE provider refuses to decrypt", e);
    }
  }

  private void start(int ssrc, long index, byte[] aad, int aadOffset, int aadLength)
      throws GeneralSecurityException {
    nonce[0] = salt[0];
    nonce[1] = salt[1];
    for (int i = 0; i < 4; i++) {
      nonce[2 + i] = (byte) (salt[2 + i] ^ (ssrc >>> (24 - 8 * i)));
    }
    for (int i = 0; i < 6; i++) {
      nonce[6 + i] = (byte) (salt[6 + i] ^ (index >>> (40 - 8 * i)));
    }
    cipher.init(mode, key, new GCMParameterSpec(TAG_LENGTH_BYTES * 8, nonce));
    cipher.updateAAD(aad, aadOffset, aadLength);
    calls++;
  }

  /** How often AES-GCM was run, successfully or not. */
  long calls() {
    return calls;
  }

  /** Zeroes the session key and salt; any further call throws {@link IllegalStateException}. */
  void destroy() {
    key.destroy();
    Arrays.fill(salt, (byte) 0);
    Arrays.fill(nonce, (byte) 0);
  }
}
