/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.report;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.perc4j.endpoint.media.MediaKind;
import org.perc4j.header.audiolevel.AudioLevelCodec;
import org.perc4j.it.endpoint.Conference;
import org.perc4j.it.endpoint.ConferenceListener;
import org.perc4j.it.endpoint.Endpoint;
import org.perc4j.it.endpoint.ReceivedStream;
import org.perc4j.it.endpoint.SentSpeech;
import org.perc4j.it.endpoint.SentStream;
import org.perc4j.it.harness.Ffmpeg;
import org.perc4j.it.keying.Gathering;
import org.perc4j.it.media.LayerFrame;
import org.perc4j.it.report.Proceedings.Forwarding;
import org.perc4j.it.report.Proceedings.Layer;
import org.perc4j.it.report.Proceedings.Passage;
import org.perc4j.it.report.Proceedings.Presence;
import org.perc4j.it.report.Proceedings.Reading;
import org.perc4j.it.report.Proceedings.Span;
import org.perc4j.it.report.Proceedings.Speech;
import org.perc4j.it.report.Proceedings.Still;
import org.perc4j.it.report.Proceedings.Utterance;
import org.perc4j.it.transport.BridgeKnowledge;
import org.perc4j.it.transport.KeyTap;

/**
 * Follows a conference and leaves a report on it. Of endpoints on a long run it keeps no more than
 * when they were there, and what the bridge had of their last packets. Thread-safe.
 */
public final class Chronicle implements ConferenceListener {
  private static final int MOST_STILLS = 16;

  /** Somebody's time on the bridge. */
  private static final class Visit {
    final String id;
    final String protection;
    final double from;
    double to = Double.NaN;

    /** Null if it is not worth keeping. */
    @Nullable Endpoint endpoint;

    final List<Overheard> overheard = new ArrayList<>();

    Visit(Endpoint endpoint, double from) {
      this.id = endpoint.id();
      this.protection =
          endpoint.profile().isDouble()
              ? "double SRTP, AES-" + 8 * endpoint.profile().keyLengthBytes()
              : "plain SRTP, which the bridge reads";
      this.from = from;
      this.endpoint = endpoint;
    }

    boolean isOver() {
      return !Double.isNaN(to);
    }
  }

  private final Path file;
  private final String room;
  private final String bridge;
  private final BridgeKnowledge knowledge = new BridgeKnowledge();
  private final Instant began = Instant.now();
  private final long beganNanos = System.nanoTime();
  private final List<Visit> visits = new ArrayList<>();
  private final GroupHistory group = new GroupHistory();
  private final Set<String> omissions = new LinkedHashSet<>();
  private long forwarded;
  private double seconds;

  /**
   * Begins.
   *
   * @param file where the report is to be written; its folder is made
   * @param room name of the conference
   * @param bridge what it is held on, for people
   */
  public Chronicle(Path file, String room, String bridge) {
    this.file = file;
    this.room = room;
    this.bridge = bridge;
  }

  /** Returns where the report is, once the conference was closed. */
  public Path file() {
    return file;
  }

  /** Returns what the bridge knows. */
  public BridgeKnowledge knowledge() {
    return knowledge;
  }

  @Override
  public KeyTap keyTap() {
    return knowledge;
  }

  private double since(long nanos) {
    return Math.max(0, (nanos - beganNanos) / 1e9);
  }

  @Override
  public synchronized void joined(Endpoint endpoint) {
    visits.add(new Visit(endpoint, since(System.nanoTime())));
  }

  @Override
  public synchronized void leaving(Endpoint endpoint) throws IOException {
    for (Visit visit : visits) {
      if (visit.endpoint == endpoint && !visit.isOver()) {
        end(visit, endpoint, since(System.nanoTime()));
      }
    }
  }

  @Override
  public synchronized void agreed(Gathering gathering) {
    group.look(gathering);
  }

  @Override
  public synchronized void closing(Conference conference) throws IOException {
    seconds = since(System.nanoTime());
    for (Visit visit : visits) {
      Endpoint endpoint = visit.endpoint;
      if (endpoint != null && !visit.isOver()) {
        end(visit, endpoint, seconds);
      }
    }
  }

