/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.srtp;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import org.jitsi.srtp.SrtpCryptoContext;
import org.jitsi.srtp.SrtpErrorStatus;
import org.jitsi.srtp.SrtpPolicy;
import org.jitsi.utils.ByteArrayBuffer;
import org.jitsi.utils.logging2.Logger;
import org.perc4j.header.MalformedPacketException;
import org.perc4j.header.ohb.OhbCodec;
import org.perc4j.header.rtp.ExtensionProfile;
import org.perc4j.header.rtp.RtpPacketView;
import org.perc4j.jvb.metrics.BridgeCounter;
import org.perc4j.jvb.metrics.BridgeCounters;
import org.perc4j.jvb.packet.OriginalHeaders;
import org.perc4j.jvb.packet.PacketState;

/**
 * The outer SRTP context of one SSRC at a media distributor (RFC 8723 section 5.2).
 *
 * <p>Receiving: after the outer layer the original header block is taken off the end of the packet
 * and what it says is kept on the packet ({@link PacketState}). Sending: the block that the packet
 * needs by then is put back on before the outer layer. What lies between header and block is the
 * sender's inner ciphertext and is neither read nor changed.
 *
 * <p>Packets without that state are refused: they have no inner layer. On a link between bridges
 * they go through, with an octet that says so in the place of the block, and so does the bridge's
 * own padding everywhere, emptied. Malformed blocks and outer indices used before are refused. An
 * exception drops the packet, never more.
 *
 * <p>Thread-safe, as its base class is (one lock per SSRC, taken by the base class anyway).
 */
final class OuterContext extends SrtpCryptoContext {
  /** An inner tag and the shortest block. */
  private static final int MIN_PAYLOAD_BYTES = OuterProfile.TAG_LENGTH_BYTES + 1;

  /**
   * With cryptex, the base class gives a packet that has CSRCs and no extension an empty one:
   * before the packet if there is room, else what follows is moved.
   */
  private static final int MOVED_BYTES = 4;

  /**
   * In the place of an original header block: the packet has no inner layer. No block ends like
   * that, as its reserved bits are 0.
   */
  private static final byte PLAIN = (byte) 0x80;

  /** P in the first octet of an RTP header (RFC 3550 section 5.1). */
  private static final int PADDING_BIT = 0x20;

  private final SrtpPolicy sendPolicy;
  private final boolean mixed;
  private final BridgeCounters counters;
  private final RtpPacketView view = new RtpPacketView();
  private final SentIndices sent = new SentIndices();

  OuterContext(
      boolean sender,
      int ssrc,
      int roc,
      byte[] masterKey,
      byte[] masterSalt,
      SrtpPolicy policy,
      SrtpPolicy sendPolicy,
      boolean mixed,
      BridgeCounters counters,
      Logger logger)
      throws GeneralSecurityException {
    super(sender, ssrc, roc, masterKey, masterSalt, policy, logger);
    this.sendPolicy = sendPolicy;
    this.mixed = mixed;
    this.counters = counters;
  }

  @Override
  public synchronized SrtpErrorStatus reverseTransformPacket(
      ByteArrayBuffer packet, boolean skipDecryption) throws GeneralSecurityException {
    PacketState original = (PacketState) packet;
    original.perc4jOriginalHeader(OriginalHeaders.NONE);
    try {
      view.wrap(packet.getBuffer(), packet.getOffset(), packet.getLength());
      boolean cryptex = ExtensionProfile.isCryptex(view.extensionProfile());
      SrtpErrorStatus status = super.reverseTransformPacket(packet, skipDecryption);
      if (status != SrtpErrorStatus.OK) {
        return status;
      }
      if (cryptex && !sendPolicy.isCryptexEnabled()) {
        // The peer encrypts its header extensions, so it can read encrypted ones.
        sendPolicy.setCryptexEnabled(true);
      }
      if (skipDecryption) {
        // Authenticated but left encrypted, to be discarded: there is no block to be read.
        return SrtpErrorStatus.OK;
      }
      return takeOhbOff(packet, original);
    } catch (MalformedPacketException e) {
      counters.count(BridgeCounter.DROPPED_MALFORMED);
      return SrtpErrorStatus.INVALID_PACKET;
    } catch (RuntimeException e) {
      return failed(e);
    }
  }

