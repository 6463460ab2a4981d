/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.bench.call;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.perc4j.bench.Samples;
import org.perc4j.it.harness.Await;

/**
 * From mouth to ear: one PulseAudio without devices for the one who speaks, one for the one who
 * listens, between them a bridge; two clients, and two Chromiums with lib-jitsi-meet, by turns.
 * Both ends are heard by the same program, in the same way.
 */
final class EarBenchmark {
  private static final int ROUNDS = Integer.getInteger("perc4j.rounds", 2);
  private static final int SETTLE_SECONDS = 8;
  private static final int BEEPS = 20;
  private static final long LONGEST_NANOS = 1_000_000_000;
  private static final double MOST = 0.95;

  private static final String CLIENTS = "two clients";
  private static final String BROWSERS = "two Chromiums";

  private final PrintStream out;
  private final Deployment deployment;
  private final SoundServer speaker;
  private final SoundServer listener;
  private final Samples samples = new Samples();

  private EarBenchmark(
      PrintStream out, Deployment deployment, SoundServer speaker, SoundServer listener) {
    this.out = out;
    this.deployment = deployment;
    this.speaker = speaker;
    this.listener = listener;
  }

  static void run(PrintStream out, Deployment deployment) throws IOException, InterruptedException {
    for (String tool : new String[] {"pulseaudio", "pacat", "parec"}) {
      if (!isInstalled(tool)) {
        out.println("\n" + tool + " is not installed: nothing is heard");
        return;
      }
    }
    try (SoundServer speaker = SoundServer.start(deployment.folder().resolve("speaker"));
        SoundServer listener = SoundServer.start(deployment.folder().resolve("listener"))) {
      new EarBenchmark(out, deployment, speaker, listener).takeTurns();
    }
  }

  private static boolean isInstalled(String tool) {
    for (String folder : System.getenv().getOrDefault("PATH", "").split(":", -1)) {
      if (Files.isExecutable(Path.of(folder, tool))) {
        return true;
      }
    }
    return false;
  }

  private void takeTurns() throws IOException, InterruptedException {
    String missing = Browser.missing();
    if (missing == null) {
      Browser.serve(deployment);
    }
    for (int round = 0; round < ROUNDS; round++) {
      for (int i = 0; i < 2; i++) {
        if ((round + i) % 2 == 0) {
          clients(round);
        } else if (missing == null) {
          browsers(round);
        }
      }
    }
    print();
    if (missing != null) {
      out.println("\n" + missing + ": there is no row for Chromium");
    }
  }

  private void clients(int round) throws IOException, InterruptedException {
    String room = "ear" + round;
    try (Spoken hears = client(room, "listener", listener);
        Spoken speaks = client(room, "speaker", speaker)) {
      Spoken.Line unused = speaks.await("you: microphone on");
      Spoken.Line unusedToo = hears.await("you: microphone on");
      listen(CLIENTS);
    }
  }

  private Spoken client(String room, String name, SoundServer server) throws IOException {
    List<String> command = deployment.join(room, name);
    command.addAll(List.of("--no-video", "--headless", "--yes"));
    ProcessBuilder builder = deployment.builder(command);
    builder.environment().putAll(server.environment());
    return Spoken.start(builder);
  }

  private void browsers(int round) throws IOException, InterruptedException {
    String room = "browsers" + round;
    try (Browser hears = browser(room, "profile-listener", listener);
        Browser speaks = browser(room, "profile-speaker", speaker)) {
      double unused = speaks.await("joined");
      double unusedToo = hears.await("sound");
      listen(BROWSERS);
    }
  }

  private Browser browser(String room, String name, SoundServer server) throws IOException {
    return Browser.start(deployment, name, room, "audio", null, false, server.environment());
  }

  private void listen(String who) throws IOException, InterruptedException {
    try (Onsets mouth = Onsets.of(speaker, SoundServer.MOUTH);
        Onsets ear = Onsets.of(listener, SoundServer.EAR);
        Beeper beeper = Beeper.start(speaker)) {
      Await.until(
          "a beep is heard", Await.PATIENCE, () -> !ear.nanos().isEmpty() || !beeper.isPlaying());
      Await.pass(Duration.ofSeconds(SETTLE_SECONDS));
      int before = mouth.nanos().size();
      Await.until("beeps", Await.PATIENCE, () -> mouth.nanos().size() > before + BEEPS);
      List<Long> said = mouth.nanos().subList(before, before + BEEPS);
      List<Double> millis = new ArrayList<>();
      for (long nanos : said) {
        ear.nanos().stream()
            .map(heard -> heard - nanos)
            .filter(delay -> delay > 0 && delay < LONGEST_NANOS)
            .findFirst()
            .ifPresentOrElse(
                delay -> millis.add(delay / 1e6), () -> samples.add(who + " missing", 1));
      }
      millis.forEach(each -> samples.add(who, each));
      samples.add(who + " rounds", Samples.quantile(millis, MOST));
    }
  }

  private void print() {
    out.printf(Locale.ROOT, "%n%d rounds of %d beeps each; milliseconds%n%n", ROUNDS, BEEPS);
    out.println("| from mouth to ear | p50 | p95 | least | most | not heard | p95 of rounds |");
    out.println("|---|---|---|---|---|---|---|");
    Map<String, List<Double>> all = samples.all();
    for (String who : new String[] {CLIENTS, BROWSERS}) {
      if (all.containsKey(who)) {
        out.printf(
            Locale.ROOT,
            "| %s | %.0f | %.0f | %.0f | %.0f | %d | %s |%n",
            who,
            samples.median(who),
            Samples.quantile(all.getOrDefault(who, List.of()), MOST),
            samples.least(who),
            samples.most(who),
            all.getOrDefault(who + " missing", List.of()).size(),
            String.join(
                ", ",
                all.getOrDefault(who + " rounds", List.of()).stream()
                    .map(each -> String.format(Locale.ROOT, "%.0f", each))
                    .toList()));
      }
    }
  }
}
