/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.jingle;

import java.net.URI;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jitsi.xmpp.extensions.colibri.SourcePacketExtension;
import org.jitsi.xmpp.extensions.colibri.WebSocketPacketExtension;
import org.jitsi.xmpp.extensions.jingle.CandidatePacketExtension;
import org.jitsi.xmpp.extensions.jingle.CandidateType;
import org.jitsi.xmpp.extensions.jingle.ContentPacketExtension;
import org.jitsi.xmpp.extensions.jingle.DtlsFingerprintPacketExtension;
import org.jitsi.xmpp.extensions.jingle.ExtmapAllowMixedPacketExtension;
import org.jitsi.xmpp.extensions.jingle.IceCandidatePacketExtension;
import org.jitsi.xmpp.extensions.jingle.IceRtcpmuxPacketExtension;
import org.jitsi.xmpp.extensions.jingle.IceUdpTransportPacketExtension;
import org.jitsi.xmpp.extensions.jingle.ParameterPacketExtension;
import org.jitsi.xmpp.extensions.jingle.PayloadTypePacketExtension;
import org.jitsi.xmpp.extensions.jingle.RTPHdrExtPacketExtension;
import org.jitsi.xmpp.extensions.jingle.RtcpFbPacketExtension;
import org.jitsi.xmpp.extensions.jingle.RtpDescriptionPacketExtension;
import org.jitsi.xmpp.extensions.jingle.SourceGroupPacketExtension;
import org.jspecify.annotations.Nullable;
import org.perc4j.endpoint.congestion.AbsoluteSendTimeCodec;
import org.perc4j.endpoint.congestion.TransportSequenceCodec;
import org.perc4j.endpoint.media.MediaKind;
import org.perc4j.endpoint.media.VideoCodec;
import org.perc4j.endpoint.signalling.CongestionFeedback;
import org.perc4j.endpoint.signalling.DtlsSetup;
import org.perc4j.endpoint.signalling.PayloadTypes;
import org.perc4j.endpoint.signalling.SignallingException;
import org.perc4j.endpoint.signalling.Source;
import org.perc4j.endpoint.signalling.TransportDescription;

/**
 * Between what endpoints know of transports and sources, and Jingle's elements: RTP sessions
 * (XEP-0167), ICE (XEP-0176), DTLS-SRTP (XEP-0320), sources and their groups (XEP-0339), header
 * extensions (XEP-0294).
 */
final class JingleDescriptions {
  /** What endpoints send, by the numbers that they send it with. */
  private static final Map<Integer, String> EXTENSIONS =
      Map.of(
          PayloadTypes.AUDIO_LEVEL_EXTENSION,
          "urn:ietf:params:rtp-hdrext:ssrc-audio-level",
          PayloadTypes.SEND_TIME_EXTENSION,
          AbsoluteSendTimeCodec.URI,
          PayloadTypes.TRANSPORT_SEQUENCE_EXTENSION,
          TransportSequenceCodec.URI,
          PayloadTypes.FRAME_MARKING_EXTENSION,
          "http://tools.ietf.org/html/draft-ietf-avtext-framemarking-07",
          PayloadTypes.DEPENDENCY_DESCRIPTOR_EXTENSION,
          "https://aomediacodec.github.io/av1-rtp-spec/#dependency-descriptor-rtp-header-extension");

  /** Nobody has names looked up. */
  private static final Pattern ADDRESS = Pattern.compile("[0-9A-Fa-f.:]{2,45}");

  private static final Pattern WEBSOCKET = Pattern.compile("wss?:", Pattern.CASE_INSENSITIVE);

  private static final int UNKNOWN_EXTENSION = 0;
  private static final int MAX_PORT = 0xFFFF;
  private static final int MAX_CANDIDATES = 64;
  private static final String TRANSPORT_WIDE_FEEDBACK = "transport-cc";
  private static final String RECEIVER_ESTIMATE_FEEDBACK = "goog-remb";

  private JingleDescriptions() {}

  /** Something that is read. */
  private interface Reading<T> {
    T read() throws SignallingException;
  }

  /** The elements parse numbers when they are asked for them, and throw what is not checked. */
  private static <T> T checked(Reading<T> reading) throws SignallingException {
    try {
      return reading.read();
    } catch (RuntimeException e) {
      SignallingException refused = new SignallingException("malformed: " + e.getMessage());
      refused.initCause(e);
      throw refused;
    }
  }

  // ---------------------------------------------------------------- reading

  /** Reads the bridge's side of the transport, which all contents share. */
  static TransportDescription transport(List<ContentPacketExtension> contents)
      throws SignallingException {
    return checked(() -> readTransport(contents));
  }

