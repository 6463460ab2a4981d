/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.srtp;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import org.jitsi.srtp.SrtpContextFactory;
import org.jitsi.srtp.SrtpCryptoContext;
import org.jitsi.srtp.SrtpErrorStatus;
import org.jitsi.srtp.SrtpPolicy;
import org.jitsi.utils.ByteArrayBuffer;
import org.jitsi.utils.logging2.LoggerImpl;
import org.perc4j.header.srtp.DoubleSrtpProfile;

/** One layer of SRTP by jitsi-srtp, to compare with. */
public final class JitsiSrtp {
  private final SrtpCryptoContext context;

  private JitsiSrtp(SrtpCryptoContext context) {
    this.context = context;
  }

  /**
   * A context for one SSRC with AES-GCM.
   *
   * @param keyThenSalt 16 or 32 octets of master key, then 12 of salt
   */
  public static JitsiSrtp of(
      boolean sender, byte[] keyThenSalt, int ssrc, boolean cryptex, boolean replayCheck)
      throws GeneralSecurityException {
    int keyLength = keyThenSalt.length - SrtpMasterKey.SALT_LENGTH_BYTES;
    SrtpPolicy policy =
        new SrtpPolicy(
            SrtpPolicy.AESGCM_ENCRYPTION,
            keyLength,
            SrtpPolicy.NULL_AUTHENTICATION,
            0,
            DoubleSrtpProfile.TAG_LENGTH_BYTES,
            SrtpMasterKey.SALT_LENGTH_BYTES);
    policy.setCryptexEnabled(cryptex);
    policy.setReceiveReplayEnabled(replayCheck);
    SrtpContextFactory factory =
        new SrtpContextFactory(
            sender,
            Arrays.copyOf(keyThenSalt, keyLength),
            Arrays.copyOfRange(keyThenSalt, keyLength, keyThenSalt.length),
            policy,
            policy,
            new LoggerImpl(JitsiSrtp.class.getName()));
    return new JitsiSrtp(factory.deriveContext(ssrc, 0));
  }

  /** Protects in place. */
  public SrtpErrorStatus protect(ByteArrayBuffer packet) throws GeneralSecurityException {
    return context.transformPacket(packet);
  }

  /** Unprotects in place. */
  public SrtpErrorStatus unprotect(ByteArrayBuffer packet) throws GeneralSecurityException {
    return context.reverseTransformPacket(packet, false);
  }
}
