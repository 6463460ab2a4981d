/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.srtp;

import java.security.GeneralSecurityException;
import org.jitsi.srtp.SrtcpCryptoContext;
import org.jitsi.srtp.SrtpErrorStatus;
import org.jitsi.srtp.SrtpPolicy;
import org.jitsi.srtp.utils.SrtcpPacketUtils;
import org.jitsi.utils.ByteArrayBuffer;
import org.jitsi.utils.logging2.Logger;
import org.jspecify.annotations.Nullable;
import org.perc4j.header.srtp.DoubleSrtpProfile;
import org.perc4j.jvb.bridge.BridgeOverride;
import org.perc4j.jvb.metrics.BridgeCounter;
import org.perc4j.jvb.metrics.BridgeCounters;

/**
 * The SRTCP context of one SSRC that the bridge receives. What was received is remembered beside
 * the key, so that nothing can be replayed when the bridge has forgotten a context and makes
 * another. Of an SSRC nothing is kept before a packet has authenticated.
 *
 * <p>Thread-safe.
 */
final class ReceivingControlContext extends SrtcpCryptoContext {
  private static final int ENCRYPTED = 1 << 31;

  private final StreamTable<ReceivedIndices> streams;
  private final BridgeCounters counters;
  private @Nullable ReceivedIndices indices;

  /**
   * A context.
   *
   * @param streams of the key
   */
  ReceivingControlContext(
      int ssrc,
      byte[] masterKey,
      byte[] masterSalt,
      SrtpPolicy policy,
      StreamTable<ReceivedIndices> streams,
      BridgeCounters counters,
      Logger logger)
      throws GeneralSecurityException {
    super(ssrc, masterKey, masterSalt, policy, logger);
    this.streams = streams;
    this.counters = counters;
    this.indices = streams.find(ssrc);
  }

  @BridgeOverride
  @Override
  public synchronized SrtpErrorStatus reverseTransformPacket(ByteArrayBuffer packet)
      throws GeneralSecurityException {
    if (!SrtcpPacketUtils.validatePacketLength(packet, DoubleSrtpProfile.TAG_LENGTH_BYTES)) {
      return SrtpErrorStatus.INVALID_PACKET;
    }
    int index = SrtcpPacketUtils.getIndex(packet, 0) & ~ENCRYPTED;
    ReceivedIndices known = indices;
    if (known == null ? streams.isFull() : !known.mayReceiveControl(index)) {
      return known == null ? tooMany() : SrtpErrorStatus.REPLAY_FAIL;
    }
    SrtpErrorStatus status = super.reverseTransformPacket(packet);
    if (status != SrtpErrorStatus.OK) {
      return status;
    }
    if (known == null) {
      known = streams.findOrAdd(getSsrc());
      if (known == null) {
        return tooMany();
      }
      indices = known;
    }
    return known.receiveControl(index) ? SrtpErrorStatus.OK : SrtpErrorStatus.REPLAY_FAIL;
  }

  private SrtpErrorStatus tooMany() {
    counters.count(BridgeCounter.DROPPED_TOO_MANY_SSRCS);
    return SrtpErrorStatus.FAIL;
  }
}
