/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.bridge;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.perc4j.endpoint.congestion.AbsoluteSendTimeCodec;
import org.perc4j.endpoint.congestion.TransportSequenceCodec;
import org.perc4j.endpoint.media.MediaKind;
import org.perc4j.endpoint.media.VideoCodec;
import org.perc4j.endpoint.signalling.BridgeChannel;
import org.perc4j.endpoint.signalling.CongestionFeedback;
import org.perc4j.endpoint.signalling.DtlsSetup;
import org.perc4j.endpoint.signalling.PayloadTypes;
import org.perc4j.endpoint.signalling.ReceiverConstraints;
import org.perc4j.endpoint.signalling.SignallingException;
import org.perc4j.endpoint.signalling.Source;
import org.perc4j.endpoint.signalling.TransportDescription;
import org.perc4j.it.harness.Await;

/**
 * A conference on a Jitsi Videobridge: colibri2 as JSON over HTTP, and for each endpoint the
 * WebSocket that the bridge names.
 */
final class ColibriRoom implements Room {
  private static final int NOT_FOUND = 404;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final URI conferences;
  private final String meetingId;
  private final HttpClient http;
  private final RequestEdit edit;
  private final Map<String, URI> channelUris = new ConcurrentHashMap<>();
  private final Map<String, BridgeChannel> channels = new ConcurrentHashMap<>();
  private final Map<String, BridgeMessages> messages = new ConcurrentHashMap<>();
  private final Map<String, CongestionFeedback> feedback = new ConcurrentHashMap<>();
  private boolean created;

  ColibriRoom(HttpApi bridge, String meetingId, RequestEdit edit) {
    this.conferences = bridge.base().resolve("/colibri/v2/conferences");
    this.meetingId = meetingId;
    this.http = bridge.http();
    this.edit = edit;
  }

  @Override
  public TransportDescription addEndpoint(String endpoint, CongestionFeedback wanted)
      throws IOException, InterruptedException {
    ObjectNode request = JSON.createObjectNode();
    ObjectNode description = newEndpoint(endpoint, wanted);
    feedback.put(endpoint, wanted);
    edit.edit(endpoint, description);
    request.putArray("endpoints").add(description);
    JsonNode transport =
        modify(request).path("endpoints").path(0).path("transport").path("transport");
    JsonNode channel = transport.path("web-sockets").path(0);
    if (channel.isTextual()) {
      channelUris.put(endpoint, URI.create(channel.asText()));
    }
    return readTransport(transport);
  }

  /** Sends a request that makes the conference if it is the first one; returns the response. */
  synchronized JsonNode modify(ObjectNode request) throws IOException, InterruptedException {
    if (created) {
      return send("PATCH", URI.create(conferences + "/" + meetingId), request);
    }
    request.put("meeting-id", meetingId);
    request.put("name", meetingId + "@muc.lab.example");
    request.put("create", true);
    JsonNode response = send("POST", conferences, request);
    created = true;
    return response;
  }

  @Override
  public CongestionFeedback feedback(String endpoint) {
    return feedback.getOrDefault(endpoint, CongestionFeedback.NONE);
  }

  static ObjectNode newEndpoint(String endpoint, CongestionFeedback wanted) {
    ObjectNode node = JSON.createObjectNode();
    node.put("create", true).put("id", endpoint).put("stats-id", "lab-" + endpoint);
    node.putArray("capabilities").add("source-names");
    node.putObject("transport").put("ice-controlling", true);
    ArrayNode medias = node.putArray("medias");
    ObjectNode audio = medias.addObject().put("type", MediaKind.AUDIO.token());
    ObjectNode opus =
        audio
            .putArray("payload-types")
            .addObject()
            .put("name", "opus")
            .put("id", Integer.toString(PayloadTypes.OPUS))
            .put("clockrate", Integer.toString(MediaKind.AUDIO.clockRate()))
            .put("channels", "2");
    opus.putObject("parameters").put("minptime", "10").put("useinbandfec", "1");
    congestionFeedback(opus.putArray("rtcp-fbs"), wanted);
    ArrayNode audioExtensions = audio.putArray("rtp-hdrexts");
    extension(
        audioExtensions,
        PayloadTypes.AUDIO_LEVEL_EXTENSION,
        "urn:ietf:params:rtp-hdrext:ssrc-audio-level");
    congestionExtensions(audioExtensions, wanted);
    ObjectNode video = medias.addObject().put("type", MediaKind.VIDEO.token());
    ArrayNode payloadTypes = video.putArray("payload-types");
    for (VideoCodec codec : VideoCodec.values()) {
      payloadTypes(payloadTypes, codec, wanted);
    }
    ArrayNode extensions = video.putArray("rtp-hdrexts");
    extension(
        extensions,
        PayloadTypes.FRAME_MARKING_EXTENSION,
        "http://tools.ietf.org/html/draft-ietf-avtext-framemarking-07");
    extension(
        extensions,
        PayloadTypes.DEPENDENCY_DESCRIPTOR_EXTENSION,
        "https://aomediacodec.github.io/av1-rtp-spec/#dependency-descriptor-rtp-header-extension");
    congestionExtensions(extensions, wanted);
    // Dependency descriptors that come with a structure need the two-byte form.
    audio.put("extmap-allow-mixed", true);
    video.put("extmap-allow-mixed", true);
    return node;
  }

