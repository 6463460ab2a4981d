/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.embedded;

import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.perc4j.endpoint.media.VideoCodec;
import org.perc4j.endpoint.signalling.PayloadTypes;
import org.perc4j.endpoint.signalling.Source;
import org.perc4j.header.MalformedPacketException;
import org.perc4j.header.rtp.RtpPacketView;
import org.perc4j.jvb.packet.ActiveTargets;
import org.perc4j.jvb.packet.OriginalHeaders;
import org.perc4j.jvb.video.SourceProjection;

/**
 * One video source on its way to one receiver: begins at key frames, leaves no gap where it paused,
 * keeps what it sent for repair. Not thread-safe.
 */
final class VideoForwarder {
  private static final int CACHE_PACKETS = 512;
  private static final int OSN_BYTES = 2;

  /** All layers of the one encoding that there is. */
  private static final int EVERYTHING = 0x3F;

  private final Source source;
  private final RtpPacketView view = new RtpPacketView();
  private final Map<Integer, ForwardedPacket> cache =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Integer, ForwardedPacket> eldest) {
          return size() > CACHE_PACKETS;
        }
      };
  private boolean wanted;
  private final SourceProjection projection = new SourceProjection(System::nanoTime);
  private int rtxSequenceNumber;

  VideoForwarder(Source source) {
    this.source = source;
  }

  Source source() {
    return source;
  }

  void want(boolean wanted) {
    this.wanted = wanted;
  }

  /** Tells whether the packet that was looked at last showed that a key frame is to be sent. */
  boolean needsKeyFrame() {
    return projection.keyFrameWanted();
  }

  /**
   * Returns what to send for a packet that came in, or null.
   *
   * @param frame what the packet's extension says of its frame, as {@link
   *     org.perc4j.jvb.video.Frame} packs it
   */
  @Nullable ForwardedPacket forward(ForwardedPacket packet, int frame)
      throws MalformedPacketException {
    view.wrap(packet.getBuffer(), packet.getOffset(), packet.getLength());
    int sequenceNumber = view.sequenceNumber();
    if (!projection.accept(
        view.ssrc(),
        0,
        sequenceNumber,
        view.timestamp(),
        frame,
        null,
        ActiveTargets.NONE,
        wanted ? EVERYTHING : SourceProjection.SUSPENDED)) {
      return null;
    }
    ForwardedPacket copy = packet.copy();
    view.wrap(copy.getBuffer(), copy.getOffset(), copy.getLength());
    int sent = projection.map(view.ssrc(), sequenceNumber) & 0xFFFF;
    view.setSequenceNumber(sent);
    cache.put(sent, copy.copy());
    return copy;
  }

  /** Returns the repair packet for one that a receiver misses, or null. */
  @Nullable ForwardedPacket repair(int missing) throws MalformedPacketException {
    ForwardedPacket sent = cache.get(missing);
    if (sent == null) {
      return null;
    }
    view.wrap(sent.getBuffer(), sent.getOffset(), sent.getLength());
    int header = view.headerLength();
    ByteBuffer octets =
        ByteBuffer.allocate(sent.getLength() + OSN_BYTES)
            .put(sent.getBuffer(), sent.getOffset(), header)
            .putShort((short) missing)
            .put(sent.getBuffer(), view.payloadOffset(), view.payloadLength());
    octets.putInt(8, source.rtxSsrc());
    ForwardedPacket repair = new ForwardedPacket(octets.array(), 0, octets.capacity());
    repair.perc4jOriginalHeader(
        OriginalHeaders.frozen(
            sent.perc4jOriginalHeader(), view.marker(), view.payloadType(), view.sequenceNumber()));
    view.wrap(repair.getBuffer(), repair.getOffset(), repair.getLength());
    VideoCodec codec = PayloadTypes.codec(view.payloadType());
    view.setPayloadType(PayloadTypes.repairOf(codec == null ? VideoCodec.VP8 : codec));
    view.setSequenceNumber(rtxSequenceNumber);
    rtxSequenceNumber = (rtxSequenceNumber + 1) & 0xFFFF;
    return repair;
  }
}
