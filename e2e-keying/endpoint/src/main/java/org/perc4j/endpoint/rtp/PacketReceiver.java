/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.rtp;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.perc4j.e2e.srtp.DoubleSrtpResult;
import org.perc4j.e2e.srtp.MediaPacket;
import org.perc4j.endpoint.signalling.AnnouncedSources;
import org.perc4j.endpoint.signalling.PayloadTypes;
import org.perc4j.endpoint.signalling.Source;
import org.perc4j.endpoint.transport.PacketProtection;
import org.perc4j.header.MalformedPacketException;
import org.perc4j.header.rtp.ExtensionProfile;
import org.perc4j.header.rtp.RtpPacketView;

/**
 * The way of a packet from the line to its stream: the hop, whose it should be, repair packets (RFC
 * 4588), the end-to-end layer. On the thread of the media only, apart from {@link #counters}.
 */
public final class PacketReceiver {
  private static final int OSN_BYTES = 2;

  /** Whose source it is that a bridge announces as its own. */
  private static final String BRIDGE = "jvb";

  /** Takes what comes; on the thread that receives. */
  public interface Listener {
    /**
     * A packet of media came, as itself or in a repair packet; whether its end-to-end layer is
     * authentic is not known yet.
     *
     * @param encoding index in the source
     * @param sequenceNumber the bridge's, 16 bits
     */
    void numbered(Source source, int encoding, int sequenceNumber, boolean isRepair, long nowNanos)
        throws IOException;

    /**
     * The bridge sent padding under a number that otherwise media have.
     *
     * @param encoding index in the source
     * @param sequenceNumber the bridge's, 16 bits
     */
    void padded(Source source, int encoding, int sequenceNumber);

    /**
     * A packet came through all layers.
     *
     * @param encoding index in the source
     * @param bridgeSequenceNumber under which it came, 16 bits
     * @param packet as its sender made it; only until this returns
     */
    void accepted(
        Source source, int encoding, int bridgeSequenceNumber, RtpPacketView packet, long nowNanos)
        throws IOException;
  }

  private final String self;
  private final boolean isDouble;
  private final AnnouncedSources sources;
  private final Listener listener;
  private final ReceiverCounters counters = new ReceiverCounters();
  private final RtpPacketView view = new RtpPacketView();
  private final MediaPacket carrier = new MediaPacket();

  /**
   * A receiver.
   *
   * @param self whose sources are none that anybody else may use
   * @param isDouble whether there are two layers
   */
  public PacketReceiver(
      String self, boolean isDouble, AnnouncedSources sources, Listener listener) {
    this.self = self;
    this.isDouble = isDouble;
    this.sources = sources;
    this.listener = listener;
  }

  /** Returns what became of all packets. */
  public ReceiverCounters counters() {
    return counters;
  }

  /**
   * Takes an RTP packet.
   *
   * @param octets changed in place
   * @param arrivalNanos when it came, by the clock of congestion control
   */
  public void receive(Line line, byte[] octets, long arrivalNanos, long nowNanos)
      throws IOException {
    if (octets.length < RtpPacketView.FIXED_HEADER_LENGTH) {
      counters.count(DoubleSrtpResult.MALFORMED);
      return;
    }
    PacketProtection protection = line.protection();
    MediaPacket packet = carrier.wrap(octets, 0, octets.length);
    boolean hidden = hasHiddenHeader(octets);
    DoubleSrtpResult outer = protection.unprotectOuter(packet);
    if (outer != DoubleSrtpResult.OK && outer != DoubleSrtpResult.BRIDGE_PADDING) {
      counters.count(outer);
      return;
    }
    line.congestion()
        .arrived(octets, packet.offset(), packet.length(), octets.length, arrivalNanos);
    try {
      view.wrap(octets, packet.offset(), packet.length());
      Source source = sources.source(view.ssrc());
      if (outer == DoubleSrtpResult.BRIDGE_PADDING || (!isDouble && isNothingButPadding(source))) {
        // What a bridge probes with; where there is one layer it can read what it sends.
        line.congestion().wasPadding(octets.length);
        onPadding(source);
        return;
      }
      if (hidden) {
        counters.countHiddenHeader();
      }
      if (source == null || source.owner().equals(self)) {
        counters.countUnknownSsrc();
        return;
      }
      onMedia(protection, packet, source, nowNanos);
    } catch (MalformedPacketException e) {
      counters.count(DoubleSrtpResult.MALFORMED);
    }
  }

