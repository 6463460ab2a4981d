/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.bench.bridge;

import java.io.Closeable;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.perc4j.bench.Samples;
import org.perc4j.endpoint.signalling.ReceiverConstraints;
import org.perc4j.endpoint.signalling.Source;
import org.perc4j.endpoint.transport.SrtpProfile;
import org.perc4j.it.bridge.JvbProcess;
import org.perc4j.it.endpoint.ArrivalListener;
import org.perc4j.it.endpoint.Conference;
import org.perc4j.it.endpoint.Endpoint;
import org.perc4j.it.endpoint.EndpointOptions;
import org.perc4j.it.endpoint.ReceivedStream;
import org.perc4j.it.endpoint.SentStream;
import org.perc4j.it.harness.ProcessGauge;
import org.perc4j.it.layers.PayloadMarkings;
import org.perc4j.it.media.Clips;
import org.perc4j.it.media.LayeredClip;

/**
 * What a bridge needs for each packet that its endpoints get, and how long packets take: plain
 * streams on a bridge as it was installed, the same on one with the plugin, and double streams on
 * another one with it. Each bridge has one conference. The three take turns, in changing order, in
 * one run.
 */
final class LoadBenchmark {
  private static final int ROUNDS = Integer.getInteger("perc4j.rounds", 4);
  private static final int WARM_UP_ROUNDS = 2;
  private static final long WINDOW_NANOS = TimeUnit.SECONDS.toNanos(8);
  private static final long SETTLE_NANOS = TimeUnit.SECONDS.toNanos(2);
  private static final double KILO = 1024;

  /**
   * Waited between two endpoints that start to send for the first time, for each endpoint that
   * there is. A bridge decides anew for each receiver what it gets whenever a sender's layer
   * appears; if all of many start at once, these decisions keep it from forwarding, layers seem to
   * vanish and to appear again, and it does not recover.
   */
  private static final long START_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

  /**
   * The JDK's ciphers: with OpenSSL, which is what it takes unless told otherwise, a bridge with
   * plain streams of 50 dies within minutes. Everyone tells what arrives and when, and the bridge
   * reckons with it, as in conferences of real clients. And layers are remembered while it is
   * another one's turn.
   */
  private static final String CONFIGURATION =
      """
      jmt.srtp.factory-class = SunJCE
      jmt.rtp.bitrate-calculator { window-size = 60 seconds, bucket-size = 1 second }
      """
          + JvbProcess.TRUSTS_ESTIMATES;

  /**
   * A conference. Each packet that comes is offered to everybody, so that a bridge has more to do
   * for large ones than for the packets that it sends. All sizes are such that two processors carry
   * them: where packets come late, the bridge takes the network for full and stops video.
   *
   * @param showing how many of the endpoints send video
   * @param lastN from how many of them each gets it, -1 for all
   * @param together whether all bridges run all the time; endpoints of which nothing is heard cost
   *     something as well, and of large conferences too much for it
   */
  private record Size(int endpoints, int showing, int lastN, boolean together) {}

  private static final List<Size> SIZES =
      List.of(new Size(10, 10, -1, true), new Size(50, 10, 2, false), new Size(100, 10, 1, false));

  /** What stands beside each other. */
  private enum Arm {
    STOCK_PLAIN('a', "as installed, plain", SrtpProfile.AEAD_AES_128_GCM),
    PLUGIN_PLAIN('b', "with the plugin, plain", SrtpProfile.AEAD_AES_128_GCM),
    PLUGIN_DOUBLE('c', "with the plugin, double", SrtpProfile.DOUBLE_AEAD_AES_128_GCM);

    final char letter;
    final String text;
    final SrtpProfile profile;

    Arm(char letter, String text, SrtpProfile profile) {
      this.letter = letter;
      this.text = text;
      this.profile = profile;
    }
  }

  /**
   * What a window showed.
   *
   * @param cpuMicros of the bridge, for each packet that an endpoint got
   * @param allocatedBytes by the bridge, for each of these
   */
  private record Load(double cpuMicros, double allocatedBytes, double packetsPerSecond) {}

