/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.srtp;

import javax.security.auth.Destroyable;
import org.perc4j.header.MalformedPacketException;
import org.perc4j.header.ohb.OhbCodec;
import org.perc4j.header.rtp.CryptexHeader;
import org.perc4j.header.rtp.ExtensionProfile;
import org.perc4j.header.rtp.RtpPacketView;
import org.perc4j.header.srtp.DoubleSrtpProfile;

/**
 * The hop-by-hop layer of a receiver (RFC 8723 section 5.3, step 1), for all SSRCs under one outer
 * key: SRTP with AES-GCM (RFC 7714), with header extensions and CSRCs encrypted or not (RFC 9335).
 *
 * <p>Replay windows, rollover counters and the bound on SSRCs are as {@link InnerReceiver}'s, but a
 * packet costs at most {@link #MAX_AEAD_CALLS_PER_PACKET} AES-GCM calls. Not thread-safe.
 */
public final class OuterReceiver implements Destroyable {
  /** The most AES-GCM calls that one packet may cost. */
  public static final int MAX_AEAD_CALLS_PER_PACKET = Layer.OUTER.maxAeadCalls;

  /**
   * For how many SSRCs state is kept unless said otherwise: as many as the bridge sends under one
   * key. An SSRC takes some 100 octets with its first packet and 650 with more, so that all of them
   * take 11 MB.
   */
  public static final int DEFAULT_MAX_STREAMS = 16_384;

  private final AeadTransform aead;
  private final ReceiveIndices indices;
  private final CryptexPolicy cryptex;
  private final Scratch scratch = new Scratch();
  private final RtpPacketView view = new RtpPacketView();
  private boolean destroyed;

  /**
   * A receiver with {@link #DEFAULT_MAX_STREAMS}.
   *
   * @param key the peer's outer master key, which may be destroyed afterwards
   * @throws IllegalArgumentException if the key's length is not the profile's
   */
  public OuterReceiver(DoubleSrtpProfile profile, SrtpMasterKey key, CryptexPolicy cryptex) {
    this(profile, key, cryptex, DEFAULT_MAX_STREAMS);
  }

  /**
   * A receiver.
   *
   * @param key the peer's outer master key, which may be destroyed afterwards
   * @param maxStreams for how many SSRCs state is kept: 1 or more
   * @throws IllegalArgumentException if the key's length is not the profile's
   */
  public OuterReceiver(
      DoubleSrtpProfile profile, SrtpMasterKey key, CryptexPolicy cryptex, int maxStreams) {
    this(profile, key, cryptex, maxStreams, 0);
  }

  /** A receiver that tries another rollover counter first, which is for known answers only. */
  OuterReceiver(
      DoubleSrtpProfile profile,
      SrtpMasterKey key,
      CryptexPolicy cryptex,
      int maxStreams,
      int initialRoc) {
    key.requireFor(profile);
    this.aead = AeadTransform.decrypting(key);
    this.indices = new ReceiveIndices(Layer.OUTER, maxStreams, initialRoc);
    this.cryptex = cryptex;
  }

  /**
   * Authenticates and decrypts a packet in place, which makes it shorter by the tag. An extension
   * that cryptex encrypted has its profile of RFC 8285 afterwards; one that it added because of
   * CSRCs stays, with nothing in it.
   *
   * <p>A packet whose last octet then is {@link OhbCodec#NO_INNER_LAYER}, where the original header
   * block has its config, is the bridge's padding: {@link DoubleSrtpResult#BRIDGE_PADDING}. Its
   * outer layer is off as well, so that what its header says to the hop can be read; nothing else
   * of it may be used.
   *
   * @param packet an SRTP packet as it arrived
   * @return {@link DoubleSrtpResult#OK} or {@code BRIDGE_PADDING}; or {@code MALFORMED}, {@code
   *     HEADER_IN_CLEAR}, {@code OUTER_AUTHENTICATION_FAILED}, {@code OUTER_REPLAYED}, {@code
   *     OUTER_TOO_OLD}, {@code OUTER_TOO_MANY_STREAMS}; the packet is unchanged then
   * @throws IllegalStateException if this context was destroyed
   */
  public DoubleSrtpResult unprotect(MediaPacket packet) {
    try {
      view.wrap(packet.buffer(), packet.offset(), packet.length());
    } catch (MalformedPacketException e) {
      return DoubleSrtpResult.MALFORMED;
    }
    if (view.payloadLength() < AeadTransform.TAG_LENGTH_BYTES) {
      return DoubleSrtpResult.MALFORMED;
    }
    boolean hidden =
        cryptex != CryptexPolicy.OFF && ExtensionProfile.isCryptex(view.extensionProfile());
    if (!hidden && cryptex == CryptexPolicy.REQUIRED && CryptexHeader.isApplicable(view)) {
      return DoubleSrtpResult.HEADER_IN_CLEAR;
    }
    requireAlive();
    return hidden ? unprotectWithHeader(packet) : decrypt(packet, view.headerLength());
  }

  private DoubleSrtpResult unprotectWithHeader(MediaPacket packet) {
    byte[] buffer = packet.buffer();
    int offset = packet.offset();
    int csrcCount = view.csrcCount();
    int profile = CryptexHeader.clearProfile(view.extensionProfile());
    CryptexHeader.rearrange(buffer, offset, csrcCount);
    DoubleSrtpResult result = decrypt(packet, CryptexHeader.CLEAR_LENGTH_BYTES);
    CryptexHeader.restore(buffer, offset, csrcCount);
    if (result == DoubleSrtpResult.OK || result == DoubleSrtpResult.BRIDGE_PADDING) {
      CryptexHeader.setProfile(buffer, offset + view.fixedHeaderLength(), profile);
    }
    return result;
  }

  /** Decrypts what follows the octets that are authenticated only. */
  private DoubleSrtpResult decrypt(MediaPacket packet, int clearLength) {
    byte[] buffer = packet.buffer();
    int protectedOffset = packet.offset() + clearLength;
    int protectedLength = packet.length() - clearLength;
    byte[] plaintext = scratch.ofAtLeast(protectedLength);
    indices.begin(view.ssrc(), view.sequenceNumber());
    for (long index = indices.next(); index != ReceiveIndices.EXHAUSTED; index = indices.next()) {
      if (aead.decrypt(
          view.ssrc(),
          index,
          buffer,
          packet.offset(),
          clearLength,
          buffer,
          protectedOffset,
          protectedLength,
          plaintext)) {
        indices.accept();
        int plaintextLength = protectedLength - AeadTransform.TAG_LENGTH_BYTES;
        System.arraycopy(plaintext, 0, buffer, protectedOffset, plaintextLength);
        packet.setLength(packet.length() - AeadTransform.TAG_LENGTH_BYTES);
        return hasInnerLayer(packet) ? DoubleSrtpResult.OK : DoubleSrtpResult.BRIDGE_PADDING;
      }
    }
    return indices.refusal();
  }

  private boolean hasInnerLayer(MediaPacket packet) {
    int last = packet.buffer()[packet.offset() + packet.length() - 1] & 0xFF;
    return last != OhbCodec.NO_INNER_LAYER || packet.length() == view.headerLength();
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
