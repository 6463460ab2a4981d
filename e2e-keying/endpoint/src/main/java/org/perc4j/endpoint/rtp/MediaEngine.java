/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.rtp;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.perc4j.e2e.srtp.DoubleSrtpResult;
import org.perc4j.e2e.srtp.MediaPacket;
import org.perc4j.endpoint.congestion.ReceiverEstimate;
import org.perc4j.endpoint.congestion.TransportFeedback;
import org.perc4j.endpoint.media.MediaKind;
import org.perc4j.endpoint.signalling.AnnouncedSources;
import org.perc4j.endpoint.signalling.PayloadTypes;
import org.perc4j.endpoint.signalling.Source;
import org.perc4j.header.rtp.RtpPacketView;

/**
 * All media of one endpoint, on one thread: sends the packets of its streams and repairs them,
 * takes those of others apart and puts them in order, asks for what is missing, reports, and goes
 * on when the bridge is another one. Thread-safe where a method does not say otherwise.
 */
public final class MediaEngine implements Closeable {
  private static final long FEEDBACK_INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
  private static final long REPORT_INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** Draft-ietf-rmcat-gcc-02, section 3: once for each frame at best, each 100 ms at least. */
  private static final long CONGESTION_INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  /** Draft-ietf-rmcat-gcc-02, section 4. */
  private static final long PACING_INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

  private static final long MAX_SILENCE_NANOS = TimeUnit.SECONDS.toNanos(4);
  private static final long MAX_IDLE_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long NTP_EPOCH_SECONDS = 2_208_988_800L;
  private static final long NTP_FRACTION = 1L << 32;
  private static final long NANOS_PER_SECOND = 1_000_000_000;
  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(5);

  /** Hears of what happens; on the thread of the media, which it must not block. */
  public interface Listener {
    /**
     * A packet of somebody else's came, as itself or in a repair packet; whether its end-to-end
     * layer is authentic is not known yet.
     *
     * @param encoding index in the source
     * @param sequenceNumber the bridge's, 16 bits
     */
    default void numbered(Source source, int encoding, int sequenceNumber, boolean isRepair)
        throws IOException {}

    /**
     * The bridge sent padding under a number that otherwise media have.
     *
     * @param encoding index in the source
     * @param sequenceNumber the bridge's, 16 bits
     */
    default void padded(Source source, int encoding, int sequenceNumber) {}

    /** Packets of a source will not be asked for any more. */
    default void givenUp(Source source, int packets) {}

    /**
     * A packet of somebody else's came through all layers. Who plays sound while it comes gives it
     * to a {@link SoundBuffer} here, not when it is ordered, as that can take long.
     *
     * @param encoding index in the source
     * @param bridgeSequenceNumber under which it came, 16 bits
     * @param packet as its sender made it; only until this returns
     */
    default void accepted(
        Source source, int encoding, int bridgeSequenceNumber, RtpPacketView packet, long nowNanos)
        throws IOException {}

    /**
     * The next packet of a stream, in the order in which the bridge sent them. Where the numbers
     * have a gap, nobody waits any longer for what is missing. {@link MediaEngine#clock} knows when
     * its sender sampled it.
     *
     * @param encoding index in the source
     */
    void ordered(Source source, int encoding, ReorderBuffer.Packet packet) throws IOException;

    /** Whether a source cannot be shown before a key frame comes. */
    boolean needsKeyFrame(Source source);

    /** A source is not announced any more. */
    default void gone(Source source) throws IOException {}

    /** Somebody needs a key frame of an own stream. */
    void keyFrameRequested(int ssrc);

    /** The bridge misses packets of an own stream. */
    default void missing(int ssrc, List<Integer> sequenceNumbers) {}

    /** Somebody reported on what it sends. */
    default void reported(Rtcp.SenderReport report) {}

    /** The bridge reported on an own stream. */
    default void reported(Rtcp.ReportBlock block) {}

    /** Nothing has come of the bridge for some seconds, though something is sent to it. */
    void silent();

    /** Something went wrong that should not; the engine goes on. */
    void failed(Exception cause);
  }

  /** What is done on the thread of the media. */
  public interface Step {
    /** Does it. */
    void run() throws IOException;
  }

  private final String id;
  private final AnnouncedSources sources;
  private final MediaSender sender;
  private final int reporterSsrc;
  private final Listener listener;
  private final LongSupplier patience;
  private final Clock clock;
  private final ScheduledExecutorService thread;
  private final PacketReceiver receiver;
  private final MediaCounters counters = new MediaCounters();
  private final List<StreamSender> streams = new CopyOnWriteArrayList<>();
  private final Map<Integer, IncomingSource> incoming = new HashMap<>();
  private volatile @Nullable Line line;
  private volatile long lastHeardNanos;
  private volatile long lastSentNanos;
  private volatile boolean closed;