  private void onMedia(
      PacketProtection protection, MediaPacket packet, Source source, long nowNanos)
      throws IOException, MalformedPacketException {
    int encoding = source.encoding(view.ssrc());
    int mediaSsrc = source.encodings().get(encoding).ssrc();
    boolean isRepair = view.ssrc() != mediaSsrc;
    if (isRepair) {
      if (view.payloadLength() <= OSN_BYTES
          || view.hasPadding()
          || PayloadTypes.repaired(view.payloadType()) < 0) {
        // A probe: padding that the bridge made.
        counters.countEmptyRepair();
        return;
      }
      counters.countRepair();
      byte[] octets = packet.buffer();
      int offset = packet.offset();
      MediaPacket unused = packet.wrap(octets, offset, undoRepair(octets, offset, mediaSsrc));
      view.wrap(octets, offset, packet.length());
    }
    int bridgeSequenceNumber = view.sequenceNumber();
    listener.numbered(source, encoding, bridgeSequenceNumber, isRepair, nowNanos);
    DoubleSrtpResult inner = protection.unprotectInner(packet, source.owner());
    if (inner == DoubleSrtpResult.OK) {
      accept(packet, source, encoding, bridgeSequenceNumber, nowNanos);
    } else if (inner != DoubleSrtpResult.HELD) {
      // What is held comes late, or is counted as in vain.
      counters.count(inner);
    }
  }

  private void accept(
      MediaPacket packet, Source source, int encoding, int bridgeSequenceNumber, long nowNanos)
      throws IOException, MalformedPacketException {
    view.wrap(packet.buffer(), packet.offset(), packet.length());
    listener.accepted(source, encoding, bridgeSequenceNumber, view, nowNanos);
  }

  /**
   * Takes a packet that was held for its key.
   *
   * @param octets as its sender made it
   * @param sender who proved to have sent it, or null
   * @param bridgeSequenceNumber under which it came, 16 bits
   */
  public void receiveLate(
      byte[] octets, @Nullable String sender, int bridgeSequenceNumber, long nowNanos)
      throws IOException {
    try {
      view.wrap(octets, 0, octets.length);
      int ssrc = view.ssrc();
      Source source = sources.source(ssrc);
      if (source == null || !source.owner().equals(sender)) {
        counters.count(DoubleSrtpResult.INNER_AUTHENTICATION_FAILED);
        return;
      }
      accept(
          carrier.wrap(octets, 0, octets.length),
          source,
          source.encoding(ssrc),
          bridgeSequenceNumber,
          nowNanos);
    } catch (MalformedPacketException e) {
      counters.count(DoubleSrtpResult.MALFORMED);
    }
  }

  /** RFC 3550 section 5.1; repair streams have their own account of what repairs nothing. */
  private boolean isNothingButPadding(@Nullable Source source) {
    int length = view.payloadLength();
    if (length == 0) {
      // An account is kept of what a bridge leaves empty of media.
      return source == null || source.owner().equals(BRIDGE);
    }
    boolean isRepair =
        source != null
            && view.ssrc() != source.encodings().get(source.encoding(view.ssrc())).ssrc();
    return view.hasPadding()
        && (view.buffer()[view.payloadOffset() + length - 1] & 0xFF) == length
        && !isRepair;
  }

  /** Under an SSRC that media have, it takes numbers that media would have. */
  private void onPadding(@Nullable Source source) {
    if (source != null) {
      int encoding = source.encoding(view.ssrc());
      if (view.ssrc() == source.encodings().get(encoding).ssrc()) {
        listener.padded(source, encoding, view.sequenceNumber());
      }
    }
  }

  /**
   * Undoes what makes a repair packet of one (RFC 4588, section 4).
   *
   * @return the length of the packet that was repaired
   */
  private int undoRepair(byte[] octets, int offset, int mediaSsrc) {
    int payload = view.payloadOffset();
    int originalSequenceNumber = ((octets[payload] & 0xFF) << 8) | (octets[payload + 1] & 0xFF);
    System.arraycopy(
        octets, payload + OSN_BYTES, octets, payload, view.payloadLength() - OSN_BYTES);
    view.setPayloadType(PayloadTypes.repaired(view.payloadType()));
    view.setSequenceNumber(originalSequenceNumber);
    for (int i = 0; i < 4; i++) {
      octets[offset + 8 + i] = (byte) (mediaSsrc >>> (24 - 8 * i));
    }
    return view.length() - OSN_BYTES;
  }

  private boolean hasHiddenHeader(byte[] octets) {
    try {
      view.wrap(octets, 0, octets.length);
      return ExtensionProfile.isCryptex(view.extensionProfile());
    } catch (MalformedPacketException e) {
      return false;
    }
  }
}
