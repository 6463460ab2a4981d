/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.hook;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jitsi.metrics.MetricsContainer;
import org.jitsi.nlj.MediaSourceDesc;
import org.jitsi.nlj.PacketInfo;
import org.jitsi.nlj.RtpSender;
import org.jitsi.nlj.rtp.PaddingVideoPacket;
import org.jitsi.nlj.rtp.RtpExtensionType;
import org.jitsi.nlj.rtp.SsrcAssociationType;
import org.jitsi.nlj.rtp.VideoRtpPacket;
import org.jitsi.nlj.srtp.SrtcpDecryptTransformer;
import org.jitsi.nlj.srtp.SrtcpEncryptTransformer;
import org.jitsi.nlj.srtp.SrtpDecryptTransformer;
import org.jitsi.nlj.srtp.SrtpEncryptTransformer;
import org.jitsi.nlj.srtp.SrtpProfileInformation;
import org.jitsi.nlj.srtp.SrtpTransformers;
import org.jitsi.nlj.srtp.TlsRole;
import org.jitsi.nlj.transform.node.incoming.VideoParser$Stats;
import org.jitsi.nlj.util.BufferPool;
import org.jitsi.nlj.util.ReadOnlyStreamInformationStore;
import org.jitsi.rtp.rtcp.RtcpSrPacket;
import org.jitsi.rtp.rtp.RtpPacket;
import org.jitsi.srtp.SrtpCryptoContext;
import org.jitsi.srtp.SrtpPolicy;
import org.jitsi.videobridge.AbstractEndpoint;
import org.jitsi.videobridge.Conference;
import org.jitsi.videobridge.Endpoint;
import org.jitsi.videobridge.cc.AdaptiveSourceProjectionContext;
import org.jitsi.videobridge.relay.Relay;
import org.jitsi.videobridge.transport.dtls.DtlsTransport;
import org.jspecify.annotations.Nullable;
import org.perc4j.jvb.metrics.BridgeCounter;
import org.perc4j.jvb.metrics.BridgeCounters;
import org.perc4j.jvb.metrics.JvbMetrics;
import org.perc4j.jvb.packet.ActiveTargets;
import org.perc4j.jvb.packet.Frame;
import org.perc4j.jvb.packet.LayerFrame;
import org.perc4j.jvb.packet.OriginalHeaders;
import org.perc4j.jvb.packet.PacketState;
import org.perc4j.jvb.signalling.Peer;
import org.perc4j.jvb.signalling.ProfileOffer;
import org.perc4j.jvb.signalling.ReceiverView;
import org.perc4j.jvb.signalling.RetainedExtensions;
import org.perc4j.jvb.signalling.TransportKind;
import org.perc4j.jvb.srtp.OuterContextFactory;
import org.perc4j.jvb.srtp.OuterProfile;
import org.perc4j.jvb.video.DescriptorRewriting;
import org.perc4j.jvb.video.DoubleProjectionContext;
import org.perc4j.jvb.video.FrameReader;
import org.perc4j.jvb.video.FrameReading;
import org.perc4j.jvb.video.ProjectionKeeper;
import org.perc4j.jvb.video.SentStreams;

/**
 * What the advice classes call, from inside the bridge: the one place where the plugin's parts meet
 * the bridge's. Every method returns at once for what is not double. Thread-safe; set up once, by
 * {@link #start}, before any bridge class is loaded.
 */
public final class BridgeHooks {
  private static final Logger logger = Logger.getLogger(BridgeHooks.class.getName());

  /** RFC 9626; the bridge knows the URI of draft 07. */
  private static final String FRAME_MARKING_URI = "urn:ietf:params:rtp-hdrext:framemarking";

  /** Names and not class literals: loading these classes now would be too early for their hooks. */
  private static final String ENDPOINT_HANDLER_PREFIX = "org.jitsi.videobridge.Endpoint$";

  private static final String RELAY_HANDLER_PREFIX = "org.jitsi.videobridge.relay.Relay$";

  private static final ProjectionKeeper PROJECTIONS = new ProjectionKeeper(System::nanoTime);

  private static ProfileOffer offer = new ProfileOffer(List.of(), false);
  private static BridgeCounters counters = new BridgeCounters();
  private static JvbMetrics metrics = new JvbMetrics(counters);

  private BridgeHooks() {}

