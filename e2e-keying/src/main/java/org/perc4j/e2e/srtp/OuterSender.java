/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.srtp;

import javax.security.auth.Destroyable;
import org.perc4j.header.MalformedPacketException;
import org.perc4j.header.rtp.CryptexHeader;
import org.perc4j.header.rtp.ExtensionProfile;
import org.perc4j.header.rtp.RtpPacketView;
import org.perc4j.header.srtp.DoubleSrtpProfile;

/**
 * The hop-by-hop layer of a sender (RFC 8723 section 5.1, step 6), for all SSRCs under one outer
 * key: SRTP with AES-GCM (RFC 7714), with header extensions and CSRCs encrypted if wanted. For that
 * RFC 8723 names RFC 6904; RFC 9335, used here, came later.
 *
 * <p>Knows nothing of the inner layer: what it protects is what {@link InnerSender} made, or a
 * repair packet around it. Indices are given out as there: once each, so that sending a packet
 * again takes a repair stream with its own SSRC. Not thread-safe.
 */
public final class OuterSender implements Destroyable {
  /** How much longer a packet gets without cryptex, in octets. */
  public static final int OVERHEAD_BYTES = AeadTransform.TAG_LENGTH_BYTES;

  /** How much longer a packet gets at most: cryptex may have to add an empty extension. */
  public static final int MAX_OVERHEAD_BYTES =
      OVERHEAD_BYTES + CryptexHeader.EXTENSION_HEADER_LENGTH_BYTES;

  /** For how many SSRCs state is kept unless said otherwise. */
  public static final int DEFAULT_MAX_STREAMS = 16_384;

  private final AeadTransform aead;
  private final SendIndices indices;
  private final CryptexPolicy cryptex;
  private final RtpPacketView view = new RtpPacketView();
  private boolean destroyed;

  /**
   * A sender with {@link #DEFAULT_MAX_STREAMS}.
   *
   * @param key the outer master key, which may be destroyed afterwards
   * @param cryptex not {@code OFF} only if the peer signalled that it understands cryptex
   * @throws IllegalArgumentException if the key's length is not the profile's
   */
  public OuterSender(DoubleSrtpProfile profile, SrtpMasterKey key, CryptexPolicy cryptex) {
    this(profile, key, cryptex, DEFAULT_MAX_STREAMS);
  }

  /**
   * A sender.
   *
   * @param key the outer master key, which may be destroyed afterwards
   * @param cryptex not {@code OFF} only if the peer signalled that it understands cryptex
   * @param maxStreams how many SSRCs may be sent: 1 or more
   * @throws IllegalArgumentException if the key's length is not the profile's
   */
  public OuterSender(
      DoubleSrtpProfile profile, SrtpMasterKey key, CryptexPolicy cryptex, int maxStreams) {
    this(profile, key, cryptex, maxStreams, 0);
  }

  /** A sender whose rollover counters start elsewhere, which is for known answers only. */
  OuterSender(
      DoubleSrtpProfile profile,
      SrtpMasterKey key,
      CryptexPolicy cryptex,
      int maxStreams,
      int initialRoc) {
    key.requireFor(profile);
    this.aead = AeadTransform.encrypting(key);
    this.indices = new SendIndices(Layer.OUTER, maxStreams, initialRoc);
    this.cryptex = cryptex;
  }

  /**
   * Protects a packet in place, which makes it {@link #OVERHEAD_BYTES} longer, or with cryptex up
   * to {@link #MAX_OVERHEAD_BYTES}.
   *
   * @param packet an RTP packet
   * @return {@link DoubleSrtpResult#OK}, or {@code MALFORMED}, {@code NO_ROOM}, {@code
   *     HEADER_IN_CLEAR}, {@code OUTER_INDEX_REUSED}, {@code OUTER_INDEX_EXHAUSTED}, {@code
   *     OUTER_TOO_MANY_STREAMS}; the packet is unchanged then
   * @throws IllegalStateException if this context was destroyed
   */
  public DoubleSrtpResult protect(MediaPacket packet) {
    byte[] buffer = packet.buffer();
    try {
      view.wrap(buffer, packet.offset(), packet.length());
    } catch (MalformedPacketException e) {
      return DoubleSrtpResult.MALFORMED;
    }
    boolean hide = false;
    if (cryptex != CryptexPolicy.OFF && CryptexHeader.isApplicable(view)) {
      int profile = view.extensionProfile();
      if (ExtensionProfile.isCryptex(profile)) {
        // The receiver would take the header for encrypted.
        return DoubleSrtpResult.MALFORMED;
      }
      hide = CryptexHeader.encryptedProfile(profile) >= 0;
      if (!hide && cryptex == CryptexPolicy.REQUIRED) {
        return DoubleSrtpResult.HEADER_IN_CLEAR;
      }
    }
    boolean insert = hide && !view.hasExtension();
    if (!packet.hasRoomFor(insert ? MAX_OVERHEAD_BYTES : OVERHEAD_BYTES)) {
      return DoubleSrtpResult.NO_ROOM;
    }
    requireAlive();
    long index = indices.reserve(view.ssrc(), view.sequenceNumber());
    if (index == SendIndices.REFUSED) {
      return indices.refusal();
    }
    if (insert) {
      insertEmptyExtension(packet);
    }
    if (hide) {
      protectWithHeader(packet, index);
    } else {
      aead.encrypt(
          view.ssrc(),
          index,
          buffer,
          packet.offset(),
          view.headerLength(),
          buffer,
          view.payloadOffset(),
          view.payloadLength());
    }
    packet.setLength(packet.length() + AeadTransform.TAG_LENGTH_BYTES);
    return DoubleSrtpResult.OK;
  }

  private void insertEmptyExtension(MediaPacket packet) {
    CryptexHeader.insertEmptyExtension(
        packet.buffer(), packet.offset(), view.headerLength(), packet.length());
    packet.setLength(packet.length() + CryptexHeader.EXTENSION_HEADER_LENGTH_BYTES);
  }

  private void protectWithHeader(MediaPacket packet, long index) {
    byte[] buffer = packet.buffer();
    int offset = packet.offset();
    int csrcCount = view.csrcCount();
    CryptexHeader.setProfile(
        buffer,
        offset + view.fixedHeaderLength(),
        CryptexHeader.encryptedProfile(view.extensionProfile()));
    CryptexHeader.rearrange(buffer, offset, csrcCount);
    aead.encrypt(
        view.ssrc(),
        index,
        buffer,
        offset,
        CryptexHeader.CLEAR_LENGTH_BYTES,
        buffer,
        offset + CryptexHeader.CLEAR_LENGTH_BYTES,
        packet.length() - CryptexHeader.CLEAR_LENGTH_BYTES);
    CryptexHeader.restore(buffer, offset, csrcCount);
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
