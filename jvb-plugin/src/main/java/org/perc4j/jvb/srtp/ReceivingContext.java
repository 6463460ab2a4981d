/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.srtp;

import java.security.GeneralSecurityException;
import org.jitsi.srtp.SrtpErrorStatus;
import org.jitsi.srtp.SrtpPolicy;
import org.jitsi.utils.ByteArrayBuffer;
import org.jitsi.utils.logging2.Logger;
import org.jspecify.annotations.Nullable;
import org.perc4j.header.MalformedPacketException;
import org.perc4j.header.index.PacketIndex;
import org.perc4j.header.ohb.OhbCodec;
import org.perc4j.header.rtp.ExtensionProfile;
import org.perc4j.header.srtp.DoubleSrtpProfile;
import org.perc4j.jvb.bridge.BridgeOverride;
import org.perc4j.jvb.metrics.BridgeCounter;
import org.perc4j.jvb.metrics.BridgeCounters;
import org.perc4j.jvb.packet.OriginalHeaders;
import org.perc4j.jvb.packet.PacketState;

/**
 * Takes off the outer layer, then the original header block from the end of the packet, and keeps
 * what that says on the packet ({@link PacketState}).
 *
 * <p>A packet costs one AES-GCM call: under the index that RFC 3711 guesses, or one cycle above if
 * that is taken or too old. If the packet before failed, so that the rollover may be lost, it costs
 * a second one at the most, another cycle above. Of an SSRC nothing is kept before a packet has
 * authenticated.
 */
final class ReceivingContext extends OuterContext {
  /** An inner tag and the shortest block. */
  private static final int MIN_PAYLOAD_BYTES = DoubleSrtpProfile.TAG_LENGTH_BYTES + 1;

  private static final byte[] NO_OCTETS = {};

  private final SrtpPolicy sendPolicy;
  private final StreamTable<ReceivedIndices> streams;
  private @Nullable ReceivedIndices indices;
  private boolean lastFailed;
  private byte[] ciphertext = NO_OCTETS;

  /**
   * A context.
   *
   * @param sendPolicy of the other direction, which is told when the peer encrypts extensions
   * @param streams of the key
   */
  ReceivingContext(
      int ssrc,
      int roc,
      byte[] masterKey,
      byte[] masterSalt,
      SrtpPolicy policy,
      SrtpPolicy sendPolicy,
      StreamTable<ReceivedIndices> streams,
      boolean mixed,
      BridgeCounters counters,
      Logger logger)
      throws GeneralSecurityException {
    super(false, ssrc, roc, masterKey, masterSalt, policy, mixed, counters, logger);
    this.sendPolicy = sendPolicy;
    this.streams = streams;
    this.indices = streams.find(ssrc);
  }

  @BridgeOverride
  @Override
  public synchronized SrtpErrorStatus reverseTransformPacket(
      ByteArrayBuffer packet, boolean skipDecryption) {
    PacketState original = (PacketState) packet;
    original.perc4jOriginalHeader(OriginalHeaders.NONE);
    try {
      view.wrap(packet.getBuffer(), packet.getOffset(), packet.getLength());
      if (view.payloadLength() < DoubleSrtpProfile.TAG_LENGTH_BYTES) {
        return SrtpErrorStatus.INVALID_PACKET;
      }
      boolean cryptex = ExtensionProfile.isCryptex(view.extensionProfile());
      ReceivedIndices known = indices;
      SrtpErrorStatus status =
          known == null
              ? receiveFirst(packet, skipDecryption)
              : receive(packet, skipDecryption, known);
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

  private SrtpErrorStatus receiveFirst(ByteArrayBuffer packet, boolean skipDecryption) {
    if (streams.isFull()) {
      counters.count(BridgeCounter.DROPPED_TOO_MANY_SSRCS);
      return SrtpErrorStatus.FAIL;
    }
    long index = PacketIndex.of(firstRoc, view.sequenceNumber());
    SrtpErrorStatus status = outer.decrypt(packet, view, index, skipDecryption);
    if (status != SrtpErrorStatus.OK) {
      return status;
    }
    ReceivedIndices added = streams.findOrAdd(getSsrc());
    if (added == null) {
      counters.count(BridgeCounter.DROPPED_TOO_MANY_SSRCS);
      return SrtpErrorStatus.FAIL;
    }
    indices = added;
    return added.receive(index) ? SrtpErrorStatus.OK : SrtpErrorStatus.REPLAY_FAIL;
  }

  private SrtpErrorStatus receive(
      ByteArrayBuffer packet, boolean skipDecryption, ReceivedIndices known) {
    long nearest = known.nearest(view.sequenceNumber());
    boolean mayBeNearest = known.mayReceive(nearest);
    long index = mayBeNearest ? nearest : nearest + PacketIndex.CYCLE;
    boolean again = lastFailed;
    if (again) {
      keepOctets(packet);
    }
    int length = packet.getLength();
    SrtpErrorStatus status = outer.decrypt(packet, view, index, skipDecryption);
    if (again && status == SrtpErrorStatus.AUTH_FAIL) {
      System.arraycopy(ciphertext, 0, packet.getBuffer(), packet.getOffset(), length);
      index += PacketIndex.CYCLE;
      status = outer.decrypt(packet, view, index, skipDecryption);
    }
    lastFailed = status == SrtpErrorStatus.AUTH_FAIL;
    if (status == SrtpErrorStatus.OK) {
      return known.receive(index) ? SrtpErrorStatus.OK : SrtpErrorStatus.REPLAY_FAIL;
    }
    if (lastFailed && !mayBeNearest) {
      return known.isTooOld(nearest) ? SrtpErrorStatus.REPLAY_OLD : SrtpErrorStatus.REPLAY_FAIL;
    }
    return status;
  }

  /** A packet is decrypted in place, whether it turns out to be authentic or not. */
  private void keepOctets(ByteArrayBuffer packet) {
    if (ciphertext.length < packet.getLength()) {
      ciphertext = new byte[packet.getLength()];
    }
    System.arraycopy(packet.getBuffer(), packet.getOffset(), ciphertext, 0, packet.getLength());
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
    if (view.payloadLength() - OhbCodec.encodedLength(ohb) < DoubleSrtpProfile.TAG_LENGTH_BYTES) {
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
    return length > 0
        && view.buffer()[view.payloadOffset() + length - 1] == (byte) OhbCodec.NO_INNER_LAYER;
  }
}
