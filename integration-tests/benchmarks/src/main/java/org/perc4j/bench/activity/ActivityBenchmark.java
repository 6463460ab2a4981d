/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.bench.activity;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.perc4j.bench.Machine;
import org.perc4j.e2e.activity.ActivityMode;
import org.perc4j.e2e.activity.ActivityTiming;
import org.perc4j.header.audiolevel.AudioLevelCodec;
import org.perc4j.it.activity.Dependence;
import org.perc4j.it.activity.EntropyRate;
import org.perc4j.it.activity.PhraseAttack;
import org.perc4j.it.activity.Shaping;
import org.perc4j.it.activity.SpeakerAgreement;
import org.perc4j.it.activity.SpeakerDetection;
import org.perc4j.it.media.SpeechClip;
import org.perc4j.it.report.Plots;
import org.perc4j.it.speech.Meeting;
import org.perc4j.it.speech.Phrases;
import org.perc4j.it.speech.Programs;
import org.perc4j.it.speech.RecordedSpeech;
import org.perc4j.it.speech.Speech;
import org.perc4j.it.speech.SpeechTrack;

/**
 * What audio levels and packet sizes tell a bridge, mode by mode, and whether it still finds the
 * speaker. Everything follows from seeds; prints Markdown, draws PNG.
 */
public final class ActivityBenchmark {
  private static final PrintStream OUT = System.out;
  private static final int SECONDS = Integer.getInteger("perc4j.seconds", 720);
  private static final int[] PARTICIPANTS = {4, 6, 8};

  /** Not those of the meetings by which the shaper's times were chosen. */
  private static final long FIRST_SEED = 11;

  private static final int RECORDED_VOICES = 4;

  /** Of who says less, no figures about words and phones. */
  private static final int LEAST_SPEECH_PACKETS = 1000;

  /** Enough for the estimate of how random the edges are. */
  private static final int RUNS = 100;

  private static final List<String> PARTS = List.of("levels", "sizes", "phrases", "speakers");
  private static final int PER_SECOND = EntropyRate.PER_SECOND;

  /** The two levels of the minimal mode's pattern. */
  private static final int PATTERN_LOUD = AudioLevelCodec.of(true, 30);

  private static final int PATTERN_GAP = AudioLevelCodec.of(true, 60);

  private static final int SHOWN_PACKETS = 20 * PER_SECOND;

  /** Jitsi decides every 300 ms. */
  private static final int DECISION_MILLIS = 300;

  private record Scene(String name, List<SpeechTrack> tracks) {
    int[][] levels() {
      return Shaping.levels(tracks);
    }
  }

  private final Path plots;
  private final Programs programs;
  private final Speech speech;
  private final List<Scene> spoken = new ArrayList<>();
  private final List<Scene> recorded = new ArrayList<>();

  /** By the names of meetings: who is found by exact levels, which no timing changes. */
  private final Map<String, int[][]> references = new HashMap<>();

  private final IdentityHashMap<SpeechTrack, int[]> phraseSizes = new IdentityHashMap<>();

  private ActivityBenchmark(Path output, Path plots) throws IOException {
    this.plots = Files.createDirectories(plots);
    this.programs = new Programs(output);
    this.speech = new Speech(programs);
  }

  /**
   * Runs all of it, or parts.
   *
   * @param arguments some of {@code levels sizes phrases speakers}; none for all
   */
  public static void main(String[] arguments) throws Exception {
    List<String> parts = arguments.length > 0 ? List.of(arguments) : PARTS;
    if (!PARTS.containsAll(parts)) {
      throw new IllegalArgumentException("parts are " + PARTS);
    }
    Machine.describe(OUT);
    Path output = Path.of(System.getProperty("perc4j.output", "target"), "activity");
    ActivityBenchmark benchmark =
        new ActivityBenchmark(
            output, Path.of(System.getProperty("perc4j.plots", output.toString())));
    benchmark.prepare();
    for (String part : parts) {
      long start = System.nanoTime();
      switch (part) {
        case "levels" -> benchmark.levels();
        case "sizes" -> benchmark.sizes();
        case "phrases" -> benchmark.phrases();
        default -> benchmark.speakers();
      }
      print("%n(%s took %.0f s)%n", part, (System.nanoTime() - start) / 1e9);
    }
    System.exit(0);
  }

  private static void print(String format, Object... values) {
    OUT.printf(Locale.ROOT, format, values);
  }

