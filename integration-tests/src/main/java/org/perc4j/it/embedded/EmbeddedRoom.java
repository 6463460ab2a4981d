/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.embedded;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.perc4j.endpoint.media.MediaKind;
import org.perc4j.endpoint.rtp.LossTracker;
import org.perc4j.endpoint.rtp.Rtcp;
import org.perc4j.endpoint.signalling.CongestionFeedback;
import org.perc4j.endpoint.signalling.DtlsSetup;
import org.perc4j.endpoint.signalling.PayloadTypes;
import org.perc4j.endpoint.signalling.ReceiverConstraints;
import org.perc4j.endpoint.signalling.SignallingException;
import org.perc4j.endpoint.signalling.Source;
import org.perc4j.endpoint.signalling.TransportDescription;
import org.perc4j.endpoint.transport.OctetBuffer;
import org.perc4j.endpoint.transport.SecureTransport;
import org.perc4j.endpoint.transport.SrtpProfile;
import org.perc4j.header.MalformedPacketException;
import org.perc4j.header.audiolevel.AudioLevelCodec;
import org.perc4j.header.framemarking.FrameMarkingCodec;
import org.perc4j.header.rtp.HeaderExtensionCursor;
import org.perc4j.header.rtp.RtpPacketView;
import org.perc4j.it.bridge.Room;
import org.perc4j.it.harness.Await;
import org.perc4j.jvb.metrics.BridgeCounters;
import org.perc4j.jvb.packet.Frame;
import org.perc4j.jvb.packet.OriginalHeaders;

/** A conference on an {@link EmbeddedBridge}. One lock for everything. */
final class EmbeddedRoom implements Room {
  private static final Logger logger = Logger.getLogger(EmbeddedRoom.class.getName());
  private static final int RTCP_ROOM_BYTES = 32;
  private static final int MIN_BYTES = 12;
  private static final int OSN_BYTES = 2;
  private static final int SSRC_OFFSET = 8;
  private static final int OWN_SSRC = 0x50455243;
  private static final long KEY_FRAME_INTERVAL_NANOS = 300_000_000;

  private final String name;
  private final BridgeCounters counters;
  private final Map<String, Leg> legs = new LinkedHashMap<>();
  private final SpeakerDetector speakers = new SpeakerDetector();
  private final RtpPacketView view = new RtpPacketView();
  private final HeaderExtensionCursor extensions = new HeaderExtensionCursor();
  private final Map<Integer, Long> keyFrameRequestNanos = new LinkedHashMap<>();

  EmbeddedRoom(String name, BridgeCounters counters) {
    this.name = name;
    this.counters = counters;
  }

  @Override
  public synchronized TransportDescription addEndpoint(String endpoint, CongestionFeedback wanted)
      throws IOException, InterruptedException {
    if (legs.containsKey(endpoint)) {
      throw new SignallingException("there is an endpoint " + endpoint + " already");
    }
    SecureTransport transport =
        new SecureTransport(
            name + "-" + endpoint,
            true,
            DtlsSetup.ACTPASS,
            List.of(SrtpProfile.DOUBLE_AEAD_AES_128_GCM, SrtpProfile.DOUBLE_AEAD_AES_256_GCM),
            packet -> received(endpoint, packet));
    legs.put(endpoint, new Leg(endpoint, transport));
    return transport.description();
  }

  @Override
  public synchronized void setTransport(
      String endpoint, TransportDescription transport, List<Source> sources)
      throws SignallingException {
    Leg leg = leg(endpoint);
    leg.sources = List.copyOf(sources);
    Thread connector = new Thread(() -> connect(leg, transport), name + "-" + endpoint);
    connector.setDaemon(true);
    connector.start();
  }

