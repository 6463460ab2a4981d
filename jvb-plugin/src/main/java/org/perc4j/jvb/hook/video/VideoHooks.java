/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.hook.video;

import java.util.Collection;
import java.util.Map;
import org.jitsi.nlj.MediaSourceDesc;
import org.jitsi.nlj.PacketInfo;
import org.jitsi.nlj.rtp.VideoRtpPacket;
import org.jitsi.nlj.transform.node.incoming.VideoParser$Stats;
import org.jitsi.nlj.util.ReadOnlyStreamInformationStore;
import org.jitsi.rtp.rtcp.RtcpSrPacket;
import org.jitsi.videobridge.cc.AdaptiveSourceProjectionContext;
import org.jspecify.annotations.Nullable;
import org.perc4j.jvb.hook.Plugin;
import org.perc4j.jvb.packet.Frame;
import org.perc4j.jvb.packet.LayerFrame;
import org.perc4j.jvb.packet.PacketState;
import org.perc4j.jvb.video.DoubleProjectionContext;
import org.perc4j.jvb.video.FrameReader;
import org.perc4j.jvb.video.ProjectionKeeper;

/**
 * Reads frames of double packets from their header extensions, and projects their streams. All of
 * it is thread-safe, and returns at once for what is not double.
 */
public final class VideoHooks {
  private static final ProjectionKeeper PROJECTIONS = new ProjectionKeeper(System::nanoTime);

  private VideoHooks() {}

  /** Gives a parser of video its reader. */
  public static void parserMade(Object parser, ReadOnlyStreamInformationStore store) {
    ((FrameReading) parser)
        .perc4jFrames(FrameReader.of(store, System::nanoTime, Plugin.counters()));
  }

  /** Reads the frame of a double packet; false if the packet is not double. */
  public static boolean readFrame(
      Object parser,
      PacketInfo packetInfo,
      MediaSourceDesc[] sources,
      MediaSourceDesc[] signaled,
      VideoParser$Stats stats) {
    if (!PacketState.isDouble(packetInfo.getPacket())) {
      return false;
    }
    FrameReader reader = ((FrameReading) parser).perc4jFrames();
    if (reader != null && packetInfo.getPacket() instanceof VideoRtpPacket packet) {
      try {
        note(reader.read(packet, packetInfo, sources, signaled), stats);
      } catch (RuntimeException e) {
        Plugin.failed(e);
      }
    }
    return true;
  }

  private static void note(FrameReader.News news, VideoParser$Stats stats) {
    switch (news) {
      case KEY_FRAME -> stats.setNumKeyframes(stats.getNumKeyframes() + 1);
      case LAYERS -> stats.setNumLayeringChanges(stats.getNumLayeringChanges() + 1);
      case KEY_FRAME_AND_LAYERS -> {
        stats.setNumKeyframes(stats.getNumKeyframes() + 1);
        stats.setNumLayeringChanges(stats.getNumLayeringChanges() + 1);
      }
      case NONE -> {}
    }
  }

  /** The layers that a packet counts to: those of its extensions if it is double. */
  public static Collection<Integer> layerIds(Object packet, Collection<Integer> stock) {
    if (!PacketState.isDouble(packet)) {
      return stock;
    }
    LayerFrame layers = ((PacketState) packet).perc4jLayers();
    return layers != null
        ? layers.decodeTargets()
        : Frame.layerIds(((PacketState) packet).perc4jFrame());
  }

  /** The projection for a double packet, the one at hand if it fits; null if it is not double. */
  public static @Nullable AdaptiveSourceProjectionContext projection(
      Object holder,
      VideoRtpPacket packet,
      @Nullable AdaptiveSourceProjectionContext current,
      long targetSsrc) {
    if (!PacketState.isDouble(packet)) {
      return null;
    }
    if (current instanceof DoubleProjectionContext) {
      return current;
    }
    DoubleProjectionContext projection =
        DoubleProjectionContext.of(targetSsrc, Plugin.counters(), PROJECTIONS.make());
    ((ProjectionHolder) holder).perc4jProjection(projection);
    return projection;
  }

  /** Whether to forward a sender report to an endpoint. */
  public static boolean acceptsReport(
      Map<Long, ?> projections, RtcpSrPacket report, boolean stock) {
    return stock
        || (projections.get(report.getSenderSsrc()) instanceof ProjectionHolder holder
            && holder.perc4jProjection() != null);
  }
}
