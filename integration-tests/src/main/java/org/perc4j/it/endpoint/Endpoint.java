/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.endpoint;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.bouncycastle.tls.TlsTimeoutException;
import org.jspecify.annotations.Nullable;
import org.perc4j.e2e.activity.ActivityShaper;
import org.perc4j.e2e.activity.OpusSizeShaper;
import org.perc4j.e2e.srtp.DoubleSrtpResult;
import org.perc4j.e2e.srtp.MediaPacket;
import org.perc4j.endpoint.media.FrameMarking;
import org.perc4j.endpoint.media.MediaKind;
import org.perc4j.endpoint.media.VideoCodec;
import org.perc4j.endpoint.media.Vp8Payload;
import org.perc4j.endpoint.rtp.CongestionControl;
import org.perc4j.endpoint.rtp.CongestionStatistics;
import org.perc4j.endpoint.rtp.HeaderExtension;
import org.perc4j.endpoint.rtp.Line;
import org.perc4j.endpoint.rtp.MediaEngine;
import org.perc4j.endpoint.rtp.MediaSender;
import org.perc4j.endpoint.rtp.ReorderBuffer;
import org.perc4j.endpoint.rtp.Rtcp;
import org.perc4j.endpoint.rtp.StreamSender;
import org.perc4j.endpoint.signalling.AnnouncedSources;
import org.perc4j.endpoint.signalling.PayloadTypes;
import org.perc4j.endpoint.signalling.SignallingException;
import org.perc4j.endpoint.signalling.Source;
import org.perc4j.endpoint.signalling.TransportDescription;
import org.perc4j.endpoint.transport.EndToEnd;
import org.perc4j.endpoint.transport.IceFailedException;
import org.perc4j.endpoint.transport.PacketProtection;
import org.perc4j.endpoint.transport.SecureTransport;
import org.perc4j.endpoint.transport.SrtpProfile;
import org.perc4j.header.rtp.RtpPacketView;
import org.perc4j.it.bridge.Room;
import org.perc4j.it.harness.Await;
import org.perc4j.it.harness.ServedTime;
import org.perc4j.it.media.LayeredClip;
import org.perc4j.it.media.PictureClip;
import org.perc4j.it.media.SpeechClip;
import org.perc4j.it.transport.KeyTap;

/**
 * A participant: joins a conference over ICE and DTLS, sends its clips in real time, repairs what
 * is missing, records what it receives. All of its media is handled on one thread. Public methods
 * are thread-safe.
 */
public final class Endpoint implements Closeable {
  private static final Logger LOGGER = Logger.getLogger(Endpoint.class.getName());
  private static final int MAX_PAYLOAD_BYTES = 1100;
  private static final long AUDIO_INTERVAL_NANOS = 20_000_000;

  /** Speech with all that is around it; it is of one size. */
  private static final double SPEECH_BPS = 64_000;

  /** What leads to a bridge; another one after the endpoint was moved. */
  private record Link(SecureTransport transport, Line line) {
    CongestionControl congestion() {
      return line.congestion();
    }
  }

  private final EndpointOptions options;
  private final Room room;
  private final AnnouncedSources roster;
  private final @Nullable EndToEnd endToEnd;
  private final @Nullable SpeechSender audio;
  private final @Nullable AccountedSender video;
  private final @Nullable LayeredSender layers;
  private final MediaEngine engine;
  private final @Nullable SentStream audioSent;
  private final @Nullable SentStream videoSent;
  private final Map<Integer, ReceivedStream> received = new ConcurrentHashMap<>();
  private final ReceivedReports reports = new ReceivedReports();
  private final AtomicLong mediaDatagrams = new AtomicLong();
  private final AtomicReference<Throwable> failure = new AtomicReference<>();
  private final Listening listening = new Listening();
  private final MediaPacket carrier = new MediaPacket();
  private final List<Future<?>> senders = new ArrayList<>();
  private final List<Source> sources;
  private final Set<MediaKind> paused = ConcurrentHashMap.newKeySet();
  private final SrtpProfile profile;
  private final AtomicLong octetsSentBefore = new AtomicLong();
  private final AtomicLong octetsReceivedBefore = new AtomicLong();
  private final AtomicLong moves = new AtomicLong();
  private volatile long lastMoveStartNanos;

  /** Null while the endpoint is moved: what it sends then is lost. */
  private volatile @Nullable Link link;

