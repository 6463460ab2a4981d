/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.bench.bridge;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.perc4j.bench.Machine;
import org.perc4j.it.bridge.JvbProcess;
import org.perc4j.it.bridge.MediaKind;
import org.perc4j.it.bridge.ReceiverConstraints;
import org.perc4j.it.bridge.Room;
import org.perc4j.it.endpoint.Conference;
import org.perc4j.it.endpoint.Endpoint;
import org.perc4j.it.endpoint.EndpointOptions;
import org.perc4j.it.endpoint.PacketMarkings;
import org.perc4j.it.layers.LayerStep;
import org.perc4j.it.layers.LayerWalk;
import org.perc4j.it.layers.PayloadMarkings;
import org.perc4j.it.media.Clips;
import org.perc4j.it.media.LayeredClip;
import org.perc4j.it.media.VideoCodec;
import org.perc4j.it.transport.SrtpProfile;

/**
 * What forwarding costs a Jitsi Videobridge with the plugin, and how fast it changes layers: double
 * streams beside the same ones unprotected end to end (AEAD_AES_128_GCM hop by hop), by turns on
 * the same bridge.
 */
public final class ForwardingBenchmark {
  private static final int ENDPOINTS = Integer.getInteger("perc4j.endpoints", 20);
  private static final int ROUNDS = Integer.getInteger("perc4j.rounds", 8);
  private static final int WARM_UP_ROUNDS = 3;
  private static final long WINDOW_NANOS = TimeUnit.SECONDS.toNanos(10);
  private static final long SETTLE_NANOS = TimeUnit.SECONDS.toNanos(2);
  private static final int SWITCHES = Integer.getInteger("perc4j.switches", 20);

  /** So that the bridge's own limit of key frame requests, three in ten seconds, is not reached. */
  private static final long SWITCH_INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(7);

  /** Positions in /proc/PID/stat, behind the name. */
  private static final int USER_TIME = 11;

  private static final int SYSTEM_TIME = 12;
  private static final double TICKS_PER_SECOND = 100;
  private static final PrintStream OUT = System.out;

  private ForwardingBenchmark() {}

  /**
   * Runs all of it, or parts.
   *
   * @param arguments some of {@code load switches}; none for both
   */
  public static void main(String[] arguments) throws Exception {
    Machine.describe(OUT);
    List<String> parts = arguments.length > 0 ? List.of(arguments) : List.of("load", "switches");
    Path output = Path.of(System.getProperty("perc4j.output", "target"), "forwarding");
    for (String part : parts) {
      try (JvbProcess jvb =
          JvbProcess.startWithPlugin(
              output.resolve("jvb-" + part), Path.of(System.getProperty("perc4j.plugin.jar")))) {
        switch (part) {
          case "load" -> load(jvb, output);
          case "switches" -> switches(jvb, output);
          default -> throw new IllegalArgumentException(part);
        }
      }
    }
    System.exit(0);
  }

  // ---------------------------------------------------------------- load

  private static void load(JvbProcess jvb, Path output) throws Exception {
    try (Conference doubleRoom = new Conference(jvb, "load-double");
        Conference plainRoom = new Conference(jvb, "load-plain")) {
      for (int i = 0; i < ENDPOINTS; i++) {
        Endpoint joined = doubleRoom.join(sender(output, 'd', i).deaf());
        Endpoint joinedPlain =
            plainRoom.join(sender(output, 'e', i).deaf().profiles(SrtpProfile.AEAD_AES_128_GCM));
        OUT.println(joined.id() + " and " + joinedPlain.id() + " are in");
      }
      List<Double> ratios = new ArrayList<>();
      OUT.println("\n| round | double, us per packet | plain | ratio | packets/s |");
      OUT.println("|---|---|---|---|---|");
      for (int round = 0; round < WARM_UP_ROUNDS + ROUNDS; round++) {
        boolean doubleFirst = round % 2 == 0;
        Load first = measure(jvb, doubleFirst ? doubleRoom : plainRoom);
        Load second = measure(jvb, doubleFirst ? plainRoom : doubleRoom);
        Load ofDouble = doubleFirst ? first : second;
        Load ofPlain = doubleFirst ? second : first;
        double ratio = ofDouble.microsPerPacket() / ofPlain.microsPerPacket();
        OUT.printf(
            Locale.ROOT,
            "| %s | %.2f | %.2f | %.3f | %.0f and %.0f |%n",
            round < WARM_UP_ROUNDS ? "warm-up" : Integer.toString(round - WARM_UP_ROUNDS + 1),
            ofDouble.microsPerPacket(),
            ofPlain.microsPerPacket(),
            ratio,
            ofDouble.packetsPerSecond(),
            ofPlain.packetsPerSecond());
        if (round >= WARM_UP_ROUNDS) {
          ratios.add(ratio);
        }
      }
      OUT.printf(Locale.ROOT, "%nMedian ratio: %.3f%n", percentile(ratios, 0.5));
    }
  }

  private record Load(double cpuSeconds, long packets, double seconds) {
    double microsPerPacket() {
      return cpuSeconds * 1e6 / packets;
    }

    double packetsPerSecond() {
      return packets / seconds;
    }
  }

  private static Load measure(JvbProcess jvb, Conference conference) throws Exception {
    conference.startSending();
    pass(SETTLE_NANOS);
    double cpu = cpuSeconds(jvb);
    long packets = datagrams(conference);
    long start = System.nanoTime();
    pass(WINDOW_NANOS);
    cpu = cpuSeconds(jvb) - cpu;
    packets = datagrams(conference) - packets;
    double seconds = (System.nanoTime() - start) / 1e9;
    conference.endpoints().forEach(Endpoint::stopSending);
    pass(SETTLE_NANOS / 2);
    return new Load(cpu, packets, seconds);
  }