  private void prepare() throws IOException, InterruptedException {
    long seed = FIRST_SEED;
    for (int participants : PARTICIPANTS) {
      spoken.add(
          new Scene(
              "espeak-ng, " + participants,
              Meeting.generate(seed++, participants, SECONDS, speech)));
    }
    if (RecordedSpeech.isInstalled()) {
      recorded.add(
          new Scene(
              "recorded voices, " + RECORDED_VOICES,
              Meeting.generate(
                  seed, SECONDS, RecordedSpeech.talkers(seed, RECORDED_VOICES, programs))));
    } else {
      print("Recorded voices are not installed (asterisk-core-sounds-*-wav): left out%n");
    }
  }

  // ---------------------------------------------------------------- levels

  private void levels() throws IOException {
    Map<String, double[]> bars = new LinkedHashMap<>();
    print("%n## What levels tell, in bits per second and participant%n");
    for (List<Scene> scenes : List.of(spoken, recorded)) {
      if (scenes.isEmpty()) {
        continue;
      }
      boolean transcribed = scenes == spoken;
      print("%n%s, %d s each%n%n", scenes.stream().map(Scene::name).toList(), SECONDS);
      print("| mode | all | about true levels | word beginnings | while speaking | phones |%n");
      print("|---|---|---|---|---|---|%n");
      for (ActivityMode mode : ActivityMode.values()) {
        double[] figures = leakage(scenes, mode, transcribed);
        print(
            "| %s | %.2f | %.2f to %.2f | %s | %s | %s |%n",
            name(mode),
            figures[0],
            figures[1],
            figures[0],
            transcribed ? estimate(figures[2], figures[3]) : "-",
            transcribed ? estimate(figures[4], figures[5]) : "-",
            transcribed ? estimate(figures[6], figures[7]) : "-");
        if (transcribed) {
          bars.put(name(mode), new double[] {figures[0], figures[2], figures[4], figures[6]});
        }
      }
    }
    Plots.bars(
        plots.resolve("activity-leakage.png"),
        "What audio levels tell the bridge",
        "bits per second",
        List.of("entropy rate", "word beginnings", "the same while speaking", "phones"),
        bars,
        0.001);
    int[] truth = spoken.get(0).tracks().get(0).levelsMinusDbov();
    int[][] minimal =
        Shaping.octets(
            spoken.get(0).levels(), ActivityMode.MINIMAL, ActivityTiming.DEFAULT, FIRST_SEED);
    int[][] coarse =
        Shaping.octets(
            spoken.get(0).levels(), ActivityMode.COARSE, ActivityTiming.DEFAULT, FIRST_SEED);
    int from = livelyWindow(truth);
    Map<String, int[]> lines = new LinkedHashMap<>();
    lines.put("true level", shown(truth, from));
    lines.put("coarse", shown(coarse[0], from));
    lines.put("minimal", shown(minimal[0], from));
    Plots.timeline(
        plots.resolve("activity-levels.png"),
        "What somebody says, and what the bridge is told",
        "dBov",
        lines,
        PER_SECOND,
        SHOWN_PACKETS / (double) PER_SECOND);
  }

  /** Returns where a window begins in which somebody speaks for about half of the time. */
  private static int livelyWindow(int[] levels) {
    int best = 0;
    int bestVoices = 0;
    for (int from = 0; from + SHOWN_PACKETS <= levels.length; from += PER_SECOND) {
      int voices =
          (int)
              Arrays.stream(levels, from, from + SHOWN_PACKETS).filter(SpeechClip::isVoice).count();
      if (voices > bestVoices && voices <= SHOWN_PACKETS / 2) {
        best = from;
        bestVoices = voices;
      }
    }
    return best;
  }

  private static int[] shown(int[] octets, int from) {
    return Arrays.stream(octets).skip(from).map(octet -> -(octet & 0x7F)).toArray();
  }

  private static String estimate(double value, double spread) {
    return String.format(Locale.ROOT, "%.3f (± %.3f)", value, spread);
  }

