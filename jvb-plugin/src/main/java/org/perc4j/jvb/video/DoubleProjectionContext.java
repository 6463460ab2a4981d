/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.video;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import org.jitsi.nlj.PacketInfo;
import org.jitsi.nlj.RtpLayerDesc;
import org.jitsi.nlj.rtp.VideoRtpPacket;
import org.jitsi.rtp.rtcp.RtcpSrPacket;
import org.jitsi.videobridge.cc.AdaptiveSourceProjectionContext;
import org.jitsi.videobridge.cc.RewriteException;
import org.jitsi.videobridge.cc.RtpState;
import org.perc4j.jvb.metrics.BridgeCounters;

/**
 * Projects one double video source to one receiver, without a look at its payload: SSRC, timestamp
 * and payload go out as they came; only sequence numbers are renumbered, so that a suspension
 * leaves no gap. The encoding that the bridge's allocator chose is forwarded, on its own SSRC, the
 * others are not.
 *
 * <p>Thread-safe, as the interface asks.
 */
public final class DoubleProjectionContext implements AdaptiveSourceProjectionContext {
  private static final int SUSPENDED = -1;

  /** More encodings than any source has; later SSRCs are not forwarded. */
  private static final int MAX_ENCODINGS = 16;

  private final long targetSsrc;
  private final BridgeCounters counters;
  private long[] ssrcs = new long[0];
  private SequenceProjection[] projections = new SequenceProjection[0];
  private boolean keyFrameWanted;
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
    keyFrameWanted = false;
    try {
      VideoRtpPacket packet = (VideoRtpPacket) packetInfo.getPacket();
      int index = indexOf(packet.getSsrc());
      if (index < 0) {
        return false;
      }
      SequenceProjection projection = projections[index];
      if (targetIndex == SUSPENDED
          || RtpLayerDesc.Companion.getEidFromIndex(targetIndex) != packet.getEncodingId()) {
        projection.withhold(packet.getSequenceNumber());
        return false;
      }
      boolean resuming = projection.suspended();
      boolean accepted = projection.accept(packet.getSequenceNumber());
      // Once for each resumption: what a receiver misses beyond that, it asks for itself.
      keyFrameWanted = resuming && accepted;
      if (accepted) {
        lastTimestamp = packet.getTimestamp();
      }
      return accepted;
    } catch (RuntimeException e) {
      counters.countPacketLostToFailure();
      return false;
    }
  }

  @Override
  public synchronized boolean needsKeyframe() {
    return keyFrameWanted;
  }

  @Override
  public synchronized void rewriteRtp(PacketInfo packetInfo) throws RewriteException {
    VideoRtpPacket packet = (VideoRtpPacket) packetInfo.getPacket();
    int index = indexOf(packet.getSsrc());
    if (index < 0) {
      throw new RewriteException("an SSRC that was not accepted");
    }
    packet.setSequenceNumber(projections[index].map(packet.getSequenceNumber()));
  }

  @Override
  public boolean rewriteRtcp(RtcpSrPacket rtcpSrPacket) {
    return true;
  }

  @Override
  public synchronized RtpState getRtpState() {
    int index = indexOf(targetSsrc);
    return new RtpState(
        targetSsrc, index < 0 ? 0 : projections[index].highestSent(), lastTimestamp);
  }

  @Override
  public synchronized ObjectNode getDebugState() {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("class", DoubleProjectionContext.class.getSimpleName());
    for (int i = 0; i < ssrcs.length; i++) {
      ObjectNode stream = node.putObject(Long.toString(ssrcs[i]));
      stream.put("suspended", projections[i].suspended());
      stream.put("highest_sent", projections[i].highestSent());
    }
    return node;
  }

  private int indexOf(long ssrc) {
    for (int i = 0; i < ssrcs.length; i++) {
      if (ssrcs[i] == ssrc) {
        return i;
      }
    }
    if (ssrcs.length == MAX_ENCODINGS) {
      return -1;
    }
    ssrcs = Arrays.copyOf(ssrcs, ssrcs.length + 1);
    projections = Arrays.copyOf(projections, ssrcs.length);
    ssrcs[ssrcs.length - 1] = ssrc;
    projections[ssrcs.length - 1] = new SequenceProjection();
    return ssrcs.length - 1;
  }
}