  private static TransportDescription readTransport(List<ContentPacketExtension> contents)
      throws SignallingException {
    IceUdpTransportPacketExtension transport = transportElement(contents);
    DtlsFingerprintPacketExtension fingerprint =
        transport.getFirstChildOfType(DtlsFingerprintPacketExtension.class);
    if (fingerprint == null
        || fingerprint.getFingerprint() == null
        || !"sha-256".equalsIgnoreCase(fingerprint.getHash())) {
      throw new SignallingException("no fingerprint by SHA-256 in " + transport.toXML());
    }
    return new TransportDescription(
        transport.getUfrag(),
        transport.getPassword(),
        fingerprint.getFingerprint().toUpperCase(Locale.ROOT),
        setup(fingerprint.getSetup()),
        candidates(transport));
  }

  private static DtlsSetup setup(@Nullable String token) throws SignallingException {
    for (DtlsSetup setup : DtlsSetup.values()) {
      if (setup.token().equals(token)) {
        return setup;
      }
    }
    throw new SignallingException("no role in DTLS: " + token);
  }

  /** Reads the bridge's side when it restarts ICE: the same in DTLS as before. */
  static TransportDescription restarted(
      List<ContentPacketExtension> contents, TransportDescription former)
      throws SignallingException {
    return checked(
        () -> {
          IceUdpTransportPacketExtension transport = transportElement(contents);
          return new TransportDescription(
              transport.getUfrag(),
              transport.getPassword(),
              former.fingerprint(),
              former.setup(),
              candidates(transport));
        });
  }

  /** Reads how often the bridge has restarted ICE. */
  static int iceGeneration(List<ContentPacketExtension> contents) throws SignallingException {
    return checked(() -> transportElement(contents).getIceGeneration());
  }

  private static List<TransportDescription.Candidate> candidates(
      IceUdpTransportPacketExtension transport) {
    List<TransportDescription.Candidate> candidates = new ArrayList<>();
    for (CandidatePacketExtension candidate : transport.getCandidateList()) {
      // Where a bridge is behind an address translator, its public address is no host candidate.
      if ("udp".equalsIgnoreCase(candidate.getProtocol())
          && candidate.getIP() != null
          && ADDRESS.matcher(candidate.getIP()).matches()
          && candidate.getFoundation() != null
          && candidate.getPort() > 0
          && candidate.getPort() <= MAX_PORT
          && candidates.size() < MAX_CANDIDATES) {
        candidates.add(
            new TransportDescription.Candidate(
                candidate.getFoundation(),
                candidate.getPriority(),
                candidate.getIP(),
                candidate.getPort()));
      }
    }
    return candidates;
  }

  private static IceUdpTransportPacketExtension transportElement(
      List<ContentPacketExtension> contents) throws SignallingException {
    for (ContentPacketExtension content : contents) {
      IceUdpTransportPacketExtension transport =
          content.getFirstChildOfType(IceUdpTransportPacketExtension.class);
      if (transport != null && transport.getUfrag() != null && transport.getPassword() != null) {
        return transport;
      }
    }
    throw new SignallingException("no transport in " + contents);
  }

  /** Reads where the bridge's WebSocket is, or null if it names none. */
  static @Nullable URI channel(List<ContentPacketExtension> contents) throws SignallingException {
    WebSocketPacketExtension channel =
        transportElement(contents).getFirstChildOfType(WebSocketPacketExtension.class);
    if (channel == null || channel.getUrl() == null) {
      return null;
    }
    if (!WEBSOCKET.matcher(channel.getUrl()).lookingAt()) {
      throw new SignallingException("no address of a WebSocket: " + channel.getUrl());
    }
    URI uri = checked(() -> URI.create(channel.getUrl()));
    if (uri.getHost() == null) {
      throw new SignallingException("no host of a WebSocket: " + channel.getUrl());
    }
    return uri;
  }

  /** Reads who sends what. The bridge's own sources, which have no owner's name, are left out. */
  static List<Source> sources(List<ContentPacketExtension> contents) throws SignallingException {
    return checked(() -> readSources(contents));
  }

  private static List<Source> readSources(List<ContentPacketExtension> contents) {
    List<Source> sources = new ArrayList<>();
    for (ContentPacketExtension content : contents) {
      RtpDescriptionPacketExtension description =
          content.getFirstChildOfType(RtpDescriptionPacketExtension.class);
      MediaKind kind = description == null ? null : kind(content, description);
      if (description != null && kind != null) {
        sources.addAll(sources(kind, description));
      }
    }
    return sources;
  }