  /**
   * Returns means over all participants: entropy rate, that less its randomness, and what is told
   * of words, of words while speaking and of phones, each with its spread among surrogates.
   */
  private static double[] leakage(List<Scene> scenes, ActivityMode mode, boolean transcribed) {
    List<double[]> all = new ArrayList<>();
    for (Scene scene : scenes) {
      int[][] levels = scene.levels();
      int runs = mode == ActivityMode.MINIMAL || mode == ActivityMode.COARSE ? RUNS : 1;
      int[][][] octets =
          IntStream.range(0, runs)
              .parallel()
              .mapToObj(seed -> Shaping.octets(levels, mode, ActivityTiming.DEFAULT, seed))
              .toArray(int[][][]::new);
      double[][] figures =
          IntStream.range(0, levels.length)
              .parallel()
              .mapToObj(
                  i -> {
                    int[][] mine = Arrays.stream(octets).map(run -> run[i]).toArray(int[][]::new);
                    return leakage(scene.tracks().get(i), mine, transcribed);
                  })
              .toArray(double[][]::new);
      all.addAll(Arrays.asList(figures));
    }
    return IntStream.range(0, 8)
        .mapToDouble(
            k ->
                all.stream()
                    .mapToDouble(each -> each[k])
                    .filter(Double::isFinite)
                    .average()
                    .orElse(0))
        .toArray();
  }

  private static double[] leakage(SpeechTrack track, int[][] runs, boolean transcribed) {
    double[] figures = new double[8];
    figures[0] = EntropyRate.bitsPerSecond(runs[0]);
    figures[1] = runs.length > 1 ? atLeastAboutLevels(runs) : figures[0];
    Arrays.fill(figures, 2, figures.length, Double.NaN);
    long voiced = Arrays.stream(track.words()).filter(word -> word != SpeechTrack.NONE).count();
    if (transcribed && voiced >= LEAST_SPEECH_PACKETS) {
      boolean[] words = new boolean[track.packets()];
      boolean[] speaking = new boolean[track.packets()];
      for (int t = 0; t < words.length; t++) {
        int word = track.words()[t];
        speaking[t] = word != SpeechTrack.NONE;
        words[t] = speaking[t] && (t == 0 || track.words()[t - 1] != word);
      }
      Dependence.Estimate always = Dependence.aboutTiming(runs[0], words);
      Dependence.Estimate inSpeech = Dependence.aboutTiming(runs[0], words, speaking);
      Dependence.Estimate phones = Dependence.aboutPhones(runs[0], track.phones(), speaking);
      figures[2] = always.bitsPerSecond();
      figures[3] = always.spread();
      figures[4] = inSpeech.bitsPerSecond();
      figures[5] = inSpeech.spread();
      figures[6] = phones.bitsPerSecond();
      figures[7] = phones.spread();
    }
    return figures;
  }

  /**
   * Returns the entropy rate without what chance put in. That is counted from packet to packet, so
   * the pattern within speech, which follows from when it began, has to be taken out first.
   */
  private static double atLeastAboutLevels(int[][] runs) {
    int[][] states =
        Arrays.stream(runs)
            .map(
                run ->
                    Arrays.stream(run)
                        .map(octet -> octet == PATTERN_GAP ? PATTERN_LOUD : octet)
                        .toArray())
            .toArray(int[][]::new);
    return Math.max(
        0, EntropyRate.bitsPerSecond(states[0]) - Dependence.randomnessBitsPerSecond(states));
  }

  // ---------------------------------------------------------------- sizes

  private record Encoding(String name, int bitsPerSecond, boolean variable, boolean dtx) {}

  private static final List<Encoding> ENCODINGS =
      List.of(
          new Encoding("VBR, 24 kbit/s", 24_000, true, false),
          new Encoding("VBR, 32 kbit/s", 32_000, true, false),
          new Encoding("VBR, 32 kbit/s, DTX", 32_000, true, true),
          new Encoding("CBR, 32 kbit/s", 32_000, false, false));

  private void sizes() throws IOException, InterruptedException {
    print("%n## What packet sizes of Opus tell, in bits per second and participant%n%n");
    print("| encoder | shaped | payload, kbit/s | all | word beginnings | while speaking |%n");
    print("|---|---|---|---|---|---|%n");
    Scene scene = spoken.get(0);
    for (Encoding encoding : ENCODINGS) {
      double[] plain = new double[6];
      double[] shaped = new double[6];
      for (SpeechTrack track : scene.tracks()) {
        int[] sizes =
            programs.opusSizes(
                track.samples(), encoding.bitsPerSecond(), encoding.variable(), encoding.dtx());
        add(plain, sizeFigures(track, sizes), scene.tracks().size());
        add(shaped, sizeFigures(track, Shaping.sizes(sizes)), scene.tracks().size());
      }
      print(encoding.name(), false, plain);
      print(encoding.name(), true, shaped);
    }
  }

