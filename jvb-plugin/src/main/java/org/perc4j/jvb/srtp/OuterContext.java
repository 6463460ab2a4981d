/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.srtp;

import java.security.GeneralSecurityException;
import org.jitsi.srtp.SrtpCryptoContext;
import org.jitsi.srtp.SrtpErrorStatus;
import org.jitsi.srtp.SrtpPolicy;
import org.jitsi.utils.logging2.Logger;
import org.perc4j.header.rtp.RtpPacketView;
import org.perc4j.jvb.metrics.BridgeCounters;

/**
 * The outer SRTP context of one SSRC at a media distributor (RFC 8723 section 5.2), in one
 * direction. What lies between a packet's header and its original header block is the sender's
 * inner ciphertext and is neither read nor changed.
 *
 * <p>The bridge may forget a context and make another for the same SSRC: which indices were used is
 * therefore kept beside the key ({@link StreamTable}). Of the base class only the session keys and
 * the ciphers are used.
 *
 * <p>Thread-safe (one lock per context, which the base class has in any case). An exception drops
 * the packet, never more.
 */
abstract class OuterContext extends SrtpCryptoContext {
  final int firstRoc;
  final boolean mixed;
  final BridgeCounters counters;
  final RtpPacketView view = new RtpPacketView();
  final OuterCipher outer;

  /**
   * A context.
   *
   * @param roc the rollover counter of the first packet of the SSRC
   * @param mixed whether packets without inner layer pass, and say so
   */
  OuterContext(
      boolean sender,
      int ssrc,
      int roc,
      byte[] masterKey,
      byte[] masterSalt,
      SrtpPolicy policy,
      boolean mixed,
      BridgeCounters counters,
      Logger logger)
      throws GeneralSecurityException {
    super(sender, ssrc, roc, masterKey, masterSalt, policy, logger);
    this.firstRoc = roc;
    this.mixed = mixed;
    this.counters = counters;
    this.outer = new OuterCipher(cipher, cipherAuthOnly, saltKey);
  }

  final SrtpErrorStatus failed(RuntimeException e) {
    counters.countPacketLostToFailure();
    logger.debug(() -> "Dropping a packet after an exception: " + e);
    return SrtpErrorStatus.FAIL;
  }
}