  /** Lets time pass: what is measured is what the bridge does in it. */
  private static void pass(long nanos) throws InterruptedException {
    TimeUnit.NANOSECONDS.sleep(nanos);
  }

  private static long datagrams(Conference conference) {
    return conference.endpoints().stream().mapToLong(Endpoint::mediaDatagrams).sum();
  }

  private static double cpuSeconds(JvbProcess jvb) throws IOException {
    String stat = Files.readString(Path.of("/proc/" + jvb.pid() + "/stat"));
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    return (Long.parseLong(fields[USER_TIME]) + Long.parseLong(fields[SYSTEM_TIME]))
        / TICKS_PER_SECOND;
  }

  private static EndpointOptions sender(Path output, char kind, int number) throws IOException {
    LayeredClip clip = Clips.simulcast().get(1);
    return new EndpointOptions(
            String.format(Locale.ROOT, "%c%07d", kind, number + 1), output.resolve("endpoints"))
        .seed(100L * kind + number)
        .layers(clip)
        .markings(PayloadMarkings.frameMarkings(List.of(clip)));
  }

  // ---------------------------------------------------------------- switches

  private static void switches(JvbProcess jvb, Path output) throws Exception {
    OUT.println("\n| stream | direction | times | double p50 | p95 | plain p50 | p95 |");
    OUT.println("|---|---|---|---|---|---|---|");
    List<LayeredClip> simulcast = Clips.simulcast();
    switches(jvb, output, "VP8 simulcast", simulcast, PayloadMarkings.frameMarkings(simulcast));
    List<LayeredClip> vp9 = List.of(Clips.layered(VideoCodec.VP9));
    switches(jvb, output, "VP9 L3T3", vp9, PayloadMarkings.descriptors(vp9));
  }

  private static void switches(
      JvbProcess jvb,
      Path output,
      String name,
      List<LayeredClip> encodings,
      PacketMarkings.Factory markings)
      throws Exception {
    String room = name.toLowerCase(Locale.ROOT).replace(' ', '-');
    try (Conference doubleRoom = new Conference(jvb, room + "-double");
        Conference plainRoom = new Conference(jvb, room + "-plain")) {
      LayerWalk ofDouble = walk(doubleRoom, output, encodings, markings, true);
      LayerWalk ofPlain = walk(plainRoom, output, encodings, markings, false);
      List<LayerStep> steps = LayerStep.throughAll(encodings);
      LayerStep high = steps.get(0);
      LayerStep low =
          steps.stream().filter(step -> step.maxHeight() < high.maxHeight()).findFirst().get();
      Delays upDouble = new Delays();
      Delays upPlain = new Delays();
      Delays downDouble = new Delays();
      Delays downPlain = new Delays();
      LayerWalk.Outcome unused = ofDouble.go(low);
      unused = ofPlain.go(low);
      for (int i = 0; i < SWITCHES; i++) {
        long start = System.nanoTime();
        upDouble.add(ofDouble.go(high));
        upPlain.add(ofPlain.go(high));
        pass(Math.max(0, start + SWITCH_INTERVAL_NANOS - System.nanoTime()));
        start = System.nanoTime();
        downPlain.add(ofPlain.go(low));
        downDouble.add(ofDouble.go(low));
        pass(Math.max(0, start + SWITCH_INTERVAL_NANOS - System.nanoTime()));
      }
      print(name, "up", upDouble, upPlain);
      print(name, "down", downDouble, downPlain);
    }
  }

  private static final class Delays {
    private final List<Double> millis = new ArrayList<>();

    void add(LayerWalk.Outcome outcome) {
      millis.add(outcome.delay().toNanos() / 1e6);
    }
  }

  private static void print(String name, String direction, Delays ofDouble, Delays ofPlain) {
    OUT.printf(
        Locale.ROOT,
        "| %s | %s | %d | %.0f ms | %.0f ms | %.0f ms | %.0f ms |%n",
        name,
        direction,
        ofDouble.millis.size(),
        percentile(ofDouble.millis, 0.5),
        percentile(ofDouble.millis, 0.95),
        percentile(ofPlain.millis, 0.5),
        percentile(ofPlain.millis, 0.95));
  }

  private static LayerWalk walk(
      Conference conference,
      Path output,
      List<LayeredClip> encodings,
      PacketMarkings.Factory markings,
      boolean isDouble)
      throws Exception {
    SrtpProfile profile =
        isDouble ? SrtpProfile.DOUBLE_AEAD_AES_128_GCM : SrtpProfile.AEAD_AES_128_GCM;
    EndpointOptions options =
        new EndpointOptions("f0000001", output.resolve("switches"))
            .layers(encodings.toArray(LayeredClip[]::new))
            .profiles(profile);
    Endpoint sender = conference.join(isDouble ? options.markings(markings) : options);
    Endpoint viewer =
        conference.join(
            new EndpointOptions("f0000002", output.resolve("switches")).seed(2).profiles(profile));
    conference.startSending();
    Room room = conference.room();
    room.setConstraints(viewer.id(), ReceiverConstraints.EVERYTHING);
    Objects.requireNonNull(sender.sent(MediaKind.VIDEO));
    return new LayerWalk(room, sender, viewer);
  }

  private static double percentile(List<Double> values, double share) {
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).toArray();
    Arrays.sort(sorted);
    return sorted[(int) Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
  }
}
