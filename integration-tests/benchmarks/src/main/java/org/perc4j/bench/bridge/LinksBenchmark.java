/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.bench.bridge;

import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.perc4j.it.bridge.JvbProcess;
import org.perc4j.it.harness.LimitedLink;
import org.perc4j.it.harness.LinkConditions;
import org.perc4j.it.links.LayeredVideo;
import org.perc4j.it.links.LimitedCall;
import org.perc4j.it.links.PhaseFigures;

/**
 * What a receiver behind a link of limited rate gets: double streams beside plain ones, by turns,
 * in rooms of the same bridge, which estimates what the link carries.
 */
final class LinksBenchmark {
  private static final int ROUNDS = Integer.getInteger("perc4j.rounds", 3);
  private static final long NARROW_BPS = 300_000;
  private static final long MIDDLE_BPS = 500_000;
  private static final long SHARED_BPS = 2_000_000;
  private static final long WIDE_BPS = 5_000_000;
  private static final int MANY = 5;
  private static final List<LayeredVideo> VIDEOS =
      List.of(LayeredVideo.VP8_SIMULCAST, LayeredVideo.VP9_SVC, LayeredVideo.AV1_SVC);

  /** A part of a call, from its beginning on. */
  private record Phase(String name, int seconds, LimitedCall.Change change) {}

  private static final List<Phase> ALONE =
      List.of(
          new Phase("start at 300 kbit/s", 10, LimitedCall::start),
          new Phase("open to 5 Mbit/s", 20, call -> call.setRate(WIDE_BPS)),
          new Phase("down to 500 kbit/s", 12, call -> call.setRate(MIDDLE_BPS)),
          new Phase("back to 5 Mbit/s", 20, call -> call.setRate(WIDE_BPS)),
          new Phase("video suspended", 6, call -> call.setConstraints(LimitedCall.NO_VIDEO)),
          new Phase("video resumed", 10, call -> call.setConstraints(LimitedCall.EVERYTHING)));

  private static final List<Phase> SHARED =
      List.of(
          new Phase("five senders, 2 Mbit/s", 15, LimitedCall::start),
          new Phase("the same, later", 10, call -> {}));

  private static final List<Phase> WARM_UP =
      List.of(new Phase("does not count", 15, LimitedCall::start));

  private final PrintStream out;
  private final Path output;
  private final Path plugin;
  private int calls;

  LinksBenchmark(PrintStream out, Path output, Path plugin) {
    this.out = out;
    this.output = output;
    this.plugin = plugin;
  }

  /** What both had, a figure a round. */
  private static final class Both {
    final List<PhaseFigures> ofDouble = new ArrayList<>();
    final List<PhaseFigures> ofPlain = new ArrayList<>();
  }

  void run() throws Exception {
    if (!LimitedLink.isAvailable()) {
      throw new IllegalStateException("no limited links can be made here");
    }
    Map<LayeredVideo, Map<Phase, Both>> results = new EnumMap<>(LayeredVideo.class);
    try (JvbProcess jvb =
        JvbProcess.start(output.resolve("jvb-links"), plugin, JvbProcess.TRUSTS_ESTIMATES)) {
      // A bridge that has just begun is slow, and sends in bursts.
      for (boolean isDouble : new boolean[] {true, false}) {
        LayeredVideo video = LayeredVideo.VP8_SIMULCAST;
        call(jvb, video, isDouble, MANY, WIDE_BPS, WARM_UP, new HashMap<>());
      }
      for (int round = 0; round < ROUNDS; round++) {
        for (LayeredVideo video : VIDEOS) {
          Map<Phase, Both> ofVideo =
              results.computeIfAbsent(video, unused -> new LinkedHashMap<>());
          for (int turn = 0; turn < 2; turn++) {
            boolean isDouble = (round + turn) % 2 == 0;
            call(jvb, video, isDouble, 1, NARROW_BPS, ALONE, ofVideo);
            call(jvb, video, isDouble, MANY, SHARED_BPS, SHARED, ofVideo);
          }
        }
      }
    }
    print(results);
  }

  private void call(
      JvbProcess jvb,
      LayeredVideo video,
      boolean isDouble,
      int senders,
      long bitsPerSecond,
      List<Phase> phases,
      Map<Phase, Both> results)
      throws Exception {
    String name = "links-" + calls++;
    try (LimitedCall call =
        LimitedCall.join(
            jvb, name, output, video, isDouble, senders, LinkConditions.ofRate(bitsPerSecond))) {
      for (Phase phase : phases) {
        PhaseFigures figures = call.phase(Duration.ofSeconds(phase.seconds()), phase.change());
        out.println(
            video + ", " + (isDouble ? "double, " : "plain, ") + phase.name() + ": " + figures);
        Both both = results.computeIfAbsent(phase, unused -> new Both());
        (isDouble ? both.ofDouble : both.ofPlain).add(figures);
      }
    }
  }

  private interface Figure {
    double of(PhaseFigures figures);
  }

  private void print(Map<LayeredVideo, Map<Phase, Both>> results) {
    out.printf(
        Locale.ROOT,
        "%nDouble / plain (ratio), medians of %d rounds%n%n"
            + "| video | | 180 lines after, s | 360 | 720 | media, kbit/s | of the link, %% "
            + "| lost in the queue | frozen, s | speech missing | late |%n"
            + "|---|---|---|---|---|---|---|---|---|---|---|%n",
        ROUNDS);
    results.forEach(
        (video, phases) ->
            phases.forEach(
                (phase, both) ->
                    out.printf(
                        Locale.ROOT,
                        "| %s | %s | %s | %s | %s | %s | %s | %s | %s | %s | %s |%n",
                        video,
                        phase.name(),
                        cell(both, "%.2f", figures -> figures.secondsToSize().get(0)),
                        cell(both, "%.2f", figures -> figures.secondsToSize().get(1)),
                        cell(both, "%.2f", figures -> figures.secondsToSize().get(2)),
                        cell(both, "%.0f", figures -> figures.mediaBitsPerSecond() / 1e3),
                        cell(both, "%.0f", figures -> figures.linkShare() * 100),
                        cell(both, "%.0f", PhaseFigures::dropped),
                        cell(both, "%.2f", PhaseFigures::frozenSeconds),
                        cell(both, "%.0f", PhaseFigures::speechMissing),
                        cell(both, "%.0f", PhaseFigures::speechLate))));
  }

  private static String cell(Both both, String format, Figure figure) {
    double ofDouble = median(both.ofDouble, figure);
    double ofPlain = median(both.ofPlain, figure);
    String ratio =
        Double.isFinite(ofDouble) && Double.isFinite(ofPlain) && ofPlain > 0
            ? String.format(Locale.ROOT, " (%.2f)", ofDouble / ofPlain)
            : "";
    return number(format, ofDouble) + " / " + number(format, ofPlain) + ratio;
  }

  private static String number(String format, double value) {
    return Double.isFinite(value) ? String.format(Locale.ROOT, format, value) : "never";
  }

  /** What never came counts as the longest time. */
  private static double median(List<PhaseFigures> rounds, Figure figure) {
    return Figures.median(
        rounds.stream()
            .map(figure::of)
            .map(value -> Double.isNaN(value) ? Double.POSITIVE_INFINITY : value)
            .toList());
  }
}