  private void end(Visit visit, Endpoint endpoint, double at) throws IOException {
    visit.to = at;
    try {
      for (MediaKind kind : MediaKind.values()) {
        Overheard overheard = Overheard.of(endpoint, kind);
        if (overheard != null) {
          visit.overheard.add(overheard);
        }
      }
    } catch (RejectedExecutionException e) {
      omissions.add(visit.id + " left before its last packets could be examined.");
    }
    Collection<ReceivedStream> received = endpoint.received();
    forwarded += endpoint.mediaDatagrams();
    forwarded += received.stream().mapToLong(ReceivedStream::size).sum();
    if (endpoint.isDeaf()) {
      omissions.add(visit.id + " did not decode media: what it received is only counted.");
    }
    if (!endpoint.keepsAll()) {
      visit.endpoint = null;
      omissions.add(
          visit.id
              + " did not record all that it sent and received, as in long runs: its speech,"
              + " layers and losses are not shown.");
    }
  }

  @Override
  public synchronized void closed() throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    if (folder != null) {
      Files.createDirectories(folder);
    }
    Files.writeString(file, HtmlReport.of(proceedings()));
    visits.clear();
  }

  private Proceedings proceedings() throws IOException {
    List<Proceedings.Epoch> epochs = group.epochs(this::since);
    List<Forwarding> forwardings = forwardings();
    List<Passage> passages = passages();
    return new Proceedings(
        room,
        bridge,
        began,
        seconds,
        presences(epochs),
        epochs,
        speeches(),
        forwardings,
        passages,
        readings(),
        knowledge.keys().size(),
        forwarded,
        List.copyOf(omissions));
  }

  private List<Presence> presences(List<Proceedings.Epoch> epochs) {
    Map<String, List<Span>> member = new LinkedHashMap<>();
    for (int i = 0; i < epochs.size(); i++) {
      double from = epochs.get(i).at();
      double to = i + 1 < epochs.size() ? epochs.get(i + 1).at() : seconds;
      for (String occupant : epochs.get(i).members()) {
        extend(member.computeIfAbsent(occupant, unused -> new ArrayList<>()), from, to);
      }
    }
    Map<String, List<Span>> connected = new LinkedHashMap<>();
    Map<String, String> protections = new LinkedHashMap<>();
    for (Visit visit : visits) {
      extend(
          connected.computeIfAbsent(visit.id, unused -> new ArrayList<>()), visit.from, visit.to);
      protections.put(visit.id, visit.protection);
    }
    Set<String> ids = new LinkedHashSet<>(connected.keySet());
    ids.addAll(member.keySet());
    return ids.stream()
        .map(
            id ->
                new Presence(
                    id,
                    protections.get(id),
                    member.getOrDefault(id, List.of()),
                    connected.getOrDefault(id, List.of())))
        .toList();
  }

  /** Adds a span, or makes the last one longer. */
  private static void extend(List<Span> spans, double from, double to) {
    int last = spans.size() - 1;
    if (last >= 0 && spans.get(last).to() >= from) {
      spans.set(last, new Span(spans.get(last).from(), to));
    } else {
      spans.add(new Span(from, to));
    }
  }

  private List<Speech> speeches() {
    Map<String, List<Utterance>> speeches = new LinkedHashMap<>();
    for (Endpoint endpoint : kept()) {
      for (SentSpeech packet : endpoint.speechSent()) {
        boolean unused =
            speeches
                .computeIfAbsent(endpoint.id(), id -> new ArrayList<>())
                .add(
                    new Utterance(
                        since(packet.nanos()),
                        packet.levelMinusDbov(),
                        AudioLevelCodec.levelMinusDbov(packet.toldLevel()),
                        packet.encodedBytes(),
                        packet.sentBytes()));
      }
    }
    return speeches.entrySet().stream()
        .map(speech -> new Speech(speech.getKey(), speech.getValue()))
        .toList();
  }

  /** Returns those who kept account of all. */
  private List<Endpoint> kept() {
    List<Endpoint> kept = new ArrayList<>();
    for (Visit visit : visits) {
      if (visit.endpoint != null) {
        kept.add(visit.endpoint);
      }
    }
    return kept;
  }

  private record Way(String sender, String receiver) {}

  private List<Forwarding> forwardings() {
    TimeAxis axis = new TimeAxis(seconds, List.of());
    Map<Way, Map<Layer, long[]>> ways = new LinkedHashMap<>();
    for (Endpoint receiver : kept()) {
      for (ReceivedStream stream : receiver.received()) {
        String sender = stream.source().owner();
        if (stream.source().kind() == MediaKind.VIDEO) {
          List<SentStream> sent = sent(sender);
          Map<Layer, long[]> octets =
              ways.computeIfAbsent(new Way(sender, receiver.id()), way -> new TreeMap<>());
          for (ReceivedStream.Arrival arrival : stream.arrivals()) {
            octets
                    .computeIfAbsent(layer(sent, arrival), layer -> new long[Proceedings.BUCKETS])[
                    axis.bucket(since(arrival.nanos()), Proceedings.BUCKETS)] +=
                arrival.payload().length;
          }
        }
      }
    }
    return ways.entrySet().stream()
        .map(way -> new Forwarding(way.getKey().sender(), way.getKey().receiver(), way.getValue()))
        .toList();
  }

  /** Returns the accounts of somebody's video, one for each time that it was in. */
  private List<SentStream> sent(String sender) {
    return kept().stream()
        .filter(endpoint -> endpoint.id().equals(sender))
        .map(endpoint -> endpoint.sent(MediaKind.VIDEO))
        .filter(Objects::nonNull)
        .toList();
  }

  private static Layer layer(List<SentStream> accounts, ReceivedStream.Arrival arrival) {
    for (SentStream sent : accounts) {
      SentStream.Packet packet = sent.find(arrival);
      LayerFrame frame = packet == null ? null : packet.frame();
      if (frame != null) {
        return new Layer(arrival.encoding(), frame.spatialId(), frame.temporalId());
      }
    }
    return new Layer(arrival.encoding(), Layer.WHOLE, 0);
  }

  private List<Passage> passages() {
    Map<String, Passage> passages = new LinkedHashMap<>();
    for (Endpoint receiver : kept()) {
      if (receiver.moves() > 0) {
        omissions.add(
            receiver.id()
                + " was moved to another bridge, which renumbers packets: its losses are not"
                + " shown.");
        continue;
      }
      for (ReceivedStream stream : receiver.received()) {
        Passage passage = passage(receiver.id(), stream);
        passages.merge(
            passage.sender() + ' ' + passage.receiver() + ' ' + passage.kind(),
            passage,
            Chronicle::sum);
      }
    }
    return List.copyOf(passages.values());
  }

  /** Tells losses by gaps in the bridge's numbers, which it leaves for what it could not send. */
  private static Passage passage(String receiver, ReceivedStream stream) {
    long missing = 0;
    for (int i = 0; i < stream.source().encodings().size(); i++) {
      missing += stream.missingNumbers(i).size();
    }
    return new Passage(
        stream.source().owner(),
        receiver,
        stream.source().kind(),
        stream.size(),
        Math.min(stream.size(), stream.repaired()),
        missing);
  }

  private static Passage sum(Passage one, Passage other) {
    return new Passage(
        one.sender(),
        one.receiver(),
        one.kind(),
        one.arrived() + other.arrived(),
        one.repaired() + other.repaired(),
        one.missing() + other.missing());
  }

  private List<Reading> readings() throws IOException {
    List<Reading> readings = new ArrayList<>();
    int stills = 0;
    for (Visit visit : visits) {
      for (Overheard overheard : visit.overheard) {
        Still still =
            overheard.kind() == MediaKind.VIDEO && stills < MOST_STILLS
                ? still(overheard.sender())
                : null;
        stills += still == null ? 0 : 1;
        readings.add(
            new Reading(
                overheard.sender(),
                overheard.kind(),
                overheard.atMembers(),
                overheard.atBridge(),
                overheard.header(),
                overheard.sealed().size() + overheard.inTheClear(),
                overheard.inTheClear() + knowledge.decryptable(overheard.sealed()),
                still));
      }
    }
    return readings;
  }

  /** Returns what somebody saw of a sender, where that was recorded and ffmpeg is installed. */
  private @Nullable Still still(String sender) throws IOException {
    for (Endpoint viewer : kept()) {
      ReceivedStream stream = viewer.received(sender, MediaKind.VIDEO);
      if (stream != null && !stream.frames().isEmpty()) {
        byte[] jpeg = still(stream.recording());
        return jpeg == null ? null : new Still(viewer.id(), jpeg);
      }
    }
    return null;
  }

  private static byte @Nullable [] still(Path recording) throws IOException {
    Path picture = Files.createTempFile("still", ".jpg");
    try {
      boolean taken = Ffmpeg.isInstalled() && Ffmpeg.still(recording, picture).isEmpty();
      byte[] jpeg = Files.readAllBytes(picture);
      return taken && jpeg.length > 0 ? jpeg : null;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException();
    } finally {
      Files.delete(picture);
    }
  }
}
