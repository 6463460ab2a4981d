/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.endpoint;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
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
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
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
import org.perc4j.endpoint.congestion.ReceiverEstimate;
import org.perc4j.endpoint.congestion.TransportFeedback;
import org.perc4j.endpoint.media.FrameMarking;
import org.perc4j.endpoint.media.MediaKind;
import org.perc4j.endpoint.media.VideoCodec;
import org.perc4j.endpoint.media.Vp8Payload;
import org.perc4j.endpoint.rtp.CongestionControl;
import org.perc4j.endpoint.rtp.CongestionStatistics;
import org.perc4j.endpoint.rtp.HeaderExtension;
import org.perc4j.endpoint.rtp.Line;
import org.perc4j.endpoint.rtp.MediaSender;
import org.perc4j.endpoint.rtp.PacketReceiver;
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
  private static final long FEEDBACK_INTERVAL_MILLIS = 20;
  private static final long REPORT_INTERVAL_MILLIS = 1000;

  /** Draft-ietf-rmcat-gcc-02, section 3: once for each frame at best, each 100 ms at least. */
  private static final long CONGESTION_INTERVAL_MILLIS = 50;

  /** Draft-ietf-rmcat-gcc-02, section 4. */
  private static final long PACING_INTERVAL_NANOS = 5_000_000;

  /** Speech with all that is around it; it is of one size. */
  private static final double SPEECH_BPS = 64_000;

  private static final long MAX_SILENCE_NANOS = TimeUnit.SECONDS.toNanos(4);
  private static final long NTP_EPOCH_SECONDS = 2_208_988_800L;
  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(5);

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
  private final ScheduledExecutorService media;
  private final @Nullable SpeechSender audio;
  private final @Nullable AccountedSender video;
  private final @Nullable LayeredSender layers;
  private final MediaSender sender;
  private final PacketReceiver receiver;
  private final @Nullable SentStream audioSent;
  private final @Nullable SentStream videoSent;
  private final int reporterSsrc;
  private final Map<Integer, ReceivedStream> received = new ConcurrentHashMap<>();
  private final ReceivedReports reports = new ReceivedReports();
  private final AtomicLong refusedReports = new AtomicLong();
  private final AtomicLong malformedReports = new AtomicLong();
  private final AtomicLong keyFrameRequests = new AtomicLong();
  private final AtomicLong mediaDatagrams = new AtomicLong();
  private final AtomicLong repairsSent = new AtomicLong();
  private final AtomicLong negativeAcknowledgements = new AtomicLong();
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

  /** When the bridge was heard last, or was not to be heard. */
  private volatile long lastHeardNanos;

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
      ScheduledExecutorService media,
      List<Source> sources,
      Random random) {
    this.options = options;
    this.room = room;
    this.roster = roster;
    this.link = link;
    this.profile = link.transport().profile();
    this.sources = List.copyOf(sources);
    this.endToEnd = endToEnd;
    this.media = media;
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
    sender =
        options.adapts
            ? MediaSender.adaptive(
                layeredSender, audioSender == null ? 0 : SPEECH_BPS, this::videoStream)
            : MediaSender.unpaced();
    sender.setLine(link.line());
    receiver = new PacketReceiver(options.id, profile.isDouble(), roster, new Arrivals());
    audioSent = audioAccount;
    videoSent = videoAccount;
    reporterSsrc = sources.isEmpty() ? random.nextInt() : sources.get(0).ssrc();
    pictureId = random.nextInt(Vp8Payload.PICTURE_IDS);
  }

  private List<HeaderExtension> hopExtensions() {
    Link current = link;
    return current == null ? List.of() : current.congestion().extensions();
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
    ScheduledExecutorService media =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, options.id + "-media");
              thread.setDaemon(true);
              return thread;
            });
    AtomicReference<Endpoint> self = new AtomicReference<>();
    boolean joined = false;
    try {
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
      Endpoint endpoint =
          new Endpoint(options, room, roster, link, endToEnd, media, sources, random);
      roster.add(sources);
      self.set(endpoint);
      if (endToEnd != null) {
        endToEnd.whenLate(endpoint::onLate);
      }
      endpoint.startReporting();
      room.whenMoved(options.id, endpoint::move);
      joined = true;
      return endpoint;
    } finally {
      if (!joined) {
        media.shutdownNow();
      }
    }
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
    sender.setLine(null);
    if (former != null) {
      octetsSentBefore.addAndGet(former.transport().octetsSent());
      octetsReceivedBefore.addAndGet(former.transport().octetsReceived());
      former.transport().close();
    }
  }

  private void startLink(Link next) {
    lastHeardNanos = ServedTime.nanos();
    received.values().forEach(ReceivedStream::onOtherBridge);
    link = next;
    sender.setLine(next.line());
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

  private void startReporting() {
    schedule(this::sendFeedback, TimeUnit.MILLISECONDS.toNanos(FEEDBACK_INTERVAL_MILLIS));
    schedule(
        this::sendCongestionFeedback, TimeUnit.MILLISECONDS.toNanos(CONGESTION_INTERVAL_MILLIS));
    schedule(this::sendReports, TimeUnit.MILLISECONDS.toNanos(REPORT_INTERVAL_MILLIS));
  }

  /** A step of the media thread that may fail. */
  private interface Step {
    void run() throws IOException;
  }

  private void schedule(Step step, long intervalNanos) {
    Future<?> task =
        media.scheduleAtFixedRate(
            () -> guarded(step), intervalNanos, intervalNanos, TimeUnit.NANOSECONDS);
    synchronized (senders) {
      senders.add(task);
    }
  }

  private void guarded(Step step) {
    try {
      if (!closed) {
        step.run();
      }
    } catch (IOException | RuntimeException e) {
      if (!closed) {
        failure.compareAndSet(null, e);
      }
    }
  }

  /** Starts to play the clips. */
  public void startSending() {
    lastHeardNanos = ServedTime.nanos();
    schedule(this::watchBridge, MAX_SILENCE_NANOS / 4);
    if (options.adapts) {
      schedule(() -> sender.tick(System.nanoTime()), PACING_INTERVAL_NANOS);
    }
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
    startReporting();
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
    DoubleSrtpResult unused = sender.send(stream, packetWithRoom, isSpeech, System.nanoTime());
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
    return media.submit(task).get(Await.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void runOnMediaThread(Runnable task)
      throws InterruptedException, ExecutionException, TimeoutException {
    Object unused = media.submit(task).get(Await.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
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
    try {
      media.execute(() -> guarded(() -> receive(transport, packet, now)));
    } catch (RejectedExecutionException e) {
      if (!closed) {
        throw e;
      }
    }
  }

  private void receive(SecureTransport transport, byte[] packet, long nanos) throws IOException {
    Link current = link;
    if (current == null || current.transport() != transport) {
      return;
    }
    lastHeardNanos = ServedTime.nanos();
    if (packet.length > 1 && Rtcp.isRtcp(packet)) {
      if (!current.line().receiveRtcp(packet, new Feedback())) {
        refusedReports.incrementAndGet();
      }
    } else {
      options.receiving.apply(
          packet,
          arrived ->
              guarded(() -> receiver.receive(current.line(), arrived, nanos, System.nanoTime())));
    }
  }

  private final class Arrivals implements PacketReceiver.Listener {
    @Override
    public void numbered(
        Source source, int encoding, int sequenceNumber, boolean isRepair, long nowNanos)
        throws IOException {
      stream(source).onSequenceNumber(encoding, sequenceNumber, isRepair, nowNanos);
    }

    @Override
    public void padded(Source source, int encoding, int sequenceNumber) {
      ReceivedStream stream = received.get(source.ssrc());
      if (stream != null) {
        stream.onPadding(encoding, sequenceNumber);
      }
    }

    @Override
    public void accepted(
        Source source, int encoding, int bridgeSequenceNumber, RtpPacketView packet, long nowNanos)
        throws IOException {
      VideoCodec codec = PayloadTypes.codec(packet.payloadType());
      if (codec == null && source.kind() == MediaKind.VIDEO) {
        receiver.counters().count(DoubleSrtpResult.MALFORMED);
        return;
      }
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
              codec);
    }
  }

  /** Takes a packet that was held for its key, which is its owner's again when this returns. */
  private void onLate(MediaPacket held) {
    byte[] octets = Arrays.copyOfRange(held.buffer(), held.offset(), held.offset() + held.length());
    String owner = held.senderOccupant();
    int bridgeSequenceNumber = held.receivedSequenceNumber();
    try {
      media.execute(
          () ->
              guarded(
                  () ->
                      receiver.receiveLate(
                          octets, owner, bridgeSequenceNumber, System.nanoTime())));
    } catch (RejectedExecutionException e) {
      if (!closed) {
        throw e;
      }
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

  private void sendFeedback() throws IOException {
    long now = System.nanoTime();
    ByteArrayOutputStream feedback = new ByteArrayOutputStream();
    for (ReceivedStream stream : received.values()) {
      for (ReceivedStream.Missing missing : stream.missing(now)) {
        negativeAcknowledgements.addAndGet(missing.sequenceNumbers().size());
        feedback.writeBytes(Rtcp.nack(reporterSsrc, missing.ssrc(), missing.sequenceNumbers()));
      }
      if (stream.wantsKeyFrame(now)) {
        feedback.writeBytes(Rtcp.pictureLoss(reporterSsrc, stream.latestSsrc()));
      }
    }
    if (feedback.size() > 0) {
      sendRtcp(receiverReport(), feedback.toByteArray());
    }
  }

  private void sendCongestionFeedback() throws IOException {
    Link current = link;
    if (current != null) {
      for (byte[] message : current.congestion().dueFeedback(reporterSsrc, System.nanoTime())) {
        sendRtcp(message);
      }
    }
  }

  private byte[] receiverReport() {
    long now = System.nanoTime();
    return Rtcp.receiverReport(
        reporterSsrc,
        received.values().stream().flatMap(stream -> stream.reportBlocks(now).stream()).toList());
  }

  /** A bridge that is there reports on what it gets, twice a second. */
  private void watchBridge() {
    long now = ServedTime.nanos();
    if (!sends(MediaKind.AUDIO) && !sends(MediaKind.VIDEO)) {
      lastHeardNanos = now;
    } else if (now - lastHeardNanos > MAX_SILENCE_NANOS) {
      lastHeardNanos = now;
      room.lost(options.id);
    }
  }

  private void sendReports() throws IOException {
    long millis = System.currentTimeMillis();
    long ntp = ((millis / 1000 + NTP_EPOCH_SECONDS) << 32) | (((millis % 1000) << 32) / 1000);
    for (StreamSender stream : streamSenders()) {
      sendRtcp(
          Rtcp.senderReport(
              stream.ssrc(),
              ntp,
              stream.timestamp(),
              stream.packets(),
              stream.octets(),
              options.id));
    }
    if (!received.isEmpty()) {
      sendRtcp(receiverReport());
    }
  }

  private void sendRtcp(byte[]... parts) throws IOException {
    Link current = link;
    if (current != null) {
      current.line().sendRtcp(parts);
    }
  }

  private final class Feedback implements Rtcp.Listener {
    @Override
    public void nack(int mediaSsrc, List<Integer> sequenceNumbers) {
      if (options.keepsAll()) {
        reports.addMissing(mediaSsrc, sequenceNumbers);
      }
      for (StreamSender stream : streamSenders()) {
        if (stream.ssrc() == mediaSsrc) {
          for (int sequenceNumber : sequenceNumbers) {
            guarded(() -> repair(stream, sequenceNumber));
          }
        }
      }
    }

    private void repair(StreamSender stream, int sequenceNumber) throws IOException {
      if (sender.repair(stream, sequenceNumber, System.nanoTime())) {
        repairsSent.incrementAndGet();
      }
    }

    @Override
    public void keyFrameRequest(int mediaSsrc) {
      keyFrameRequests.incrementAndGet();
      PictureClip picture = options.picture;
      if (picture != null && video != null && video.stream().ssrc() == mediaSsrc) {
        videoPosition = picture.nextKeyFrame(videoPosition);
      }
      if (layers != null
          && layers.senders().stream().anyMatch(sender -> sender.ssrc() == mediaSsrc)) {
        layers.wantKey();
      }
    }

    @Override
    public void senderReport(int ssrc) {
      // Nothing here is played in time with anything else.
    }

    @Override
    public void senderReport(Rtcp.SenderReport report) {
      Source source = roster.source(report.ssrc());
      ReceivedStream stream = source == null ? null : received.get(source.ssrc());
      if (stream != null) {
        stream.onSenderReport(report, System.nanoTime());
      }
      if (options.keepsAll()) {
        reports.add(report, stream);
      }
    }

    @Override
    public void received(Rtcp.ReportBlock block) {
      if (options.keepsAll()) {
        reports.add(block);
      }
      Link current = link;
      if (current != null) {
        current.congestion().apply(block, System.nanoTime());
      }
    }

    @Override
    public void receiverEstimate(ReceiverEstimate estimate) {
      Link current = link;
      if (current != null) {
        current.congestion().apply(estimate);
      }
    }

    @Override
    public void transportFeedback(TransportFeedback feedback) {
      Link current = link;
      if (current != null) {
        current.congestion().apply(feedback, System.nanoTime());
      }
    }

    @Override
    public void malformed() {
      malformedReports.incrementAndGet();
    }
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
    return receiver.counters().dropped(reason)
        + (endToEnd == null || !isHeld ? 0 : endToEnd.heldInVain());
  }

  /** Returns how many packets had SSRCs that nobody announced. */
  public long unknownSsrcs() {
    return receiver.counters().unknownSsrcs();
  }

  /** Returns how many RTCP packets were not authentic. */
  public long refusedReports() {
    return refusedReports.get();
  }

  /** Returns how many RTCP packets were authentic, and not what they should be. */
  public long malformedReports() {
    return malformedReports.get();
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
    return sender.quality();
  }

  /** Returns how many packets of repair streams carried nothing to repair, as probes do. */
  public long emptyRepairs() {
    return receiver.counters().emptyRepairs();
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
    return receiver.counters().hiddenHeaders();
  }

  /** Returns how many datagrams of media came to an endpoint that is deaf. */
  public long mediaDatagrams() {
    return mediaDatagrams.get();
  }

  /** Returns how often a key frame was asked for. */
  public long keyFrameRequests() {
    return keyFrameRequests.get();
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
    return repairsSent.get();
  }

  /** Returns how many repair packets came. */
  public long repairsReceived() {
    return receiver.counters().repairs();
  }

  /** Returns for how many packets it was said that they are missing, repetitions included. */
  public long negativeAcknowledgements() {
    return negativeAcknowledgements.get();
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
    media.shutdown();
    try {
      if (!media.awaitTermination(STOP_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
        media.shutdownNow();
      }
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
        .append(keyFrameRequests)
        .append(", repairs sent ")
        .append(repairsSent)
        .append(", received ")
        .append(repairsReceived())
        .append(", asked for ")
        .append(negativeAcknowledgements)
        .toString();
  }
}
