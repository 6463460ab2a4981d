/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.video;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.stream.Stream;
import org.jitsi.nlj.PacketInfo;
import org.jitsi.nlj.rtp.VideoRtpPacket;
import org.jitsi.rtp.rtcp.RtcpSrPacket;
import org.jitsi.videobridge.cc.AdaptiveSourceProjectionContext;
import org.jitsi.videobridge.cc.RewriteException;
import org.jitsi.videobridge.cc.RtpState;
import org.perc4j.jvb.bridge.BridgeOverride;
import org.perc4j.jvb.metrics.BridgeCounter;
import org.perc4j.jvb.metrics.BridgeCounters;
import org.perc4j.jvb.packet.ActiveTargets;
import org.perc4j.jvb.packet.LayerFrame;
import org.perc4j.jvb.packet.PacketState;

/**
 * {@link SourceProjection} as the bridge asks for it.
 *
 * <p>Thread-safe, as the interface asks: what decides is synchronized, and what only looks up what
 * was decided needs no lock.
 */
public abstract class DoubleProjectionContext implements AdaptiveSourceProjectionContext {
  private final long targetSsrc;
  private final BridgeCounters counters;
  private final SourceProjection projection;

  @GuardedBy("projection")
  private long lastTimestamp;

  /** With what the bridge makes its debug pages; looked up when it makes its first projection. */
  private static final class DebugPages {
    static final boolean WITH_JACKSON =
        Stream.of(AdaptiveSourceProjectionContext.class.getMethods())
            .anyMatch(
                method ->
                    method.getName().equals("getDebugState")
                        && method.getReturnType().getSimpleName().equals("ObjectNode"));
  }

  /**
   * A projection that forwards nothing yet, as the bridge at hand knows projections.
   *
   * @param targetSsrc the source's primary SSRC, for the debug page
   * @param counters where failures are counted
   * @param projection guarded by its own monitor
   */
  public static DoubleProjectionContext of(
      long targetSsrc, BridgeCounters counters, SourceProjection projection) {
    return DebugPages.WITH_JACKSON
        ? new JacksonProjectionContext(targetSsrc, counters, projection)
        : new JsonSimpleProjectionContext(targetSsrc, counters, projection);
  }

  DoubleProjectionContext(long targetSsrc, BridgeCounters counters, SourceProjection projection) {
    this.targetSsrc = targetSsrc;
    this.counters = counters;
    this.projection = projection;
  }

  @BridgeOverride
  @Override
  public final boolean accept(PacketInfo packetInfo, int targetIndex) {
    synchronized (projection) {
      return decide(packetInfo, targetIndex);
    }
  }

  @GuardedBy("projection")
  private boolean decide(PacketInfo packetInfo, int targetIndex) {
    try {
      VideoRtpPacket packet = (VideoRtpPacket) packetInfo.getPacket();
      boolean accepted =
          projection.accept(
              packet.getSsrc(),
              packet.getEncodingId(),
              packet.getSequenceNumber(),
              packet.getTimestamp(),
              ((PacketState) (Object) packet).perc4jFrame(),
              ((PacketState) (Object) packet).perc4jLayers(),
              ((PacketState) (Object) packet).perc4jActiveTargets(),
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

  @BridgeOverride
  @Override
  public final boolean needsKeyframe() {
    synchronized (projection) {
      return projection.keyFrameWanted();
    }
  }

  @BridgeOverride
  @Override
  public final void rewriteRtp(PacketInfo packetInfo) throws RewriteException {
    VideoRtpPacket packet = (VideoRtpPacket) packetInfo.getPacket();
    int mapped = projection.map(packet.getSsrc(), packet.getSequenceNumber());
    if (mapped == SourceProjection.UNMAPPED) {
      throw new RewriteException("a packet that was not accepted, or too long ago");
    }
    packet.setSequenceNumber(mapped & 0xffff);
    if ((mapped & SourceProjection.LAST_OF_PICTURE) != 0) {
      packet.setMarked(true);
    }
    noteActiveTargets((PacketState) (Object) packet, mapped);
  }

  private static void noteActiveTargets(PacketState packet, int mapped) {
    LayerFrame layers = packet.perc4jLayers();
    if (layers != null) {
      packet.perc4jActiveTargets(
          ActiveTargets.towards(
              packet.perc4jActiveTargets(),
              layers.targets().included(SourceProjection.target(mapped)),
              (mapped & SourceProjection.TARGETS_CHANGED) != 0));
    }
  }

  @BridgeOverride
  @Override
  public final boolean rewriteRtcp(RtcpSrPacket rtcpSrPacket) {
    return true;
  }

  @BridgeOverride
  @Override
  public final RtpState getRtpState() {
    synchronized (projection) {
      return new RtpState(targetSsrc, projection.highestSent(targetSsrc), lastTimestamp);
    }
  }

  /** What it does, for the debug page. */
  final String describe() {
    synchronized (projection) {
      return projection.toString();
    }
  }
}
