/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.soak;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.perc4j.e2e.mls.GroupMoment;
import org.perc4j.e2e.srtp.DoubleSrtpResult;
import org.perc4j.endpoint.media.MediaKind;
import org.perc4j.endpoint.media.VideoCodec;
import org.perc4j.endpoint.signalling.ReceiverConstraints;
import org.perc4j.it.bridge.JvbProcess;
import org.perc4j.it.endpoint.Conference;
import org.perc4j.it.endpoint.Endpoint;
import org.perc4j.it.endpoint.EndpointOptions;
import org.perc4j.it.endpoint.Impairment;
import org.perc4j.it.endpoint.ReceivedStream;
import org.perc4j.it.harness.Await;
import org.perc4j.it.harness.LabNetwork;
import org.perc4j.it.harness.ProcessGauge;
import org.perc4j.it.keying.Attendee;
import org.perc4j.it.keying.Gathering;
import org.perc4j.it.layers.PayloadMarkings;
import org.perc4j.it.media.Clips;
import org.perc4j.it.media.LayeredClip;
import org.perc4j.it.xmpp.ProsodyServer;
import org.perc4j.it.xmpp.TcpRelay;

/**
 * Holds a conference on a Jitsi Videobridge with the plugin and on Prosody, as a {@link SoakPlan}
 * says: speech, and video in layers of two kinds. After half of the time Prosody is restarted. Used
 * by one thread.
 */
public final class Soak implements AutoCloseable {
  private static final Duration TOGETHER = Duration.ofSeconds(20);
  private static final Duration TOGETHER_AFTER_RESTART = Duration.ofSeconds(60);

  /** How long it takes until nothing of somebody who has gone is on its way any more. */
  private static final Duration AFTERMATH = Duration.ofSeconds(2);

  private static final int[] HEIGHTS = {180, 180, 360};
  private static final Path UDP_COUNTERS = Path.of("/proc/self/net/snmp");
  private static final String UDP = "Udp: ";

  private final SoakPlan plan;
  private final JvbProcess jvb;
  private final ProsodyServer server;
  private final Path recordings;
  private final Consumer<String> log;
  private final Random random;
  private final SoakLedger ledger = new SoakLedger();
  private final Map<String, TcpRelay> relays = new HashMap<>();
  private final List<String> founders = new ArrayList<>();
  private final List<SoakSample> samples = new ArrayList<>();
  private final Conference conference;
  private final ProcessGauge bridgeGauge;
  private final ProcessGauge ownGauge = new ProcessGauge(ProcessHandle.current().pid());
  private final long udpDropsBefore;
  private final long startNanos = System.nanoTime();
  private int joined;
  private int left;
  private int died;
  private Account gone = Account.EMPTY;

  /** What somebody who has gone refused, and what nobody repaired for them. */
  private record Account(Map<DoubleSrtpResult, Long> refused, long unrepaired) {
    static final Account EMPTY = new Account(new EnumMap<>(DoubleSrtpResult.class), 0);

    /** With what somebody received from somebody who has gone. */
    Account plus(Collection<ReceivedStream> streams) {
      return new Account(
          refused, unrepaired + streams.stream().mapToLong(ReceivedStream::unrepaired).sum());
    }

    Account plus(Endpoint endpoint) {
      Map<DoubleSrtpResult, Long> sum = new EnumMap<>(refused);
      for (DoubleSrtpResult reason : DoubleSrtpResult.values()) {
        long count = endpoint.dropped(reason);
        if (count > 0) {
          sum.merge(reason, count, Long::sum);
        }
      }
      return new Account(sum, unrepaired).plus(endpoint.received());
    }
  }

  /**
   * Prepares.
   *
   * @param jvb with the plugin; stays its owner's, as the server does
   * @param log is told what happens
   */
  public Soak(
      SoakPlan plan, JvbProcess jvb, ProsodyServer server, Path recordings, Consumer<String> log)
      throws IOException {
    this.plan = plan;
    this.jvb = jvb;
    this.server = server;
    this.recordings = recordings;
    this.log = log;
    this.random = new Random(plan.seed());
    this.conference = new Conference(jvb, "soak", occupant -> relay(occupant).guests());
    this.bridgeGauge = new ProcessGauge(jvb.pid());
    this.udpDropsBefore = udpDrops();
  }