  /**
   * Starts the thread, without a line.
   *
   * @param id own identifier, which is also the canonical name in reports
   * @param isDouble whether there are two layers
   * @param sources who sends what, as signalling says
   * @param sender of the own streams
   * @param reporterSsrc under which it reports
   * @param patience clock in nanoseconds, for how long to wait for a bridge
   * @param clock for sender reports
   */
  public MediaEngine(
      String id,
      boolean isDouble,
      AnnouncedSources sources,
      MediaSender sender,
      int reporterSsrc,
      LongSupplier patience,
      Clock clock,
      Listener listener) {
    this.id = id;
    this.sources = sources;
    this.sender = sender;
    this.reporterSsrc = reporterSsrc;
    this.patience = patience;
    this.clock = clock;
    this.listener = listener;
    this.lastHeardNanos = patience.getAsLong();
    this.lastSentNanos = lastHeardNanos - MAX_IDLE_NANOS;
    this.receiver = new PacketReceiver(id, isDouble, sources, new Arrivals());
    this.thread =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread one = new Thread(task, id + "-media");
              one.setDaemon(true);
              return one;
            });
    every(FEEDBACK_INTERVAL_NANOS, this::sendFeedback);
    every(CONGESTION_INTERVAL_NANOS, this::sendCongestionFeedback);
    every(REPORT_INTERVAL_NANOS, this::sendReports);
    if (sender.keepsPace()) {
      every(PACING_INTERVAL_NANOS, () -> sender.tick(System.nanoTime()));
    }
    every(MAX_SILENCE_NANOS / 4, this::watchBridge);
  }

  // ---------------------------------------------------------------- the thread

  /** Does something on the thread of the media, each so often, until it is cancelled. */
  @CanIgnoreReturnValue
  public Future<?> every(long intervalNanos, Step step) {
    return thread.scheduleAtFixedRate(
        () -> guarded(step), intervalNanos, intervalNanos, TimeUnit.NANOSECONDS);
  }

  /** Does something on the thread of the media, soon; not if the engine is closed. */
  public void execute(Step step) {
    try {
      thread.execute(() -> guarded(step));
    } catch (RejectedExecutionException e) {
      if (!closed) {
        throw e;
      }
    }
  }

  /** Does something on the thread of the media, and returns what will come of it. */
  public <T> Future<T> submit(Callable<T> task) {
    return thread.submit(task);
  }

  private void guarded(Step step) {
    try {
      if (!closed) {
        step.run();
      }
    } catch (IOException | RuntimeException e) {
      if (!closed) {
        listener.failed(e);
      }
    }
  }

  // ---------------------------------------------------------------- the line

  /**
   * Goes on by a line, with streams and inner keys as they are; null while there is none. On the
   * thread of the media.
   */
  public void setLine(@Nullable Line next) {
    if (next != null) {
      lastHeardNanos = patience.getAsLong();
      incoming.values().forEach(IncomingSource::onOtherBridge);
    }
    line = next;
    sender.setLine(next);
  }

  /** Returns the present line, or null if there is none. */
  public @Nullable Line line() {
    return line;
  }

  /** Returns the header extensions that packets need on the present line. */
  public List<HeaderExtension> hopExtensions() {
    Line current = line;
    return current == null ? List.of() : current.congestion().extensions();
  }

  private void watchBridge() {
    // A bridge that is there reports on what it gets, twice a second.
    long now = patience.getAsLong();
    if (line == null || now - lastSentNanos > MAX_IDLE_NANOS) {
      lastHeardNanos = now;
    } else if (now - lastHeardNanos > MAX_SILENCE_NANOS) {
      lastHeardNanos = now;
      listener.silent();
    }
  }

  // ---------------------------------------------------------------- sending

  /** Takes over a stream: it is reported on, and repaired. */
  public void addStream(StreamSender stream) {
    streams.add(stream);
  }

  /**
   * Sends the next packet of a stream. On the thread of the media.
   *
   * @param packetWithRoom as {@link StreamSender#next} made it
   * @param isUrgent whether it goes before all others, as speech does
   * @return as {@link MediaSender#send}
   */
  public DoubleSrtpResult send(StreamSender stream, byte[] packetWithRoom, boolean isUrgent)
      throws IOException {
    lastSentNanos = patience.getAsLong();
    return sender.send(stream, packetWithRoom, isUrgent, System.nanoTime());
  }

  /** As {@link MediaSender#quality}. */
  public int quality() {
    return sender.quality();
  }

  /** Returns the own streams. */
  public List<StreamSender> streams() {
    return List.copyOf(streams);
  }

  // ---------------------------------------------------------------- receiving

  /**
   * Takes a packet of RTP or RTCP that came by a line, and is dropped if that is not the present
   * one. On the thread of the media.
   *
   * @param packet changed in place
   * @param arrivalNanos when it came, by {@link System#nanoTime}
   */
  public void receive(Line origin, byte[] packet, long arrivalNanos) throws IOException {
    if (origin != line) {
      return;
    }
    lastHeardNanos = patience.getAsLong();
    if (Rtcp.isRtcp(packet)) {
      if (!origin.receiveRtcp(packet, new Feedback())) {
        counters.countRefusedReport();
      }
    } else {
      receiver.receive(origin, packet, arrivalNanos, System.nanoTime());
    }
  }

  /** Takes a packet that was held for its key, which is its owner's again when this returns. */
  public void receiveLate(MediaPacket held) {
    byte[] octets = Arrays.copyOfRange(held.buffer(), held.offset(), held.offset() + held.length());
    String owner = held.senderOccupant();
    int bridgeSequenceNumber = held.receivedSequenceNumber();
    execute(() -> receiver.receiveLate(octets, owner, bridgeSequenceNumber, System.nanoTime()));
  }

  /** Returns what became of all packets that came. */
  public ReceiverCounters received() {
    return receiver.counters();
  }

  /** Returns what else was counted. */
  public MediaCounters counters() {
    return counters;
  }

  /**
   * Returns the time of a stream's sender, by its reports; null if nothing came of the source. On
   * the thread of the media, as for example while a listener is told of a packet.
   *
   * @param encoding index in the source
   */
  public @Nullable MediaClock clock(Source source, int encoding) {
    IncomingSource known = incoming.get(source.ssrc());
    return known == null ? null : known.stream(encoding).clock();
  }

  /** Whether something came of a source, by its first SSRC. On the thread of the media. */
  boolean knows(int ssrc) {
    return incoming.containsKey(ssrc);
  }

  private IncomingSource incoming(Source source, long nowNanos) {
    IncomingSource known = incoming.get(source.ssrc());
    if (known == null || !known.source().equals(source)) {
      known = new IncomingSource(source, nowNanos);
      incoming.put(source.ssrc(), known);
    }
    return known;
  }

  private final class Arrivals implements PacketReceiver.Listener {
    @Override
    public void numbered(
        Source source, int encoding, int sequenceNumber, boolean isRepair, long nowNanos)
        throws IOException {
      incoming(source, nowNanos).stream(encoding).onPacket(sequenceNumber, nowNanos);
      listener.numbered(source, encoding, sequenceNumber, isRepair);
    }

    @Override
    public void padded(Source source, int encoding, int sequenceNumber) {
      IncomingSource known = incoming.get(source.ssrc());
      if (known != null) {
        known.stream(encoding).onPadding(sequenceNumber);
        listener.padded(source, encoding, sequenceNumber);
      }
    }

    @Override
    public void accepted(
        Source source, int encoding, int bridgeSequenceNumber, RtpPacketView packet, long nowNanos)
        throws IOException {
      if (source.kind() == MediaKind.VIDEO && PayloadTypes.codec(packet.payloadType()) == null) {
        receiver.counters().count(DoubleSrtpResult.MALFORMED);
        return;
      }
      listener.accepted(source, encoding, bridgeSequenceNumber, packet, nowNanos);
      int end = packet.payloadOffset() + packet.payloadLength();
      IncomingSource known = incoming(source, nowNanos);
      known.accept(
          encoding,
          bridgeSequenceNumber,
          packet.timestamp(),
          packet.marker(),
          Arrays.copyOfRange(packet.buffer(), packet.payloadOffset(), end),
          nowNanos);
      release(known, nowNanos, false);
    }
  }

  private void release(IncomingSource known, long nowNanos, boolean everything) throws IOException {
    List<IncomingStream> all = known.streams();
    for (int i = 0; i < all.size(); i++) {
      for (ReorderBuffer.Packet packet : all.get(i).release(nowNanos, everything)) {
        listener.ordered(known.source(), i, packet);
      }
    }
  }

  // ---------------------------------------------------------------- reports

  private void sendFeedback() throws IOException {
    long now = System.nanoTime();
    ByteArrayOutputStream feedback = new ByteArrayOutputStream();
    for (IncomingSource known : incoming.values()) {
      release(known, now, false);
      for (IncomingStream stream : known.streams()) {
        List<Integer> due = stream.due(now);
        if (!due.isEmpty()) {
          counters.countNegativeAcknowledgements(due.size());
          feedback.writeBytes(Rtcp.nack(reporterSsrc, stream.ssrc(), due));
        }
      }
      int unrepaired = known.takeUnrepaired();
      if (unrepaired > 0) {
        listener.givenUp(known.source(), unrepaired);
      }
      if (listener.needsKeyFrame(known.source()) && known.asksForKeyFrame(now)) {
        feedback.writeBytes(Rtcp.pictureLoss(reporterSsrc, known.latestSsrc()));
      }
    }
    if (feedback.size() > 0) {
      sendRtcp(receiverReport(), feedback.toByteArray());
    }
  }

  private void sendCongestionFeedback() throws IOException {
    Line current = line;
    if (current != null) {
      for (byte[] message : current.congestion().dueFeedback(reporterSsrc, System.nanoTime())) {
        sendRtcp(message);
      }
    }
  }

  private byte[] receiverReport() {
    long now = System.nanoTime();
    List<Rtcp.ReportBlock> blocks = new ArrayList<>();
    incoming.values().forEach(known -> blocks.addAll(known.reportBlocks(now)));
    return Rtcp.receiverReport(reporterSsrc, blocks);
  }

  private void sendReports() throws IOException {
    forgetWhoIsGone();
    Instant now = clock.instant();
    long ntp =
        ((now.getEpochSecond() + NTP_EPOCH_SECONDS) << 32)
            | (now.getNano() * NTP_FRACTION / NANOS_PER_SECOND);
    for (StreamSender stream : streams) {
      sendRtcp(
          Rtcp.senderReport(
              stream.ssrc(), ntp, stream.timestamp(), stream.packets(), stream.octets(), id));
    }
    if (!incoming.isEmpty()) {
      sendRtcp(receiverReport());
    }
  }

  private void forgetWhoIsGone() throws IOException {
    Iterator<IncomingSource> all = incoming.values().iterator();
    while (all.hasNext()) {
      IncomingSource known = all.next();
      if (!known.source().equals(sources.source(known.source().ssrc()))) {
        all.remove();
        release(known, System.nanoTime(), true);
        listener.gone(known.source());
      }
    }
  }

  private void sendRtcp(byte[]... parts) throws IOException {
    Line current = line;
    if (current != null) {
      current.sendRtcp(parts);
    }
  }

  private final class Feedback implements Rtcp.Listener {
    @Override
    public void nack(int mediaSsrc, List<Integer> sequenceNumbers) {
      listener.missing(mediaSsrc, sequenceNumbers);
      for (StreamSender stream : streams) {
        if (stream.ssrc() == mediaSsrc) {
          for (int sequenceNumber : sequenceNumbers) {
            guarded(() -> repair(stream, sequenceNumber));
          }
        }
      }
    }

    private void repair(StreamSender stream, int sequenceNumber) throws IOException {
      if (sender.repair(stream, sequenceNumber, System.nanoTime())) {
        counters.countRepair();
      }
    }

    @Override
    public void keyFrameRequest(int mediaSsrc) {
      counters.countKeyFrameRequest();
      listener.keyFrameRequested(mediaSsrc);
    }

    @Override
    public void senderReport(Rtcp.SenderReport report) {
      Source source = sources.source(report.ssrc());
      IncomingSource known = source == null ? null : incoming.get(source.ssrc());
      if (known != null) {
        for (IncomingStream stream : known.streams()) {
          if (stream.ssrc() == report.ssrc()) {
            stream.onSenderReport(report, System.nanoTime());
          }
        }
      }
      listener.reported(report);
    }

    @Override
    public void received(Rtcp.ReportBlock block) {
      listener.reported(block);
      Line current = line;
      if (current != null) {
        current.congestion().apply(block, System.nanoTime());
      }
    }

    @Override
    public void receiverEstimate(ReceiverEstimate estimate) {
      Line current = line;
      if (current != null) {
        current.congestion().apply(estimate);
      }
    }

    @Override
    public void transportFeedback(TransportFeedback feedback) {
      Line current = line;
      if (current != null) {
        current.congestion().apply(feedback, System.nanoTime());
      }
    }

    @Override
    public void malformed() {
      counters.countMalformedReport();
    }
  }

  // ---------------------------------------------------------------- the end

  /**
   * Ends the thread, some seconds later at most. What waits to be put in order is handed out, on
   * this thread.
   */
  @Override
  public void close() throws IOException {
    if (closed) {
      return;
    }
    closed = true;
    thread.shutdown();
    try {
      if (!thread.awaitTermination(STOP_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
        List<Runnable> unused = thread.shutdownNow();
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return;
    }
    for (IncomingSource known : incoming.values()) {
      release(known, System.nanoTime(), true);
    }
  }
}
