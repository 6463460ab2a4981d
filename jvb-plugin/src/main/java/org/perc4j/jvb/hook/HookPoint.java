/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.hook;

import java.util.List;

/**
 * A method of the bridge and the advice that goes into it.
 *
 * @param type the class, as {@link Class#getName()}
 * @param method the method; {@code <init>} for constructors
 * @param descriptor the method's full descriptor (JVMS 4.3.3): names alone also match the
 *     compiler's bridge methods, and a renamed method would silently match nothing
 * @param advice the advice class
 */
public record HookPoint(String type, String method, String descriptor, Class<?> advice) {
  private static final String NLJ = "org.jitsi.nlj.";
  private static final String VIDEOBRIDGE = "org.jitsi.videobridge.";
  private static final String NODE = "(Lorg/jitsi/nlj/PacketInfo;)Lorg/jitsi/nlj/PacketInfo;";

  /** Every hook of the plugin. */
  public static List<HookPoint> all() {
    return List.of(
        // handshake and keys
        new HookPoint(
            VIDEOBRIDGE + "transport.dtls.DtlsTransport",
            "startDtlsHandshake",
            "()V",
            HandshakeAdvice.class),
        new HookPoint(
            NLJ + "srtp.SrtpConfig$Companion",
            "getProtectionProfiles",
            "()Ljava/util/List;",
            ProfilesAdvice.class),
        new HookPoint(
            NLJ + "srtp.SrtpUtil$Companion",
            "getSrtpProfileInformationFromSrtpProtectionProfile",
            "(I)Lorg/jitsi/nlj/srtp/SrtpProfileInformation;",
            ProfileInformationAdvice.class),
        new HookPoint(
            NLJ + "srtp.SrtpUtil$Companion",
            "initializeTransformer",
            "(Lorg/jitsi/nlj/srtp/SrtpProfileInformation;[BLorg/jitsi/nlj/srtp/TlsRole;Z"
                + "Lorg/jitsi/utils/logging2/Logger;)Lorg/jitsi/nlj/srtp/SrtpTransformers;",
            TransformersAdvice.class),
        new HookPoint(
            NLJ + "Transceiver",
            "setSrtpInformationInternal",
            "(Lorg/jitsi/nlj/srtp/SrtpTransformers;Z)V",
            TransceiverAdvice.class),
        new HookPoint(
            NLJ + "RtpSenderImpl",
            "setSrtpTransformers",
            "(Lorg/jitsi/nlj/srtp/SrtpTransformers;)V",
            RtpSenderAdvice.class),
        new HookPoint(
            NLJ + "srtp.SrtpEncryptTransformer",
            "transform",
            "(Lorg/jitsi/nlj/PacketInfo;Lorg/jitsi/srtp/SrtpCryptoContext;Z)"
                + "Lorg/jitsi/srtp/SrtpErrorStatus;",
            EncryptAdvice.class),
        // the packet's own state
        new HookPoint(
            "org.jitsi.rtp.rtp.RtpPacket",
            "postClone",
            "(Lorg/jitsi/rtp/rtp/RtpPacket;)V",
            CloneAdvice.class),
        new HookPoint(
            "org.jitsi.rtp.rtp.RtpPacket", "getPaddingSize", "()I", PaddingSizeAdvice.class),
        // nodes that read payloads
        new HookPoint(
            NLJ + "transform.node.incoming.PaddingTermination",
            "transform",
            NODE,
            BypassAdvice.class),
        new HookPoint(
            NLJ + "transform.node.incoming.VideoParser",
            "<init>",
            "(Lorg/jitsi/nlj/util/ReadOnlyStreamInformationStore;"
                + "Lorg/jitsi/utils/logging2/Logger;Lorg/jitsi/utils/logging/DiagnosticContext;)V",
            ParserMadeAdvice.class),
        new HookPoint(
            NLJ + "transform.node.incoming.VideoParser", "transform", NODE, FrameAdvice.class),
        new HookPoint(
            NLJ + "rtp.VideoRtpPacket",
            "getLayerIds",
            "()Ljava/util/Collection;",
            LayerIdsAdvice.class),
        new HookPoint(
            NLJ + "transform.node.AudioRedHandler",
            "transform",
            "(Lorg/jitsi/nlj/PacketInfo;)Ljava/util/List;",
            BypassListAdvice.class),
        new HookPoint(
            NLJ + "transform.node.incoming.RtxHandler",
            "transform",
            NODE,
            IncomingRetransmissionAdvice.class),
        new HookPoint(
            NLJ + "transform.node.outgoing.RetransmissionSender",
            "modify",
            NODE,
            OutgoingRetransmissionAdvice.class),
        // probing
        new HookPoint(
            NLJ + "transform.node.PacketCacher",
            "observe",
            "(Lorg/jitsi/nlj/PacketInfo;)V",
            SentAdvice.class),
        new HookPoint(
            NLJ + "transform.node.outgoing.ProbingDataSender",
            "sendProbing",
            "(Ljava/util/Collection;ILjava/lang/Object;)I",
            ProbingAdvice.class),
        // header extensions
        new HookPoint(
            NLJ + "transform.node.outgoing.HeaderExtStripper",
            "<init>",
            "(Lorg/jitsi/nlj/util/ReadOnlyStreamInformationStore;)V",
            StripperMadeAdvice.class),
        new HookPoint(
            NLJ + "transform.node.outgoing.HeaderExtStripper", "modify", NODE, StripAdvice.class),
        new HookPoint(
            NLJ + "transform.node.outgoing.HeaderExtStripper",
            "addRtpExtensionToRetain",
            "(Lorg/jitsi/nlj/rtp/RtpExtensionType;)V",
            RetainAdvice.class),
        new HookPoint(
            VIDEOBRIDGE + "relay.RelayEndpointSender",
            "<init>",
            "(Lorg/jitsi/videobridge/relay/Relay;Ljava/lang/String;"
                + "Lorg/jitsi/utils/logging2/Logger;Lorg/jitsi/utils/logging/DiagnosticContext;)V",
            RelaySenderMadeAdvice.class),
        new HookPoint(
            NLJ + "rtp.RtpExtensionType$Companion",
            "createFromUri",
            "(Ljava/lang/String;)Lorg/jitsi/nlj/rtp/RtpExtensionType;",
            ExtensionTypeAdvice.class),
        // forwarding
        new HookPoint(
            VIDEOBRIDGE + "Conference",
            "handleIncomingPacket",
            "(Lorg/jitsi/nlj/PacketInfo;)V",
            IncomingAdvice.class),
        new HookPoint(
            VIDEOBRIDGE + "Endpoint",
            "wants",
            "(Lorg/jitsi/nlj/PacketInfo;)Z",
            EndpointWantsAdvice.class),
        new HookPoint(
            VIDEOBRIDGE + "relay.Relay",
            "wants",
            "(Lorg/jitsi/nlj/PacketInfo;)Z",
            RelayWantsAdvice.class),
        new HookPoint(
            VIDEOBRIDGE + "export.Exporter",
            "wants",
            "(Lorg/jitsi/nlj/PacketInfo;)Z",
            ExporterWantsAdvice.class),
        new HookPoint(
            VIDEOBRIDGE + "cc.AdaptiveSourceProjection",
            "getContext",
            "(Lorg/jitsi/nlj/rtp/VideoRtpPacket;)"
                + "Lorg/jitsi/videobridge/cc/AdaptiveSourceProjectionContext;",
            ProjectionAdvice.class),
        new HookPoint(
            VIDEOBRIDGE + "cc.allocation.PacketHandler",
            "accept",
            "(Lorg/jitsi/rtp/rtcp/RtcpSrPacket;)Z",
            SenderReportAdvice.class),
        new HookPoint(
            VIDEOBRIDGE + "SsrcCache",
            "rewriteRtp",
            "(Lorg/jitsi/rtp/rtp/RtpPacket;Z)Z",
            SsrcRewritingAdvice.class),
        new HookPoint(
            VIDEOBRIDGE + "SsrcCache",
            "rewriteRtcp",
            "(Lorg/jitsi/rtp/rtcp/RtcpPacket;)Z",
            ReportRewritingAdvice.class),
        new HookPoint(
            VIDEOBRIDGE + "Endpoint", "doesSsrcRewriting", "()Z", DoesSsrcRewritingAdvice.class),
        new HookPoint(
            VIDEOBRIDGE + "Endpoint",
            "getOrderedEndpoints",
            "()Ljava/util/List;",
            OrderedEndpointsAdvice.class),
        // pages
        new HookPoint(
            VIDEOBRIDGE + "metrics.VideobridgeMetricsContainer",
            "getPrometheusMetrics",
            "(Ljava/lang/String;)Ljava/lang/String;",
            MetricsAdvice.class),
        new HookPoint(
            VIDEOBRIDGE + "metrics.VideobridgeMetricsContainer",
            "getJsonString",
            "()Ljava/lang/String;",
            MetricsAdvice.class),
        new HookPoint(
            VIDEOBRIDGE + "Videobridge",
            "getDebugState",
            "(Ljava/lang/String;Ljava/lang/String;Lorg/jitsi/nlj/DebugStateMode;)"
                + "Lcom/fasterxml/jackson/databind/node/ObjectNode;",
            BridgeDebugAdvice.class),
        new HookPoint(
            VIDEOBRIDGE + "Endpoint",
            "debugState",
            "(Lorg/jitsi/nlj/DebugStateMode;)Lcom/fasterxml/jackson/databind/node/ObjectNode;",
            EndpointDebugAdvice.class));
  }
}
