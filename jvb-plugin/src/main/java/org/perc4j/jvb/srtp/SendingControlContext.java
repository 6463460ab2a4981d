/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.srtp;

import java.security.GeneralSecurityException;
import javax.crypto.Cipher;
import org.jitsi.srtp.SrtcpCryptoContext;
import org.jitsi.srtp.SrtpErrorStatus;
import org.jitsi.srtp.SrtpPolicy;
import org.jitsi.utils.ByteArrayBuffer;
import org.jitsi.utils.logging2.Logger;
import org.jspecify.annotations.Nullable;
import org.perc4j.header.srtp.DoubleSrtpProfile;
import org.perc4j.jvb.bridge.BridgeOverride;
import org.perc4j.jvb.metrics.BridgeCounter;
import org.perc4j.jvb.metrics.BridgeCounters;

/**
 * The SRTCP context of one SSRC that the bridge sends under (RFC 7714 section 9). The base class
 * would count from 0 again whenever the bridge has forgotten a context and makes another, and after
 * 2<sup>31</sup> packets; here the index is counted beside the key, and no packet is sent when
 * there is none left.
 *
 * <p>Thread-safe.
 */
final class SendingControlContext extends SrtcpCryptoContext {
  private static final int HEADER_BYTES = 8;
  private static final int INDEX_BYTES = 4;
  private static final int ENCRYPTED = 1 << 31;

  private final @Nullable SentIndices indices;
  private final BridgeCounters counters;

  /**
   * A context.
   *
   * @param indices what was sent, or null if the SSRC is one too many: then all is refused
   */
  SendingControlContext(
      int ssrc,
      byte[] masterKey,
      byte[] masterSalt,
      SrtpPolicy policy,
      @Nullable SentIndices indices,
      BridgeCounters counters,
      Logger logger)
      throws GeneralSecurityException {
    super(ssrc, masterKey, masterSalt, policy, logger);
    this.indices = indices;
    this.counters = counters;
  }

  @BridgeOverride
  @Override
  public synchronized SrtpErrorStatus transformPacket(ByteArrayBuffer packet)
      throws GeneralSecurityException {
    if (indices == null) {
      counters.count(BridgeCounter.DROPPED_TOO_MANY_SSRCS);
      return SrtpErrorStatus.FAIL;
    }
    if (packet.getLength() < HEADER_BYTES) {
      return SrtpErrorStatus.INVALID_PACKET;
    }
    int index = indices.reserveControl();
    if (index == SentIndices.REFUSED) {
      counters.count(BridgeCounter.DROPPED_OUTER_INDEX_REUSE);
      return SrtpErrorStatus.REPLAY_FAIL;
    }
    packet.grow(DoubleSrtpProfile.TAG_LENGTH_BYTES + INDEX_BYTES);
    byte[] buffer = packet.getBuffer();
    int offset = packet.getOffset();
    setNonce(index);
    writeRoc(index | ENCRYPTED);
    cipher.setIV(ivStore, Cipher.ENCRYPT_MODE);
    cipher.processAAD(buffer, offset, HEADER_BYTES);
    cipher.processAAD(rbStore, 0, INDEX_BYTES);
    int processed =
        cipher.process(buffer, offset + HEADER_BYTES, packet.getLength() - HEADER_BYTES);
    System.arraycopy(rbStore, 0, buffer, offset + HEADER_BYTES + processed, INDEX_BYTES);
    packet.setLength(HEADER_BYTES + processed + INDEX_BYTES);
    return SrtpErrorStatus.OK;
  }

  /** RFC 7714 section 9.1: two zero octets, the SSRC, two more, the index; masked by the salt. */
  private void setNonce(int index) {
    System.arraycopy(saltKey, 0, ivStore, 0, ivStore.length);
    for (int i = 0; i < Integer.BYTES; i++) {
      int shift = Integer.SIZE - Byte.SIZE * (i + 1);
      ivStore[2 + i] ^= (byte) (ssrc >>> shift);
      ivStore[ivStore.length - Integer.BYTES + i] ^= (byte) (index >>> shift);
    }
  }
}
