/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.srtp;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import org.jitsi.srtp.SrtpErrorStatus;
import org.jitsi.srtp.SrtpPolicy;
import org.jitsi.utils.ByteArrayBuffer;
import org.jitsi.utils.logging2.Logger;
import org.jspecify.annotations.Nullable;
import org.perc4j.header.MalformedPacketException;
import org.perc4j.header.ohb.OhbCodec;
import org.perc4j.jvb.bridge.BridgeOverride;
import org.perc4j.jvb.metrics.BridgeCounter;
import org.perc4j.jvb.metrics.BridgeCounters;
import org.perc4j.jvb.packet.OriginalHeaders;
import org.perc4j.jvb.packet.PacketState;

/**
 * Puts on the original header block that a packet needs by now, from what is kept on the packet
 * ({@link PacketState}), then the outer layer.
 *
 * <p>Packets without that state are refused: they have no inner layer. On a link between bridges
 * they go through, with an octet that says so in the place of the block, and so does the bridge's
 * own padding everywhere, emptied. No outer index is used twice, and a stream that was not sent for
 * long goes on where receivers expect it ({@link SentIndices}).
 */
final class SendingContext extends OuterContext {
  /** P in the first octet of an RTP header (RFC 3550 section 5.1). */
  private static final int PADDING_BIT = 0x20;

  private final @Nullable SentIndices indices;

  /**
   * A context.
   *
   * @param policy says at any time whether to encrypt header extensions
   * @param indices what was sent, or null if the SSRC is one too many: then all is refused
   */
  SendingContext(
      int ssrc,
      int roc,
      byte[] masterKey,
      byte[] masterSalt,
      SrtpPolicy policy,
      @Nullable SentIndices indices,
      boolean mixed,
      BridgeCounters counters,
      Logger logger)
      throws GeneralSecurityException {
    super(true, ssrc, roc, masterKey, masterSalt, policy, mixed, counters, logger);
    this.indices = indices;
  }

  @BridgeOverride
  @Override
  public synchronized SrtpErrorStatus transformPacket(ByteArrayBuffer packet)
      throws GeneralSecurityException {
    int state = ((PacketState) packet).perc4jOriginalHeader();
    boolean padding = state == OriginalHeaders.PADDING && !mixed;
    if (!OriginalHeaders.present(state) && !padding && !mixed) {
      counters.count(BridgeCounter.DROPPED_NOT_DOUBLE);
      return SrtpErrorStatus.FAIL;
    }
    if (indices == null) {
      counters.count(BridgeCounter.DROPPED_TOO_MANY_SSRCS);
      return SrtpErrorStatus.FAIL;
    }
    try {
      view.wrap(packet.getBuffer(), packet.getOffset(), packet.getLength());
      long index = indices.reserve(firstRoc, view.sequenceNumber(), (int) view.timestamp());
      if (index == SentIndices.REFUSED) {
        counters.count(BridgeCounter.DROPPED_OUTER_INDEX_REUSE);
        return SrtpErrorStatus.REPLAY_FAIL;
      }
      view.setSequenceNumber((int) index & 0xffff);
      boolean cryptex = policy.isCryptexEnabled();
      if (OriginalHeaders.present(state)) {
        putOhbOn(packet, state, cryptex);
        outer.encrypt(packet, view, index, cryptex);
        counters.count(BridgeCounter.DOUBLE_PACKETS_SENT);
      } else {
        if (padding) {
          clear(packet);
        }
        makeRoom(packet, 1 + OuterCipher.overheadBytes(view, cryptex));
        packet.getBuffer()[packet.getOffset() + packet.getLength()] =
            (byte) OhbCodec.NO_INNER_LAYER;
        lengthen(packet, 1);
        outer.encrypt(packet, view, index, cryptex);
        if (padding) {
          counters.count(BridgeCounter.PADDING_SENT);
        }
      }
      return SrtpErrorStatus.OK;
    } catch (MalformedPacketException e) {
      counters.count(BridgeCounter.DROPPED_NOT_DOUBLE);
      return SrtpErrorStatus.INVALID_PACKET;
    } catch (RuntimeException e) {
      return failed(e);
    }
  }

  /** Whatever was taken for padding carries nothing, and has no count that could be believed. */
  private void clear(ByteArrayBuffer packet) {
    byte[] buffer = packet.getBuffer();
    buffer[packet.getOffset()] &= ~PADDING_BIT;
    Arrays.fill(buffer, view.payloadOffset(), packet.getOffset() + packet.getLength(), (byte) 0);
  }

  private void putOhbOn(ByteArrayBuffer packet, int state, boolean cryptex)
      throws MalformedPacketException {
    int ohb = OriginalHeaders.ohb(state, view.marker(), view.payloadType(), view.sequenceNumber());
    makeRoom(packet, OhbCodec.encodedLength(ohb) + OuterCipher.overheadBytes(view, cryptex));
    int end = packet.getOffset() + packet.getLength();
    lengthen(packet, OhbCodec.write(ohb, packet.getBuffer(), end));
  }

  private void lengthen(ByteArrayBuffer packet, int by) throws MalformedPacketException {
    packet.setLength(packet.getLength() + by);
    view.wrap(packet.getBuffer(), packet.getOffset(), packet.getLength());
  }

  /**
   * Sees to it that there is room behind the packet for what is added. OpenSSL's cipher writes the
   * tag wherever it is told to: behind the array, if that ends before.
   */
  private static void makeRoom(ByteArrayBuffer packet, int added) {
    if (packet.getBuffer().length - packet.getOffset() - packet.getLength() < added) {
      packet.grow(added);
    }
  }
}
