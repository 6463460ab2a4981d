/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.bench.call;

import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.perc4j.bench.Samples;
import org.perc4j.endpoint.call.JoinException;
import org.perc4j.endpoint.media.VideoCodec;
import org.perc4j.it.harness.Await;
import org.perc4j.it.harness.Xvfb;
import org.perc4j.it.media.Clips;

/**
 * How long it takes from the start of {@code ./perc4j join} until the first picture of somebody who
 * is there already was decoded, and from the start of Chromium with lib-jitsi-meet until the same
 * was shown, in the same deployment, by turns. The first round warms up.
 */
final class JoinBenchmark {
  private static final int ROUNDS = Integer.getInteger("perc4j.rounds", 6);
  private static final long ASK_INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  /** What takes turns. */
  private enum Arm {
    TERMINAL("./perc4j join, on the terminal", false),
    HEADLESS("Chromium, headless", false),
    WINDOW("./perc4j join, in a window", true),
    SHOWN("Chromium, in a window", true);

    final String text;
    final boolean needsDisplay;

    Arm(String text, boolean needsDisplay) {
      this.text = text;
      this.needsDisplay = needsDisplay;
    }

    boolean isBrowser() {
      return this == HEADLESS || this == SHOWN;
    }
  }

  private final PrintStream out;
  private final Deployment deployment;
  private final @Nullable Xvfb display;
  private final Samples samples = new Samples();

  private JoinBenchmark(PrintStream out, Deployment deployment, @Nullable Xvfb display) {
    this.out = out;
    this.deployment = deployment;
    this.display = display;
  }

  static void run(PrintStream out, Deployment deployment)
      throws IOException, JoinException, InterruptedException {
    String missing = Browser.missing();
    ScheduledExecutorService player = Executors.newScheduledThreadPool(1);
    try (Xvfb display = Xvfb.isInstalled() ? Xvfb.start(deployment.folder()) : null;
        ClipSender sender =
            ClipSender.join(
                deployment.url("joined"),
                Trust.believing("sender", deployment.web()),
                Clips.camera(VideoCodec.VP8).get(1),
                true)) {
      Await.until("there is a bridge", Await.PATIENCE, sender::isConnected);
      sender.show(player, 0);
      sender.speak(player, Clips.speech(1));
      JoinBenchmark benchmark = new JoinBenchmark(out, deployment, display);
      if (missing == null) {
        Browser.serve(deployment);
        try (Browser shows =
            Browser.start(
                deployment, "profile-sender", "plain", "audio+video", null, true, Map.of())) {
          double unused = shows.await("joined");
          benchmark.takeTurns(true);
        }
      } else {
        benchmark.takeTurns(false);
        out.println("\n" + missing + ": there are no rows for Chromium");
      }
    } finally {
      List<Runnable> unused = player.shutdownNow();
    }
  }

  private void takeTurns(boolean beside) throws IOException, InterruptedException {
    List<Arm> arms = new ArrayList<>();
    for (Arm arm : Arm.values()) {
      if ((display != null || !arm.needsDisplay) && (beside || !arm.isBrowser())) {
        arms.add(arm);
      }
    }
    for (int round = -1; round < ROUNDS; round++) {
      Map<Arm, Double> seconds = new EnumMap<>(Arm.class);
      for (int i = 0; i < arms.size(); i++) {
        Arm arm = arms.get(Math.floorMod(round + i, arms.size()));
        seconds.put(arm, arm.isBrowser() ? browser(arm) : client(arm));
      }
      if (round >= 0) {
        seconds.forEach(
            (arm, figure) -> {
              Arm other = arm.needsDisplay ? Arm.SHOWN : Arm.HEADLESS;
              samples.add(arm.text, figure);
              samples.add(arm.text + " ratio", figure / seconds.getOrDefault(other, Double.NaN));
            });
      }
    }
    print(arms, beside);
  }

  private double browser(Arm arm) throws IOException, InterruptedException {
    try (Browser browser =
        Browser.start(
            deployment,
            "profile-" + arm.name().toLowerCase(Locale.ROOT),
            "plain",
            "audio+video",
            arm.needsDisplay ? display : null,
            true,
            Map.of())) {
      return browser.await("picture");
    }
  }

  private double client(Arm arm) throws IOException, InterruptedException {
    String name = arm.name().toLowerCase(Locale.ROOT);
    List<String> command = deployment.join("joined", name);
    command.addAll(List.of("--test-media", "smpte", "--yes"));
    ProcessBuilder builder = deployment.builder(command);
    if (arm.needsDisplay && display != null) {
      builder.environment().put("DISPLAY", display.display());
    } else {
      command.add("--headless");
    }
    double start = Times.nowMillis();
    try (Spoken client = Spoken.start(builder)) {
      Spoken.Line joining = client.await("joining ");
      Spoken.Line told = client.await("private: ");
      Meter meter = new Meter(client);
      Await.until("a picture", Await.PATIENCE, () -> hasPicture(meter));
      double seconds = (Times.nowMillis() - start) / 1e3;
      samples.add(arm.text + " joining", (joining.millis() - start) / 1e3);
      samples.add(arm.text + " told", (told.millis() - start) / 1e3);
      client.tell("q");
      client.awaitEnd();
      return seconds;
    }
  }

  /** To be asked costs it something, and comes on top of what is measured: not more often. */
  private static boolean hasPicture(Meter meter) {
    LockSupport.parkNanos(ASK_INTERVAL_NANOS);
    return meter.pictures() > 0;
  }

  private void print(List<Arm> arms, boolean beside) {
    out.printf(Locale.ROOT, "%n%d starts each, after one to warm up; seconds%n%n", ROUNDS);
    out.println("| | first picture after | least | most | to Chromium | least | most |");
    out.println("|---|---|---|---|---|---|---|");
    for (Arm arm : arms) {
      out.printf(
          Locale.ROOT,
          "| %s | %.2f | %.2f | %.2f |",
          arm.text,
          samples.median(arm.text),
          samples.least(arm.text),
          samples.most(arm.text));
      if (beside) {
        out.printf(
            Locale.ROOT,
            " %.2f | %.2f | %.2f |%n",
            samples.median(arm.text + " ratio"),
            samples.least(arm.text + " ratio"),
            samples.most(arm.text + " ratio"));
      } else {
        out.println(" | | |");
      }
    }
    out.println("\n| of that | ready to join after | told who is there after |");
    out.println("|---|---|---|");
    for (Arm arm : arms) {
      if (!arm.isBrowser()) {
        out.printf(
            Locale.ROOT,
            "| %s | %.2f | %.2f |%n",
            arm.text,
            samples.median(arm.text + " joining"),
            samples.median(arm.text + " told"));
      }
    }
  }
}
