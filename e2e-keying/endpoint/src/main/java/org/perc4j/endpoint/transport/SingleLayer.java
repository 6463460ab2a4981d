/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.transport;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.logging.Level;
import org.jitsi.srtp.SrtcpCryptoContext;
import org.jitsi.srtp.SrtpContextFactory;
import org.jitsi.srtp.SrtpCryptoContext;
import org.jitsi.srtp.SrtpErrorStatus;
import org.jitsi.srtp.SrtpPolicy;
import org.jitsi.srtp.crypto.Aes;
import org.jitsi.utils.logging2.LoggerImpl;

/**
 * SRTP and SRTCP by jitsi-srtp, with the keys of one layer in both directions. Knows so many
 * received streams at most, and none before one of its packets was authentic. Not thread-safe.
 */
public final class SingleLayer {
  private static final int MAX_STREAMS = 4096;
  private static final int RTP_HEADER_BYTES = 12;
  private static final int RTCP_HEADER_BYTES = 8;

  static {
    // Else jitsi-srtp compares the ciphers that there are, which takes a new process some seconds
    // of two processors before the first packet. The inner layer's cipher is the JDK's as well.
    Aes.setFactoryClassName("SunJCE");
  }

  private final SrtpContextFactory sending;
  private final SrtpContextFactory receiving;
  private final Map<Integer, SrtpCryptoContext> rtpSent = new HashMap<>();
  private final Map<Integer, SrtpCryptoContext> rtpReceived = new HashMap<>();
  private final Map<Integer, SrtcpCryptoContext> rtcpSent = new HashMap<>();
  private final Map<Integer, SrtcpCryptoContext> rtcpReceived = new HashMap<>();

  private SingleLayer(SrtpContextFactory sending, SrtpContextFactory receiving) {
    this.sending = sending;
    this.receiving = receiving;
  }

  /**
   * Contexts for given keys, each key followed by its salt; both arrays are zeroed.
   *
   * @param profile of which the cipher is used, and the lengths
   */
  public static SingleLayer of(
      SrtpProfile profile, byte[] sendKeyThenSalt, byte[] receiveKeyThenSalt) {
    return new SingleLayer(
        factory(true, profile, sendKeyThenSalt), factory(false, profile, receiveKeyThenSalt));
  }

  private static SrtpContextFactory factory(
      boolean sender, SrtpProfile profile, byte[] keyThenSalt) {
    int keyLength = profile.keyLengthBytes();
    byte[] key = Arrays.copyOf(keyThenSalt, keyLength);
    byte[] salt = Arrays.copyOfRange(keyThenSalt, keyLength, keyThenSalt.length);
    Arrays.fill(keyThenSalt, (byte) 0);
    try {
      return new SrtpContextFactory(
          sender, key, salt, policy(profile), policy(profile), new LoggerImpl("srtp", Level.OFF));
    } finally {
      Arrays.fill(key, (byte) 0);
      Arrays.fill(salt, (byte) 0);
    }
  }

  private static SrtpPolicy policy(SrtpProfile profile) {
    if (profile == SrtpProfile.AES128_CM_HMAC_SHA1_80) {
      return new SrtpPolicy(
          SrtpPolicy.AESCM_ENCRYPTION,
          profile.keyLengthBytes(),
          SrtpPolicy.HMACSHA1_AUTHENTICATION,
          20,
          10,
          profile.saltLengthBytes());
    }
    return new SrtpPolicy(
        SrtpPolicy.AESGCM_ENCRYPTION,
        profile.keyLengthBytes(),
        SrtpPolicy.NULL_AUTHENTICATION,
        0,
        16,
        profile.saltLengthBytes());
  }

  SrtpErrorStatus protectRtp(OctetBuffer packet) {
    try {
      int ssrc = packet.rtpSsrc();
      SrtpCryptoContext context = rtpSent.get(ssrc);
      if (context == null) {
        context = sending.deriveContext(ssrc, 0);
        rtpSent.put(ssrc, context);
      }
      return context.transformPacket(packet);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("jitsi-srtp refuses to encrypt", e);
    }
  }

  /** Authenticates and decrypts an RTP packet in place. */
  public SrtpErrorStatus unprotectRtp(OctetBuffer packet) {
    if (packet.getLength() < RTP_HEADER_BYTES) {
      return SrtpErrorStatus.FAIL;
    }
    try {
      int ssrc = packet.rtpSsrc();
      SrtpCryptoContext known = rtpReceived.get(ssrc);
      if (known == null && rtpReceived.size() == MAX_STREAMS) {
        return SrtpErrorStatus.FAIL;
      }
      SrtpCryptoContext context = known == null ? receiving.deriveContext(ssrc, 0) : known;
      SrtpErrorStatus status = context.reverseTransformPacket(packet, false);
      if (known == null && status == SrtpErrorStatus.OK) {
        rtpReceived.put(ssrc, context);
      }
      return status;
    } catch (GeneralSecurityException e) {
      return SrtpErrorStatus.FAIL;
    }
  }

  boolean protectRtcp(OctetBuffer packet) {
    try {
      int ssrc = packet.rtcpSsrc();
      SrtcpCryptoContext context = rtcpSent.get(ssrc);
      if (context == null) {
        context = sending.deriveControlContext(ssrc);
        rtcpSent.put(ssrc, context);
      }
      return context.transformPacket(packet) == SrtpErrorStatus.OK;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("jitsi-srtp refuses to encrypt", e);
    }
  }

  boolean unprotectRtcp(OctetBuffer packet) {
    if (packet.getLength() < RTCP_HEADER_BYTES) {
      return false;
    }
    try {
      int ssrc = packet.rtcpSsrc();
      SrtcpCryptoContext known = rtcpReceived.get(ssrc);
      if (known == null && rtcpReceived.size() == MAX_STREAMS) {
        return false;
      }
      SrtcpCryptoContext context = known == null ? receiving.deriveControlContext(ssrc) : known;
      boolean authentic = context.reverseTransformPacket(packet) == SrtpErrorStatus.OK;
      if (known == null && authentic) {
        rtcpReceived.put(ssrc, context);
      }
      return authentic;
    } catch (GeneralSecurityException e) {
      return false;
    }
  }
}