  /**
   * Runs a soak and reports.
   *
   * @param arguments how many minutes, and no more; 60 unless said otherwise
   */
  public static void main(String[] arguments) throws Exception {
    if (!LabNetwork.isAvailable()) {
      System.err.println("No interface has the address " + LabNetwork.ADDRESS);
      System.exit(2);
    }
    long seconds = arguments.length == 0 ? 3600 : Math.round(60 * Double.parseDouble(arguments[0]));
    SoakPlan plan = SoakPlan.lasting(Duration.ofSeconds(seconds));
    Path output = Path.of(System.getProperty("perc4j.output", "target"), "soak");
    Files.createDirectories(output);
    SoakReport report;
    try (ProsodyServer server = ProsodyServer.start();
        JvbProcess jvb =
            JvbProcess.startWithPlugin(
                output.resolve("jvb"), Path.of(System.getProperty("perc4j.plugin.jar")));
        Soak soak =
            new Soak(
                plan, jvb, server, output.resolve("endpoints"), line -> System.out.println(line))) {
      report = soak.run();
    }
    report.print(System.out);
    report.write(output);
    System.exit(report.isFlawless() ? 0 : 1);
  }

  /** Runs all of it. */
  public SoakReport run() throws IOException, InterruptedException {
    for (int i = 0; i < plan.endpoints(); i++) {
      Endpoint endpoint = join();
      // Faster than this, what is repaired late may be of an epoch whose keys are gone.
      Await.pass(AFTERMATH);
      if (i < plan.founders()) {
        founders.add(endpoint.id());
      }
    }
    long begin = System.nanoTime();
    long end = begin + plan.duration().toNanos();
    long restart = begin + plan.duration().toNanos() / 2;
    long nextTick = begin + plan.tick().toNanos();
    long nextSample = begin + plan.sample().toNanos();
    Duration recovery = null;
    int ticks = 0;
    sample();
    while (recovery == null || System.nanoTime() - end < 0) {
      long next = Math.min(Math.min(nextTick, nextSample), end);
      if (recovery == null) {
        next = Math.min(next, restart);
      }
      TimeUnit.NANOSECONDS.sleep(next - System.nanoTime());
      if (recovery == null && System.nanoTime() - restart >= 0) {
        recovery = restart();
      } else if (next == nextTick) {
        nextTick += plan.tick().toNanos();
        tick(++ticks);
      } else if (next == nextSample) {
        nextSample += plan.sample().toNanos();
        sample();
      }
    }
    conference.gathering().awaitTogether(TOGETHER);
    Set<String> codes = new TreeSet<>();
    for (Attendee attendee : conference.gathering().attendees()) {
      codes.add(attendee.session().epochCode().digits());
    }
    sample();
    conference.endpoints().forEach(Endpoint::requireNoFailure);
    return new SoakReport(
        plan,
        List.copyOf(samples),
        Objects.requireNonNull(recovery),
        codes.size(),
        jvb.logLines("Failed to handle packet").size(),
        joined,
        left,
        died);
  }

  // ---------------------------------------------------------------- people

