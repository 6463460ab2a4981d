/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.srtp;

import javax.security.auth.Destroyable;
import org.perc4j.header.MalformedPacketException;
import org.perc4j.header.ohb.OhbCodec;
import org.perc4j.header.rtp.RtpPacketView;
import org.perc4j.header.srtp.DoubleSrtpProfile;

/**
 * The end-to-end layer of a sender (RFC 8723 section 5.1, steps 3 to 5), for all SSRCs under one
 * inner key.
 *
 * <p>The payload, RTP padding included, is encrypted. Authenticated with it is the header without
 * extension, that is with the X bit cleared; the extension itself stays as it is and is not
 * protected by this layer. An empty original header block is appended.
 *
 * <p>Each SSRC's rollover counter starts at 0 and follows the sequence numbers given. No index is
 * used twice: a packet may come out of order, within the last 2048, but one whose number was used
 * is refused. A sender may jump; of one that jumps to where numbers may have been used the first
 * packet is refused, as it may be a stray one. A new inner key takes a new context. Not
 * thread-safe.
 */
public final class InnerSender implements Destroyable {
  /** How much longer a packet gets, in octets. */
  public static final int OVERHEAD_BYTES = AeadTransform.TAG_LENGTH_BYTES + 1;

  /** For how many SSRCs state is kept unless said otherwise. */
  public static final int DEFAULT_MAX_STREAMS = 4096;

  private final AeadTransform aead;
  private final SendIndices indices;
  private final RtpPacketView view = new RtpPacketView();
  private final InnerHeader authenticated = new InnerHeader();
  private boolean destroyed;

  /**
   * A sender with {@link #DEFAULT_MAX_STREAMS}.
   *
   * @param key the inner master key, which may be destroyed afterwards
   * @throws IllegalArgumentException if the key's length is not the profile's
   */
  public InnerSender(DoubleSrtpProfile profile, SrtpMasterKey key) {
    this(profile, key, DEFAULT_MAX_STREAMS);
  }

  /**
   * A sender.
   *
   * @param key the inner master key, which may be destroyed afterwards
   * @param maxStreams how many SSRCs may be sent: 1 or more
   * @throws IllegalArgumentException if the key's length is not the profile's
   */
  public InnerSender(DoubleSrtpProfile profile, SrtpMasterKey key, int maxStreams) {
    this(profile, key, maxStreams, 0);
  }

  /** A sender whose rollover counters start elsewhere, which is for known answers only. */
  InnerSender(DoubleSrtpProfile profile, SrtpMasterKey key, int maxStreams, int initialRoc) {
    key.requireFor(profile);
    this.aead = AeadTransform.encrypting(key);
    this.indices = new SendIndices(Layer.INNER, maxStreams, initialRoc);
  }

  /**
   * Protects a packet in place, which makes it {@link #OVERHEAD_BYTES} longer. What results is what
   * the outer layer takes, and what a repair packet carries: the sender may keep a copy for RTX.
   *
   * @param packet an RTP packet
   * @return {@link DoubleSrtpResult#OK}, or {@code MALFORMED}, {@code NO_ROOM}, {@code
   *     INNER_INDEX_REUSED}, {@code INNER_INDEX_EXHAUSTED}, {@code INNER_TOO_MANY_STREAMS}; the
   *     packet is unchanged then
   * @throws IllegalStateException if this context was destroyed
   */
  public DoubleSrtpResult protect(MediaPacket packet) {
    byte[] buffer = packet.buffer();
    try {
      view.wrap(buffer, packet.offset(), packet.length());
    } catch (MalformedPacketException e) {
      return DoubleSrtpResult.MALFORMED;
    }
    if (!packet.hasRoomFor(OVERHEAD_BYTES)) {
      return DoubleSrtpResult.NO_ROOM;
    }
    requireAlive();
    long index = indices.reserve(view.ssrc(), view.sequenceNumber());
    if (index == SendIndices.REFUSED) {
      return indices.refusal();
    }
    authenticated.set(view, OhbCodec.EMPTY);
    aead.encrypt(
        view.ssrc(),
        index,
        authenticated.octets(),
        0,
        authenticated.length(),
        buffer,
        view.payloadOffset(),
        view.payloadLength());
    int ohbOffset = packet.offset() + packet.length() + AeadTransform.TAG_LENGTH_BYTES;
    int ohbLength = OhbCodec.write(OhbCodec.EMPTY, buffer, ohbOffset);
    packet.setLength(packet.length() + AeadTransform.TAG_LENGTH_BYTES + ohbLength);
    return DoubleSrtpResult.OK;
  }

  private void requireAlive() {
    if (destroyed) {
      throw new IllegalStateException("context was destroyed");
    }
  }

  /** Zeroes the session key. */
  @Override
  public void destroy() {
    destroyed = true;
    aead.destroy();
  }

  @Override
  public boolean isDestroyed() {
    return destroyed;
  }
}
