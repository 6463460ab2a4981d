/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.video;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jitsi.nlj.PacketInfo;
import org.jitsi.nlj.rtp.VideoRtpPacket;
import org.jitsi.rtp.rtcp.RtcpSrPacket;
import org.jitsi.videobridge.cc.AdaptiveSourceProjectionContext;
import org.jitsi.videobridge.cc.RewriteException;
import org.jitsi.videobridge.cc.RtpState;
import org.perc4j.jvb.metrics.BridgeCounter;
import org.perc4j.jvb.metrics.BridgeCounters;

/**
 * {@link SourceProjection} as the bridge asks for it.
 *
 * <p>Thread-safe, as the interface asks: what decides is synchronized, and what only looks up what
 * was decided needs no lock.
 */
public final class DoubleProjectionContext implements AdaptiveSourceProjectionContext {
  private final long targetSsrc;
  private final BridgeCounters counters;
  private final SourceProjection projection = new SourceProjection(System::nanoTime);
  private long lastTimestamp;

  /**
   * A projection that forwards nothing yet.
   *
   * @param targetSsrc the source's primary SSRC, for the debug page
   * @param counters where failures are counted
   */
  public DoubleProjectionContext(long targetSsrc, BridgeCounters counters) {
    this.targetSsrc = targetSsrc;
    this.counters = counters;
  }

  @Override
  public synchronized boolean accept(PacketInfo packetInfo, int targetIndex) {
    try {
      VideoRtpPacket packet = (VideoRtpPacket) packetInfo.getPacket();
      boolean accepted =
          projection.accept(
              packet.getSsrc(),
              packet.getEncodingId(),
              packet.getSequenceNumber(),
              packet.getTimestamp(),
              ((FrameState) (Object) packet).perc4jFrame(),
              ((FrameLayers) (Object) packet).perc4jLayers(),
              targetIndex);
      if (accepted) {
        lastTimestamp = packet.getTimestamp();
      }
      if (projection.keyFrameWanted()) {
        counters.count(BridgeCounter.KEY_FRAME_REQUESTS);
      }
      return accepted;
    } catch (RuntimeException e) {
      counters.countPacketLostToFailure();
      return false;
    }
  }

  @Override
  public synchronized boolean needsKeyframe() {
    return projection.keyFrameWanted();
  }

  @Override
  public void rewriteRtp(PacketInfo packetInfo) throws RewriteException {
    VideoRtpPacket packet = (VideoRtpPacket) packetInfo.getPacket();
    int mapped = projection.map(packet.getSsrc(), packet.getSequenceNumber());
    if (mapped == SourceProjection.UNMAPPED) {
      throw new RewriteException("a packet that was not accepted, or too long ago");
    }
    packet.setSequenceNumber(mapped & 0xffff);
    if ((mapped & SourceProjection.LAST_OF_PICTURE) != 0) {
      packet.setMarked(true);
    }
  }

  @Override
  public boolean rewriteRtcp(RtcpSrPacket rtcpSrPacket) {
    return true;
  }

  @Override
  public synchronized RtpState getRtpState() {
    return new RtpState(targetSsrc, projection.highestSent(targetSsrc), lastTimestamp);
  }

  @Override
  public synchronized ObjectNode getDebugState() {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("class", DoubleProjectionContext.class.getSimpleName());
    node.put("forwarding", projection.toString());
    return node;
  }
}