  private final PrintStream out;
  private final Path output;
  private final Path plugin;

  LoadBenchmark(PrintStream out, Path output, Path plugin) {
    this.out = out;
    this.output = output;
    this.plugin = plugin;
  }

  void run() throws IOException, InterruptedException {
    for (Size size : SIZES) {
      run(size);
    }
  }

  private void run(Size size) throws IOException, InterruptedException {
    List<Tally> tallies = Arrays.stream(Arm.values()).map(Tally::new).toList();
    if (size.together()) {
      runTogether(size, tallies);
    } else {
      for (int round = 0; round < ROUNDS; round++) {
        for (int i = 0; i < tallies.size(); i++) {
          runAlone(size, tallies.get(place(round, i, tallies.size())));
        }
      }
    }
    out.printf(
        Locale.ROOT,
        "%n%d endpoints, %d of which show video, each sees %s; %d rounds%n%n",
        size.endpoints(),
        size.showing(),
        size.lastN() < 0 ? "all" : Integer.toString(size.lastN()),
        ROUNDS);
    out.println(
        "| | packets/s | CPU per packet | to stock | garbage per packet | to stock "
            + "| latency p50 | p99 | live heap |");
    out.println("|---|---|---|---|---|---|---|---|---|");
    for (Tally tally : tallies) {
      out.println(tally.row(tallies.get(0)));
    }
  }

  /** Each is first, second and last equally often, and behind each of the others. */
  private static int place(int round, int i, int arms) {
    return Math.floorMod(round % 2 == 0 ? round / 2 + i : round / 2 - i, arms);
  }

  private void runTogether(Size size, List<Tally> tallies)
      throws IOException, InterruptedException {
    List<Turn> turns = new ArrayList<>();
    try {
      for (Tally tally : tallies) {
        Turn turn = new Turn(tally, size);
        turns.add(turn);
        turn.join();
      }
      for (int round = -WARM_UP_ROUNDS; round < ROUNDS; round++) {
        for (int i = 0; i < turns.size(); i++) {
          turns.get(place(round, i, turns.size())).measure(round >= 0);
        }
      }
    } finally {
      for (Turn turn : turns) {
        turn.close();
      }
    }
  }

  private void runAlone(Size size, Tally tally) throws IOException, InterruptedException {
    try (Turn turn = new Turn(tally, size)) {
      turn.join();
      for (int round = -WARM_UP_ROUNDS; round <= 0; round++) {
        turn.measure(round == 0);
      }
    }
  }

  private JvbProcess start(Arm arm, String name) throws IOException, InterruptedException {
    return JvbProcess.start(
        output.resolve(name), arm == Arm.STOCK_PLAIN ? null : plugin, CONFIGURATION);
  }

  /** What all turns of an arm showed. */
  private static final class Tally {
    private final Arm arm;
    private final List<Load> loads = new ArrayList<>();
    private final Collection<Double> millis = new ConcurrentLinkedQueue<>();
    private long heapBytes;

    Tally(Arm arm) {
      this.arm = arm;
    }

    String row(Tally stock) {
      List<Double> cpuRatios = new ArrayList<>();
      List<Double> garbageRatios = new ArrayList<>();
      for (int i = 0; i < loads.size(); i++) {
        cpuRatios.add(loads.get(i).cpuMicros() / stock.loads.get(i).cpuMicros());
        garbageRatios.add(loads.get(i).allocatedBytes() / stock.loads.get(i).allocatedBytes());
      }
      return String.format(
          Locale.ROOT,
          "| %s | %.0f | %.1f us | %.2f (%.2f to %.2f) | %.1f kB | %.2f | %.2f ms | %.2f ms | %.0f MB |",
          arm.text,
          Figures.median(loads.stream().map(Load::packetsPerSecond).toList()),
          Figures.median(loads.stream().map(Load::cpuMicros).toList()),
          Figures.median(cpuRatios),
          Samples.quantile(cpuRatios, 0),
          Samples.quantile(cpuRatios, 1),
          Figures.median(loads.stream().map(Load::allocatedBytes).toList()) / KILO,
          Figures.median(garbageRatios),
          Samples.quantile(millis, 0.5),
          Samples.quantile(millis, 0.99),
          heapBytes / KILO / KILO);
    }
  }

