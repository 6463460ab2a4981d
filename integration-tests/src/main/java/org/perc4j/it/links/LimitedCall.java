/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.links;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.perc4j.endpoint.media.MediaKind;
import org.perc4j.endpoint.signalling.ReceiverConstraints;
import org.perc4j.it.bridge.Bridge;
import org.perc4j.it.endpoint.Conference;
import org.perc4j.it.endpoint.Endpoint;
import org.perc4j.it.endpoint.EndpointOptions;
import org.perc4j.it.endpoint.ReceivedStream;
import org.perc4j.it.endpoint.SentStream;
import org.perc4j.it.harness.LimitedLink;
import org.perc4j.it.harness.LinkConditions;
import org.perc4j.it.harness.LinkDirection;
import org.perc4j.it.media.Clips;
import org.perc4j.it.media.LayeredClip;

/**
 * Senders of speech and layered video, whose network carries everything, and a receiver behind a
 * link of limited rate, which sends nothing but feedback. The bridge knows of the link what it
 * estimates. Used by one thread.
 */
public final class LimitedCall implements Closeable {
  private static final LinkConditions UP = LinkConditions.ofRate(10_000_000);
  private static final long FREEZE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
  private static final long LATE_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
  private static final long END_NANOS = TimeUnit.SECONDS.toNanos(2);

  /** What is on its way at the end of a phase has so long to come. */
  private static final long GRACE_NANOS = TimeUnit.MILLISECONDS.toNanos(600);

  /** So often, as long as more speech is missing than the link dropped. */
  private static final int MOST_GRACES = 10;

  /** All that the receiver may have. */
  public static final ReceiverConstraints EVERYTHING =
      ReceiverConstraints.EVERYTHING.withNoAssumedBandwidth();

  /** Speech only. */
  public static final ReceiverConstraints NO_VIDEO = EVERYTHING.withMaxHeight(0);

  /** What a phase begins with. */
  public interface Change {
    /** Does it. */
    void to(LimitedCall call) throws IOException, InterruptedException;
  }

  private final List<LayeredClip> encodings;
  private final LimitedLink link;
  private final Conference conference;
  private final List<Endpoint> senders = new ArrayList<>();
  private final Endpoint viewer;
  private LinkConditions conditions;

  private LimitedCall(
      Bridge bridge,
      String name,
      Path output,
      LayeredVideo video,
      boolean isDouble,
      int senderCount,
      LinkConditions conditions)
      throws IOException, InterruptedException {
    this.encodings = video.encodings();
    this.conditions = conditions;
    this.link = LimitedLink.open(conditions, UP, 1);
    this.conference = new Conference(bridge, name);
    Endpoint joined = null;
    try {
      for (int i = 0; i < senderCount; i++) {
        senders.add(
            conference.join(
                video.shownBy(
                    new EndpointOptions(
                            String.format(Locale.ROOT, "c%07d", i + 1), output.resolve(name))
                        .seed(i + 1L)
                        .speech(Clips.speech(1 + i % 3)),
                    isDouble)));
      }
      joined =
          conference.join(
              new EndpointOptions("cfffffff", output.resolve(name))
                  .seed(senderCount + 1L)
                  .profiles(LayeredVideo.profile(isDouble))
                  .network(link.network()));
      conference.room().setConstraints(joined.id(), EVERYTHING);
    } finally {
      if (joined == null) {
        close();
      }
    }
    viewer = Objects.requireNonNull(joined);
  }

  /**
   * Lets everybody join; nobody sends yet.
   *
   * @param name unique as long as the bridge lives, also of the folder of what is recorded
   * @param conditions of the way to the receiver
   */
  public static LimitedCall join(
      Bridge bridge,
      String name,
      Path output,
      LayeredVideo video,
      boolean isDouble,
      int senders,
      LinkConditions conditions)
      throws IOException, InterruptedException {
    return new LimitedCall(bridge, name, output, video, isDouble, senders, conditions);
  }

  /** Returns the identifier of the endpoint behind the link. */
  public String receiver() {
    return viewer.id();
  }

  /** Lets everybody send. */
  public void start() {
    senders.forEach(Endpoint::startSending);
  }