  /** What a content is, or null if it is something else than audio and video. */
  private static @Nullable MediaKind kind(
      ContentPacketExtension content, RtpDescriptionPacketExtension description) {
    String media = description.getMedia() == null ? content.getName() : description.getMedia();
    for (MediaKind kind : MediaKind.values()) {
      if (kind.token().equals(media)) {
        return kind;
      }
    }
    return null;
  }

  private static List<Source> sources(MediaKind kind, RtpDescriptionPacketExtension description) {
    Map<String, List<Integer>> ssrcs = new LinkedHashMap<>();
    for (SourcePacketExtension source :
        description.getChildExtensionsOfType(SourcePacketExtension.class)) {
      if (source.hasName() && source.hasSSRC() && source.getName().indexOf('-') > 0) {
        ssrcs
            .computeIfAbsent(source.getName(), unused -> new ArrayList<>())
            .add((int) source.getSSRC());
      }
    }
    Map<Integer, Integer> repairs = new LinkedHashMap<>();
    for (SourceGroupPacketExtension group :
        description.getChildExtensionsOfType(SourceGroupPacketExtension.class)) {
      if (SourceGroupPacketExtension.SEMANTICS_FID.equals(group.getSemantics())
          && group.getSources().size() == 2
          && group.getSources().stream().allMatch(SourcePacketExtension::hasSSRC)) {
        repairs.put(
            (int) group.getSources().get(0).getSSRC(), (int) group.getSources().get(1).getSSRC());
      }
    }
    List<Source> sources = new ArrayList<>();
    ssrcs.forEach(
        (name, all) -> {
          List<Source.Encoding> encodings = new ArrayList<>();
          for (int ssrc : all) {
            if (!repairs.containsValue(ssrc)) {
              encodings.add(new Source.Encoding(ssrc, repairs.getOrDefault(ssrc, 0)));
            }
          }
          if (!encodings.isEmpty()) {
            sources.add(new Source(name.substring(0, name.indexOf('-')), name, kind, encodings));
          }
        });
    return sources;
  }

  /**
   * Reads how the bridge can tell, and be told, of congestion.
   *
   * @param wanted whoever wants transport-wide feedback takes estimates where there is nothing else
   */
  static CongestionFeedback feedback(
      List<ContentPacketExtension> contents, CongestionFeedback wanted) {
    for (ContentPacketExtension content : contents) {
      RtpDescriptionPacketExtension description =
          content.getFirstChildOfType(RtpDescriptionPacketExtension.class);
      if (description != null && MediaKind.VIDEO.token().equals(description.getMedia())) {
        if (wanted == CongestionFeedback.TRANSPORT_WIDE
            && offersFeedback(description, TRANSPORT_WIDE_FEEDBACK)
            && offersExtension(description, PayloadTypes.TRANSPORT_SEQUENCE_EXTENSION)) {
          return CongestionFeedback.TRANSPORT_WIDE;
        }
        if (wanted != CongestionFeedback.NONE
            && offersFeedback(description, RECEIVER_ESTIMATE_FEEDBACK)
            && offersExtension(description, PayloadTypes.SEND_TIME_EXTENSION)) {
          return CongestionFeedback.RECEIVER_ESTIMATE;
        }
      }
    }
    return CongestionFeedback.NONE;
  }

  /** Whether what is sent may have a payload type. */
  static boolean offersPayloadType(List<ContentPacketExtension> contents, int payloadType) {
    return contents.stream()
        .map(content -> content.getFirstChildOfType(RtpDescriptionPacketExtension.class))
        .filter(Objects::nonNull)
        .flatMap(description -> description.getPayloadTypes().stream())
        .anyMatch(offered -> offered.getID() == payloadType);
  }

  private static boolean offersFeedback(RtpDescriptionPacketExtension description, String type) {
    return description.getPayloadTypes().stream()
        .flatMap(payloadType -> payloadType.getRtcpFeedbackTypeList().stream())
        .anyMatch(feedback -> type.equals(feedback.getFeedbackType()));
  }

  private static boolean offersExtension(RtpDescriptionPacketExtension description, int id) {
    return description.getExtmapList().stream()
        .anyMatch(
            extension ->
                Integer.toString(id).equals(extension.getID())
                    && String.valueOf(extension.getURI()).equals(EXTENSIONS.get(id)));
  }

  // ---------------------------------------------------------------- writing