  /** Sets what the hooks work with. */
  public static void start(ProfileOffer profileOffer, BridgeCounters bridgeCounters) {
    offer = profileOffer;
    counters = bridgeCounters;
    metrics = new JvbMetrics(bridgeCounters);
  }

  /** Called with whatever an advice threw; the bridge goes on as if the advice were not there. */
  static void failed(Throwable failure) {
    counters.count(BridgeCounter.HOOK_FAILURES);
    logger.log(Level.FINE, "a hook failed", failure);
  }

  /** Counts, and says yes: the last term of a condition. */
  private static boolean counted(BridgeCounter reason) {
    counters.count(reason);
    return true;
  }

  /** Whoever asks whether to drop a packet hears yes if that can't be told. */
  private static boolean dropped(RuntimeException failure) {
    counters.countPacketLostToFailure();
    logger.log(Level.FINE, "a hook failed", failure);
    return true;
  }

  // --- handshake ---

  /** A DTLS handshake begins on this thread. */
  public static void handshakeBegins(DtlsTransport.@Nullable EventHandler handler) {
    String name = handler == null ? "" : handler.getClass().getName();
    if (name.startsWith(ENDPOINT_HANDLER_PREFIX)) {
      offer.begin(Peer.ENDPOINT);
    } else if (name.startsWith(RELAY_HANDLER_PREFIX)) {
      offer.begin(Peer.BRIDGE);
    }
  }

  /** The DTLS handshake on this thread is over. */
  public static void handshakeEnds() {
    offer.end();
  }

  /** The protection profiles to offer and accept. */
  public static List<Integer> profiles(List<Integer> stock) {
    return offer.profiles(stock);
  }

  /** What the bridge must know about a double profile, or null for any other profile. */
  public static @Nullable SrtpProfileInformation profileInformation(int profileId) {
    OuterProfile profile = OuterProfile.withId(profileId);
    if (profile == null) {
      return null;
    }
    return new SrtpProfileInformation(
        profile.doubleKeyLengthBytes(),
        OuterProfile.doubleSaltLengthBytes(),
        SrtpPolicy.AESGCM_ENCRYPTION,
        SrtpPolicy.NULL_AUTHENTICATION,
        0,
        OuterProfile.TAG_LENGTH_BYTES,
        OuterProfile.TAG_LENGTH_BYTES);
  }

  /** The transformers of a double transport, or null if the profile is not double. */
  public static @Nullable SrtpTransformers transformers(
      SrtpProfileInformation information,
      byte[] keyingMaterial,
      TlsRole role,
      boolean cryptex,
      org.jitsi.utils.logging2.Logger parentLogger) {
    OuterProfile profile =
        OuterProfile.withLengths(
            information.getCipherKeyLength(), information.getCipherSaltLength());
    if (profile == null) {
      return null;
    }
    OuterContextFactory.Pair factories =
        OuterContextFactory.fromExporter(
            profile,
            keyingMaterial,
            role == TlsRole.CLIENT,
            offer.peer() == Peer.BRIDGE,
            cryptex,
            counters,
            parentLogger);
    SrtpTransformers transformers =
        new SrtpTransformers(
            new SrtpDecryptTransformer(factories.receiving(), parentLogger),
            new SrtpEncryptTransformer(factories.sending(), parentLogger),
            new SrtcpDecryptTransformer(factories.receiving(), parentLogger),
            new SrtcpEncryptTransformer(factories.sending(), parentLogger));
    ((TransportHolder) (Object) transformers).perc4jKind(TransportKind.DOUBLE);
    counters.count(BridgeCounter.DOUBLE_TRANSPORTS);
    return transformers;
  }

  /** A transceiver learns what its transport is. */
  public static void transportIs(Object transceiver, SrtpTransformers transformers) {
    ((TransportHolder) transceiver)
        .perc4jKind(isDouble(transformers) ? TransportKind.DOUBLE : TransportKind.PLAIN);
  }

  private static boolean isDouble(SrtpTransformers transformers) {
    return ((TransportHolder) (Object) transformers).perc4jKind() == TransportKind.DOUBLE;
  }

  // --- packets ---

  /** Whether a node must leave the packet's payload alone. */
  public static boolean isDouble(PacketInfo packetInfo) {
    return isDouble(packetInfo.getPacket());
  }