  private static void print(String encoding, boolean shaped, double[] figures) {
    print(
        "| %s | %s | %.1f | %.3f | %s | %s |%n",
        encoding,
        shaped ? "yes" : "no",
        figures[0],
        figures[1],
        estimate(figures[2], figures[3]),
        estimate(figures[4], figures[5]));
  }

  private static void add(double[] sums, double[] figures, int count) {
    for (int k = 0; k < sums.length; k++) {
      sums[k] += figures[k] / count;
    }
  }

  private static double[] sizeFigures(SpeechTrack track, int[] sizes) {
    if (sizes.length != track.packets()) {
      throw new IllegalStateException(sizes.length + " packets of " + track.packets());
    }
    double[] leakage = leakage(track, new int[][] {sizes}, true);
    double rate = Arrays.stream(sizes).average().orElse(0) * 8 * PER_SECOND / 1000;
    return new double[] {rate, leakage[0], leakage[2], leakage[3], leakage[4], leakage[5]};
  }

  // ---------------------------------------------------------------- phrases

  /** One way in which all phrases are said. */
  private record Rendering(String voice, int rate, int pitch, long seed) {}

  private static final Rendering TEMPLATES = new Rendering("en-us+m3", 150, 50, 31);
  private static final Map<String, List<Rendering>> PROBES =
      Map.of(
          "same voice",
          List.of(
              new Rendering("en-us+m3", 150, 50, 32),
              new Rendering("en-us+m3", 150, 50, 33),
              new Rendering("en-us+m3", 155, 50, 34)),
          "other voices",
          List.of(
              new Rendering("en+f2", 175, 55, 35),
              new Rendering("en-us+f4", 160, 60, 36),
              new Rendering("en+m5", 165, 45, 37)));

  /** Longer than every phrase with all that may follow it. */
  private static final int PHRASE_PACKETS = 13 * PER_SECOND;

  private static final double LEAST_GAP_SECONDS = 0.2;
  private static final double MOST_GAP_SECONDS = 1.5;

  private interface Observed {
    int[] of(SpeechTrack track, long seed) throws IOException, InterruptedException;
  }

  private void phrases() throws IOException, InterruptedException {
    Map<String, Observed> ways = new LinkedHashMap<>();
    for (ActivityMode mode : ActivityMode.values()) {
      ways.put("levels, " + name(mode), (track, seed) -> phraseOctets(track, mode, seed, false));
    }
    ways.put(
        "levels, minimal, others follow",
        (track, seed) -> phraseOctets(track, ActivityMode.MINIMAL, seed, true));
    ways.put("sizes, VBR 32 kbit/s", (track, seed) -> phraseSizes(track));
    ways.put("sizes, shaped", (track, seed) -> Shaping.sizes(phraseSizes(track)));
    print("%n## Which of %d phrases it was, percent%n%n", Phrases.texts().size());
    print("| what is seen | same voice | other voices |%n|---|---|---|%n");
    List<SpeechTrack> templates = render(TEMPLATES);
    Map<Rendering, List<SpeechTrack>> probes = new LinkedHashMap<>();
    for (List<Rendering> renderings : PROBES.values()) {
      for (Rendering rendering : renderings) {
        probes.put(rendering, render(rendering));
      }
    }
    for (Map.Entry<String, Observed> way : ways.entrySet()) {
      int[][] known = observe(templates, way.getValue(), TEMPLATES.seed());
      StringBuilder row = new StringBuilder();
      for (String kind : List.of("same voice", "other voices")) {
        List<int[][]> seen = new ArrayList<>();
        for (Rendering rendering : PROBES.getOrDefault(kind, List.of())) {
          seen.add(
              observe(probes.getOrDefault(rendering, List.of()), way.getValue(), rendering.seed()));
        }
        row.append(" | ").append(attack(known, seen));
      }
      print("| %s%s |%n", way.getKey(), row);
    }
  }

  private List<SpeechTrack> render(Rendering rendering) throws IOException, InterruptedException {
    return Phrases.render(
        speech, rendering.voice(), rendering.rate(), rendering.pitch(), rendering.seed());
  }