  /**
   * Answers an offer: what of it is used, the own side of the transport, and the own sources.
   *
   * @param feedback how congestion is told of, as {@link #feedback} found
   * @throws SignallingException if the offer has other payload types or extension numbers
   */
  static List<ContentPacketExtension> answer(
      List<ContentPacketExtension> offer,
      CongestionFeedback feedback,
      TransportDescription transport,
      List<Source> sources)
      throws SignallingException {
    return checked(() -> writeAnswer(offer, feedback, transport, sources));
  }

  private static List<ContentPacketExtension> writeAnswer(
      List<ContentPacketExtension> offer,
      CongestionFeedback feedback,
      TransportDescription transport,
      List<Source> sources)
      throws SignallingException {
    Map<MediaKind, ContentPacketExtension> contents = new EnumMap<>(MediaKind.class);
    for (ContentPacketExtension offered : offer) {
      RtpDescriptionPacketExtension description =
          offered.getFirstChildOfType(RtpDescriptionPacketExtension.class);
      MediaKind kind = description == null ? null : kind(offered, description);
      if (description != null && kind != null) {
        ContentPacketExtension content = content(kind);
        content.addChildExtension(accepted(kind, description, feedback));
        content.addChildExtension(element(transport));
        contents.put(kind, content);
      }
    }
    addSources(contents, sources);
    return List.copyOf(contents.values());
  }

  /** Describes sources that are added or removed. */
  static List<ContentPacketExtension> ofSources(List<Source> sources) {
    Map<MediaKind, ContentPacketExtension> contents = new EnumMap<>(MediaKind.class);
    for (Source source : sources) {
      if (!contents.containsKey(source.kind())) {
        ContentPacketExtension content = content(source.kind());
        RtpDescriptionPacketExtension description = new RtpDescriptionPacketExtension();
        description.setMedia(source.kind().token());
        content.addChildExtension(description);
        contents.put(source.kind(), content);
      }
    }
    addSources(contents, sources);
    return List.copyOf(contents.values());
  }

  /**
   * Describes this side when ICE is restarted.
   *
   * @param generation what the bridge said
   */
  static ContentPacketExtension iceRestart(TransportDescription own, int generation) {
    ContentPacketExtension content = content(MediaKind.AUDIO);
    IceUdpTransportPacketExtension transport = element(own);
    transport.setIceGeneration(generation);
    content.addChildExtension(transport);
    return content;
  }

  /** Writes further candidates of this side, with what the bridge knows of it already. */
  static ContentPacketExtension candidates(TransportDescription own) {
    ContentPacketExtension content = content(MediaKind.AUDIO);
    content.addChildExtension(element(own));
    return content;
  }

  private static ContentPacketExtension content(MediaKind kind) {
    ContentPacketExtension content =
        new ContentPacketExtension(ContentPacketExtension.CreatorEnum.responder, kind.token());
    content.setSenders(ContentPacketExtension.SendersEnum.both);
    return content;
  }

  private static RtpDescriptionPacketExtension accepted(
      MediaKind kind, RtpDescriptionPacketExtension offered, CongestionFeedback feedback)
      throws SignallingException {
    RtpDescriptionPacketExtension description = new RtpDescriptionPacketExtension();
    description.setMedia(kind.token());
    Set<Integer> wanted = payloadTypes(kind);
    for (PayloadTypePacketExtension type : offered.getPayloadTypes()) {
      if (wanted.contains(type.getID())) {
        description.addPayloadType(withFeedback(type, feedback));
      }
    }
    if (description.getPayloadTypes().isEmpty()) {
      throw new SignallingException("none of " + wanted + " in " + offered.toXML());
    }
    for (RTPHdrExtPacketExtension extension : offered.getExtmapList()) {
      int extensionId = extensionId(extension);
      boolean isWanted =
          switch (extensionId) {
            case PayloadTypes.TRANSPORT_SEQUENCE_EXTENSION ->
                feedback == CongestionFeedback.TRANSPORT_WIDE;
            case PayloadTypes.SEND_TIME_EXTENSION ->
                feedback == CongestionFeedback.RECEIVER_ESTIMATE;
            default -> true;
          };
      if (isWanted && String.valueOf(extension.getURI()).equals(EXTENSIONS.get(extensionId))) {
        description.addExtmap(extension);
      }
    }
    description.setExtmapAllowMixed(new ExtmapAllowMixedPacketExtension());
    return description;
  }

  private static int extensionId(RTPHdrExtPacketExtension extension) {
    return EXTENSIONS.keySet().stream()
        .filter(id -> Integer.toString(id).equals(extension.getID()))
        .findFirst()
        .orElse(UNKNOWN_EXTENSION);
  }