  private static boolean isDouble(@Nullable Object packet) {
    return packet instanceof PacketState original
        && OriginalHeaders.present(original.perc4jOriginalHeader());
  }

  /** Whether an endpoint's transport is double; false until its handshake is over. */
  public static boolean isDouble(Endpoint endpoint) {
    return kind(endpoint.getTransceiver()) == TransportKind.DOUBLE;
  }

  private static @Nullable TransportKind kind(Object transceiver) {
    return ((TransportHolder) transceiver).perc4jKind();
  }

  /** A packet was cloned. */
  public static void cloned(Object from, Object to) {
    PacketState original = (PacketState) from;
    PacketState copy = (PacketState) to;
    copy.perc4jOriginalHeader(original.perc4jOriginalHeader());
    copy.perc4jFrame(original.perc4jFrame());
    copy.perc4jLayers(original.perc4jLayers());
    copy.perc4jActiveTargets(original.perc4jActiveTargets());
  }

  /** What the bridge may believe of a packet's padding: that of a double packet is encrypted. */
  public static int paddingSize(Object packet, int size) {
    return isDouble(packet) ? 0 : size;
  }

  /** An incoming packet passed the RTX handler; if its SSRC changed, it was a retransmission. */
  public static void restored(PacketInfo packetInfo, long ssrcBefore) {
    if (packetInfo.getPacket() instanceof RtpPacket packet && packet.getSsrc() != ssrcBefore) {
      PacketState original = (PacketState) (Object) packet;
      original.perc4jOriginalHeader(
          OriginalHeaders.restored(
              original.perc4jOriginalHeader(),
              packet.isMarked(),
              packet.getPayloadType(),
              packet.getSequenceNumber()));
    }
  }

  /** The SSRC of an RTP packet, else -1. */
  public static long ssrc(PacketInfo packetInfo) {
    return packetInfo.getPacket() instanceof RtpPacket packet ? packet.getSsrc() : -1;
  }

  /** A packet from the cache is about to become a retransmission. */
  public static void retransmitting(PacketInfo packetInfo) {
    if (packetInfo.getPacket() instanceof RtpPacket packet) {
      PacketState original = (PacketState) (Object) packet;
      original.perc4jOriginalHeader(
          OriginalHeaders.frozen(
              original.perc4jOriginalHeader(),
              packet.isMarked(),
              packet.getPayloadType(),
              packet.getSequenceNumber()));
    }
  }

  /**
   * Whether a packet must not be encrypted with a context: a double packet for a transport that is
   * not double. The bridge's own padding for a double transport is told apart from all else that
   * has no inner layer.
   */
  public static boolean refuses(PacketInfo packetInfo, SrtpCryptoContext context) {
    try {
      if (isDouble(packetInfo)) {
        return !OuterContextFactory.isOuter(context) && counted(BridgeCounter.DROPPED_TO_PLAIN);
      }
      if (packetInfo.getPacket() instanceof PaddingVideoPacket padding
          && OuterContextFactory.isOuter(context)) {
        ((PacketState) (Object) padding).perc4jOriginalHeader(OriginalHeaders.PADDING);
      }
      return false;
    } catch (RuntimeException e) {
      return dropped(e);
    }
  }

  /** Notes for whom a node strips header extensions. */
  public static void stripperMade(Object stripper, ReadOnlyStreamInformationStore store) {
    ((ExtensionRetainer) stripper).perc4jRetained(RetainedExtensions.of(store));
  }

  /** Strips the header extensions of a double packet; false if the packet is not double. */
  public static boolean strip(Object stripper, PacketInfo packetInfo) {
    if (!isDouble(packetInfo)) {
      return false;
    }
    RetainedExtensions retained = ((ExtensionRetainer) stripper).perc4jRetained();
    if (retained != null) {
      RtpPacket packet = (RtpPacket) packetInfo.getPacket();
      packet.removeHeaderExtensionsExcept(retained.ids());
      tellActiveTargets(packet, retained.descriptorId());
    }
    return true;
  }

  private static void tellActiveTargets(RtpPacket packet, int descriptorId) {
    if (ActiveTargets.rewrites(((PacketState) (Object) packet).perc4jActiveTargets())) {
      try {
        DescriptorRewriting.rewrite(packet, descriptorId);
      } catch (RuntimeException e) {
        // The descriptor goes on as the sender wrote it.
        failed(e);
      }
    }
  }

