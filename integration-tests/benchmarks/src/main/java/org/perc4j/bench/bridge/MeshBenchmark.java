/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.bench.bridge;

import java.io.Closeable;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.perc4j.endpoint.transport.SrtpProfile;
import org.perc4j.it.bridge.JvbProcess;
import org.perc4j.it.endpoint.ArrivalListener;
import org.perc4j.it.endpoint.Conference;
import org.perc4j.it.endpoint.Endpoint;
import org.perc4j.it.endpoint.EndpointOptions;
import org.perc4j.it.layers.PayloadMarkings;
import org.perc4j.it.media.Clips;
import org.perc4j.it.media.LayeredClip;

/**
 * What a participant's network carries: double streams through a Jitsi Videobridge, beside a full
 * mesh, in which everybody has a transport of its own to everybody else, with one layer of SRTP. In
 * the mesh, rooms of two stand in for the pairs: what a participant sends is what it sends in all
 * its rooms, and everybody gets as much as they send.
 */
final class MeshBenchmark {
  private static final int[] SIZES = {3, 5, 10};
  private static final int ROUNDS = 3;
  private static final long SETTLE_NANOS = TimeUnit.SECONDS.toNanos(2);
  private static final long WINDOW_NANOS = TimeUnit.SECONDS.toNanos(10);
  private static final ArrivalListener NOBODY = (receiver, source, arrival) -> {};

  private MeshBenchmark() {}

  static void run(PrintStream out, Path output, Path plugin)
      throws IOException, InterruptedException {
    out.println(
        "\n| participants | up, bridge | down, bridge | each way, mesh | up, ratio | down, ratio |");
    out.println("|---|---|---|---|---|---|");
    try (JvbProcess jvb = JvbProcess.startWithPlugin(output.resolve("jvb-mesh"), plugin)) {
      for (int size : SIZES) {
        try (Transports bridged = bridged(jvb, output, size);
            Transports mesh = mesh(jvb, output, size)) {
          double up = 0;
          double down = 0;
          double each = 0;
          for (int round = 0; round < ROUNDS; round++) {
            Rates ofBridge = bridged.measure();
            Rates ofMesh = mesh.measure();
            up += ofBridge.up() / ROUNDS / size;
            down += ofBridge.down() / ROUNDS / size;
            each += ofMesh.up() / ROUNDS / size;
          }
          out.printf(
              Locale.ROOT,
              "| %d | %.0f kbit/s | %.0f kbit/s | %.0f kbit/s | %.2f | %.2f |%n",
              size,
              up / 1000,
              down / 1000,
              each / 1000,
              up / each,
              down / each);
        }
      }
    }
  }

  private static Transports bridged(JvbProcess jvb, Path output, int size)
      throws IOException, InterruptedException {
    Conference conference = new Conference(jvb, "mesh-" + size);
    Transports transports = new Transports(List.of(conference));
    for (int i = 0; i < size; i++) {
      Endpoint unused = conference.join(options(output, 'a', i, i));
    }
    return transports;
  }

  private static Transports mesh(JvbProcess jvb, Path output, int size)
      throws IOException, InterruptedException {
    List<Conference> pairs = new ArrayList<>();
    Transports transports = new Transports(pairs);
    for (int one = 0; one < size; one++) {
      for (int other = 0; other < one; other++) {
        Conference pair = new Conference(jvb, "pair-" + size + "-" + one + "-" + other);
        pairs.add(pair);
        for (int number : new int[] {one, other}) {
          Endpoint unused =
              pair.join(
                  options(output, 'b', number, pairs.size() * 100 + number)
                      .profiles(SrtpProfile.AEAD_AES_128_GCM));
        }
      }
    }
    return transports;
  }

  private static EndpointOptions options(Path output, char kind, int number, int seed)
      throws IOException {
    LayeredClip clip = Clips.simulcast().get(1);
    return new EndpointOptions(
            String.format(Locale.ROOT, "%c%07d", kind, number + 1), output.resolve("endpoints"))
        .seed(1000L * kind + seed)
        .speech(Clips.speech(1 + number % 3))
        .layers(clip)
        .markings(PayloadMarkings.frameMarkings(List.of(clip)))
        .longRun(NOBODY);
  }

  /** Bits per second, of all participants together. */
  private record Rates(double up, double down) {}

  /** All transports of all participants. */
  private record Transports(List<Conference> conferences) implements Closeable {
    Rates measure() throws IOException, InterruptedException {
      for (Conference conference : conferences) {
        conference.startSending();
      }
      Figures.pass(SETTLE_NANOS);
      long start = System.nanoTime();
      long up = sum(true);
      long down = sum(false);
      Figures.pass(WINDOW_NANOS);
      double seconds = (System.nanoTime() - start) / 1e9;
      Rates rates = new Rates(8 * (sum(true) - up) / seconds, 8 * (sum(false) - down) / seconds);
      for (Conference conference : conferences) {
        conference.endpoints().forEach(Endpoint::stopSending);
      }
      Figures.pass(SETTLE_NANOS / 2);
      return rates;
    }

    private long sum(boolean sent) {
      return conferences.stream()
          .flatMap(conference -> conference.endpoints().stream())
          .mapToLong(endpoint -> sent ? endpoint.octetsSent() : endpoint.octetsReceived())
          .sum();
    }

    @Override
    public void close() throws IOException {
      for (Conference conference : conferences) {
        conference.close();
      }
    }
  }
}