  /** One of those that take turns. */
  private final class Turn implements ArrivalListener, Closeable {
    private final Tally tally;
    private final Size size;
    private final JvbProcess jvb;
    private final ProcessGauge gauge;
    private final Path collections;
    private final Conference conference;
    private final Map<String, Endpoint> senders = new ConcurrentHashMap<>();
    private volatile boolean listening;
    private boolean started;

    Turn(Tally tally, Size size) throws IOException, InterruptedException {
      this.tally = tally;
      this.size = size;
      Arm arm = tally.arm;
      String name =
          "load-"
              + size.endpoints()
              + "-"
              + arm.toString().toLowerCase(Locale.ROOT).replace('_', '-');
      this.jvb = start(arm, name);
      this.gauge = new ProcessGauge(jvb.pid());
      this.collections = output.resolve(name + ".gc");
      boolean unused = Files.deleteIfExists(collections);
      this.conference = new Conference(jvb, name);
      gauge.logCollections(collections);
    }

    void join() throws IOException, InterruptedException {
      Arm arm = tally.arm;
      LayeredClip clip = Clips.simulcast().get(1);
      for (int i = 0; i < size.endpoints(); i++) {
        EndpointOptions options =
            new EndpointOptions(
                    String.format(Locale.ROOT, "%c%07d", arm.letter, i + 1),
                    output.resolve("endpoints"))
                .seed(1000L * arm.letter + i)
                .profiles(arm.profile)
                .longRun(this);
        if (i < size.showing()) {
          options.layers(clip).markings(PayloadMarkings.frameMarkings(List.of(clip)));
        }
        if (i < size.endpoints() - 1) {
          options.deaf(); // it only counts, the last one listens
        }
        Endpoint endpoint = conference.join(options);
        conference
            .room()
            .setConstraints(
                endpoint.id(), ReceiverConstraints.lastN(size.lastN()).withNoAssumedBandwidth());
        senders.put(endpoint.id(), endpoint);
      }
      out.println(size.endpoints() + " are in: " + arm);
    }

    @Override
    public void arrived(String receiver, Source source, ReceivedStream.Arrival arrival) {
      Endpoint sender = senders.get(source.owner());
      SentStream sent = listening && sender != null ? sender.sent(source.kind()) : null;
      SentStream.Packet packet = sent == null ? null : sent.find(arrival);
      if (packet != null) {
        tally.millis.add((arrival.nanos() - packet.nanos()) / 1e6);
      }
    }

    void measure(boolean counts) throws IOException, InterruptedException {
      List<Endpoint> endpoints = conference.endpoints();
      for (Endpoint endpoint : endpoints) {
        endpoint.startSending();
        if (!started) {
          Figures.pass(START_NANOS * endpoints.size());
        }
      }
      started = true;
      Figures.pass(SETTLE_NANOS);
      double cpu = gauge.cpuSeconds();
      double allocated = gauge.allocatedBytes(collections);
      long packets = packets();
      long start = System.nanoTime();
      listening = counts;
      Figures.pass(WINDOW_NANOS);
      listening = false;
      double seconds = (System.nanoTime() - start) / 1e9;
      packets = packets() - packets;
      cpu = gauge.cpuSeconds() - cpu;
      allocated = gauge.allocatedBytes(collections) - allocated;
      if (counts) {
        tally.loads.add(new Load(1e6 * cpu / packets, allocated / packets, packets / seconds));
      }
      endpoints.forEach(Endpoint::stopSending);
      Figures.pass(SETTLE_NANOS / 2);
      tally.heapBytes = gauge.read().heapBytes();
    }

    /** What the bridge sent, less what the one who listens got. */
    private long packets() {
      return conference.endpoints().stream().mapToLong(Endpoint::mediaDatagrams).sum();
    }

    @Override
    public void close() throws IOException {
      try {
        conference.close();
      } finally {
        jvb.close();
      }
    }
  }
}
