/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.scripted;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntFunction;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.perc4j.e2e.srtp.DoubleSrtpResult;
import org.perc4j.e2e.srtp.MediaPacket;
import org.perc4j.endpoint.media.MediaKind;
import org.perc4j.endpoint.rtp.Rtcp;
import org.perc4j.endpoint.signalling.AnnouncedSources;
import org.perc4j.endpoint.signalling.CongestionFeedback;
import org.perc4j.endpoint.signalling.PayloadTypes;
import org.perc4j.endpoint.signalling.Source;
import org.perc4j.endpoint.signalling.TransportDescription;
import org.perc4j.endpoint.transport.IceFailedException;
import org.perc4j.endpoint.transport.OctetBuffer;
import org.perc4j.endpoint.transport.PacketProtection;
import org.perc4j.endpoint.transport.SecureTransport;
import org.perc4j.endpoint.transport.SrtpProfile;
import org.perc4j.header.MalformedPacketException;
import org.perc4j.header.rtp.HeaderExtensionWriter;
import org.perc4j.header.rtp.RtpPacketView;
import org.perc4j.header.srtp.DoubleSrtpProfile;
import org.perc4j.it.bridge.Room;

/**
 * A participant with audio sources and a video source that sends what it is told to. Repairs what
 * the bridge misses, asks the bridge for what it is told to lose, and does nothing else by itself.
 * Thread-safe.
 */
public final class ScriptedEndpoint implements Closeable {
  private static final int ROOM_BYTES = 64;
  private static final int OSN_BYTES = 2;
  private static final int VERSION = 0x80;
  private static final int PADDING = 0x20;
  private static final int EXTENSION = 0x10;
  private static final int MARKER = 0x80;
  private static final int FRAMES_PER_SECOND = 25;
  private static final int AUDIO_PACKETS_PER_SECOND = 50;
  private static final int RECENT = 500;
  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(5);

  /** The numbering of a source. */
  private static final class Numbering {
    final Source source;
    int sequenceNumber;
    int rtxSequenceNumber;
    int timestamp;

    Numbering(Source source, int sequenceNumber, int timestamp) {
      this.source = source;
      this.sequenceNumber = sequenceNumber;
      this.rtxSequenceNumber = sequenceNumber;
      this.timestamp = timestamp;
    }
  }

  private final String id;
  private final Room room;
  private final AnnouncedSources roster;
  private final SecureTransport transport;
  private final ScheduledExecutorService pace;

  @GuardedBy("this")
  private final PacketProtection protection;

  @GuardedBy("this")
  private final Map<MediaKind, List<Numbering>> numberings = new EnumMap<>(MediaKind.class);

  @GuardedBy("this")
  private final Map<Integer, byte[]> repairable = new HashMap<>();

  @GuardedBy("this")
  private final List<SentPacket> sent = new ArrayList<>();

  @GuardedBy("this")
  private final List<byte[]> innerProtected = new ArrayList<>();

  @GuardedBy("this")
  private final List<Arrival> arrivals = new ArrayList<>();

  @GuardedBy("this")
  private final Map<DoubleSrtpResult, Integer> refused = new EnumMap<>(DoubleSrtpResult.class);

  @GuardedBy("this")
  private Predicate<byte[]> losesOnArrival = packet -> false;

  @GuardedBy("this")
  private Predicate<byte[]> losesOnDeparture = packet -> false;

  @GuardedBy("this")
  private @Nullable Throwable failure;

  @GuardedBy("this")
  private int repairsSent;

  @GuardedBy("this")
  private int hiddenOnDeparture;

  private int paddingReceived;

  @GuardedBy("this")
  private int keyFrameRequests;

  @GuardedBy("this")
  private int fullIntraRequests;

  @GuardedBy("this")
  private final Map<Integer, Integer> senderReports = new HashMap<>();

