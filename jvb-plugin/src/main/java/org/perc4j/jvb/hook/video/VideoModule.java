/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.hook.video;

import com.google.errorprone.annotations.Keep;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import net.bytebuddy.asm.Advice;
import org.jitsi.nlj.MediaSourceDesc;
import org.jitsi.nlj.PacketInfo;
import org.jitsi.nlj.rtp.VideoRtpPacket;
import org.jitsi.nlj.transform.node.incoming.VideoParser$Stats;
import org.jitsi.nlj.util.ReadOnlyStreamInformationStore;
import org.jitsi.rtp.rtcp.RtcpSrPacket;
import org.jitsi.videobridge.cc.AdaptiveSourceProjectionContext;
import org.jspecify.annotations.Nullable;
import org.perc4j.jvb.hook.AddedState;
import org.perc4j.jvb.hook.Hook;
import org.perc4j.jvb.hook.HookModule;

/** Frames and layers of video that the bridge cannot read, and which of them go on. */
public final class VideoModule implements HookModule {
  @Override
  public List<Hook> hooks() {
    return List.of(
        Hook.at(
            NLJ + "transform.node.incoming.VideoParser",
            "<init>",
            "(Lorg/jitsi/nlj/util/ReadOnlyStreamInformationStore;"
                + "Lorg/jitsi/utils/logging2/Logger;Lorg/jitsi/utils/logging/DiagnosticContext;)V",
            ParserMade.class),
        Hook.at(NLJ + "transform.node.incoming.VideoParser", "transform", NODE, Frame.class),
        Hook.at(
            NLJ + "rtp.VideoRtpPacket", "getLayerIds", "()Ljava/util/Collection;", LayerIds.class),
        Hook.at(
            VIDEOBRIDGE + "cc.AdaptiveSourceProjection",
            "getContext",
            "(Lorg/jitsi/nlj/rtp/VideoRtpPacket;)"
                + "Lorg/jitsi/videobridge/cc/AdaptiveSourceProjectionContext;",
            Projection.class),
        Hook.at(
            VIDEOBRIDGE + "cc.allocation.PacketHandler",
            "accept",
            "(Lorg/jitsi/rtp/rtcp/RtcpSrPacket;)Z",
            SenderReport.class));
  }

  @Override
  public List<AddedState> states() {
    return List.of(
        new AddedState(NLJ + "transform.node.incoming.VideoParser", FrameReading.class),
        new AddedState(VIDEOBRIDGE + "cc.AdaptiveSourceProjection", ProjectionHolder.class));
  }

  /** Gives a new parser of video what reads the frames of double packets. */
  static final class ParserMade {
    private ParserMade() {}

    @Keep
    @Advice.OnMethodExit(suppress = Throwable.class)
    static void exit(
        @Advice.This Object parser, @Advice.Argument(0) ReadOnlyStreamInformationStore store) {
      VideoHooks.parserMade(parser, store);
    }
  }

  /** Reads frames of double packets from their header extensions, not from their payload. */
  static final class Frame {
    private Frame() {}

    @Keep
    @Advice.OnMethodEnter(skipOn = Advice.OnNonDefaultValue.class, suppress = Throwable.class)
    static boolean enter(
        @Advice.This Object parser,
        @Advice.Argument(0) PacketInfo packetInfo,
        @Advice.FieldValue("sources") MediaSourceDesc[] sources,
        @Advice.FieldValue("signaledSources") MediaSourceDesc[] signaled,
        @Advice.FieldValue("stats") VideoParser$Stats stats) {
      return VideoHooks.readFrame(parser, packetInfo, sources, signaled, stats);
    }

    @Keep
    @Advice.OnMethodExit(suppress = Throwable.class)
    static void exit(
        @Advice.Enter boolean read,
        @Advice.Argument(0) PacketInfo packetInfo,
        @Advice.Return(readOnly = false) PacketInfo returned) {
      if (read) {
        returned = packetInfo;
      }
    }
  }

  /** Tells to which layers a double packet counts. */
  static final class LayerIds {
    private LayerIds() {}

    @Keep
    @Advice.OnMethodExit(suppress = Throwable.class)
    static void exit(
        @Advice.This Object packet, @Advice.Return(readOnly = false) Collection<Integer> layerIds) {
      layerIds = VideoHooks.layerIds(packet, layerIds);
    }
  }

  /** Projects double video by its headers. */
  static final class Projection {
    private Projection() {}

    @Keep
    @Advice.OnMethodEnter(skipOn = Advice.OnNonDefaultValue.class, suppress = Throwable.class)
    static @Nullable AdaptiveSourceProjectionContext enter(
        @Advice.This Object holder,
        @Advice.Argument(0) VideoRtpPacket packet,
        @Advice.FieldValue(value = "context", readOnly = false)
            @Nullable AdaptiveSourceProjectionContext context,
        @Advice.FieldValue("targetSsrc") long targetSsrc) {
      AdaptiveSourceProjectionContext own =
          VideoHooks.projection(holder, packet, context, targetSsrc);
      if (own != null) {
        context = own;
      }
      return own;
    }

    @Keep
    @Advice.OnMethodExit(suppress = Throwable.class)
    static void exit(
        @Advice.Enter @Nullable AdaptiveSourceProjectionContext own,
        @Advice.Return(readOnly = false) AdaptiveSourceProjectionContext returned) {
      if (own != null) {
        returned = own;
      }
    }
  }

  /** Lets the sender reports of every encoding pass that keeps its own SSRC. */
  static final class SenderReport {
    private SenderReport() {}

    @Keep
    @Advice.OnMethodExit(suppress = Throwable.class)
    static void exit(
        @Advice.FieldValue("adaptiveSourceProjectionMap") Map<Long, ?> projections,
        @Advice.Argument(0) RtcpSrPacket report,
        @Advice.Return(readOnly = false) boolean accepted) {
      accepted = VideoHooks.acceptsReport(projections, report, accepted);
    }
  }
}