  private SrtpErrorStatus takeOhbOff(ByteArrayBuffer packet, PacketState original)
      throws MalformedPacketException {
    view.wrap(packet.getBuffer(), packet.getOffset(), packet.getLength());
    if (mixed && isPlain()) {
      packet.setLength(packet.getLength() - 1);
      return SrtpErrorStatus.OK;
    }
    if (view.payloadLength() < MIN_PAYLOAD_BYTES) {
      counters.count(BridgeCounter.DROPPED_MALFORMED);
      return SrtpErrorStatus.INVALID_PACKET;
    }
    int ohb = OhbCodec.parse(view.buffer(), view.payloadOffset(), view.payloadLength());
    int length = packet.getLength() - OhbCodec.encodedLength(ohb);
    if (view.payloadLength() - OhbCodec.encodedLength(ohb) < OuterProfile.TAG_LENGTH_BYTES) {
      counters.count(BridgeCounter.DROPPED_MALFORMED);
      return SrtpErrorStatus.INVALID_PACKET;
    }
    packet.setLength(length);
    original.perc4jOriginalHeader(
        OriginalHeaders.received(ohb, view.marker(), view.payloadType(), view.sequenceNumber()));
    counters.count(BridgeCounter.DOUBLE_PACKETS_RECEIVED);
    return SrtpErrorStatus.OK;
  }

  private boolean isPlain() {
    int length = view.payloadLength();
    return length > 0 && view.buffer()[view.payloadOffset() + length - 1] == PLAIN;
  }

  @Override
  public synchronized SrtpErrorStatus transformPacket(ByteArrayBuffer packet)
      throws GeneralSecurityException {
    int state = ((PacketState) packet).perc4jOriginalHeader();
    boolean padding = state == OriginalHeaders.PADDING && !mixed;
    if (!OriginalHeaders.present(state) && !padding && !mixed) {
      counters.count(BridgeCounter.DROPPED_NOT_DOUBLE);
      return SrtpErrorStatus.FAIL;
    }
    try {
      view.wrap(packet.getBuffer(), packet.getOffset(), packet.getLength());
      if (!sent.use(view.sequenceNumber())) {
        counters.count(BridgeCounter.DROPPED_OUTER_INDEX_REUSE);
        return SrtpErrorStatus.REPLAY_FAIL;
      }
      boolean isDouble = OriginalHeaders.present(state);
      if (isDouble) {
        putOhbOn(packet, state);
      } else {
        if (padding) {
          clear(packet);
        }
        makeRoom(packet, 1 + OuterProfile.TAG_LENGTH_BYTES);
        packet.getBuffer()[packet.getOffset() + packet.getLength()] = PLAIN;
        packet.setLength(packet.getLength() + 1);
      }
      SrtpErrorStatus status = super.transformPacket(packet);
      if (status == SrtpErrorStatus.OK && isDouble) {
        counters.count(BridgeCounter.DOUBLE_PACKETS_SENT);
      } else if (status == SrtpErrorStatus.OK && padding) {
        counters.count(BridgeCounter.PADDING_SENT);
      }
      return status;
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
    int from = view.payloadOffset();
    Arrays.fill(buffer, from, packet.getOffset() + packet.getLength(), (byte) 0);
  }

  private void putOhbOn(ByteArrayBuffer packet, int state) {
    int ohb = OriginalHeaders.ohb(state, view.marker(), view.payloadType(), view.sequenceNumber());
    makeRoom(packet, OhbCodec.encodedLength(ohb) + OuterProfile.TAG_LENGTH_BYTES);
    int end = packet.getOffset() + packet.getLength();
    packet.setLength(packet.getLength() + OhbCodec.write(ohb, packet.getBuffer(), end));
  }

  /**
   * Sees to it that there is room behind the packet for what this and the base class add. The base
   * class does not, and OpenSSL's cipher writes the tag wherever it is told to: behind the array,
   * if that ends before.
   */
  private static void makeRoom(ByteArrayBuffer packet, int added) {
    int room = packet.getBuffer().length - packet.getOffset() - packet.getLength();
    if (room < added || (room < added + MOVED_BYTES && packet.getOffset() < MOVED_BYTES)) {
      packet.grow(added + MOVED_BYTES); // which leaves no room before the packet
    }
  }

  private SrtpErrorStatus failed(RuntimeException e) {
    counters.countPacketLostToFailure();
    logger.debug(() -> "Dropping a packet after an exception: " + e);
    return SrtpErrorStatus.FAIL;
  }
}
