/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.bench.bridge;

import java.io.Closeable;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.perc4j.bench.Samples;
import org.perc4j.it.bridge.JvbProcess;
import org.perc4j.it.bridge.ReceiverConstraints;
import org.perc4j.it.bridge.Source;
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
import org.perc4j.it.transport.SrtpProfile;

/**
 * What a bridge needs for each packet that its endpoints get, and how long packets take: plain
 * streams on a bridge as it was installed, the same on one with the plugin, and double streams on
 * another one with it. Each bridge has one conference, as also idle endpoints cost something. The
 * three take turns, in changing order, in one run.
 */
final class LoadBenchmark {
  private static final int ROUNDS = Integer.getInteger("perc4j.rounds", 8);
  private static final int WARM_UP_ROUNDS = 2;
  private static final long WINDOW_NANOS = TimeUnit.SECONDS.toNanos(8);
  private static final long SETTLE_NANOS = TimeUnit.SECONDS.toNanos(2);
  private static final double KILO = 1024;

  /** How many endpoints there are, and of how many of them each gets video. */
  private static final int[][] SIZES = {{10, -1}, {50, 6}, {100, 3}};

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
    for (int[] size : SIZES) {
      run(size[0], size[1]);
    }
  }

  private void run(int endpoints, int lastN) throws IOException, InterruptedException {
    String name = "load-" + endpoints;
    try (JvbProcess stock = JvbProcess.startStock(output.resolve(name + "-stock"));
        JvbProcess forPlain = JvbProcess.startWithPlugin(output.resolve(name + "-plain"), plugin);
        JvbProcess forDouble =
            JvbProcess.startWithPlugin(output.resolve(name + "-double"), plugin);
        Turn stockPlain = new Turn(Arm.STOCK_PLAIN, stock, name, lastN);
        Turn pluginPlain = new Turn(Arm.PLUGIN_PLAIN, forPlain, name, lastN);
        Turn pluginDouble = new Turn(Arm.PLUGIN_DOUBLE, forDouble, name, lastN)) {
      List<Turn> turns = List.of(stockPlain, pluginPlain, pluginDouble);
      for (Turn turn : turns) {
        turn.join(endpoints);
      }
      for (int round = -WARM_UP_ROUNDS; round < ROUNDS; round++) {
        for (int i = 0; i < turns.size(); i++) {
          // Each is first, second and last equally often, and behind each of the others.
          int place = Math.floorMod(round % 2 == 0 ? round / 2 + i : round / 2 - i, turns.size());
          turns.get(place).measure(round >= 0);
        }
      }
      out.printf(
          Locale.ROOT,
          "%n%d endpoints, video %s; %d rounds%n%n",
          endpoints,
          lastN < 0 ? "of all" : "of " + lastN,
          ROUNDS);
      out.println(
          "| | packets/s | CPU per packet | to stock | garbage per packet | to stock "
              + "| latency p50 | p99 | live heap |");
      out.println("|---|---|---|---|---|---|---|---|---|");
      for (Turn turn : turns) {
        turn.print(stockPlain);
      }
    }
  }

  /** One of those that take turns. */
  private final class Turn implements ArrivalListener, Closeable {
    private final Arm arm;
    private final ProcessGauge gauge;
    private final Path collections;
    private final int lastN;
    private final Conference conference;
    private final Map<String, Endpoint> senders = new ConcurrentHashMap<>();
    private final Collection<Double> millis = new ConcurrentLinkedQueue<>();
    private final List<Load> loads = new ArrayList<>();
    private volatile boolean listening;
    private long heapBytes;

    Turn(Arm arm, JvbProcess jvb, String name, int lastN) throws IOException, InterruptedException {
      this.arm = arm;
      this.lastN = lastN;
      this.gauge = new ProcessGauge(jvb.pid());
      this.collections = output.resolve(name + "-" + arm + ".gc");
      boolean unused = Files.deleteIfExists(collections);
      this.conference =
          new Conference(jvb, (name + "-" + arm).toLowerCase(Locale.ROOT).replace('_', '-'));
      gauge.logCollections(collections);
    }

    void join(int endpoints) throws IOException, InterruptedException {
      LayeredClip clip = Clips.simulcast().get(1);
      for (int i = 0; i < endpoints; i++) {
        EndpointOptions options =
            new EndpointOptions(
                    String.format(Locale.ROOT, "%c%07d", arm.letter, i + 1),
                    output.resolve("endpoints"))
                .seed(1000L * arm.letter + i)
                .layers(clip)
                .markings(PayloadMarkings.frameMarkings(List.of(clip)))
                .profiles(arm.profile)
                .longRun(this);
        // The last one listens, the others only count.
        Endpoint endpoint = conference.join(i < endpoints - 1 ? options.deaf() : options);
        conference.room().setConstraints(endpoint.id(), ReceiverConstraints.lastN(lastN));
        senders.put(endpoint.id(), endpoint);
      }
      out.println(endpoints + " are in: " + arm);
    }

    @Override
    public void arrived(String receiver, Source source, ReceivedStream.Arrival arrival) {
      Endpoint sender = senders.get(source.owner());
      SentStream sent = listening && sender != null ? sender.sent(source.kind()) : null;
      SentStream.Packet packet = sent == null ? null : sent.find(arrival);
      if (packet != null) {
        millis.add((arrival.nanos() - packet.nanos()) / 1e6);
      }
    }

    void measure(boolean counts) throws IOException, InterruptedException {
      conference.startSending();
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
        loads.add(new Load(1e6 * cpu / packets, allocated / packets, packets / seconds));
      }
      conference.endpoints().forEach(Endpoint::stopSending);
      Figures.pass(SETTLE_NANOS / 2);
      heapBytes = gauge.read().heapBytes();
    }

    /** What the bridge sent, less what the one who listens got. */
    private long packets() {
      return conference.endpoints().stream().mapToLong(Endpoint::mediaDatagrams).sum();
    }

    void print(Turn stock) {
      List<Double> cpuRatios = new ArrayList<>();
      List<Double> garbageRatios = new ArrayList<>();
      for (int i = 0; i < loads.size(); i++) {
        cpuRatios.add(loads.get(i).cpuMicros() / stock.loads.get(i).cpuMicros());
        garbageRatios.add(loads.get(i).allocatedBytes() / stock.loads.get(i).allocatedBytes());
      }
      out.printf(
          Locale.ROOT,
          "| %s | %.0f | %.1f us | %.2f (%.2f to %.2f) | %.1f kB | %.2f | %.2f ms | %.2f ms | %.0f MB |%n",
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

    @Override
    public void close() throws IOException {
      conference.close();
    }
  }
}