  private volatile @Nullable SpeechClip speech;
  private long videoPosition;
  private int pictureId;
  private volatile boolean closed;

  private Endpoint(
      EndpointOptions options,
      Room room,
      AnnouncedSources roster,
      Link link,
      @Nullable EndToEnd endToEnd,
      List<Source> sources,
      Random random) {
    this.options = options;
    this.room = room;
    this.roster = roster;
    this.link = link;
    this.profile = link.transport().profile();
    this.sources = List.copyOf(sources);
    this.endToEnd = endToEnd;
    this.speech = options.speech;
    SpeechSender audioSender = null;
    AccountedSender videoSender = null;
    LayeredSender layeredSender = null;
    SentStream audioAccount = null;
    SentStream videoAccount = null;
    for (Source source : sources) {
      if (source.kind() == MediaKind.AUDIO) {
        audioAccount = new SentStream(null, options.accounts());
        audioSender =
            new SpeechSender(
                new AccountedSender(
                    new StreamSender(
                        source.encodings().get(0),
                        PayloadTypes.OPUS,
                        0,
                        options.initialSequenceNumber,
                        random.nextInt(),
                        this::hopExtensions),
                    0,
                    audioAccount),
                new ActivityShaper(options.activity, new SplittableRandom(random.nextLong())),
                new OpusSizeShaper(),
                options.keepsAll());
      } else if (options.layers.isEmpty()) {
        videoAccount = new SentStream(VideoCodec.VP8, options.accounts());
        videoSender =
            new AccountedSender(
                new StreamSender(
                    source.encodings().get(0),
                    PayloadTypes.VP8,
                    PayloadTypes.RTX,
                    options.initialSequenceNumber,
                    random.nextInt(),
                    this::hopExtensions),
                0,
                videoAccount);
      } else {
        videoAccount = new SentStream(options.layers.get(0).codec(), options.accounts());
        layeredSender = layeredSender(source, videoAccount, random);
      }
    }
    audio = audioSender;
    video = videoSender;
    layers = layeredSender;
    MediaSender sender =
        options.adapts
            ? MediaSender.adaptive(
                layeredSender, audioSender == null ? 0 : SPEECH_BPS, this::videoStream)
            : MediaSender.unpaced();
    engine =
        new MediaEngine(
            options.id,
            profile.isDouble(),
            roster,
            sender,
            sources.isEmpty() ? random.nextInt() : sources.get(0).ssrc(),
            ServedTime::nanos,
            Clock.systemUTC(),
            new Media());
    streamSenders().forEach(engine::addStream);
    audioSent = audioAccount;
    videoSent = videoAccount;
    pictureId = random.nextInt(Vp8Payload.PICTURE_IDS);
  }

  private List<HeaderExtension> hopExtensions() {
    return engine.hopExtensions();
  }

  private LayeredSender layeredSender(Source source, SentStream account, Random random) {
    LayeredSender layered = new LayeredSender(this::sendMedia);
    // As with browsers, all encodings of a picture have one time.
    int timestamp = random.nextInt();
    for (int i = 0; i < options.layers.size(); i++) {
      LayeredClip clip = options.layers.get(i);
      layered.add(
          clip,
          new AccountedSender(
              new StreamSender(
                  source.encodings().get(i),
                  PayloadTypes.of(clip.codec()),
                  PayloadTypes.repairOf(clip.codec()),
                  options.initialSequenceNumber,
                  timestamp,
                  this::hopExtensions),
              i,
              account),
          options.vp9Mode,
          random.nextInt(Vp8Payload.PICTURE_IDS),
          MAX_PAYLOAD_BYTES,
          options.markings.forEncoding(i));
    }
    return layered;
  }

  /**
   * Joins a conference and connects; sends nothing before {@link #startSending}.
   *
   * @param endToEnd the inner layer if the transport negotiates double SRTP; or null
   */
  public static Endpoint join(
      Room room, AnnouncedSources roster, @Nullable EndToEnd endToEnd, EndpointOptions options)
      throws IOException, InterruptedException {
    AtomicReference<Endpoint> self = new AtomicReference<>();
    Random random = new Random(options.seed);
    List<Source> sources = sources(options, random);
    Link link =
        connect(
            room,
            sources,
            endToEnd,
            options,
            (transport, packet) -> {
              Endpoint endpoint = self.get();
              if (endpoint != null) {
                endpoint.onPacket(transport, packet);
              }
            });
    Endpoint endpoint = new Endpoint(options, room, roster, link, endToEnd, sources, random);
    roster.add(sources);
    endpoint.engine.execute(() -> endpoint.engine.setLine(link.line()));
    self.set(endpoint);
    if (endToEnd != null) {
      endToEnd.whenLate(endpoint.engine::receiveLate);
    }
    room.whenMoved(options.id, endpoint::move);
    return endpoint;
  }