  /** Changes the rate of the way to the receiver. */
  public void setRate(long bitsPerSecond) throws IOException, InterruptedException {
    conditions = conditions.withRate(bitsPerSecond);
    link.down().set(conditions);
  }

  /** Says what the receiver wants. */
  public void setConstraints(ReceiverConstraints constraints)
      throws IOException, InterruptedException {
    conference.room().setConstraints(viewer.id(), constraints);
  }

  /** Changes something, lets time pass, and says what the receiver had in it. */
  public PhaseFigures phase(Duration time, Change change) throws IOException, InterruptedException {
    LinkDirection.Statistics before = link.down().statistics();
    change.to(this);
    long from = System.nanoTime();
    long until = from + time.toNanos();
    TimeUnit.NANOSECONDS.sleep(time.toNanos());
    LinkDirection.Statistics after = link.down().statistics();
    double seconds = (System.nanoTime() - from) / 1e9;
    PhaseFigures figures;
    int graces = 0;
    do {
      TimeUnit.NANOSECONDS.sleep(GRACE_NANOS);
      viewer.requireNoFailure();
      figures = figures(from, until, seconds, before, after);
    } while (figures.speechMissing() > figures.dropped() && ++graces < MOST_GRACES);
    return figures;
  }

  private PhaseFigures figures(
      long from,
      long until,
      double seconds,
      LinkDirection.Statistics before,
      LinkDirection.Statistics after) {
    double[] toSize = new double[LayeredVideo.SIZES];
    int largest = -1;
    double frozen = 0;
    long octets = 0;
    long speech = 0;
    long missing = 0;
    long late = 0;
    for (Endpoint sender : senders) {
      List<ReceivedStream.Arrival> pictures = arrivals(sender, MediaKind.VIDEO);
      ShownVideo shown =
          new ShownVideo(encodings, Objects.requireNonNull(sender.sent(MediaKind.VIDEO)), pictures);
      for (int size = 0; size < toSize.length; size++) {
        // Math.max is NaN where either is.
        toSize[size] = Math.max(toSize[size], shown.secondsTo(size, from, until));
      }
      largest = Math.max(largest, shown.largest(until - END_NANOS, until));
      frozen += shown.frozenSeconds(FREEZE_NANOS, from, until) / senders.size();
      SentStream spoken = Objects.requireNonNull(sender.sent(MediaKind.AUDIO));
      List<ReceivedStream.Arrival> heard = arrivals(sender, MediaKind.AUDIO);
      IdentityHashMap<SentStream.Packet, Long> heardNanos = new IdentityHashMap<>();
      for (ReceivedStream.Arrival arrival : heard) {
        SentStream.Packet packet = spoken.find(arrival);
        if (packet != null) {
          Long unused = heardNanos.putIfAbsent(packet, arrival.nanos());
        }
      }
      for (SentStream.Packet packet : spoken.packets()) {
        if (packet.nanos() >= from && packet.nanos() < until) {
          speech++;
          Long nanos = heardNanos.get(packet);
          missing += nanos == null ? 1 : 0;
          late +=
              nanos != null && nanos - packet.nanos() > LATE_NANOS + conditions.delay().toNanos()
                  ? 1
                  : 0;
        }
      }
      octets += octets(pictures, from, until) + octets(heard, from, until);
    }
    List<Double> sizes = new ArrayList<>();
    for (double one : toSize) {
      sizes.add(one);
    }
    return new PhaseFigures(
        sizes,
        largest,
        8 * octets / ((until - from) / 1e9),
        8 * (after.octets() - before.octets()) / (seconds * conditions.bitsPerSecond()),
        after.dropped() - before.dropped(),
        frozen,
        speech,
        missing,
        late,
        after.overflown() - before.overflown());
  }

  private List<ReceivedStream.Arrival> arrivals(Endpoint sender, MediaKind kind) {
    ReceivedStream stream = viewer.received(sender.id(), kind);
    return stream == null ? List.of() : stream.arrivals();
  }

  private static long octets(List<ReceivedStream.Arrival> arrivals, long from, long until) {
    return arrivals.stream()
        .filter(arrival -> arrival.nanos() >= from && arrival.nanos() < until)
        .mapToLong(arrival -> arrival.payload().length)
        .sum();
  }

  @Override
  public void close() throws IOException {
    try {
      conference.close();
    } finally {
      link.close();
    }
  }
}