  private static void congestionFeedback(ArrayNode feedback, CongestionFeedback wanted) {
    if (wanted == CongestionFeedback.TRANSPORT_WIDE) {
      feedback.addObject().put("type", "transport-cc");
    } else if (wanted == CongestionFeedback.RECEIVER_ESTIMATE) {
      feedback.addObject().put("type", "goog-remb");
    }
  }

  private static void congestionExtensions(ArrayNode extensions, CongestionFeedback wanted) {
    if (wanted == CongestionFeedback.TRANSPORT_WIDE) {
      extension(extensions, PayloadTypes.TRANSPORT_SEQUENCE_EXTENSION, TransportSequenceCodec.URI);
    } else if (wanted == CongestionFeedback.RECEIVER_ESTIMATE) {
      extension(extensions, PayloadTypes.SEND_TIME_EXTENSION, AbsoluteSendTimeCodec.URI);
    }
  }

  private static void payloadTypes(ArrayNode types, VideoCodec codec, CongestionFeedback wanted) {
    ObjectNode type =
        types
            .addObject()
            .put("name", codec.name())
            .put("id", Integer.toString(PayloadTypes.of(codec)))
            .put("clockrate", Integer.toString(MediaKind.VIDEO.clockRate()));
    ArrayNode feedback = type.putArray("rtcp-fbs");
    feedback.addObject().put("type", "ccm").put("subtype", "fir");
    feedback.addObject().put("type", "nack");
    feedback.addObject().put("type", "nack").put("subtype", "pli");
    congestionFeedback(feedback, wanted);
    if (codec == VideoCodec.H264) {
      type.putObject("parameters").put("packetization-mode", "1").put("profile-level-id", "42e01f");
    }
    types
        .addObject()
        .put("name", "rtx")
        .put("id", Integer.toString(PayloadTypes.repairOf(codec)))
        .put("clockrate", Integer.toString(MediaKind.VIDEO.clockRate()))
        .putObject("parameters")
        .put("apt", Integer.toString(PayloadTypes.of(codec)));
  }

  private static void extension(ArrayNode extensions, int id, String uri) {
    extensions.addObject().put("uri", uri).put("id", id);
  }

  private static TransportDescription readTransport(JsonNode transport) throws SignallingException {
    JsonNode fingerprint = transport.path("fingerprints").path(0);
    if (!fingerprint.path("hash").asText().equals("sha-256")) {
      throw new SignallingException("no fingerprint by SHA-256 in " + transport);
    }
    List<TransportDescription.Candidate> candidates = new ArrayList<>();
    for (JsonNode candidate : transport.path("candidates")) {
      if (candidate.path("protocol").asText().equals("udp")
          && candidate.path("type").asText().equals("host")) {
        candidates.add(
            new TransportDescription.Candidate(
                candidate.path("foundation").asText(),
                candidate.path("priority").asLong(),
                candidate.path("ip").asText(),
                candidate.path("port").asInt()));
      }
    }
    return new TransportDescription(
        transport.path("ufrag").asText(),
        transport.path("pwd").asText(),
        fingerprint.path("fingerprint").asText(),
        DtlsSetup.valueOf(fingerprint.path("setup").asText().toUpperCase(Locale.ROOT)),
        candidates);
  }

  @Override
  public void setTransport(String endpoint, TransportDescription transport, List<Source> sources)
      throws IOException, InterruptedException {
    ObjectNode request = JSON.createObjectNode();
    ObjectNode node = request.putArray("endpoints").addObject().put("id", endpoint);
    ObjectNode inner =
        node.putObject("transport")
            .putObject("transport")
            .put("xmlns", "urn:xmpp:jingle:transports:ice-udp:1")
            .put("ufrag", transport.ufrag())
            .put("pwd", transport.password())
            .put("rtcp-mux", true);
    inner
        .putArray("fingerprints")
        .addObject()
        .put("fingerprint", transport.fingerprint())
        .put("hash", "sha-256")
        .put("setup", transport.setup().token());
    ArrayNode candidates = inner.putArray("candidates");
    for (TransportDescription.Candidate candidate : transport.candidates()) {
      candidates
          .addObject()
          .put("id", "c" + candidates.size())
          .put("generation", "0")
          .put("component", "1")
          .put("protocol", "udp")
          .put("port", Integer.toString(candidate.port()))
          .put("ip", candidate.address())
          .put("foundation", candidate.foundation())
          .put("priority", Long.toString(candidate.priority()))
          .put("type", "host")
          .put("network", "0");
    }
    addSources(node, sources);
    edit.edit(endpoint, node);
    JsonNode unused = send("PATCH", URI.create(conferences + "/" + meetingId), request);
  }