  /** Leaves out of what is offered how congestion is not told of. */
  private static PayloadTypePacketExtension withFeedback(
      PayloadTypePacketExtension type, CongestionFeedback feedback) {
    for (RtcpFbPacketExtension offered : List.copyOf(type.getRtcpFeedbackTypeList())) {
      boolean isWanted =
          switch (String.valueOf(offered.getFeedbackType())) {
            case TRANSPORT_WIDE_FEEDBACK -> feedback == CongestionFeedback.TRANSPORT_WIDE;
            case RECEIVER_ESTIMATE_FEEDBACK -> feedback == CongestionFeedback.RECEIVER_ESTIMATE;
            default -> true;
          };
      if (!isWanted) {
        boolean unused = type.removeChildExtension(offered);
      }
    }
    return type;
  }

  private static Set<Integer> payloadTypes(MediaKind kind) {
    Set<Integer> types = new TreeSet<>();
    if (kind == MediaKind.AUDIO) {
      types.add(PayloadTypes.OPUS);
    } else {
      for (VideoCodec codec : VideoCodec.values()) {
        types.add(PayloadTypes.of(codec));
        types.add(PayloadTypes.repairOf(codec));
      }
    }
    return types;
  }

  private static IceUdpTransportPacketExtension element(TransportDescription transport) {
    IceUdpTransportPacketExtension element = new IceUdpTransportPacketExtension();
    element.setUfrag(transport.ufrag());
    element.setPassword(transport.password());
    element.addChildExtension(new IceRtcpmuxPacketExtension());
    DtlsFingerprintPacketExtension fingerprint = new DtlsFingerprintPacketExtension();
    fingerprint.setHash("sha-256");
    fingerprint.setFingerprint(transport.fingerprint());
    fingerprint.setSetup(transport.setup().token());
    element.addChildExtension(fingerprint);
    for (TransportDescription.Candidate candidate : transport.candidates()) {
      IceCandidatePacketExtension child = new IceCandidatePacketExtension();
      child.setID("c" + element.getCandidateList().size());
      child.setComponent(CandidatePacketExtension.RTP_COMPONENT_ID);
      child.setFoundation(candidate.foundation());
      child.setGeneration(0);
      child.setNetwork(0);
      child.setProtocol("udp");
      child.setType(
          switch (candidate.type()) {
            case HOST -> CandidateType.host;
            case SERVER_REFLEXIVE -> CandidateType.srflx;
            case RELAYED -> CandidateType.relay;
          });
      TransportDescription.Candidate.Related related = candidate.related();
      if (related != null) {
        child.setRelAddr(related.address());
        child.setRelPort(related.port());
      }
      child.setPriority(candidate.priority());
      child.setIP(candidate.address());
      child.setPort(candidate.port());
      element.addCandidate(child);
    }
    return element;
  }

  private static void addSources(
      Map<MediaKind, ContentPacketExtension> contents, List<Source> sources) {
    for (Source source : sources) {
      ContentPacketExtension content = contents.get(source.kind());
      if (content == null) {
        throw new IllegalArgumentException("no content for " + source);
      }
      addSource(content.getFirstChildOfType(RtpDescriptionPacketExtension.class), source);
    }
  }

  private static void addSource(RtpDescriptionPacketExtension description, Source source) {
    for (Source.Encoding encoding : source.encodings()) {
      description.addChildExtension(element(source, encoding.ssrc()));
      if (encoding.rtxSsrc() != 0) {
        description.addChildExtension(element(source, encoding.rtxSsrc()));
        description.addChildExtension(
            group(
                SourceGroupPacketExtension.SEMANTICS_FID,
                List.of(element(source, encoding.ssrc()), element(source, encoding.rtxSsrc()))));
      }
    }
    if (source.encodings().size() > 1) {
      description.addChildExtension(
          group(
              SourceGroupPacketExtension.SEMANTICS_SIMULCAST,
              source.encodings().stream()
                  .map(encoding -> element(source, encoding.ssrc()))
                  .toList()));
    }
  }

  private static SourcePacketExtension element(Source source, int ssrc) {
    SourcePacketExtension element = new SourcePacketExtension();
    element.setSSRC(Integer.toUnsignedLong(ssrc));
    element.setName(source.name());
    element.addParameter(
        new ParameterPacketExtension(
            "msid", source.owner() + "-" + source.kind().token() + " " + source.name()));
    return element;
  }

  private static SourceGroupPacketExtension group(
      String semantics, List<SourcePacketExtension> sources) {
    SourceGroupPacketExtension group = new SourceGroupPacketExtension();
    group.setSemantics(semantics);
    group.addSources(sources);
    return group;
  }
}