  private void connect(Leg leg, TransportDescription remote) {
    try {
      leg.transport.connect(remote, Await.PATIENCE);
      synchronized (this) {
        leg.connected(counters);
        select();
      }
    } catch (IOException e) {
      // The endpoint's side fails as well and says so.
      leg.transport.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Leg leg(String endpoint) throws SignallingException {
    Leg leg = legs.get(endpoint);
    if (leg == null) {
      throw new SignallingException("no endpoint " + endpoint);
    }
    return leg;
  }

  @Override
  public synchronized void setConstraints(String endpoint, ReceiverConstraints constraints)
      throws SignallingException {
    leg(endpoint).constraints = constraints;
    select();
  }

  /** Decides which videos go to whom. */
  private void select() {
    for (Leg receiver : legs.values()) {
      List<Source> candidates = new ArrayList<>();
      for (Leg sender : legs.values()) {
        if (sender != receiver) {
          sender.sources.stream()
              .filter(source -> source.kind() == MediaKind.VIDEO)
              .forEach(candidates::add);
        }
      }
      ReceiverConstraints constraints = receiver.constraints;
      candidates.sort(
          Comparator.<Source>comparingInt(
                  source -> constraints.onStageSources().contains(source.name()) ? 0 : 1)
              .thenComparingInt(source -> speakers.rank(source.owner())));
      int limit = constraints.lastN() < 0 ? candidates.size() : constraints.lastN();
      for (int i = 0; i < candidates.size(); i++) {
        Source source = candidates.get(i);
        receiver
            .videos
            .computeIfAbsent(source.ssrc(), unused -> new VideoForwarder(source))
            .want(i < limit && constraints.maxHeight() > 0);
      }
    }
  }

  private synchronized void received(String endpoint, byte[] octets) {
    Leg leg = legs.get(endpoint);
    if (leg == null || octets.length < MIN_BYTES) {
      return;
    }
    try {
      if (Rtcp.isRtcp(octets)) {
        OctetBuffer packet = new OctetBuffer(octets, 0, octets.length, 0);
        if (leg.unprotectControl(packet)) {
          Rtcp.parse(packet.getBuffer(), packet.getOffset(), packet.getLength(), new Feedback(leg));
        }
      } else {
        ForwardedPacket packet = new ForwardedPacket(octets, 0, octets.length);
        if (leg.unprotect(packet)) {
          forward(leg, packet);
        }
      }
    } catch (IOException | MalformedPacketException e) {
      logger.log(Level.FINE, "a packet was lost", e);
    }
  }

  private void forward(Leg sender, ForwardedPacket packet)
      throws IOException, MalformedPacketException {
    view.wrap(packet.getBuffer(), packet.getOffset(), packet.getLength());
    for (Source source : sender.sources) {
      if (source.rtxSsrc() != 0 && source.rtxSsrc() == view.ssrc()) {
        if (PayloadTypes.repaired(view.payloadType()) < 0) {
          return;
        }
        restore(source, packet);
        view.wrap(packet.getBuffer(), packet.getOffset(), packet.getLength());
      }
      if (source.ssrc() == view.ssrc()) {
        if (source.kind() == MediaKind.AUDIO) {
          forwardAudio(sender, packet);
        } else {
          askForRepairs(sender, source);
          forwardVideo(sender, source, packet);
        }
        return;
      }
    }
  }

  /** Turns a repair packet (RFC 4588) into the packet that it carries. */
  private void restore(Source source, ForwardedPacket packet) throws MalformedPacketException {
    byte[] buffer = packet.getBuffer();
    int payload = view.payloadOffset();
    int original = (buffer[payload] & 0xFF) << 8 | (buffer[payload + 1] & 0xFF);
    System.arraycopy(
        buffer, payload + OSN_BYTES, buffer, payload, view.payloadLength() - OSN_BYTES);
    packet.setLength(packet.getLength() - OSN_BYTES);
    view.setSequenceNumber(original);
    int payloadType = PayloadTypes.repaired(view.payloadType());
    view.setPayloadType(payloadType);
    ByteBuffer.wrap(buffer).putInt(packet.getOffset() + SSRC_OFFSET, source.ssrc());
    packet.perc4jOriginalHeader(
        OriginalHeaders.restored(
            packet.perc4jOriginalHeader(), view.marker(), payloadType, original));
  }

  private void askForRepairs(Leg sender, Source source) throws IOException {
    LossTracker losses = sender.losses.computeIfAbsent(source.ssrc(), ssrc -> new LossTracker());
    long now = System.nanoTime();
    losses.onPacket(view.sequenceNumber(), now);
    List<Integer> missing = losses.due(now);
    if (!missing.isEmpty()) {
      sendFeedback(sender, Rtcp.nack(OWN_SSRC, source.ssrc(), missing));
    }
  }

  private void forwardAudio(Leg sender, ForwardedPacket packet)
      throws IOException, MalformedPacketException {
    extensions.wrap(view);
    if (extensions.find(PayloadTypes.AUDIO_LEVEL_EXTENSION)) {
      int level =
          AudioLevelCodec.parse(view.buffer(), extensions.dataOffset(), extensions.dataLength());
      if (speakers.update(sender.endpoint, AudioLevelCodec.levelMinusDbov(level))) {
        select();
      }
    }
    for (Leg receiver : legs.values()) {
      if (receiver != sender) {
        receiver.send(packet.copy());
      }
    }
  }

  private void forwardVideo(Leg sender, Source source, ForwardedPacket packet)
      throws IOException, MalformedPacketException {
    extensions.wrap(view);
    int frame =
        extensions.find(PayloadTypes.FRAME_MARKING_EXTENSION)
            ? Frame.marked(
                FrameMarkingCodec.parse(
                    view.buffer(), extensions.dataOffset(), extensions.dataLength()))
            : Frame.UNMARKED;
    boolean needsKeyFrame = false;
    for (Leg receiver : legs.values()) {
      VideoForwarder forwarder = receiver.videos.get(source.ssrc());
      if (receiver != sender && forwarder != null) {
        ForwardedPacket out = forwarder.forward(packet, frame);
        if (out != null) {
          receiver.send(out);
        }
        needsKeyFrame |= forwarder.needsKeyFrame();
      }
    }
    if (needsKeyFrame) {
      requestKeyFrame(sender, source);
    }
  }

  private void requestKeyFrame(Leg sender, Source source) throws IOException {
    long now = System.nanoTime();
    Long last = keyFrameRequestNanos.get(source.ssrc());
    if (last != null && now - last < KEY_FRAME_INTERVAL_NANOS) {
      return;
    }
    keyFrameRequestNanos.put(source.ssrc(), now);
    sendFeedback(sender, Rtcp.pictureLoss(OWN_SSRC, source.ssrc()));
  }

  private static void sendFeedback(Leg sender, byte[] feedback) throws IOException {
    ByteArrayOutputStream compound = new ByteArrayOutputStream();
    compound.writeBytes(Rtcp.receiverReport(OWN_SSRC, List.of()));
    compound.writeBytes(feedback);
    sender.sendControl(
        new OctetBuffer(compound.toByteArray(), 0, compound.size(), RTCP_ROOM_BYTES));
  }

  /** What a receiver asks for. */
  private final class Feedback implements Rtcp.Listener {
    private final Leg receiver;

    Feedback(Leg receiver) {
      this.receiver = receiver;
    }

    @Override
    public void nack(int mediaSsrc, List<Integer> sequenceNumbers) {
      VideoForwarder forwarder = receiver.videos.get(mediaSsrc);
      if (forwarder == null) {
        return;
      }
      for (int sequenceNumber : sequenceNumbers) {
        try {
          ForwardedPacket repair = forwarder.repair(sequenceNumber);
          if (repair != null) {
            receiver.send(repair);
          }
        } catch (IOException | MalformedPacketException e) {
          // The receiver asks again.
          return;
        }
      }
    }

    @Override
    public void keyFrameRequest(int mediaSsrc) {
      for (Leg sender : legs.values()) {
        for (Source source : sender.sources) {
          if (source.ssrc() == mediaSsrc) {
            try {
              requestKeyFrame(sender, source);
            } catch (IOException e) {
              // The receiver asks again.
              return;
            }
          }
        }
      }
    }
  }

  @Override
  public synchronized @Nullable String dominantSpeaker(String endpoint) {
    return speakers.dominantSpeaker();
  }

  @Override
  public List<String> messages(String endpoint) {
    return List.of();
  }

  @Override
  public synchronized void removeEndpoint(String endpoint) throws SignallingException {
    Leg leg = leg(endpoint);
    legs.remove(endpoint);
    speakers.forget(endpoint);
    leg.close();
    select();
  }

  @Override
  public synchronized void close() {
    legs.values().forEach(Leg::close);
    legs.clear();
  }
}