  @Override
  public void setSources(String endpoint, List<Source> sources)
      throws IOException, InterruptedException {
    ObjectNode request = JSON.createObjectNode();
    addSources(request.putArray("endpoints").addObject().put("id", endpoint), sources);
    JsonNode unused = send("PATCH", URI.create(conferences + "/" + meetingId), request);
  }

  /** Adds sources to the description of an endpoint. */
  static void addSources(ObjectNode node, List<Source> sources) {
    ArrayNode medias = node.putArray("sources");
    for (Source source : sources) {
      ObjectNode media =
          medias.addObject().put("type", source.kind().token()).put("id", source.name());
      ArrayNode ssrcs = media.putArray("sources");
      for (Source.Encoding encoding : source.encodings()) {
        addSsrc(ssrcs, source, encoding.ssrc());
        if (encoding.rtxSsrc() != 0) {
          addSsrc(ssrcs, source, encoding.rtxSsrc());
        }
      }
      addGroups(media, source);
    }
  }

  private static void addGroups(ObjectNode media, Source source) {
    ArrayNode groups = JSON.createArrayNode();
    if (source.encodings().size() > 1) {
      ArrayNode simulcast = groups.addObject().put("semantics", "SIM").putArray("sources");
      for (Source.Encoding encoding : source.encodings()) {
        simulcast.add(Integer.toUnsignedLong(encoding.ssrc()));
      }
    }
    for (Source.Encoding encoding : source.encodings()) {
      if (encoding.rtxSsrc() != 0) {
        groups
            .addObject()
            .put("semantics", "FID")
            .putArray("sources")
            .add(Integer.toUnsignedLong(encoding.ssrc()))
            .add(Integer.toUnsignedLong(encoding.rtxSsrc()));
      }
    }
    if (!groups.isEmpty()) {
      media.set("ssrc-groups", groups);
    }
  }

  private static void addSsrc(ArrayNode ssrcs, Source source, int ssrc) {
    ssrcs
        .addObject()
        .put("ssrc", Integer.toUnsignedLong(ssrc))
        .put("name", source.name())
        .putObject("parameters")
        .put("msid", source.owner() + "-" + source.kind().token() + " " + source.name());
  }

  @Override
  public void setConstraints(String endpoint, ReceiverConstraints constraints)
      throws IOException, InterruptedException {
    channel(endpoint).send(constraints);
  }

  @Override
  public void setAudioWanted(String endpoint, boolean wanted)
      throws IOException, InterruptedException {
    channel(endpoint).sendAudioWanted(wanted);
  }

  private synchronized BridgeChannel channel(String endpoint)
      throws IOException, InterruptedException {
    BridgeChannel channel = channels.get(endpoint);
    if (channel == null) {
      URI uri = channelUris.get(endpoint);
      if (uri == null) {
        throw new SignallingException("the bridge named no WebSocket for " + endpoint);
      }
      BridgeMessages told = new BridgeMessages();
      channel = BridgeChannel.open(http, uri, told);
      messages.put(endpoint, told);
      channels.put(endpoint, channel);
    }
    return channel;
  }

  @Override
  public @Nullable String dominantSpeaker(String endpoint) {
    BridgeMessages told = messages.get(endpoint);
    return told == null ? null : told.dominantSpeaker();
  }

  @Override
  public List<String> messages(String endpoint) {
    BridgeMessages told = messages.get(endpoint);
    return told == null ? List.of() : told.messages();
  }

  @Override
  public void removeEndpoint(String endpoint) throws IOException, InterruptedException {
    BridgeChannel channel = channels.remove(endpoint);
    if (channel != null) {
      channel.close();
    }
    BridgeMessages unusedMessages = messages.remove(endpoint);
    ObjectNode request = JSON.createObjectNode();
    request.putArray("endpoints").addObject().put("id", endpoint).put("expire", true);
    JsonNode unused = send("PATCH", URI.create(conferences + "/" + meetingId), request);
  }

  @Override
  public synchronized void close() throws IOException {
    channels.values().forEach(BridgeChannel::close);
    channels.clear();
    if (!created) {
      return;
    }
    created = false;
    try {
      JsonNode unused =
          send(
              "PATCH",
              URI.create(conferences + "/" + meetingId),
              JSON.createObjectNode().put("expire", true));
    } catch (SignallingException e) {
      // The bridge ends a conference by itself when the last endpoint has left.
      if (e.status() != NOT_FOUND) {
        throw e;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private JsonNode send(String method, URI uri, ObjectNode body)
      throws IOException, InterruptedException {
    HttpResponse<String> response =
        http.send(
            HttpRequest.newBuilder(uri)
                .timeout(Await.PATIENCE)
                .header("Content-Type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofString(body.toString()))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    if (response.statusCode() != 200) {
      throw new SignallingException(
          method + " " + uri + ": " + response.statusCode() + " " + response.body(),
          response.statusCode());
    }
    return Objects.requireNonNull(JSON.readTree(response.body()));
  }
}