  /**
   * What sends an endpoint's packets over a link to another bridge keeps what that bridge allocates
   * by. The bridge asks this of the link's transceiver only, which sends no media.
   */
  public static void relaySenderMade(RtpSender sender) {
    sender.addRtpExtensionToRetain(RtpExtensionType.VLA);
  }

  /** One more extension is to be kept for a receiver. */
  public static void retain(Object stripper, RtpExtensionType type) {
    RetainedExtensions retained = ((ExtensionRetainer) stripper).perc4jRetained();
    if (retained != null) {
      retained.retain(type);
    }
  }

  /** The frame marking extension under its RFC 9626 URI. */
  public static @Nullable RtpExtensionType extensionType(
      @Nullable RtpExtensionType known, String uri) {
    return known == null && uri.equals(FRAME_MARKING_URI) ? RtpExtensionType.FRAME_MARKING : known;
  }

  // --- frames ---

  /** Gives a parser of video its reader. */
  public static void parserMade(Object parser, ReadOnlyStreamInformationStore store) {
    ((FrameReading) parser).perc4jFrames(FrameReader.of(store, System::nanoTime, counters));
  }

  /** Reads the frame of a double packet; false if the packet is not double. */
  public static boolean readFrame(
      Object parser,
      PacketInfo packetInfo,
      MediaSourceDesc[] sources,
      MediaSourceDesc[] signaled,
      VideoParser$Stats stats) {
    if (!isDouble(packetInfo)) {
      return false;
    }
    FrameReader reader = ((FrameReading) parser).perc4jFrames();
    if (reader != null && packetInfo.getPacket() instanceof VideoRtpPacket packet) {
      try {
        note(reader.read(packet, packetInfo, sources, signaled), stats);
      } catch (RuntimeException e) {
        failed(e);
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
    if (!isDouble(packet)) {
      return stock;
    }
    LayerFrame layers = ((PacketState) packet).perc4jLayers();
    return layers != null
        ? layers.decodeTargets()
        : Frame.layerIds(((PacketState) packet).perc4jFrame());
  }

  // --- forwarding ---

  /**
   * Whether a double packet comes under an SSRC that signalling gave to another endpoint. Receivers
   * would refuse it, but on the way it would use up sequence numbers of that endpoint's stream.
   */
  public static boolean impersonates(Conference conference, PacketInfo packetInfo) {
    try {
      if (!isDouble(packetInfo) || !(packetInfo.getPacket() instanceof RtpPacket packet)) {
        return false;
      }
      AbstractEndpoint owner = conference.getEndpointBySsrc(packet.getSsrc());
      if (owner == null || owner.getId().equals(packetInfo.getEndpointId())) {
        return false;
      }
      counters.count(BridgeCounter.DROPPED_FOREIGN_SSRC);
      var unused = BufferPool.Companion.getReturnBuffer().invoke(packet.getBuffer());
      return true;
    } catch (RuntimeException e) {
      return dropped(e);
    }
  }

  /**
   * Whether a packet must not reach an endpoint, because one of them is double and one is not. Then
   * the packet's sender gets no place among those that the endpoint is sent, either.
   */
  public static boolean keptApart(Endpoint endpoint, PacketInfo packetInfo) {
    try {
      if (!(packetInfo.getPacket() instanceof RtpPacket packet)) {
        return false;
      }
      TransportKind kind = kind(endpoint.getTransceiver());
      if (isDouble((Object) packet) == (kind == TransportKind.DOUBLE)) {
        return false;
      }
      counters.count(BridgeCounter.KEPT_APART);
      if (kind != null) {
        excludeSender(endpoint, packetInfo.getEndpointId());
      }
      return true;
    } catch (RuntimeException e) {
      return dropped(e);
    }
  }

  private static void excludeSender(Endpoint endpoint, @Nullable String senderId) {
    AbstractEndpoint sender =
        senderId == null ? null : endpoint.getConference().getEndpoint(senderId);
    if (sender != null && view(endpoint).exclude(sender)) {
      endpoint.lastNEndpointsChanged();
      // The bridge takes the receiver for the source here, and the source for the receiver, and
      // would ask the sender for what it last did for ever.
      sender.removeReceiver(endpoint.getId());
    }
  }

  private static ReceiverView<AbstractEndpoint> view(Endpoint endpoint) {
    ViewHolder holder = (ViewHolder) (Object) endpoint;
    ReceiverView<AbstractEndpoint> view = holder.perc4jView();
    if (view == null) {
      // Should two threads get here at once, one view is forgotten and learned again.
      view = new ReceiverView<>();
      holder.perc4jView(view);
    }
    return view;
  }

  /** Of all other endpoints, in their order, those that one can be sent something of. */
  public static List<AbstractEndpoint> inView(Object endpoint, List<AbstractEndpoint> others) {
    ReceiverView<AbstractEndpoint> view = ((ViewHolder) endpoint).perc4jView();
    return view == null ? others : view.of(others);
  }

  /** Whether a packet must not reach another bridge, because that would not know it as double. */
  public static boolean keptFromRelay(Relay relay, PacketInfo packetInfo) {
    try {
      return isDouble(packetInfo)
          && kind(relay.getTransceiver()) != TransportKind.DOUBLE
          && counted(BridgeCounter.KEPT_APART);
    } catch (RuntimeException e) {
      return dropped(e);
    }
  }

  /** Whether a packet must not reach an exporter, which is never double. */
  public static boolean keptFromExporter(PacketInfo packetInfo) {
    return isDouble(packetInfo) && counted(BridgeCounter.KEPT_APART);
  }

  /** The projection for a double packet, the one at hand if it fits; null if it is not double. */
  public static @Nullable AdaptiveSourceProjectionContext projection(
      Object holder,
      VideoRtpPacket packet,
      @Nullable AdaptiveSourceProjectionContext current,
      long targetSsrc) {
    if (!isDouble((Object) packet)) {
      return null;
    }
    if (current instanceof DoubleProjectionContext) {
      return current;
    }
    DoubleProjectionContext projection =
        new DoubleProjectionContext(targetSsrc, counters, PROJECTIONS.make());
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

  /** Whether a packet's SSRC must stay, although its receiver asked for rewriting. */
  public static boolean keepsSsrc(RtpPacket packet) {
    return isDouble((Object) packet) && counted(BridgeCounter.SSRC_REWRITING_SKIPPED);
  }

  /** Whether a receiver of packets whose SSRCs may be rewritten is a double endpoint. */
  public static boolean isDoubleEndpoint(Object receiver) {
    return receiver instanceof Endpoint endpoint && isDouble(endpoint);
  }

  // --- probing ---

  /** A transport's sender learns its keys; those of a double transport note what they send. */
  public static void senderIs(
      Object cacher,
      Object prober,
      ReadOnlyStreamInformationStore store,
      SrtpTransformers transformers) {
    if (isDouble(transformers)) {
      SentStreams sent =
          new SentStreams(
              System::nanoTime,
              ssrc -> store.getRemoteSecondarySsrc(ssrc, SsrcAssociationType.RTX) != null);
      ((SentStreamsHolder) cacher).perc4jSent(sent);
      ((SentStreamsHolder) prober).perc4jSent(sent);
    }
  }

  /** A packet is about to be sent and kept for being sent again. */
  public static void sent(Object cacher, PacketInfo packetInfo) {
    SentStreams sent = ((SentStreamsHolder) cacher).perc4jSent();
    if (sent != null && packetInfo.getPacket() instanceof VideoRtpPacket packet) {
      sent.sent(packet.getSsrc());
    }
  }

  /** The SSRCs to probe a transport with, instead of those that the bridge knows of. */
  public static @Nullable Collection<Long> probed(Object prober, @Nullable Collection<Long> stock) {
    SentStreams sent = ((SentStreamsHolder) prober).perc4jSent();
    return sent == null ? stock : sent.toProbe();
  }

  // --- pages ---

  /** The metrics page is asked for. */
  public static void publish(MetricsContainer container) {
    metrics.publish(container);
  }

  /** Adds the plugin's state to the bridge's debug page. */
  public static void describeBridge(ObjectNode page) {
    ObjectNode node = page.putObject("perc");
    ArrayNode profiles = node.putArray("profiles");
    for (OuterProfile profile : offer.profiles()) {
      profiles.add(profile.name());
    }
    metrics.describe(node);
  }

  /** Adds an endpoint's state to its debug page. */
  public static void describeEndpoint(Endpoint endpoint, ObjectNode page) {
    page.putObject("perc").put("double", isDouble(endpoint));
  }
}
