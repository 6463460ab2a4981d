/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.hook.forwarding;

import com.google.errorprone.annotations.Keep;
import java.util.List;
import net.bytebuddy.asm.Advice;
import org.jitsi.nlj.PacketInfo;
import org.jitsi.rtp.rtp.RtpPacket;
import org.jitsi.videobridge.AbstractEndpoint;
import org.jitsi.videobridge.Conference;
import org.jitsi.videobridge.Endpoint;
import org.jitsi.videobridge.relay.Relay;
import org.perc4j.jvb.hook.AddedState;
import org.perc4j.jvb.hook.Hook;
import org.perc4j.jvb.hook.HookModule;

/** Who is sent what: double and plain are kept apart, and streams keep their SSRCs. */
public final class ForwardingModule implements HookModule {
  @Override
  public List<Hook> hooks() {
    return List.of(
        Hook.at(
            VIDEOBRIDGE + "Conference",
            "handleIncomingPacket",
            "(Lorg/jitsi/nlj/PacketInfo;)V",
            Incoming.class),
        Hook.at(
            VIDEOBRIDGE + "Endpoint",
            "wants",
            "(Lorg/jitsi/nlj/PacketInfo;)Z",
            EndpointWants.class),
        Hook.at(
            VIDEOBRIDGE + "relay.Relay",
            "wants",
            "(Lorg/jitsi/nlj/PacketInfo;)Z",
            RelayWants.class),
        Hook.at(
                VIDEOBRIDGE + "export.Exporter",
                "wants",
                "(Lorg/jitsi/nlj/PacketInfo;)Z",
                ExporterWants.class)
            .or(VIDEOBRIDGE + "export.ExporterWrapper", "wants", "(Lorg/jitsi/nlj/PacketInfo;)Z"),
        Hook.at(
            VIDEOBRIDGE + "Endpoint",
            "getOrderedEndpoints",
            "()Ljava/util/List;",
            OrderedEndpoints.class),
        Hook.at(
            VIDEOBRIDGE + "SsrcCache",
            "rewriteRtp",
            "(Lorg/jitsi/rtp/rtp/RtpPacket;Z)Z",
            SsrcRewriting.class),
        Hook.at(
            VIDEOBRIDGE + "SsrcCache",
            "rewriteRtcp",
            "(Lorg/jitsi/rtp/rtcp/RtcpPacket;)Z",
            ReportRewriting.class),
        Hook.at(VIDEOBRIDGE + "Endpoint", "doesSsrcRewriting", "()Z", DoesSsrcRewriting.class));
  }

  @Override
  public List<AddedState> states() {
    return List.of(new AddedState(VIDEOBRIDGE + "Endpoint", ViewHolder.class));
  }

  /** Stops double packets that come under the SSRC of another endpoint. */
  static final class Incoming {
    private Incoming() {}

    @Keep
    @Advice.OnMethodEnter(skipOn = Advice.OnNonDefaultValue.class, suppress = Throwable.class)
    static boolean enter(
        @Advice.This Conference conference, @Advice.Argument(0) PacketInfo packetInfo) {
      return ForwardingHooks.impersonates(conference, packetInfo);
    }
  }

  /** Keeps double and plain participants apart. */
  static final class EndpointWants {
    private EndpointWants() {}

    @Keep
    @Advice.OnMethodEnter(skipOn = Advice.OnNonDefaultValue.class, suppress = Throwable.class)
    static boolean enter(
        @Advice.This Endpoint endpoint, @Advice.Argument(0) PacketInfo packetInfo) {
      return ForwardingHooks.keptApart(endpoint, packetInfo);
    }
  }

  /** Keeps double packets from links to bridges that would not know them. */
  static final class RelayWants {
    private RelayWants() {}

    @Keep
    @Advice.OnMethodEnter(skipOn = Advice.OnNonDefaultValue.class, suppress = Throwable.class)
    static boolean enter(@Advice.This Relay relay, @Advice.Argument(0) PacketInfo packetInfo) {
      return ForwardingHooks.keptFromRelay(relay, packetInfo);
    }
  }

  /** Keeps double packets from exporters, which are never double. */
  static final class ExporterWants {
    private ExporterWants() {}

    @Keep
    @Advice.OnMethodExit(suppress = Throwable.class)
    static void exit(
        @Advice.Argument(0) PacketInfo packetInfo,
        @Advice.Return(readOnly = false) boolean wanted) {
      wanted = wanted && !ForwardingHooks.keptFromExporter(packetInfo);
    }
  }

  /** Leaves out of a receiver's last-N and bandwidth whom it cannot be sent anything of. */
  static final class OrderedEndpoints {
    private OrderedEndpoints() {}

    @Keep
    @Advice.OnMethodExit(suppress = Throwable.class)
    static void exit(
        @Advice.This Object endpoint,
        @Advice.Return(readOnly = false) List<AbstractEndpoint> endpoints) {
      endpoints = ForwardingHooks.inView(endpoint, endpoints);
    }
  }

  /** Lets double packets keep their SSRC. */
  static final class SsrcRewriting {
    private SsrcRewriting() {}

    @Keep
    @Advice.OnMethodEnter(skipOn = Advice.OnNonDefaultValue.class, suppress = Throwable.class)
    static boolean enter(@Advice.Argument(0) RtpPacket packet) {
      return ForwardingHooks.keepsSsrc(packet);
    }

    @Keep
    @Advice.OnMethodExit(suppress = Throwable.class)
    static void exit(
        @Advice.Enter boolean kept, @Advice.Return(readOnly = false) boolean returned) {
      returned |= kept;
    }
  }

  /** Sender reports for double endpoints keep the SSRCs of their streams. */
  static final class ReportRewriting {
    private ReportRewriting() {}

    @Keep
    @Advice.OnMethodEnter(skipOn = Advice.OnNonDefaultValue.class, suppress = Throwable.class)
    static boolean enter(@Advice.FieldValue("ep") Object receiver) {
      return ForwardingHooks.isDoubleEndpoint(receiver);
    }

    @Keep
    @Advice.OnMethodExit(suppress = Throwable.class)
    static void exit(
        @Advice.Enter boolean keeps, @Advice.Return(readOnly = false) boolean forwarded) {
      forwarded = forwarded || keeps;
    }
  }

  /** Double endpoints name streams in their feedback by the SSRCs that these keep. */
  static final class DoesSsrcRewriting {
    private DoesSsrcRewriting() {}

    @Keep
    @Advice.OnMethodExit(suppress = Throwable.class)
    static void exit(
        @Advice.This Endpoint endpoint, @Advice.Return(readOnly = false) boolean rewrites) {
      rewrites = rewrites && !ForwardingHooks.isDouble(endpoint);
    }
  }
}
