/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.srtp;

import java.security.GeneralSecurityException;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import org.jitsi.srtp.SrtpErrorStatus;
import org.jitsi.srtp.crypto.SrtpCipher;
import org.jitsi.utils.ByteArrayBuffer;
import org.perc4j.header.rtp.CryptexHeader;
import org.perc4j.header.rtp.ExtensionProfile;
import org.perc4j.header.rtp.RtpPacketView;
import org.perc4j.header.srtp.DoubleSrtpProfile;

/**
 * SRTP with AES-GCM (RFC 7714), with header extensions and CSRCs encrypted or not (RFC 9335), under
 * an index that is given: jitsi-srtp's own contexts choose it themselves, begin at the first
 * rollover whenever they are made, and can't be told otherwise.
 *
 * <p>Works in place. Not thread-safe.
 */
final class OuterCipher {
  private static final int INDEX_BYTES = 6;

  private final SrtpCipher cipher;
  private final SrtpCipher authenticator;
  private final byte[] salt;
  private final byte[] nonce = new byte[DoubleSrtpProfile.SALT_LENGTH_BYTES];

  /**
   * A cipher.
   *
   * @param cipher AES-GCM under the session key
   * @param authenticator the same, which need not decrypt
   * @param salt the session salt, 12 octets; kept
   */
  OuterCipher(SrtpCipher cipher, SrtpCipher authenticator, byte[] salt) {
    this.cipher = cipher;
    this.authenticator = authenticator;
    this.salt = salt;
  }

  /** By how much a packet gets longer. */
  static int overheadBytes(RtpPacketView view, boolean cryptex) {
    return DoubleSrtpProfile.TAG_LENGTH_BYTES
        + (cryptex && insertsExtension(view) ? CryptexHeader.EXTENSION_HEADER_LENGTH_BYTES : 0);
  }

  private static boolean insertsExtension(RtpPacketView view) {
    return CryptexHeader.isApplicable(view) && !view.hasExtension();
  }

  /**
   * Encrypts a packet, which has room for {@link #overheadBytes} behind it.
   *
   * @param view of the packet
   * @param cryptex whether to encrypt the extension, if its format has an encrypted form, and CSRCs
   * @throws GeneralSecurityException if the cipher fails; the packet is not to be used then
   */
  void encrypt(ByteArrayBuffer packet, RtpPacketView view, long index, boolean cryptex)
      throws GeneralSecurityException {
    byte[] buffer = packet.getBuffer();
    int offset = packet.getOffset();
    int profile = CryptexHeader.encryptedProfile(view.extensionProfile());
    if (!cryptex || !CryptexHeader.isApplicable(view) || profile < 0) {
      process(Cipher.ENCRYPT_MODE, cipher, packet, view, index, view.headerLength());
      return;
    }
    if (insertsExtension(view)) {
      CryptexHeader.insertEmptyExtension(buffer, offset, view.headerLength(), packet.getLength());
      packet.setLength(packet.getLength() + CryptexHeader.EXTENSION_HEADER_LENGTH_BYTES);
    }
    CryptexHeader.setProfile(buffer, offset + view.fixedHeaderLength(), profile);
    CryptexHeader.rearrange(buffer, offset, view.csrcCount());
    process(Cipher.ENCRYPT_MODE, cipher, packet, view, index, CryptexHeader.CLEAR_LENGTH_BYTES);
    CryptexHeader.restore(buffer, offset, view.csrcCount());
  }

  /**
   * Authenticates a packet, and decrypts it.
   *
   * @param view of the packet
   * @param onlyAuthenticate whether what was encrypted may stay so, as it is going to be discarded
   * @return OK, AUTH_FAIL, or FAIL; the packet's octets are not to be used then
   */
  SrtpErrorStatus decrypt(
      ByteArrayBuffer packet, RtpPacketView view, long index, boolean onlyAuthenticate) {
    byte[] buffer = packet.getBuffer();
    int offset = packet.getOffset();
    boolean hidden = ExtensionProfile.isCryptex(view.extensionProfile());
    int clearLength = hidden ? CryptexHeader.CLEAR_LENGTH_BYTES : view.headerLength();
    int clearProfile = CryptexHeader.clearProfile(view.extensionProfile());
    try {
      if (hidden) {
        CryptexHeader.rearrange(buffer, offset, view.csrcCount());
      }
      SrtpCipher with = onlyAuthenticate ? authenticator : cipher;
      process(Cipher.DECRYPT_MODE, with, packet, view, index, clearLength);
      if (hidden) {
        CryptexHeader.restore(buffer, offset, view.csrcCount());
        CryptexHeader.setProfile(buffer, offset + view.fixedHeaderLength(), clearProfile);
      }
      return SrtpErrorStatus.OK;
    } catch (AEADBadTagException e) {
      return SrtpErrorStatus.AUTH_FAIL;
    } catch (GeneralSecurityException e) {
      return SrtpErrorStatus.FAIL;
    }
  }

  private void process(
      int mode,
      SrtpCipher with,
      ByteArrayBuffer packet,
      RtpPacketView view,
      long index,
      int clearLength)
      throws GeneralSecurityException {
    byte[] buffer = packet.getBuffer();
    int offset = packet.getOffset();
    setNonce(view.ssrc(), index);
    with.setIV(nonce, mode);
    with.processAAD(buffer, offset, clearLength);
    int processed = with.process(buffer, offset + clearLength, packet.getLength() - clearLength);
    packet.setLength(clearLength + processed);
  }

  /** RFC 7714 section 8.1: two zero octets, the SSRC, the index; masked by the salt. */
  private void setNonce(int ssrc, long index) {
    System.arraycopy(salt, 0, nonce, 0, nonce.length);
    for (int i = 0; i < Integer.BYTES; i++) {
      nonce[2 + i] ^= (byte) (ssrc >>> (Integer.SIZE - Byte.SIZE * (i + 1)));
    }
    int at = nonce.length - INDEX_BYTES;
    for (int i = 0; i < INDEX_BYTES; i++) {
      nonce[at + i] ^= (byte) (index >>> (Byte.SIZE * (INDEX_BYTES - 1 - i)));
    }
  }
}
