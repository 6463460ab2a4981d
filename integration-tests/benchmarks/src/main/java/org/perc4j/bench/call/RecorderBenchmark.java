/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.bench.call;

import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.perc4j.bench.Samples;
import org.perc4j.endpoint.call.JoinException;
import org.perc4j.endpoint.media.VideoCodec;
import org.perc4j.endpoint.web.WebClient;
import org.perc4j.it.harness.Await;
import org.perc4j.it.harness.ChildProcess;
import org.perc4j.it.media.Clips;
import org.perc4j.it.media.LayeredClip;

/**
 * What it takes to receive and decrypt the pictures of many and the voice of one: an application
 * without devices, in a process of its own, in a room of a real deployment. The many are
 * applications as well, all in this process, which sends what was encoded before.
 */
final class RecorderBenchmark {
  private static final int STREAMS = Integer.getInteger("perc4j.streams", 50);
  private static final int WINDOWS = 5;
  private static final int WINDOW_SECONDS = 10;
  private static final int WARM_UP_SECONDS = 20;
  private static final Pattern FIGURE = Pattern.compile("(\\w+)=([0-9.]+)(?:,([0-9.]+))?");

  private final PrintStream out;
  private final Deployment deployment;
  private final Samples samples = new Samples();
  private final ScheduledExecutorService player = Executors.newScheduledThreadPool(2);
  private final List<ClipSender> senders = new ArrayList<>();

  private RecorderBenchmark(PrintStream out, Deployment deployment) {
    this.out = out;
    this.deployment = deployment;
  }

  static void run(PrintStream out, Deployment deployment)
      throws IOException, JoinException, InterruptedException {
    RecorderBenchmark benchmark = new RecorderBenchmark(out, deployment);
    String room = deployment.front().meeting("recorded");
    try (Spoken recorder = benchmark.recorder(room)) {
      Spoken.Line unused = recorder.await("joined");
      benchmark.fill();
      benchmark.awaitAll(recorder);
      Await.pass(Duration.ofSeconds(WARM_UP_SECONDS));
      for (int i = 0; i < WINDOWS; i++) {
        benchmark.window(recorder, i);
      }
      benchmark.print();
      recorder.tell("who");
      Spoken.Line unusedEnd = recorder.await("told");
      benchmark.printPlaces(recorder);
    } finally {
      List<Runnable> unused = benchmark.player.shutdownNow();
      benchmark.senders.forEach(ClipSender::close);
    }
  }

  private Spoken recorder(String room) throws IOException {
    return Spoken.start(
        new ProcessBuilder(
            ChildProcess.javaBin().resolve("java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            "-Djava.util.logging.config.file="
                + System.getProperty("java.util.logging.config.file", ""),
            RecorderProcess.class.getName(),
            room,
            deployment.certificate().toString(),
            deployment.folder().toString()));
  }

  private void fill() throws IOException, JoinException, InterruptedException {
    LayeredClip clip = Clips.camera(VideoCodec.VP8).get(1);
    WebClient web = deployment.web();
    long start = System.nanoTime();
    for (int i = 0; i < STREAMS; i++) {
      senders.add(
          ClipSender.join(
              deployment.url("recorded"), Trust.believing("sender" + i, web), clip, i == 0));
    }
    Await.until(
        STREAMS + " have a bridge",
        Await.PATIENCE,
        () -> senders.stream().allMatch(ClipSender::isConnected));
    out.printf(
        Locale.ROOT,
        "%d are in after %.0f s; each sends %d x %d at %d/s in %.0f kbit/s, the first one speaks%n",
        STREAMS,
        (System.nanoTime() - start) / 1e9,
        clip.width(0),
        clip.height(0),
        clip.framesPerSecond(),
        clip.bitsPerSecond(0, 1100) / 1e3);
    for (int i = 0; i < STREAMS; i++) {
      senders.get(i).show(player, i * 1_000_000_000L / clip.framesPerSecond() / STREAMS);
    }
    senders.get(0).speak(player, Clips.speech(1));
  }

  private void awaitAll(Spoken recorder) throws IOException, InterruptedException {
    String all = "sources " + (STREAMS + 1);
    boolean came =
        Await.holdsWithin(
            Await.PATIENCE,
            () -> {
              recorder.tell("sources");
              boolean unused = pause();
              return recorder.find(all::equals) != null;
            });
    if (!came) {
      List<Spoken.Line> lines = recorder.lines();
      throw new IOException("not " + all + " but " + lines.get(lines.size() - 1));
    }
  }

  private static boolean pause() {
    try {
      Thread.sleep(500);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private void window(Spoken recorder, int number) throws IOException, InterruptedException {
    recorder.tell("window " + WINDOW_SECONDS);
    Await.until(
        "a window",
        Await.PATIENCE,
        () ->
            recorder.lines().stream().filter(line -> line.text().startsWith("measured")).count()
                > number);
    String last =
        recorder.lines().stream()
            .map(Spoken.Line::text)
            .filter(line -> line.startsWith("measured"))
            .skip(number)
            .findFirst()
            .orElseThrow();
    Matcher figures = FIGURE.matcher(last);
    while (figures.find()) {
      samples.add(figures.group(1), Double.parseDouble(figures.group(2)));
      if (figures.group(3) != null) {
        samples.add(figures.group(1) + " bytes", Double.parseDouble(figures.group(3)));
      }
    }
  }

  private void print() {
    out.printf(Locale.ROOT, "%n%d windows of %d s, medians%n%n", WINDOWS, WINDOW_SECONDS);
    out.println("| streams | packets/s | kbit/s | processor, cores | least | most | per packet |");
    out.println("|---|---|---|---|---|---|---|");
    out.printf(
        Locale.ROOT,
        "| %d | %.0f | %.0f | %.2f | %.2f | %.2f | %.0f us |%n",
        STREAMS + 1,
        samples.median("packets"),
        samples.median("kbit"),
        samples.median("cores"),
        samples.least("cores"),
        samples.most("cores"),
        1e6 * samples.median("cores") / samples.median("packets"));
    out.println("\n| thread | processor, cores | octets on the heap per packet |");
    out.println("|---|---|---|");
    for (String what : samples.measured()) {
      if (samples.measured().contains(what + " bytes")) {
        out.printf(
            Locale.ROOT,
            "| %s | %.3f | %.0f |%n",
            what,
            samples.median(what),
            samples.median(what + " bytes"));
      }
    }
    out.printf(
        Locale.ROOT, "| all | %.3f | %.0f |%n", samples.median("cores"), samples.median("bytes"));
  }

  private void printPlaces(Spoken recorder) {
    out.println("\nWho allocates, by samples of the JVM:\n");
    out.println("| octets per packet | share | on behalf of | what | where |");
    out.println("|---|---|---|---|---|");
    for (Spoken.Line line : recorder.lines()) {
      if (line.text().startsWith("place ")) {
        out.println("| " + line.text().substring("place ".length()) + " |");
      }
    }
  }
}
