/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.srtp;

import javax.security.auth.Destroyable;
import org.perc4j.header.MalformedPacketException;
import org.perc4j.header.ohb.OhbCodec;
import org.perc4j.header.rtp.RtpPacketView;
import org.perc4j.header.srtp.DoubleSrtpProfile;

/**
 * The end-to-end layer of a receiver (RFC 8723 section 5.3, steps 3 to 5), for all SSRCs of one
 * sender under one of its inner keys.
 *
 * <p>A packet that does not authenticate is left as it was, so that contexts for several keys can
 * be tried in turn. Each has rollover counters and replay windows of its own: 4096 packets for each
 * SSRC. One packet costs at most {@link #MAX_AEAD_CALLS_PER_PACKET} AES-GCM calls, authentic or
 * not; the package's documentation explains what they are spent on.
 *
 * <p>State for an SSRC is made when its first packet has authenticated, and kept as long as the
 * context lives. When it is kept for as many as it may be, other SSRCs are refused, at no cost:
 * forgetting one instead would let its packets be replayed. Not thread-safe.
 */
public final class InnerReceiver implements Destroyable {
  /** The most AES-GCM calls that one packet may cost. */
  public static final int MAX_AEAD_CALLS_PER_PACKET = Layer.INNER.maxAeadCalls;

  /** For how many SSRCs state is kept unless said otherwise. */
  public static final int DEFAULT_MAX_STREAMS = 4096;

  private final AeadTransform aead;
  private final ReceiveIndices indices;
  private final Scratch scratch = new Scratch();
  private final RtpPacketView view = new RtpPacketView();
  private final InnerHeader authenticated = new InnerHeader();
  private boolean destroyed;

  /**
   * A receiver with {@link #DEFAULT_MAX_STREAMS}.
   *
   * @param key the sender's inner master key, which may be destroyed afterwards
   * @throws IllegalArgumentException if the key's length is not the profile's
   */
  public InnerReceiver(DoubleSrtpProfile profile, SrtpMasterKey key) {
    this(profile, key, DEFAULT_MAX_STREAMS);
  }

  /**
   * A receiver.
   *
   * @param key the sender's inner master key, which may be destroyed afterwards
   * @param maxStreams for how many SSRCs state is kept: 1 or more
   * @throws IllegalArgumentException if the key's length is not the profile's
   */
  public InnerReceiver(DoubleSrtpProfile profile, SrtpMasterKey key, int maxStreams) {
    this(profile, key, maxStreams, 0);
  }

  /** A receiver that tries another rollover counter first, which is for known answers only. */
  InnerReceiver(DoubleSrtpProfile profile, SrtpMasterKey key, int maxStreams, int initialRoc) {
    key.requireFor(profile);
    this.aead = AeadTransform.decrypting(key);
    this.indices = new ReceiveIndices(Layer.INNER, maxStreams, initialRoc);
  }

  /**
   * Authenticates and decrypts a packet in place, which makes it shorter.
   *
   * <p>Afterwards marker, payload type and sequence number are the sender's; those that the packet
   * came with are in {@link MediaPacket#receivedMarker}, {@link MediaPacket#receivedPayloadType}
   * and {@link MediaPacket#receivedSequenceNumber}, since RFC 8723 section 5.3 has a receiver find
   * the codec and order packets by those. The header extension is left in place. <b>It comes from
   * the bridge</b>: this layer does not authenticate it, nor that there is one.
   *
   * @param packet an RTP packet after the outer layer, or taken out of a repair packet: header,
   *     ciphertext, tag, original header block
   * @return {@link DoubleSrtpResult#OK}, or {@code MALFORMED}, {@code MALFORMED_OHB}, {@code
   *     INNER_AUTHENTICATION_FAILED}, {@code INNER_REPLAYED}, {@code INNER_TOO_OLD}, {@code
   *     INNER_TOO_MANY_STREAMS}; the packet is unchanged then
   * @throws IllegalStateException if this context was destroyed
   */
  public DoubleSrtpResult unprotect(MediaPacket packet) {
    byte[] buffer = packet.buffer();
    int ohb;
    try {
      view.wrap(buffer, packet.offset(), packet.length());
    } catch (MalformedPacketException e) {
      return DoubleSrtpResult.MALFORMED;
    }
    try {
      ohb = OhbCodec.parse(buffer, view.payloadOffset(), view.payloadLength());
    } catch (MalformedPacketException e) {
      return DoubleSrtpResult.MALFORMED_OHB;
    }
    int protectedLength = view.payloadLength() - OhbCodec.encodedLength(ohb);
    if (protectedLength < AeadTransform.TAG_LENGTH_BYTES) {
      return DoubleSrtpResult.MALFORMED;
    }
    requireAlive();
    authenticated.set(view, ohb);
    byte[] plaintext = scratch.ofAtLeast(protectedLength);
    indices.begin(view.ssrc(), OhbCodec.originalSequenceNumber(ohb, view.sequenceNumber()));
    for (long index = indices.next(); index != ReceiveIndices.EXHAUSTED; index = indices.next()) {
      if (aead.decrypt(
          view.ssrc(),
          index,
          authenticated.octets(),
          0,
          authenticated.length(),
          buffer,
          view.payloadOffset(),
          protectedLength,
          plaintext)) {
        indices.accept();
        complete(packet, ohb, plaintext, protectedLength - AeadTransform.TAG_LENGTH_BYTES);
        return DoubleSrtpResult.OK;
      }
    }
    return indices.refusal();
  }

  private void complete(MediaPacket packet, int ohb, byte[] plaintext, int plaintextLength) {
    packet.setReceivedHeader(view.marker(), view.payloadType(), view.sequenceNumber());
    view.setMarker(OhbCodec.originalMarker(ohb, view.marker()));
    view.setPayloadType(OhbCodec.originalPayloadType(ohb, view.payloadType()));
    view.setSequenceNumber(OhbCodec.originalSequenceNumber(ohb, view.sequenceNumber()));
    System.arraycopy(plaintext, 0, packet.buffer(), view.payloadOffset(), plaintextLength);
    packet.setLength(view.headerLength() + plaintextLength);
  }

  /** How often AES-GCM was run so far, successfully or not. */
  long aeadCalls() {
    return aead.calls();
  }

  private void requireAlive() {
    if (destroyed) {
      throw new IllegalStateException("context was destroyed");
    }
  }

  /** Zeroes the session key and the last plaintext. */
  @Override
  public void destroy() {
    destroyed = true;
    aead.destroy();
    scratch.destroy();
  }

  @Override
  public boolean isDestroyed() {
    return destroyed;
  }
}