  /** Takes what comes by a transport. */
  private interface Inlet {
    void received(SecureTransport transport, byte[] packet);
  }

  private static Link connect(
      Room room,
      List<Source> sources,
      @Nullable EndToEnd endToEnd,
      EndpointOptions options,
      Inlet inlet)
      throws IOException, InterruptedException {
    TransportDescription offer = room.addEndpoint(options.id, options.feedback);
    try {
      return connect(room, offer, sources, endToEnd, options, inlet);
    } catch (IceFailedException | TlsTimeoutException e) {
      if (!options.triesAgain) {
        throw e;
      }
      // Of some thousands of ICE agents of ice4j one fails at the check that nominates, and stays
      // as it is: begin anew, as any client does that does not get through.
      LOGGER.log(Level.WARNING, options.id + " could not connect; retrying once", e);
      return connect(
          room, room.restart(options.id, options.feedback), sources, endToEnd, options, inlet);
    }
  }

  private static Link connect(
      Room room,
      TransportDescription offer,
      List<Source> sources,
      @Nullable EndToEnd endToEnd,
      EndpointOptions options,
      Inlet inlet)
      throws IOException, InterruptedException {
    AtomicReference<SecureTransport> self = new AtomicReference<>();
    SecureTransport transport =
        new SecureTransport(
            options.network,
            options.relays,
            options.id,
            false,
            options.setup,
            options.profiles,
            packet -> {
              SecureTransport origin = self.get();
              if (origin != null) {
                inlet.received(origin, packet);
              }
            });
    self.set(transport);
    boolean connected = false;
    try {
      room.setTransport(options.id, transport.description(), sources);
      transport.connect(offer, options.timeout);
      PacketProtection protection =
          KeyTap.takeProtection(transport, endToEnd, options.cryptex, options.keyTap());
      connected = true;
      Line.Outlet impaired =
          (buffer, offset, length) ->
              options.sending.apply(
                  Arrays.copyOfRange(buffer, offset, offset + length),
                  octets -> sendRaw(transport, octets));
      return new Link(
          transport, new Line(protection, room.feedback(options.id), impaired, transport::send));
    } finally {
      if (!connected) {
        transport.close();
      }
    }
  }

  /** Goes on by other addresses, as after a change of networks, with the same keys. */
  public void restartIce() throws IOException, InterruptedException {
    Link current = link;
    if (current == null) {
      throw new SignallingException(options.id + " is being moved");
    }
    current
        .transport()
        .restartIce(
            room.requestIceRestart(options.id),
            own -> room.setIceRestart(options.id, own),
            options.timeout);
  }