  private ScriptedEndpoint(
      Script script,
      Room room,
      AnnouncedSources roster,
      SecureTransport transport,
      PacketProtection protection,
      List<Source> sources,
      Random random) {
    this.id = script.id();
    this.room = room;
    this.roster = roster;
    this.transport = transport;
    this.protection = protection;
    for (Source source : sources) {
      numberings
          .computeIfAbsent(source.kind(), kind -> new ArrayList<>())
          .add(new Numbering(source, script.initialSequenceNumber(), random.nextInt()));
    }
    pace =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, script.id() + "-script");
              thread.setDaemon(true);
              return thread;
            });
  }

  static ScriptedEndpoint join(Room room, AnnouncedSources roster, FixedKeys keys, Script script)
      throws IOException, InterruptedException {
    AtomicReference<ScriptedEndpoint> self = new AtomicReference<>();
    SecureTransport.Receiver receiver =
        packet -> {
          ScriptedEndpoint endpoint = self.get();
          if (endpoint != null) {
            endpoint.receive(packet);
          }
        };
    Random random = new Random(script.seed());
    List<Source> sources = sources(script, random);
    TransportDescription offer = room.addEndpoint(script.id(), CongestionFeedback.NONE);
    SecureTransport transport;
    try {
      transport = connect(room, offer, sources, script, receiver);
    } catch (IceFailedException e) {
      // Once more, as Endpoint does: a few of ice4j's agents never nominate.
      transport =
          connect(
              room, room.restart(script.id(), CongestionFeedback.NONE), sources, script, receiver);
    }
    boolean joined = false;
    try {
      ScriptedEndpoint endpoint =
          new ScriptedEndpoint(
              script,
              room,
              roster,
              transport,
              transport.takeProtection(
                  transport.profile().isDouble()
                      ? keys.endToEnd(
                          script.id(), DoubleSrtpProfile.fromId(transport.profile().id()))
                      : null,
                  script.cryptex()),
              sources,
              random);
      roster.add(sources);
      self.set(endpoint);
      joined = true;
      return endpoint;
    } finally {
      if (!joined) {
        transport.close();
      }
    }
  }

  private static List<Source> sources(Script script, Random random) {
    String id = script.id();
    List<Source> sources = new ArrayList<>();
    sources.add(new Source(id, id + "-a0", MediaKind.AUDIO, random.nextInt(), 0));
    sources.add(new Source(id, id + "-v0", MediaKind.VIDEO, random.nextInt(), random.nextInt()));
    for (int i = 1; i < script.voices(); i++) {
      sources.add(new Source(id, id + "-a" + i, MediaKind.AUDIO, random.nextInt(), 0));
    }
    return sources;
  }

  private static SecureTransport connect(
      Room room,
      TransportDescription offer,
      List<Source> sources,
      Script script,
      SecureTransport.Receiver receiver)
      throws IOException, InterruptedException {
    SecureTransport transport =
        new SecureTransport(script.id(), false, script.setup(), script.profiles(), receiver);
    boolean connected = false;
    try {
      room.setTransport(script.id(), transport.description(), sources);
      transport.connect(offer, script.timeout());
      connected = true;
      return transport;
    } finally {
      if (!connected) {
        transport.close();
      }
    }
  }

  /** Sends audio packets, one every 20 ms, as the script says. */
  public Future<?> speak(int packets, IntFunction<PacketContent> script) {
    return play(packets, AUDIO_PACKETS_PER_SECOND, script);
  }

  /** Sends video packets, 100 in a second, as the script says. */
  public Future<?> show(int packets, IntFunction<PacketContent> script) {
    return play(packets, 4 * FRAMES_PER_SECOND, script);
  }

  private Future<?> play(int packets, int perSecond, IntFunction<PacketContent> script) {
    CompletableFuture<Integer> done = new CompletableFuture<>();
    AtomicInteger next = new AtomicInteger();
    Future<?> task =
        pace.scheduleAtFixedRate(
            () -> {
              int i = next.getAndIncrement();
              if (i == packets) {
                boolean unused = done.complete(i);
                throw new IllegalStateException("the script is over");
              }
              try {
                SentPacket unused = send(script.apply(i));
              } catch (RuntimeException e) {
                boolean unused = done.completeExceptionally(e);
                throw e;
              }
            },
            0,
            TimeUnit.SECONDS.toNanos(1) / perSecond,
            TimeUnit.NANOSECONDS);
    CompletableFuture<Integer> unused = done.whenComplete((count, thrown) -> task.cancel(false));
    return done;
  }

  /** Sends a packet. */
  @CanIgnoreReturnValue
  public SentPacket send(PacketContent content) {
    return send(content, UnaryOperator.identity(), true);
  }

  /**
   * Sends a packet that nobody but its maker would send, yet under the hop's key.
   *
   * @param damage is given the packet between the layers, and returns what to put into the outer
   *     one
   */
  public void sendDamaged(PacketContent content, UnaryOperator<byte[]> damage) {
    SentPacket unused = send(content, damage, false);
  }

  private synchronized SentPacket send(
      PacketContent content, UnaryOperator<byte[]> damage, boolean account) {
    Numbering numbering = numbering(content.kind, content.voice);
    numbering.sequenceNumber = (numbering.sequenceNumber + content.skippedBefore) & 0xFFFF;
    numbering.timestamp +=
        content.skippedBefore * (content.kind.clockRate() / AUDIO_PACKETS_PER_SECOND);
    byte[] payload = Arrays.copyOf(content.payload, content.payload.length + content.paddingBytes);
    if (content.paddingBytes > 0) {
      payload[payload.length - 1] = (byte) content.paddingBytes;
    }
    byte[] extension = extensionBlock(content.extensions);
    SentPacket packet =
        new SentPacket(
            numbering.source.ssrc(),
            content.payloadType,
            numbering.sequenceNumber,
            Integer.toUnsignedLong(numbering.timestamp),
            content.marker,
            content.paddingBytes > 0,
            Map.copyOf(content.extensions),
            payload);
    byte[] octets =
        ByteBuffer.allocate(
                RtpPacketView.FIXED_HEADER_LENGTH + extension.length + payload.length + ROOM_BYTES)
            .put(
                (byte)
                    (VERSION
                        | (packet.padded() ? PADDING : 0)
                        | (extension.length > 0 ? EXTENSION : 0)))
            .put((byte) ((packet.marker() ? MARKER : 0) | packet.payloadType()))
            .putShort((short) packet.sequenceNumber())
            .putInt(numbering.timestamp)
            .putInt(packet.ssrc())
            .put(extension)
            .put(payload)
            .array();
    if (account) {
      sent.add(packet);
    }
    numbering.sequenceNumber = (numbering.sequenceNumber + 1) & 0xFFFF;
    if (content.kind == MediaKind.AUDIO) {
      numbering.timestamp += content.kind.clockRate() / AUDIO_PACKETS_PER_SECOND;
    } else if (content.marker) {
      numbering.timestamp += content.kind.clockRate() / FRAMES_PER_SECOND;
    }
    MediaPacket carrier = new MediaPacket().wrap(octets, 0, octets.length - ROOM_BYTES);
    require(protection.protectInner(carrier));
    byte[] between = damage.apply(Arrays.copyOf(octets, carrier.length()));
    innerProtected.add(between);
    if (content.kind == MediaKind.VIDEO) {
      repairable.put(packet.sequenceNumber(), between);
    }
    sendUnderHopKey(between);
    return packet;
  }

  private synchronized Numbering numbering(MediaKind kind) {
    return numbering(kind, 0);
  }

  private synchronized Numbering numbering(MediaKind kind, int number) {
    List<Numbering> all = numberings.getOrDefault(kind, List.of());
    if (number >= all.size()) {
      throw new IllegalStateException("no source " + number + " of " + kind);
    }
    return all.get(number);
  }

  /** Sends a report of its first source of a kind, as if nothing had been sent. */
  public synchronized void sendReport(MediaKind kind) {
    sendControl(Rtcp.senderReport(ssrc(kind), 0, 0, 0, 0, id));
  }

  /** Asks for a key frame of a source. */
  public synchronized void requestKeyFrame(int ssrc) {
    int self = numbering(MediaKind.VIDEO).source.ssrc();
    sendAfterReport(self, Rtcp.pictureLoss(self, ssrc));
  }

  /** Asks the sender of a stream for a key frame, the way that mixers do. */
  public synchronized void requestFullIntra(int ssrc) {
    int self = numbering(MediaKind.VIDEO).source.ssrc();
    sendAfterReport(self, Rtcp.fullIntraRequest(self, ssrc, ++fullIntraRequests));
  }

  private void sendAfterReport(int self, byte[] request) {
    byte[] report = Rtcp.receiverReport(self, List.of());
    byte[] compound = Arrays.copyOf(report, report.length + request.length);
    System.arraycopy(request, 0, compound, report.length, request.length);
    sendControl(compound);
  }

  /** Sends a report of an audio source, as if nothing had been sent. */
  public synchronized void sendReport(int voice) {
    int ssrc = numbering(MediaKind.AUDIO, voice).source.ssrc();
    sendControl(Rtcp.senderReport(ssrc, 0, 0, 0, 0, id));
  }

  private static byte[] extensionBlock(Map<Integer, byte[]> extensions) {
    if (extensions.isEmpty()) {
      return new byte[0];
    }
    boolean twoByte =
        extensions.entrySet().stream()
            .anyMatch(e -> HeaderExtensionWriter.needsTwoByte(e.getKey(), e.getValue().length));
    int length =
        extensions.values().stream()
            .mapToInt(data -> HeaderExtensionWriter.elementLength(twoByte, data.length))
            .sum();
    byte[] block = new byte[HeaderExtensionWriter.encodedLength(length)];
    HeaderExtensionWriter writer = new HeaderExtensionWriter();
    writer.begin(block, 0, twoByte);
    extensions.forEach((key, data) -> writer.add(key, data, 0, data.length));
    int unused = writer.end();
    return block;
  }

  private synchronized void sendUnderHopKey(byte[] between) {
    byte[] octets = Arrays.copyOf(between, between.length + ROOM_BYTES);
    MediaPacket carrier = new MediaPacket().wrap(octets, 0, between.length);
    require(protection.protectOuter(carrier));
    byte[] datagram = Arrays.copyOf(carrier.buffer(), carrier.length());
    if (Wire.isHidden(datagram)) {
      hiddenOnDeparture++;
    }
    if (!losesOnDeparture.test(datagram)) {
      sendDatagram(datagram);
    }
  }

  /** Sends octets as they are. */
  public void sendDatagram(byte[] datagram) {
    try {
      transport.send(datagram, 0, datagram.length);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void require(DoubleSrtpResult result) {
    if (result != DoubleSrtpResult.OK) {
      throw new IllegalStateException("could not protect a packet: " + result);
    }
  }

  /** Has a network that loses some RTP packets on their way to it; it asks for them again. */
  public synchronized void losesOnArrival(Predicate<byte[]> which) {
    losesOnArrival = which;
  }

  /** Has a network that loses some RTP packets on their way from it. */
  public synchronized void losesOnDeparture(Predicate<byte[]> which) {
    losesOnDeparture = which;
  }

  private synchronized void receive(byte[] datagram) {
    try {
      if (datagram.length < RtpPacketView.FIXED_HEADER_LENGTH) {
        return;
      }
      if (Rtcp.isRtcp(datagram)) {
        OctetBuffer rtcp = new OctetBuffer(datagram, 0, datagram.length, 0);
        if (protection.unprotectRtcp(rtcp)) {
          Rtcp.parse(rtcp.getBuffer(), rtcp.getOffset(), rtcp.getLength(), new Repairing());
        }
      } else if (losesOnArrival.test(datagram)) {
        requestAgain(Wire.ssrc(datagram), Wire.sequenceNumber(datagram));
      } else {
        receiveRtp(datagram);
      }
    } catch (MalformedPacketException e) {
      refuse(DoubleSrtpResult.MALFORMED);
    } catch (RuntimeException e) {
      if (failure == null) {
        failure = e;
      }
    }
  }

  private synchronized void receiveRtp(byte[] octets) throws MalformedPacketException {
    RtpPacketView view = new RtpPacketView();
    view.wrap(octets, 0, octets.length);
    int wireProfile = view.extensionProfile();
    MediaPacket carrier = new MediaPacket().wrap(octets, 0, octets.length);
    DoubleSrtpResult outer = protection.unprotectOuter(carrier);
    if (outer == DoubleSrtpResult.BRIDGE_PADDING) {
      paddingReceived++;
      return;
    }
    if (outer != DoubleSrtpResult.OK) {
      refuse(outer);
      return;
    }
    view.wrap(octets, 0, carrier.length());
    Source source = roster.source(view.ssrc());
    if (source == null) {
      throw new IllegalStateException("nobody announced SSRC " + view.ssrc());
    }
    boolean repaired = view.ssrc() == source.rtxSsrc();
    if (repaired) {
      MediaPacket unused = carrier.wrap(octets, 0, undoRepair(view, source));
      view.wrap(octets, 0, carrier.length());
    }
    Map<Integer, byte[]> extensions = Arrival.extensions(view);
    int wireSequenceNumber = view.sequenceNumber();
    int wirePayloadType = view.payloadType();
    DoubleSrtpResult inner = protection.unprotectInner(carrier, source.owner());
    if (inner != DoubleSrtpResult.OK) {
      refuse(inner);
      return;
    }
    view.wrap(octets, 0, carrier.length());
    arrivals.add(
        new Arrival(
            wireProfile,
            wireSequenceNumber,
            wirePayloadType,
            repaired,
            extensions,
            view.ssrc(),
            view.payloadType(),
            view.sequenceNumber(),
            view.timestamp(),
            view.marker(),
            view.hasPadding(),
            Arrays.copyOfRange(
                octets, view.payloadOffset(), view.payloadOffset() + view.payloadLength())));
  }

  /** Turns a repair packet into the one that was lost; returns the latter's length. */
  private static int undoRepair(RtpPacketView view, Source source) {
    byte[] octets = view.buffer();
    int payload = view.payloadOffset();
    ByteBuffer packet = ByteBuffer.wrap(octets);
    int original = packet.getShort(payload) & 0xFFFF;
    int length = view.length() - OSN_BYTES;
    System.arraycopy(octets, payload + OSN_BYTES, octets, payload, length - payload);
    view.setPayloadType(PayloadTypes.VP8);
    view.setSequenceNumber(original);
    packet.putInt(8, source.ssrc());
    return length;
  }

  private synchronized void refuse(DoubleSrtpResult reason) {
    refused.merge(reason, 1, Integer::sum);
  }

  private synchronized void requestAgain(int ssrc, int sequenceNumber) {
    int self = numbering(MediaKind.VIDEO).source.ssrc();
    byte[] report = Rtcp.receiverReport(self, List.of());
    byte[] nack = Rtcp.nack(self, ssrc, List.of(sequenceNumber));
    byte[] compound = Arrays.copyOf(report, report.length + nack.length);
    System.arraycopy(nack, 0, compound, report.length, nack.length);
    sendControl(compound);
  }

  private synchronized void sendControl(byte[] compound) {
    OctetBuffer packet = new OctetBuffer(compound, 0, compound.length, ROOM_BYTES);
    if (!protection.protectRtcp(packet)) {
      throw new IllegalStateException("could not protect RTCP");
    }
    try {
      transport.send(packet.getBuffer(), packet.getOffset(), packet.getLength());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Answers negative acknowledgements by repair packets (RFC 4588). */
  private final class Repairing implements Rtcp.Listener {
    @Override
    public void nack(int mediaSsrc, List<Integer> sequenceNumbers) {
      sequenceNumbers.forEach(number -> repair(mediaSsrc, number));
    }

    @Override
    public void keyFrameRequest(int mediaSsrc) {
      countKeyFrameRequest();
    }

    @Override
    public void senderReport(Rtcp.SenderReport report) {
      countSenderReport(report.ssrc());
    }
  }

  private synchronized void repair(int mediaSsrc, int sequenceNumber) {
    Numbering video = numbering(MediaKind.VIDEO);
    byte[] lost = repairable.get(sequenceNumber);
    if (mediaSsrc != video.source.ssrc() || lost == null) {
      return;
    }
    RtpPacketView view = new RtpPacketView();
    try {
      view.wrap(lost, 0, lost.length);
    } catch (MalformedPacketException e) {
      throw new IllegalStateException("damaged packets are not repaired", e);
    }
    int header = view.headerLength();
    ByteBuffer repair =
        ByteBuffer.allocate(lost.length + OSN_BYTES)
            .put(lost, 0, header)
            .putShort((short) sequenceNumber)
            .put(lost, header, lost.length - header);
    repair.put(1, (byte) ((lost[1] & MARKER) | PayloadTypes.RTX));
    repair.putShort(2, (short) video.rtxSequenceNumber);
    repair.putInt(8, video.source.rtxSsrc());
    video.rtxSequenceNumber = (video.rtxSequenceNumber + 1) & 0xFFFF;
    repairsSent++;
    sendUnderHopKey(repair.array());
  }

  /** Returns the identifier. */
  public String id() {
    return id;
  }

  /** Returns the profile that the bridge chose. */
  public SrtpProfile profile() {
    return transport.profile();
  }

  /** Returns the SSRC of a source. */
  public synchronized int ssrc(MediaKind kind) {
    return numbering(kind).source.ssrc();
  }

  /** Returns what was sent and should arrive, in that order. */
  public synchronized List<SentPacket> sent(MediaKind kind) {
    int ssrc = ssrc(kind);
    return sent.stream().filter(packet -> packet.ssrc() == ssrc).toList();
  }

  /** Returns all that was sent and should arrive, in that order. */
  public synchronized List<SentPacket> sent() {
    return List.copyOf(sent);
  }

  /** Returns the same as it was between the layers, and packets that were damaged there. */
  public synchronized List<byte[]> innerProtected() {
    return List.copyOf(innerProtected);
  }

  /** Returns what came from a source, in that order. */
  public synchronized List<Arrival> arrivals(ScriptedEndpoint sender, MediaKind kind) {
    int ssrc = sender.ssrc(kind);
    return arrivals.stream().filter(arrival -> arrival.ssrc() == ssrc).toList();
  }

  /** Returns what came, in that order. */
  public synchronized List<Arrival> arrivals() {
    return List.copyOf(arrivals);
  }

  /** Tells whether a packet came, among the last ones. */
  public synchronized boolean hasGot(SentPacket packet) {
    return arrivals.subList(Math.max(0, arrivals.size() - RECENT), arrivals.size()).stream()
        .anyMatch(packet::arrivedAs);
  }

  /** Returns how many packets a layer refused, by reason. */
  public synchronized Map<DoubleSrtpResult, Integer> refused() {
    return new LinkedHashMap<>(refused);
  }

  /** Returns how many packets were sent to repair others. */
  public synchronized int repairsSent() {
    return repairsSent;
  }

  /** Returns how many packets were sent whose header extensions the network could not see. */
  public synchronized int hiddenOnDeparture() {
    return hiddenOnDeparture;
  }

  private synchronized void countKeyFrameRequest() {
    keyFrameRequests++;
  }

  private synchronized void countSenderReport(int ssrc) {
    senderReports.merge(ssrc, 1, Integer::sum);
  }

  /** Returns how often it was asked for a key frame; the script says whether it sends one. */
  public synchronized int keyFrameRequests() {
    return keyFrameRequests;
  }

  /** Returns how many reports of a source came. */
  public synchronized int senderReports(int ssrc) {
    return senderReports.getOrDefault(ssrc, 0);
  }

  /** Returns how many packets of padding of the bridge's own came. */
  public synchronized int paddingReceived() {
    return paddingReceived;
  }

  /** Throws what went wrong while packets came, if anything did. */
  public synchronized void requireNoFailure() {
    if (failure != null) {
      throw new IllegalStateException(id + " failed", failure);
    }
  }

  @Override
  public void close() throws IOException {
    pace.shutdownNow();
    try {
      boolean unused = pace.awaitTermination(STOP_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
      room.removeEndpoint(id);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      roster.remove(id);
      transport.close();
    }
  }

  @Override
  public synchronized String toString() {
    return id
        + ": sent "
        + sent.size()
        + ", got "
        + arrivals.size()
        + ", refused "
        + refused
        + ", repairs sent "
        + repairsSent;
  }
}
