/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.function.Executable;
import org.opentest4j.MultipleFailuresError;
import org.perc4j.it.bridge.JvbProcess;
import org.perc4j.it.harness.ChildProcess;
import org.perc4j.it.harness.LabNetwork;
import org.perc4j.it.harness.Skips;
import org.perc4j.jvb.compat.InstalledBridge;

/**
 * The plugin works on every Jitsi Videobridge and every Java that is installed. Prints the table of
 * releases for docs/operations.md.
 */
class ReleasesTest {
  /**
   * A stable release of Jitsi Meet, or a commit of the bridge's.
   *
   * @param name the release's number or the commit
   * @param month when it came out
   * @param version what its bridge says of itself
   */
  private record Release(String name, String month, String version) {}

  /** Those that the plugin is to work on, the newest first. */
  private static final List<Release> RELEASES =
      List.of(
          new Release("a29d97d", "2026-08", "2.3.312-ga29d97d13"),
          new Release("11146", "2026-07", "2.3.307-g4bb0aead1"),
          new Release("11031", "2026-05", "2.3.295-g8d5c0037b"),
          new Release("10978", "2026-04", "2.3.291-gb4b5ccc8c"),
          new Release("10888", "2026-03", "2.3.287-g4f55d380a"),
          new Release("10741", "2026-01", "2.3.272-g0360d0488"),
          new Release("10710", "2026-01", "2.3.270-g38ea5ea44"),
          new Release("10655", "2025-10", "2.3.260-gea11cd36c"),
          new Release("10590", "2025-09", "2.3.259-g22868ff7d"),
          new Release("10532", "2025-09", "2.3.258-g955816e0f"),
          new Release("10431", "2025-07", "2.3.249-g9a2123ad4"));

  private static final Path JAVAS = Path.of("/usr/lib/jvm");

  /** What was seen: for each bridge's version, what of it works. */
  private static final Map<String, Map<String, Boolean>> SEEN = new LinkedHashMap<>();

  /** One thing that is tried on a running bridge. */
  private interface Scenario {
    void run(JvbProcess jvb) throws Exception;
  }

  /** Each as it is tried at length on one bridge, in its own class. */
  private static Map<String, Scenario> scenarios() {
    Map<String, Scenario> all = new LinkedHashMap<>();
    all.put("all hooks", ReleasesTest::assertEveryHookIsInstalled);
    all.put("counters on all pages", new CountersTest()::showWhatHappened); // of nothing else
    all.put("speech and video, plain kept apart", new MixedRoomTest()::keepsDoubleAndPlainApart);
    all.put("last-N", new MixedSlotsTest()::doubleReceiversShowDoubleSendersWhilePlainOnesSpeak);
    all.put(
        "layers of a simulcast",
        jvb ->
            new LayerSelectionTest()
                .goesThroughAllLayersWhileOthersStay(LayerSelectionTest.Stream.VP8_SIMULCAST, jvb));
    all.put("repair by RTX", new LossyNetworkTest()::repairsVideo);
    return all;
  }

  private static void assertEveryHookIsInstalled(JvbProcess jvb) throws IOException {
    assertEquals(
        1, jvb.logLines("perc4j").stream().filter(l -> l.contains("is installed")).count());
    assertEquals(List.of(), jvb.logLines("perc4j does not know"));
    assertEquals(List.of(), jvb.logLines("perc4j goes without"));
  }

  @TestFactory
  Stream<DynamicTest> holdsAConferenceOnEveryBridge() {
    return homes().stream()
        .map(
            home ->
                DynamicTest.dynamicTest(
                    home.toString(),
                    () -> {
                      Path output = folder(home);
                      try (JvbProcess jvb =
                          JvbProcess.start(home, output, JvbExtension.pluginJar(), "")) {
                        tryAll(jvb, DebugPages.get(jvb, "/about/version").path("version").asText());
                      }
                    }));
  }

  private static void tryAll(JvbProcess jvb, String version) {
    Map<String, Boolean> works =
        Objects.requireNonNull(SEEN.computeIfAbsent(version, unused -> new LinkedHashMap<>()));
    List<Throwable> failures = new ArrayList<>();
    scenarios()
        .forEach(
            (name, scenario) -> {
              Executable run = () -> scenario.run(jvb);
              try {
                run.execute();
                works.put(name, true);
              } catch (Throwable failure) {
                works.put(name, false);
                failures.add(new AssertionError(name + " on " + version, failure));
              }
            });
    if (!failures.isEmpty()) {
      throw new MultipleFailuresError("perc4j on " + version, failures);
    }
  }