  private TcpRelay relay(String occupant) {
    try {
      TcpRelay relay = new TcpRelay(server);
      relays.put(occupant, relay);
      return relay;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Endpoint join() throws IOException, InterruptedException {
    int number = ++joined;
    String id = String.format(Locale.ROOT, "%08x", number);
    EndpointOptions options =
        new EndpointOptions(id, recordings)
            .seed(plan.seed() * 1_000_003 + number)
            .speech(Clips.speech(1 + number % 3))
            .impairment(
                network(2L * number, ledger.lossBehind(id)),
                network(2L * number + 1, ledger.lossBefore(id)))
            .longRun(ledger);
    List<LayeredClip> clips =
        number % 2 == 0 ? Clips.simulcast().subList(0, 2) : List.of(Clips.layered(VideoCodec.VP9));
    Endpoint endpoint =
        conference.join(
            options
                .layers(clips.toArray(LayeredClip[]::new))
                .markings(
                    number % 2 == 0
                        ? PayloadMarkings.frameMarkings(clips)
                        : PayloadMarkings.descriptors(clips)));
    // Video of all, which two processors can carry.
    conference
        .room()
        .setConstraints(
            id,
            ReceiverConstraints.EVERYTHING.withMaxHeight(HEIGHTS[random.nextInt(HEIGHTS.length)]));
    ledger.add(endpoint);
    endpoint.startSending();
    return endpoint;
  }

  private Impairment network(long number, Consumer<byte[]> losses) {
    return new Impairment(
            plan.seed() * 1_000_003 + number, plan.loss(), plan.reordering(), plan.duplication())
        .onLoss(losses);
  }

  private void tick(int number) throws IOException, InterruptedException {
    List<Endpoint> candidates =
        conference.endpoints().stream().filter(one -> !founders.contains(one.id())).toList();
    Endpoint goes = candidates.get(random.nextInt(candidates.size()));
    if (number % plan.deathEvery() == 0) {
      die(goes);
    } else {
      left++;
      conference.leave(goes);
      close(relays.remove(goes.id()));
    }
    gone = gone.plus(goes);
    Endpoint unused = join();
    Await.pass(AFTERMATH);
    ledger.remove(goes);
    for (Endpoint endpoint : conference.endpoints()) {
      gone = gone.plus(endpoint.forget(goes.id()));
    }
  }

  /** The host is gone: no more media, and the server finds the connection cut. */
  private void die(Endpoint victim) throws IOException, InterruptedException {
    died++;
    Attendee dead = Objects.requireNonNull(conference.die(victim));
    close(relays.remove(victim.id()));
    conference.gathering().awaitTogether(TOGETHER);
    // As the focus does, who sees an occupant go.
    conference.room().removeEndpoint(victim.id());
    dead.close();
  }

  private static void close(@Nullable TcpRelay relay) {
    if (relay != null) {
      relay.close();
    }
  }

  /** Returns how long it took until all were in one new group. */
  private Duration restart() throws IOException, InterruptedException {
    sample();
    long begin = System.nanoTime();
    Gathering gathering = conference.gathering();
    GroupMoment former = Objects.requireNonNull(gathering.attendees().get(0).session().moment());
    server.restart();
    Await.until(
        "all in another group",
        TOGETHER_AFTER_RESTART,
        () ->
            gathering.isTogether()
                && gathering.attendees().stream().noneMatch(one -> isIn(one, former)));
    Duration recovery = Duration.ofNanos(System.nanoTime() - begin);
    gathering.awaitNewestKeys(TOGETHER);
    log.accept("Prosody was restarted; all together again after " + recovery.toMillis() + " ms");
    // Until what went missing meanwhile was judged.
    Await.pass(SoakLedger.PATIENCE.plus(AFTERMATH));
    sample();
    return recovery;
  }

  private static boolean isIn(Attendee attendee, GroupMoment group) {
    GroupMoment moment = attendee.session().moment();
    return moment == null || moment.sameGroup(group);
  }

  // ---------------------------------------------------------------- figures

  @CanIgnoreReturnValue
  private SoakSample sample() throws IOException, InterruptedException {
    Account account = gone;
    long gapNanos = 0;
    List<Endpoint> endpoints = conference.endpoints();
    for (Endpoint receiver : endpoints) {
      account = account.plus(receiver);
      for (Endpoint sender : endpoints) {
        ReceivedStream stream = receiver.received(sender.id(), MediaKind.AUDIO);
        if (stream != null) {
          gapNanos = Math.max(gapNanos, stream.takeLongestGap().toNanos());
        }
      }
    }
    SoakSample sample =
        new SoakSample(
            Duration.ofNanos(System.nanoTime() - startNanos),
            endpoints.size(),
            bridgeGauge.read(),
            ownGauge.read(),
            ledger.totals(),
            account.refused(),
            account.unrepaired(),
            Duration.ofNanos(gapNanos),
            udpDrops() - udpDropsBefore);
    samples.add(sample);
    log.accept(sample.toString());
    return sample;
  }

  /** Returns how many datagrams this network's sockets had no room for. */
  private static long udpDrops() throws IOException {
    List<String> lines =
        Files.readAllLines(UDP_COUNTERS).stream().filter(line -> line.startsWith(UDP)).toList();
    List<String> names = List.of(lines.get(0).split(" ", -1));
    return Long.parseLong(lines.get(1).split(" ", -1)[names.indexOf("RcvbufErrors")]);
  }

  /** All leave. */
  @Override
  public void close() throws IOException {
    conference.close();
    relays.values().forEach(TcpRelay::close);
  }
}