  private static int[][] observe(List<SpeechTrack> tracks, Observed way, long seed)
      throws IOException, InterruptedException {
    int[][] seen = new int[tracks.size()][];
    for (int i = 0; i < seen.length; i++) {
      seen[i] = way.of(tracks.get(i), 1000 * seed + i);
    }
    return seen;
  }

  /** Returns what the best attacker reaches, of three, on all probes together. */
  private static String attack(int[][] known, List<int[][]> seen) {
    List<Function<int[][], PhraseAttack.Result>> attackers =
        List.of(
            probes -> PhraseAttack.byWarping(known, probes),
            probes -> PhraseAttack.bySlopes(known, probes),
            probes -> PhraseAttack.byTotals(known, probes));
    List<String> names = List.of("warping", "slopes", "totals");
    double[] rates =
        IntStream.range(0, attackers.size())
            .parallel()
            .mapToDouble(
                k ->
                    seen.stream()
                        .mapToDouble(probes -> attackers.get(k).apply(probes).successRate())
                        .average()
                        .orElse(0))
            .toArray();
    int best = 0;
    for (int k = 1; k < rates.length; k++) {
      best = rates[k] > rates[best] ? k : best;
    }
    return String.format(Locale.ROOT, "%.2f (%s)", 100 * rates[best], names.get(best));
  }

  /**
   * Returns the octets of a phrase, with the room's noise behind it for as long as is looked at.
   */
  private static int[] phraseOctets(
      SpeechTrack track, ActivityMode mode, long seed, boolean othersFollow) {
    int[] levels = Shaping.extended(track.levelsMinusDbov(), PHRASE_PACKETS);
    int[][] all = {levels};
    if (othersFollow) {
      int[] others = new int[levels.length];
      Arrays.fill(others, 127);
      double gap = new SplittableRandom(seed).nextDouble(LEAST_GAP_SECONDS, MOST_GAP_SECONDS);
      int begin = lastSound(track) + (int) (gap * PER_SECOND);
      Arrays.fill(others, begin, others.length, 25);
      all = new int[][] {levels, others};
    }
    return Shaping.octets(all, mode, ActivityTiming.DEFAULT, seed)[0];
  }

  private static int lastSound(SpeechTrack track) {
    int last = track.packets() - 1;
    while (last > 0 && track.phones()[last] == SpeechTrack.NONE) {
      last--;
    }
    return last;
  }

  private int[] phraseSizes(SpeechTrack track) throws IOException, InterruptedException {
    int[] sizes = phraseSizes.get(track);
    if (sizes == null) {
      sizes =
          Shaping.extended(
              programs.opusSizes(track.samples(), 32_000, true, false), PHRASE_PACKETS);
      phraseSizes.put(track, sizes);
    }
    return sizes;
  }

  // ---------------------------------------------------------------- speakers

  private void speakers() throws IOException {
    print("%n## Whether Jitsi's dominant speaker identification finds the speaker%n%n");
    print("| meeting | levels | agrees | with some rhythm | later by p50 | p95 |");
    print(" switches | missed | false per hour |%n|---|---|---|---|---|---|---|---|---|%n");
    List<Scene> scenes = new ArrayList<>(spoken);
    scenes.addAll(recorded);
    for (Scene scene : scenes) {
      int[][] levels = scene.levels();
      int[][] references = references(scene);
      row(scene, "exact, 20 ms later", references, rotated(references, 1));
      row(scene, "exact, 160 ms later", references, rotated(references, 8));
      for (ActivityMode mode : ActivityMode.values()) {
        if (mode != ActivityMode.EXACT) {
          int[][] octets = Shaping.octets(levels, mode, ActivityTiming.DEFAULT, FIRST_SEED);
          row(scene, name(mode), references, found(octets));
        }
      }
    }
    tradeOff();
  }

  private int[][] references(Scene scene) {
    return references.computeIfAbsent(
        scene.name(),
        unused ->
            found(Shaping.octets(scene.levels(), ActivityMode.EXACT, ActivityTiming.DEFAULT, 0)));
  }

  /** Returns who is found, for each position of the detector's rhythm against the packets. */
  private static int[][] found(int[][] octets) {
    return IntStream.range(0, DECISION_MILLIS / SpeakerAgreement.STEP_MILLIS)
        .parallel()
        .mapToObj(late -> SpeakerDetection.speakers(octets, late * SpeakerAgreement.STEP_MILLIS))
        .toArray(int[][]::new);
  }

