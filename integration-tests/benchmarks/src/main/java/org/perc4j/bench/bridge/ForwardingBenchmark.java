/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.bench.bridge;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.perc4j.bench.Machine;
import org.perc4j.bench.Samples;
import org.perc4j.endpoint.media.MediaKind;
import org.perc4j.endpoint.media.VideoCodec;
import org.perc4j.endpoint.signalling.ReceiverConstraints;
import org.perc4j.endpoint.transport.SrtpProfile;
import org.perc4j.it.bridge.JvbProcess;
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

/**
 * What a Jitsi Videobridge with the plugin is worth: the parts that have classes of their own, and
 * how fast it changes layers, double streams beside the same ones unprotected end to end
 * (AEAD_AES_128_GCM hop by hop), by turns on the same bridge.
 */
public final class ForwardingBenchmark {
  private static final int SWITCHES = Integer.getInteger("perc4j.switches", 20);

  /** So that the bridge's own limit of key frame requests, three in ten seconds, is not reached. */
  private static final long SWITCH_INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(7);

  private static final PrintStream OUT = System.out;

  private ForwardingBenchmark() {}

  /**
   * Runs all of it, or parts.
   *
   * @param arguments some of {@code load startup mesh switches links}; none for all
   */
  public static void main(String[] arguments) throws Exception {
    Machine.describe(OUT);
    Path output = Path.of(System.getProperty("perc4j.output", "target"), "forwarding");
    Path plugin = Path.of(System.getProperty("perc4j.plugin.jar"));
    List<String> parts =
        arguments.length > 0
            ? List.of(arguments)
            : List.of("load", "startup", "mesh", "switches", "links");
    for (String part : parts) {
      switch (part) {
        case "load" -> new LoadBenchmark(OUT, output, plugin).run();
        case "startup" -> StartupBenchmark.run(OUT, output, plugin);
        case "links" -> new LinksBenchmark(OUT, output, plugin).run();
        case "mesh" -> MeshBenchmark.run(OUT, output, plugin);
        case "switches" -> {
          try (JvbProcess jvb =
              JvbProcess.startWithPlugin(output.resolve("jvb-switches"), plugin)) {
            switches(jvb, output);
          }
        }
        default -> throw new IllegalArgumentException(part);
      }
    }
    System.exit(0);
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
        Figures.pass(Math.max(0, start + SWITCH_INTERVAL_NANOS - System.nanoTime()));
        start = System.nanoTime();
        downPlain.add(ofPlain.go(low));
        downDouble.add(ofDouble.go(low));
        Figures.pass(Math.max(0, start + SWITCH_INTERVAL_NANOS - System.nanoTime()));
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
        Samples.quantile(ofDouble.millis, 0.5),
        Samples.quantile(ofDouble.millis, 0.95),
        Samples.quantile(ofPlain.millis, 0.5),
        Samples.quantile(ofPlain.millis, 0.95));
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
}
