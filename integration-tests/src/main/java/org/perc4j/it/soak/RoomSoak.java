/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.soak;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.perc4j.it.deployment.ClientProcess;
import org.perc4j.it.deployment.WebDeployment;
import org.perc4j.it.harness.Await;
import org.perc4j.it.harness.LabNetwork;
import org.perc4j.it.harness.ProcessGauge;
import org.perc4j.it.harness.Xvfb;

/**
 * Two people with the client, one of them with a window, and two applications of the library talk
 * in a room of a real deployment for long: everybody goes on hearing and seeing everybody, and
 * nobody's memory grows. Used by one thread.
 */
public final class RoomSoak {
  private static final Duration SAMPLE = Duration.ofMinutes(1);
  private static final String ROOM = "soak";
  private static final double MEGA = 1 << 20;

  /** Of four people, sound and pictures of the three others at each. */
  private static final int STREAMS = 4 * 3 * 2;

  /** How long a client may take to say what it decoded; what it says later counts later. */
  private static final Duration ANSWER = Duration.ofSeconds(2);

  /** A shorter run says nothing of growth. */
  private static final double LONG_ENOUGH_MINUTES = 10;

  /** How a process was at some time. */
  private record Sample(double minutes, ProcessGauge.Reading reading) {
    double heapMegabytes() {
      return reading.heapBytes() / MEGA;
    }

    double residentMegabytes() {
      return reading.residentBytes() / MEGA;
    }
  }

  private final Map<String, ProcessGauge> processes = new LinkedHashMap<>();
  private final Map<String, List<Sample>> samples = new LinkedHashMap<>();
  private final List<String> silences = new ArrayList<>();

  /** What arrived so far, of whom at whom. */
  private Map<String, Double> arrived = new TreeMap<>();

  private RoomSoak() {}

  /**
   * Runs it and reports; the exit status is 0 if everything held.
   *
   * @param arguments how many minutes, and no more; 120 unless said otherwise
   */
  public static void main(String[] arguments) throws Exception {
    if (!LabNetwork.isAvailable()) {
      System.err.println("No interface has the address " + LabNetwork.ADDRESS);
      System.exit(2);
    }
    double minutes = arguments.length == 0 ? 120 : Double.parseDouble(arguments[0]);
    Path output =
        Files.createDirectories(
            Path.of(System.getProperty("perc4j.output", "target"), "room-soak"));
    boolean held = new RoomSoak().run(minutes, output, System.out);
    System.exit(held ? 0 : 1);
  }

  private boolean run(double minutes, Path folder, PrintStream out) throws Exception {
    try (Xvfb screen = Xvfb.start(folder);
        WebDeployment deployment = WebDeployment.start("room-soak", WebDeployment.Way.WEB_SOCKET);
        ClientProcess alice =
            ClientProcess.window(
                deployment,
                folder,
                ROOM,
                "alice",
                screen.display(),
                "--test-media",
                "ball",
                "--yes");
        ClientProcess bob =
            ClientProcess.join(deployment, folder, ROOM, "bob", "--test-media", "red", "--yes");
        CountingApplication carol = new CountingApplication("carol", 1);
        CountingApplication dave = new CountingApplication("dave", 2)) {
      carol.join(deployment, ROOM);
      dave.join(deployment, ROOM);
      watch("window", alice.pid());
      watch("terminal", bob.pid());
      watch("library", ProcessHandle.current().pid());
      watch("bridge", deployment.bridge().pid());
      for (String name : List.of("bob", "carol", "dave")) {
        alice.awaitLine("+ " + name);
      }
      long begin = System.nanoTime();
      double now = 0;
      out.println("| min | process | heap MB | resident MB | threads | files |");
      out.println("|---|---|---|---|---|---|");
      while (now < minutes) {
        Await.pass(SAMPLE);
        now = (System.nanoTime() - begin) / 60e9;
        sample(now, out);
        Map<String, Double> since = new TreeMap<>();
        since.putAll(carol.counts());
        since.putAll(dave.counts());
        since.putAll(decoded("alice", alice, List.of("bob", "carol", "dave")));
        since.putAll(decoded("bob", bob, List.of("alice", "carol", "dave")));
        compare(now, since);
      }
    }
    return report(out);
  }

  private void watch(String name, long pid) {
    processes.put(name, new ProcessGauge(pid));
    samples.put(name, new ArrayList<>());
  }

  private void sample(double minutes, PrintStream out) throws IOException, InterruptedException {
    for (Map.Entry<String, ProcessGauge> process : processes.entrySet()) {
      Sample sample = new Sample(minutes, process.getValue().read());
      samples.getOrDefault(process.getKey(), new ArrayList<>()).add(sample);
      out.printf(
          Locale.ROOT,
          "| %.1f | %s | %.1f | %.1f | %d | %d |%n",
          minutes,
          process.getKey(),
          sample.heapMegabytes(),
          sample.residentMegabytes(),
          sample.reading().threads(),
          sample.reading().descriptors());
    }
  }

  /** What a client says that it decoded of others. */
  private static Map<String, Double> decoded(String name, ClientProcess client, List<String> others)
      throws InterruptedException {
    client.command("s");
    Await.pass(ANSWER);
    Map<String, Double> so = new TreeMap<>();
    for (String other : others) {
      ClientProcess.Decoded decoded = client.decoded(other);
      so.put(name + ", sound of " + other, decoded.soundSeconds());
      so.put(name + ", pictures of " + other, (double) decoded.pictures());
    }
    return so;
  }

  /** Each of the four gets sound and pictures of the three others. */
  private void compare(double minutes, Map<String, Double> now) {
    if (now.size() != STREAMS) {
      silences.add(String.format(Locale.ROOT, "minute %.1f: %s", minutes, now.keySet()));
    }
    now.forEach(
        (what, amount) -> {
          if (amount <= arrived.getOrDefault(what, 0.0)) {
            silences.add(String.format(Locale.ROOT, "minute %.1f: %s", minutes, what));
          }
        });
    arrived = now;
  }

  private boolean report(PrintStream out) {
    Map<String, Boolean> verdicts = new LinkedHashMap<>();
    verdicts.put("everybody heard and saw everybody in each minute", silences.isEmpty());
    samples.forEach(
        (name, all) -> {
          if (all.get(all.size() - 1).minutes() >= LONG_ENOUGH_MINUTES) {
            Series heap = Series.of(all, Sample::minutes, Sample::heapMegabytes);
            Series resident = Series.of(all, Sample::minutes, Sample::residentMegabytes);
            verdicts.put(growth(name + ": heap", heap), heap.isFlat());
            verdicts.put(growth(name + ": resident memory", resident), resident.isFlat());
            verdicts.put(
                name + ": threads",
                Series.of(all, Sample::minutes, one -> one.reading().threads()).isSteady());
            verdicts.put(
                name + ": files",
                Series.of(all, Sample::minutes, one -> one.reading().descriptors()).isSteady());
          }
        });
    out.println();
    silences.forEach(out::println);
    verdicts.forEach((what, held) -> out.printf("%-65s%s%n", what, held ? "yes" : "NO"));
    return verdicts.values().stream().allMatch(held -> held);
  }

  private static String growth(String what, Series series) {
    return String.format(Locale.ROOT, "%s (second half: x %.2f)", what, series.growth());
  }
}