  /** Connects anew, by another transport; streams and inner keys go on. */
  private void move() {
    long start = ServedTime.nanos();
    try {
      runOnMediaThread(this::endLink);
      Link next = connect(room, sources, endToEnd, options, this::onPacket);
      lastMoveStartNanos = start;
      runOnMediaThread(() -> startLink(next));
    } catch (IOException | ExecutionException | TimeoutException e) {
      if (!closed) {
        failure.compareAndSet(null, e);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void endLink() {
    Link former = link;
    link = null;
    engine.setLine(null);
    if (former != null) {
      octetsSentBefore.addAndGet(former.transport().octetsSent());
      octetsReceivedBefore.addAndGet(former.transport().octetsReceived());
      former.transport().close();
    }
  }

  private void startLink(Link next) {
    link = next;
    engine.setLine(next.line());
    moves.incrementAndGet();
  }

  private static List<Source> sources(EndpointOptions options, Random random) {
    List<Source> sources = new ArrayList<>();
    if (options.speech != null) {
      sources.add(new Source(options.id, options.id + "-a0", MediaKind.AUDIO, random.nextInt(), 0));
    }
    int encodings = options.layers.isEmpty() ? 1 : options.layers.size();
    if (options.picture != null || !options.layers.isEmpty()) {
      List<Source.Encoding> ssrcs = new ArrayList<>();
      for (int i = 0; i < encodings; i++) {
        ssrcs.add(new Source.Encoding(random.nextInt(), random.nextInt()));
      }
      sources.add(new Source(options.id, options.id + "-v0", MediaKind.VIDEO, ssrcs));
    }
    return sources;
  }

  private void schedule(MediaEngine.Step step, long intervalNanos) {
    Future<?> task = engine.every(intervalNanos, step);
    synchronized (senders) {
      senders.add(task);
    }
  }

  /** Starts to play the clips. */
  public void startSending() {
    SpeechSender audioSender = audio;
    if (audioSender != null) {
      schedule(() -> sendAudio(audioSender), AUDIO_INTERVAL_NANOS);
    }
    PictureClip picture = options.picture;
    AccountedSender videoSender = video;
    if (picture != null && videoSender != null) {
      schedule(
          () -> sendFrame(picture, videoSender),
          TimeUnit.SECONDS.toNanos(1) / picture.framesPerSecond());
    }
    LayeredSender layeredSender = layers;
    if (layeredSender != null) {
      schedule(
          () -> {
            if (sends(MediaKind.VIDEO)) {
              layeredSender.sendPicture(System.nanoTime());
            }
          },
          TimeUnit.SECONDS.toNanos(1) / layeredSender.framesPerSecond());
    }
  }

  /** Stops to play the clips; what was sent is still repaired and reported on. */
  public void stopSending() {
    synchronized (senders) {
      senders.forEach(task -> task.cancel(false));
      senders.clear();
    }
  }

  /** Stops to send what it has of a kind, as who is mute does, or goes on. */
  public void pause(MediaKind kind, boolean pauses) {
    boolean unused = pauses ? paused.add(kind) : paused.remove(kind);
  }

  private boolean sends(MediaKind kind) {
    return link != null && !paused.contains(kind) && (endToEnd == null || endToEnd.canSend());
  }

  /** Plays something else from now on; for endpoints that play something. */
  public void play(SpeechClip clip) {
    speech = clip;
  }

  private void sendAudio(SpeechSender speaker) throws IOException {
    SpeechClip clip = speech;
    if (clip != null && sends(MediaKind.AUDIO)) {
      long now = System.nanoTime();
      sendMedia(speaker.stream(), speaker.next(clip, now, listening.somebodySpeaks(now)));
    }
  }

  private void sendFrame(PictureClip clip, AccountedSender stream) throws IOException {
    if (!sends(MediaKind.VIDEO)) {
      return;
    }
    byte[] frame = clip.frame(videoPosition);
    List<byte[]> payloads =
        Vp8Payload.packetize(frame, pictureId, pictureId & 0xFF, MAX_PAYLOAD_BYTES);
    for (int i = 0; i < payloads.size(); i++) {
      boolean last = i == payloads.size() - 1;
      sendMedia(
          stream.stream(),
          stream.next(
              payloads.get(i),
              last,
              new HeaderExtension(
                  PayloadTypes.FRAME_MARKING_EXTENSION,
                  new byte[] {FrameMarking.of(i == 0, last, Vp8Payload.isKeyFrame(frame))})));
    }
    stream.stream().advance(MediaKind.VIDEO.clockRate() / clip.framesPerSecond());
    videoPosition++;
    pictureId = (pictureId + 1) % Vp8Payload.PICTURE_IDS;
  }

  private void sendMedia(StreamSender stream, byte[] packetWithRoom) throws IOException {
    boolean isSpeech = audio != null && stream == audio.stream();
    DoubleSrtpResult unused = engine.send(stream, packetWithRoom, isSpeech);
  }

  private static void sendRaw(SecureTransport transport, byte[] packet) {
    try {
      transport.send(packet, 0, packet.length);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Uses up sequence numbers of all streams as if so many packets had been sent that nobody
   * received.
   *
   * @param count of packets for each stream
   */
  public void burnSequenceNumbers(int count)
      throws InterruptedException, ExecutionException, TimeoutException {
    Integer unused =
        onMediaThread(
            () -> {
              PacketProtection protection = currentLink().line().protection();
              for (StreamSender stream : streamSenders()) {
                for (int i = 0; i < count; i++) {
                  byte[] packet = stream.nextToBurn();
                  int length = packet.length - StreamSender.ROOM_BYTES;
                  DoubleSrtpResult result =
                      protection.protectInner(carrier.wrap(packet, 0, length));
                  if (result != DoubleSrtpResult.OK) {
                    throw new IllegalStateException("could not protect a packet: " + result);
                  }
                }
              }
              return count;
            });
  }

  private Link currentLink() {
    Link current = link;
    if (current == null) {
      throw new IllegalStateException(options.id + " is being moved");
    }
    return current;
  }

  private <T> T onMediaThread(Callable<T> task)
      throws InterruptedException, ExecutionException, TimeoutException {
    return engine.submit(task).get(Await.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void runOnMediaThread(Runnable task)
      throws InterruptedException, ExecutionException, TimeoutException {
    Object unused =
        engine
            .submit(Executors.callable(task))
            .get(Await.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
  }

  private @Nullable StreamSender videoStream() {
    if (layers != null) {
      return layers.senders().get(0);
    }
    return video == null ? null : video.stream();
  }

  private List<StreamSender> streamSenders() {
    List<StreamSender> list = new ArrayList<>();
    if (audio != null) {
      list.add(audio.stream());
    }
    if (video != null) {
      list.add(video.stream());
    }
    if (layers != null) {
      list.addAll(layers.senders());
    }
    return list;
  }

  private void onPacket(SecureTransport transport, byte[] packet) {
    long now = System.nanoTime();
    if (options.deaf && packet.length > 1 && !Rtcp.isRtcp(packet)) {
      mediaDatagrams.incrementAndGet();
      Link current = link;
      if (current != null) {
        // Not authenticated: for loads, where nobody forges. Hidden extensions are not seen.
        current.congestion().arrived(packet, 0, packet.length, packet.length, now);
      }
      return;
    }
    engine.execute(() -> receive(transport, packet, now));
  }

  private void receive(SecureTransport transport, byte[] packet, long nanos) throws IOException {
    Link current = link;
    if (current == null || current.transport() != transport) {
      return;
    }
    if (Rtcp.isRtcp(packet)) {
      engine.receive(current.line(), packet, nanos);
    } else {
      options.receiving.apply(
          packet,
          arrived -> {
            try {
              engine.receive(current.line(), arrived, nanos);
            } catch (IOException e) {
              failure.compareAndSet(null, e);
            }
          });
    }
  }

  private final class Media implements MediaEngine.Listener {
    @Override
    public void numbered(Source source, int encoding, int sequenceNumber, boolean isRepair)
        throws IOException {
      ReceivedStream stream = stream(source);
      if (isRepair) {
        stream.onRepair();
      }
    }

    @Override
    public void padded(Source source, int encoding, int sequenceNumber) {
      ReceivedStream stream = received.get(source.ssrc());
      if (stream != null) {
        stream.onPadding(encoding, sequenceNumber);
      }
    }

    @Override
    public void givenUp(Source source, int packets) {
      ReceivedStream stream = received.get(source.ssrc());
      if (stream != null) {
        stream.onGivenUp(packets);
      }
    }

    @Override
    public void accepted(
        Source source, int encoding, int bridgeSequenceNumber, RtpPacketView packet, long nowNanos)
        throws IOException {
      int end = packet.payloadOffset() + packet.payloadLength();
      byte[] payload = Arrays.copyOfRange(packet.buffer(), packet.payloadOffset(), end);
      if (audio != null && packet.payloadType() == PayloadTypes.OPUS) {
        listening.hear(packet.ssrc(), payload, nowNanos);
      }
      stream(source)
          .accept(
              new ReceivedStream.Arrival(
                  nowNanos,
                  packet.ssrc(),
                  encoding,
                  bridgeSequenceNumber,
                  packet.sequenceNumber(),
                  packet.timestamp(),
                  packet.marker(),
                  payload),
              PayloadTypes.codec(packet.payloadType()));
    }

    @Override
    public void ordered(Source source, int encoding, ReorderBuffer.Packet packet)
        throws IOException {
      ReceivedStream stream = received.get(source.ssrc());
      if (stream != null) {
        stream.record(source.encodings().get(encoding).ssrc(), packet);
      }
    }

    @Override
    public boolean needsKeyFrame(Source source) {
      ReceivedStream stream = received.get(source.ssrc());
      return stream != null && stream.needsKeyFrame();
    }

    @Override
    public void keyFrameRequested(int ssrc) {
      PictureClip picture = options.picture;
      if (picture != null && video != null && video.stream().ssrc() == ssrc) {
        videoPosition = picture.nextKeyFrame(videoPosition);
      }
      if (layers != null && layers.senders().stream().anyMatch(sender -> sender.ssrc() == ssrc)) {
        layers.wantKey();
      }
    }

    @Override
    public void missing(int ssrc, List<Integer> sequenceNumbers) {
      if (options.keepsAll()) {
        reports.addMissing(ssrc, sequenceNumbers);
      }
    }

    @Override
    public void reported(Rtcp.SenderReport report) {
      if (options.keepsAll()) {
        Source source = roster.source(report.ssrc());
        reports.add(report, source == null ? null : received.get(source.ssrc()));
      }
    }

    @Override
    public void reported(Rtcp.ReportBlock block) {
      if (options.keepsAll()) {
        reports.add(block);
      }
    }

    @Override
    public void silent() {
      room.lost(options.id);
    }

    @Override
    public void failed(Exception cause) {
      failure.compareAndSet(null, cause);
    }
  }

  private ReceivedStream stream(Source source) throws IOException {
    ReceivedStream stream = received.get(source.ssrc());
    if (stream == null) {
      stream = new ReceivedStream(source, options);
      received.put(source.ssrc(), stream);
    }
    return stream;
  }

  /** Returns the last packets of a kind as they went into the hop-by-hop layer. */
  public List<byte[]> innerProtected(MediaKind kind)
      throws InterruptedException, ExecutionException, TimeoutException {
    StreamSender speech = audio == null ? null : audio.stream();
    return onMediaThread(
        () ->
            streamSenders().stream()
                .filter(sender -> (sender == speech) == (kind == MediaKind.AUDIO))
                .flatMap(sender -> sender.remembered().stream())
                .toList());
  }

  /** Returns the identifier. */
  public String id() {
    return options.id;
  }

  /** Whether what it sends goes by a TURN server. */
  public boolean isRelayed() {
    return currentLink().transport().isRelayed();
  }

  /** Returns the profile that the bridge chose. */
  public SrtpProfile profile() {
    return profile;
  }

  /** Returns what it sends, as it was announced. */
  public List<Source> sources() {
    return sources;
  }

  /** Whether it was told whose these sources are. */
  boolean knows(List<Source> others) {
    return others.stream().allMatch(source -> roster.source(source.ssrc()) != null);
  }

  /** Returns how often it was moved to another bridge. */
  public long moves() {
    return moves.get();
  }

  /**
   * Returns when it heard of the last bridge that it was moved to, by {@link ServedTime#nanos}; it
   * was moved at least once.
   */
  public long lastMoveStartNanos() {
    return lastMoveStartNanos;
  }

  /** Returns the account of what was sent, or null if the endpoint has no such source. */
  public @Nullable SentStream sent(MediaKind kind) {
    return kind == MediaKind.AUDIO ? audioSent : videoSent;
  }

  /** Returns what was received from an endpoint, or null if nothing was. */
  public @Nullable ReceivedStream received(String owner, MediaKind kind) {
    for (ReceivedStream stream : received.values()) {
      if (stream.source().owner().equals(owner) && stream.source().kind() == kind) {
        return stream;
      }
    }
    return null;
  }

  /** Returns how many packets came from an endpoint so far. */
  public int receivedPackets(String owner, MediaKind kind) {
    ReceivedStream stream = received(owner, kind);
    return stream == null ? 0 : stream.size();
  }

  /** Returns everything that was received. */
  public Collection<ReceivedStream> received() {
    return List.copyOf(received.values());
  }

  /** Forgets what was received from somebody who has gone, for long runs, and returns it. */
  public List<ReceivedStream> forget(String owner) {
    List<ReceivedStream> gone =
        received.values().stream().filter(one -> one.source().owner().equals(owner)).toList();
    boolean unused = received.values().removeAll(gone);
    return gone;
  }

  /** Returns how many packets were dropped for a reason. */
  public long dropped(DoubleSrtpResult reason) {
    boolean isHeld = reason == DoubleSrtpResult.INNER_AUTHENTICATION_FAILED;
    return engine.received().dropped(reason)
        + (endToEnd == null || !isHeld ? 0 : endToEnd.heldInVain());
  }

  /** Returns how many packets had SSRCs that nobody announced. */
  public long unknownSsrcs() {
    return engine.received().unknownSsrcs();
  }

  /** Returns how many RTCP packets were not authentic. */
  public long refusedReports() {
    return engine.counters().refusedReports();
  }

  /** Returns how many RTCP packets were authentic, and not what they should be. */
  public long malformedReports() {
    return engine.counters().malformedReports();
  }

  /**
   * Returns what congestion control knows of the present transport.
   *
   * @throws IllegalStateException if there is none, as the endpoint is being moved
   */
  public CongestionStatistics congestion() {
    return currentLink().congestion().statistics();
  }

  /**
   * Returns the highest encoding of a simulcast, or spatial layer of the only one, that is sent
   * now, -1 for none; for endpoints that adapt.
   */
  public int layersSent() {
    return engine.quality();
  }

  /** Returns how many packets of repair streams carried nothing to repair, as probes do. */
  public long emptyRepairs() {
    return engine.received().emptyRepairs();
  }

  /** Returns which audio levels the bridge was told, RFC 6464 octets as they were sent. */
  public Set<Integer> audioLevelsSent() {
    return audio == null ? Set.of() : audio.levels();
  }

  /** Returns which lengths the payloads of audio packets had, in octets. */
  public Set<Integer> audioLengthsSent() {
    return audio == null ? Set.of() : audio.lengths();
  }

  /**
   * Returns what was said, and what the bridge was told of it, packet by packet; nothing in long
   * runs.
   */
  public List<SentSpeech> speechSent() {
    return audio == null ? List.of() : audio.account();
  }

  /** Tells whether there are accounts of all that it sent and received, and not just of the end. */
  public boolean keepsAll() {
    return options.keepsAll();
  }

  /** Tells whether it looks at no media that come. */
  public boolean isDeaf() {
    return options.deaf;
  }

  /** Returns how many packets came with header extensions that the network could not see. */
  public long hiddenHeaders() {
    return engine.received().hiddenHeaders();
  }

  /** Returns how many datagrams of media came to an endpoint that is deaf. */
  public long mediaDatagrams() {
    return mediaDatagrams.get();
  }

  /** Returns how often a key frame was asked for. */
  public long keyFrameRequests() {
    return engine.counters().keyFrameRequests();
  }

  /** Returns how many octets of SRTP and SRTCP were sent, without the headers of UDP. */
  public long octetsSent() {
    Link current = link;
    return octetsSentBefore.get() + (current == null ? 0 : current.transport().octetsSent());
  }

  /** Returns how many octets of SRTP and SRTCP came, without the headers of UDP. */
  public long octetsReceived() {
    Link current = link;
    return octetsReceivedBefore.get()
        + (current == null ? 0 : current.transport().octetsReceived());
  }

  /** Returns how many repair packets were sent. */
  public long repairsSent() {
    return engine.counters().repairs();
  }

  /** Returns how many repair packets came. */
  public long repairsReceived() {
    return engine.received().repairs();
  }

  /** Returns for how many packets it was said that they are missing, repetitions included. */
  public long negativeAcknowledgements() {
    return engine.counters().negativeAcknowledgements();
  }

  /** Returns what the bridge reported so far. */
  public ReceivedReports reports() {
    return reports;
  }

  /** Throws what went wrong on the media thread, if anything did. */
  public void requireNoFailure() {
    Throwable cause = failure.get();
    if (cause != null) {
      throw new IllegalStateException(options.id + " failed", cause);
    }
  }

  /** Dies: the bridge is not told, and gets nothing more. */
  void die() throws IOException {
    end(false);
  }

  /** Leaves the conference and completes the recordings. */
  @Override
  public void close() throws IOException {
    end(true);
  }

  private void end(boolean tellsBridge) throws IOException {
    if (closed) {
      return;
    }
    closed = true;
    try {
      engine.close();
      if (tellsBridge) {
        room.removeEndpoint(options.id);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      roster.remove(options.id);
      Link last = link;
      if (last != null) {
        last.transport().close();
      }
      for (ReceivedStream stream : received.values()) {
        stream.close();
      }
    }
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(options.id + ": received " + received.values());
    for (DoubleSrtpResult result : DoubleSrtpResult.values()) {
      if (dropped(result) > 0) {
        text.append(", ").append(result).append(' ').append(dropped(result));
      }
    }
    return text.append(", unknown SSRCs ")
        .append(unknownSsrcs())
        .append(", key frame requests ")
        .append(engine.counters().keyFrameRequests())
        .append(", repairs sent ")
        .append(engine.counters().repairs())
        .append(", received ")
        .append(repairsReceived())
        .append(", asked for ")
        .append(engine.counters().negativeAcknowledgements())
        .toString();
  }
}