  private static int[][] rotated(int[][] references, int by) {
    return IntStream.range(0, references.length)
        .mapToObj(i -> references[(i + by) % references.length])
        .toArray(int[][]::new);
  }

  private static void row(Scene scene, String name, int[][] references, int[][] found) {
    SpeakerAgreement agreement = SpeakerAgreement.of(references, found);
    print(
        "| %s | %s | %.2f %% | %.2f %% | %d ms | %d ms | %d | %d | %.0f |%n",
        scene.name(),
        name,
        100 * agreement.share(),
        100 * shareWithSome(references, found),
        agreement.delayMillis(0.5),
        agreement.delayMillis(0.95),
        agreement.switches() / references.length,
        agreement.missed() / references.length,
        agreement.falsePerHour());
  }

  /**
   * Returns for how much of the time someone is found whom exact levels lead to, in some rhythm.
   */
  private static double shareWithSome(int[][] references, int[][] found) {
    return Arrays.stream(found)
        .mapToDouble(
            each ->
                IntStream.range(0, each.length)
                        .filter(
                            t ->
                                Arrays.stream(references)
                                    .anyMatch(reference -> reference[t] == each[t]))
                        .count()
                    / (double) each.length)
        .average()
        .orElse(0);
  }

  private void tradeOff() throws IOException {
    Map<String, ActivityTiming> minimal = new LinkedHashMap<>();
    minimal.put("no jitter", new ActivityTiming(80, 0, 40, 100, 0, 500, 3000, 0, 100));
    minimal.put("default", ActivityTiming.DEFAULT);
    minimal.put("jitter 200", new ActivityTiming(80, 200, 40, 100, 200, 500, 3000, 2000, 100));
    minimal.put("jitter 500", new ActivityTiming(80, 500, 40, 100, 500, 500, 3000, 2000, 100));
    Map<String, ActivityTiming> coarse = new LinkedHashMap<>();
    for (int window : new int[] {60, 100, 200, 400}) {
      coarse.put(window + " ms", new ActivityTiming(80, 40, 40, 100, 80, 500, 3000, 2000, window));
    }
    Map<String, List<Plots.Point>> curves = new LinkedHashMap<>();
    print("%n| mode, times | bits per second | agrees |%n|---|---|---|%n");
    curves.put("minimal", points(ActivityMode.MINIMAL, minimal));
    curves.put("coarse", points(ActivityMode.COARSE, coarse));
    Map<String, ActivityTiming> deaf = new LinkedHashMap<>();
    deaf.put("deaf, 3 s", new ActivityTiming(80, 40, 40, 3000, 2000, 0, 3000, 2000, 100));
    deaf.put("deaf, 0.4 s", new ActivityTiming(80, 40, 40, 400, 200, 0, 400, 200, 100));
    List<Plots.Point> beside = points(ActivityMode.MINIMAL, deaf);
    beside.addAll(points(ActivityMode.EXACT, Map.of("as measured", ActivityTiming.DEFAULT)));
    beside.addAll(points(ActivityMode.SILENT, Map.of("always", ActivityTiming.DEFAULT)));
    // Those would leave the others no room.
    print("%nNot drawn: %s%n", beside);
    Plots.tradeOff(
        plots.resolve("activity-trade-off.png"),
        "What finding the speaker costs",
        "bits per second and participant",
        "agrees with exact levels, percent of the time",
        curves,
        1);
  }

  private List<Plots.Point> points(ActivityMode mode, Map<String, ActivityTiming> timings) {
    List<Plots.Point> points = new ArrayList<>();
    timings.forEach(
        (name, timing) -> {
          double agreement = 0;
          double rate = 0;
          for (Scene scene : spoken) {
            int[][] levels = scene.levels();
            int[][] octets = Shaping.octets(levels, mode, timing, FIRST_SEED);
            agreement += SpeakerAgreement.of(references(scene), found(octets)).share();
            rate +=
                Arrays.stream(octets).mapToDouble(EntropyRate::bitsPerSecond).average().orElse(0);
          }
          Plots.Point point =
              new Plots.Point(name, rate / spoken.size(), 100 * agreement / spoken.size());
          points.add(point);
          print("| %s, %s | %.2f | %.2f %% |%n", name(mode), name, point.x(), point.y());
        });
    return points;
  }

  private static String name(ActivityMode mode) {
    return mode.name().toLowerCase(Locale.ROOT);
  }
}