  @TestFactory
  Stream<DynamicTest> holdsAConferenceOnEveryJava() throws IOException, InterruptedException {
    Path home = homes().get(0);
    return javas().entrySet().stream()
        .map(
            java ->
                DynamicTest.dynamicTest(
                    "Java " + java.getKey(),
                    () -> {
                      Path output = folder(Path.of("java-" + java.getKey()));
                      try (JvbProcess jvb =
                          JvbProcess.start(
                              home, java.getValue(), output, JvbExtension.pluginJar(), "")) {
                        assertEveryHookIsInstalled(jvb);
                        new MixedRoomTest().keepsDoubleAndPlainApart(jvb);
                      }
                    }));
  }

  @AfterAll
  static void printTable() {
    if (SEEN.isEmpty()) {
      return;
    }
    List<String> columns = List.copyOf(scenarios().keySet());
    StringBuilder table = new StringBuilder();
    table.append("| release | of | bridge | ").append(String.join(" | ", columns)).append(" |\n");
    table.append("|---".repeat(3 + columns.size())).append("|\n");
    List<String> missing = new ArrayList<>();
    Map<String, Map<String, Boolean>> others = new LinkedHashMap<>(SEEN);
    for (Release release : RELEASES) {
      Map<String, Boolean> works = others.remove(release.version);
      if (works == null) {
        missing.add(release.name);
      } else {
        table.append(row(release.name, release.month, release.version, works));
      }
    }
    others.forEach((version, works) -> table.append(row("other", "", version, works)));
    System.out.printf("%nJitsi Videobridges with perc4j:%n%n%s%n", table);
    if (!missing.isEmpty()) {
      System.err.printf(
          "skipped: %d of %d releases are not installed: %s%n",
          missing.size(), RELEASES.size(), String.join(", ", missing));
    }
  }

  private static String row(String name, String month, String version, Map<String, Boolean> works) {
    return works.values().stream()
        .map(each -> each ? "yes" : "**no**")
        .collect(
            Collectors.joining(
                " | ", "| " + name + " | " + month + " | " + version + " | ", " |\n"));
  }

  private static List<Path> homes() {
    if (!LabNetwork.isAvailable()) {
      String why = "there is no network namespace with " + LabNetwork.ADDRESS;
      var unused = Skips.because(why, "No release of the bridge was tested.");
      Assumptions.abort(why);
    }
    return InstalledBridge.all().stream().map(InstalledBridge::home).toList();
  }

  /** The folders of {@code java}, by version: each that is installed, once. */
  private static Map<String, Path> javas() throws IOException, InterruptedException {
    Map<String, Path> javas = new LinkedHashMap<>();
    try (Stream<Path> folders = Files.isDirectory(JAVAS) ? Files.list(JAVAS) : Stream.empty()) {
      for (Path folder : folders.sorted().toList()) {
        Path release = folder.resolve("release");
        Path bin = folder.resolve("bin");
        if (Files.isRegularFile(release) && Files.isExecutable(bin.resolve("java"))) {
          Properties properties = new Properties();
          try (var reader = Files.newBufferedReader(release)) {
            properties.load(reader);
          }
          String version = properties.getProperty("JAVA_VERSION", "?").replace("\"", "");
          if (readsFilesOfTests(bin, version)) {
            javas.putIfAbsent(version, bin);
          }
        }
      }
    }
    javas.putIfAbsent(System.getProperty("java.version"), ChildProcess.javaBin());
    return javas;
  }

  /** Whether this Java reads what tests write: one in a root file system of its own may not. */
  private static boolean readsFilesOfTests(Path bin, String version)
      throws IOException, InterruptedException {
    Path output = Files.createDirectories(JvbExtension.output());
    Path arguments = output.resolve("java-" + version + ".arguments");
    Files.writeString(arguments, "-version");
    Process process =
        new ProcessBuilder(bin.resolve("java").toString(), "@" + arguments)
            .redirectErrorStream(true)
            .redirectOutput(output.resolve("java-" + version + ".log").toFile())
            .start();
    boolean reads = process.waitFor() == 0;
    if (!reads) {
      var unused =
          Skips.because(
              bin + " does not run with files of " + output,
              "No conference was held on Java " + version + ".");
    }
    return reads;
  }

  private static Path folder(Path named) {
    return JvbExtension.output().resolve("release-" + named.getFileName());
  }
}
