/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.packaging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.perc4j.endpoint.deployment.MeetingUrl;
import org.perc4j.it.harness.Await;
import org.perc4j.it.harness.ChildProcess;
import org.perc4j.it.harness.Skips;

/** What is in the client's Debian package, and how what it installs starts. */
@EnabledIf("org.perc4j.it.packaging.ClientPackage#isDebian")
class ClientPackageTest {
  private static final int USAGE = 2;
  private static final int MISSING = 4;
  private static final long MAX_BYTES = 32_000_000;

  /** What the scripts need besides Java. */
  private static final List<String> TOOLS =
      List.of("cksum", "dirname", "mkdir", "readlink", "rm", "sed", "stat");

  private static final String ARCHIVE_WANTED = "-Dperc4j.archive=";
  private static final String ARCHIVE_THERE = "-XX:SharedArchiveFile=";

  private final Path root;
  private final Path tools;
  private Path launcher = Path.of("");

  ClientPackageTest(@TempDir Path root, @TempDir Path tools) {
    this.root = root;
    this.tools = tools;
  }

  /** Skips tests where a program is not installed. */
  private abstract static class Requires implements ExecutionCondition {
    private final String program;
    private final String consequence;

    Requires(String program, String consequence) {
      this.program = program;
      this.consequence = consequence;
    }

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
      return Files.isExecutable(Path.of("/usr/bin").resolve(program))
          ? ConditionEvaluationResult.enabled("it is installed")
          : Skips.because(program + " is not installed", consequence);
    }
  }

  static final class RequiresMan extends Requires {
    RequiresMan() {
      super("man", "The manual page was not formatted.");
    }
  }

  static final class RequiresValidator extends Requires {
    RequiresValidator() {
      super("desktop-file-validate", "The desktop entry was not validated.");
    }
  }

  /** How a process ended. */
  private record Ended(int status, List<String> lines) {}

  @BeforeEach
  void unpack() throws Exception {
    launcher = ClientPackage.unpack(root);
    for (String tool : TOOLS) {
      Path unused =
          Files.createSymbolicLink(tools.resolve(tool), Path.of("/usr/bin").resolve(tool));
    }
  }

  private Ended run(Path program, Map<String, String> environment, String input, String... words)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(program.toString()));
    command.addAll(List.of(words));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().clear();
    builder.environment().put("PATH", tools.toString());
    builder.environment().putAll(environment);
    Process process = builder.start();
    try (Writer in = process.outputWriter(StandardCharsets.UTF_8)) {
      in.write(input);
    }
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertTrue(process.waitFor(Await.PATIENCE.toMillis(), TimeUnit.MILLISECONDS), output);
    return new Ended(process.exitValue(), output.lines().toList());
  }

  /** Runs what is installed with the Java of this process. */
  private Ended run(String... words) throws IOException, InterruptedException {
    return run(launcher, withJava(), "", words);
  }

  private static Map<String, String> withJava() {
    return Map.of("JAVA_HOME", System.getProperty("java.home"));
  }

  /** Puts a Java on the path that says its version, or what else it is asked for, a word a line. */
  private void putOnPath(String version) throws IOException {
    Path java =
        Files.writeString(
            tools.resolve("java"),
            """
            #!/bin/sh
            [ "$1" != -version ] || { echo 'openjdk version "%s"' >&2; exit; }
            printf '%%s\\n' "$@"
            """
                .formatted(version));
    assertTrue(java.toFile().setExecutable(true));
  }

  /** Returns what Java would be started with to join, by the folder for what may be lost. */
  private List<String> joinsWith(Path cache) throws Exception {
    Ended ended =
        run(
            launcher,
            Map.of("XDG_CACHE_HOME", cache.toString()),
            "",
            "join",
            "https://meet.example/Room",
            "--name",
            "Eve Smith");
    assertEquals(0, ended.status(), ended.toString());
    List<String> words = ended.lines();
    assertEquals(
        List.of("join", "https://meet.example/Room", "--name", "Eve Smith"),
        words.subList(words.indexOf("org.perc4j.client.Main") + 1, words.size()));
    return words;
  }

  private static List<String> values(List<String> words, String option) {
    return words.stream()
        .filter(word -> word.startsWith(option))
        .map(word -> word.substring(option.length()))
        .toList();
  }

  private Set<String> files() throws IOException {
    try (Stream<Path> all = Files.walk(root)) {
      return all.filter(Files::isRegularFile)
          .map(path -> root.relativize(path).toString())
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }

  private List<Path> libraries() throws IOException {
    try (Stream<Path> all = Files.list(root.resolve("usr/share/perc4j/lib"))) {
      return all.sorted().toList();
    }
  }

  @Test
  void hasLauncherTextsAndLibraries() throws IOException {
    Set<String> others = files();
    others.removeIf(name -> name.startsWith("usr/share/perc4j/lib/"));
    assertEquals(
        Set.of(
            "usr/bin/perc4j",
            "usr/share/perc4j/open",
            "usr/share/man/man1/perc4j.1.gz",
            "usr/share/applications/perc4j.desktop",
            "usr/share/icons/hicolor/scalable/apps/perc4j.svg",
            "usr/share/doc/perc4j/copyright",
            "usr/share/doc/perc4j/changelog.gz"),
        others);
    assertTrue(Files.isExecutable(launcher));
    assertTrue(Files.isExecutable(root.resolve("usr/share/perc4j/open")));
    assertTrue(Files.size(ClientPackage.file()) < MAX_BYTES);
  }

  /** The class path is a folder, whose order nobody promises. */
  @Test
  void hasEachClassOnceAndNoneOfTestsAndBridges() throws IOException {
    Set<String> classes = new HashSet<>();
    List<String> wrong = new ArrayList<>();
    for (Path library : libraries()) {
      try (JarFile jar = new JarFile(library.toFile())) {
        for (JarEntry entry : (Iterable<JarEntry>) jar.stream()::iterator) {
          String name = entry.getName();
          if (!name.endsWith(".class")
              || name.startsWith("META-INF/")
              || name.equals("module-info.class")) {
            continue;
          }
          if (!classes.add(name)
              || name.startsWith("org/junit/")
              || name.startsWith("org/perc4j/jvb/")
              || name.startsWith("org/perc4j/it/")) {
            wrong.add(library.getFileName() + ": " + name);
          }
        }
      }
    }
    assertEquals(List.of(), wrong);
    assertTrue(classes.contains("org/perc4j/client/Main.class"));
  }

  @Test
  void needsJavaAndGStreamer() throws Exception {
    String depends =
        ChildProcess.output(
            List.of("dpkg-deb", "-f", ClientPackage.file().toString(), "Depends", "Recommends"));
    for (String needed :
        List.of(
            "| java17-runtime-headless",
            "| java17-runtime,",
            "gstreamer1.0-plugins-base",
            "gstreamer1.0-plugins-good",
            "gstreamer1.0-plugins-bad",
            "gstreamer1.0-pulseaudio")) {
      assertTrue(depends.contains(needed), depends);
    }
  }

  @Test
  void tellsTheLicenceOfEachLibrary() throws IOException {
    String text = Files.readString(root.resolve("usr/share/doc/perc4j/copyright"));
    Set<Path> told = new HashSet<>();
    Set<Path> libraries = new HashSet<>(libraries());
    libraries.removeIf(library -> String.valueOf(library.getFileName()).startsWith("perc4j-"));
    for (String stanza : text.split("\n\n", -1)) {
      if (!stanza.startsWith("Files: ")) {
        continue;
      }
      assertTrue(stanza.contains("\nCopyright: ") && stanza.contains("\nLicense: "), stanza);
      String patterns = stanza.substring("Files: ".length(), stanza.indexOf("\nCopyright: "));
      for (String pattern : patterns.strip().split("\\s+", -1)) {
        if (pattern.equals("*")) {
          continue;
        }
        PathMatcher matcher =
            FileSystems.getDefault().getPathMatcher("glob:" + root.resolve(pattern));
        List<Path> matched = libraries.stream().filter(matcher::matches).toList();
        assertTrue(!matched.isEmpty(), pattern + " is not there");
        told.addAll(matched);
      }
    }
    assertEquals(libraries, told);
  }

  @Test
  @ExtendWith(RequiresMan.class)
  void theManualPageIsFormattedWithoutWarnings() throws Exception {
    String page = root.resolve("usr/share/man/man1/perc4j.1.gz").toString();
    String format = "MANWIDTH=80 man --warnings -E UTF-8 -l \"$0\"";
    assertEquals("", ChildProcess.output(List.of("sh", "-c", format + " >/dev/null", page)));
    String shown = ChildProcess.output(List.of("sh", "-c", format, page));
    assertTrue(shown.contains("perc4j - join private meetings of Jitsi Meet"), shown);
  }

  @Test
  void theDesktopEntryStartsWhatIsThereWithLinksThatAreUnderstood() throws Exception {
    Map<String, String> entry =
        Files.readAllLines(root.resolve("usr/share/applications/perc4j.desktop")).stream()
            .filter(line -> line.contains("="))
            .map(line -> line.split("=", 2))
            .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1]));
    assertEquals("/usr/share/perc4j/open %u", entry.get("Exec"));
    assertEquals("true", entry.get("Terminal"));
    assertEquals("perc4j", entry.get("Icon"));
    Path icon = root.resolve("usr/share/icons/hicolor/scalable/apps/perc4j.svg");
    assertEquals(
        "svg",
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(icon.toFile())
            .getDocumentElement()
            .getTagName());
    List<String> schemes =
        Pattern.compile("x-scheme-handler/([^;]+);")
            .matcher(entry.getOrDefault("MimeType", ""))
            .results()
            .map(found -> found.group(1))
            .toList();
    assertEquals(List.of("jitsi-meet", "org.jitsi.meet"), schemes);
    for (String scheme : schemes) {
      assertEquals(
          "https://meet.example/room",
          MeetingUrl.parse(scheme + "://meet.example/room").toString());
    }
  }

  @Test
  @ExtendWith(RequiresValidator.class)
  void theDesktopEntryIsValid() throws Exception {
    String entry = root.resolve("usr/share/applications/perc4j.desktop").toString();
    assertEquals("", ChildProcess.output(List.of("desktop-file-validate", entry)));
  }

  @Test
  void saysThatThereIsNoJava() throws Exception {
    assertEquals(
        new Ended(MISSING, List.of("perc4j: Java is not installed: version 17 or later is needed")),
        run(launcher, Map.of(), "", "--version"));
    assertEquals(
        new Ended(MISSING, List.of("perc4j: there is no Java at JAVA_HOME (" + tools + ")")),
        run(launcher, Map.of("JAVA_HOME", tools.toString()), "", "--version"));
  }

  @ParameterizedTest
  @CsvSource({"1.8.0_412, Java 8", "11.0.2, Java 11", "16, Java 16", "?, Java of an unknown"})
  void saysThatJavaIsTooOld(String version, String told) throws Exception {
    putOnPath(version);
    Ended ended = run(launcher, Map.of(), "", "join", "https://meet.example/Room");
    assertEquals(MISSING, ended.status());
    assertEquals(1, ended.lines().size(), ended.toString());
    assertTrue(
        ended.lines().get(0).startsWith("perc4j: " + tools + "/java is " + told), ended.toString());
  }

  @Test
  void prefersTheJavaOfJavaHomeWhereverItIsStartedFrom() throws Exception {
    putOnPath("11");
    Path link = Files.createSymbolicLink(tools.resolve("perc4j"), launcher);
    Ended ended = run(link, withJava(), "", "--version");
    assertEquals(0, ended.status(), ended.toString());
    assertEquals(1, ended.lines().size(), ended.toString());
    assertTrue(ended.lines().get(0).matches("perc4j [0-9]+\\.[0-9]+\\.[0-9]+.*"), ended.toString());
  }

  @Test
  void takesTheJavaOnThePath() throws Exception {
    Path unused =
        Files.createSymbolicLink(tools.resolve("java"), ChildProcess.javaBin().resolve("java"));
    Ended ended = run(launcher, Map.of(), "", "help");
    assertEquals(0, ended.status(), ended.toString());
    assertEquals("usage: perc4j join URL [options]", ended.lines().get(0));
  }

  @Test
  void classesAreKeptOnceForEachJavaAndItsLibraries(@TempDir Path folder) throws Exception {
    putOnPath("17.0.1");
    Path cache = folder.resolve("what may be lost");
    List<String> first = joinsWith(cache);
    assertTrue(first.contains("-XX:+RecordDynamicDumpInfo"), first.toString());
    assertEquals(List.of(), values(first, ARCHIVE_THERE));
    Path archive = Path.of(values(first, ARCHIVE_WANTED).get(0));
    assertEquals(cache.resolve("perc4j"), archive.getParent());

    // As long as no meeting ended, it is wanted.
    assertEquals(List.of(archive.toString()), values(joinsWith(cache), ARCHIVE_WANTED));
    Path unused = Files.createFile(archive);
    List<String> later = joinsWith(cache);
    assertEquals(List.of(archive.toString()), values(later, ARCHIVE_THERE));
    assertEquals(List.of(), values(later, ARCHIVE_WANTED));

    FileTime before = Files.getLastModifiedTime(libraries().get(0));
    Path unusedToo =
        Files.setLastModifiedTime(
            libraries().get(0), FileTime.fromMillis(before.toMillis() - 60_000));
    Path next = Path.of(values(joinsWith(cache), ARCHIVE_WANTED).get(0));
    assertNotEquals(archive, next);
    assertFalse(Files.exists(archive), "the former one is of no use");
  }

  @Test
  void joinsAlsoWhereNothingCanBeKept(@TempDir Path folder) throws Exception {
    putOnPath("17.0.1");
    Path file = Files.createFile(folder.resolve("file"));
    List<String> words = joinsWith(file);
    assertEquals(List.of(), values(words, ARCHIVE_WANTED));
    assertEquals(List.of(), values(words, ARCHIVE_THERE));
    Ended homeless = run(launcher, Map.of(), "", "join", "https://meet.example/Room");
    assertEquals(words.subList(0, 4), homeless.lines().subList(0, 4));
    assertTrue(words.get(0).startsWith("-XX:"), words.toString());
  }

  @Test
  void onlyWhoJoinsIsInAHurry() throws Exception {
    putOnPath("17.0.1");
    for (String command : List.of("record", "help", "--version")) {
      Ended ended = run(launcher, Map.of("HOME", tools.toString()), "", command);
      assertEquals("-cp", ended.lines().get(0));
      assertEquals(List.of("org.perc4j.client.Main", command), ended.lines().subList(2, 4));
    }
    assertFalse(Files.exists(tools.resolve(".cache")));
  }

  @Test
  void librariesAreNotSignedSoThatJavaKeepsTheirClasses() throws IOException {
    for (Path library : libraries()) {
      try (JarFile jar = new JarFile(library.toFile())) {
        assertEquals(
            List.of(),
            jar.stream()
                .map(JarEntry::getName)
                .filter(name -> name.matches("META-INF/[^/]*\\.(SF|RSA|DSA|EC)"))
                .toList(),
            library.toString());
      }
    }
  }

  @Test
  void refusesWhatIsNoUrlOfAMeeting() throws Exception {
    Ended ended = run("join", "http://meet.example/Room");
    assertEquals(USAGE, ended.status(), ended.toString());
    assertEquals(List.of("perc4j: the URL is http://, only https:// is taken"), ended.lines());
  }

  @Test
  void theMenuAsksForTheUrlAndStaysUntilTheComplaintWasRead() throws Exception {
    Path open = root.resolve("usr/share/perc4j/open");
    Ended asked = run(open, withJava(), "http://meet.example/Room\n\n");
    assertEquals(
        new Ended(
            USAGE,
            List.of(
                "URL of the meeting: perc4j: the URL is http://, only https:// is taken",
                "Enter closes this.")),
        asked);
    Ended link = run(open, withJava(), "\n", "jitsi-meet://meet.example/");
    assertEquals(
        new Ended(USAGE, List.of("perc4j: the URL names no room", "Enter closes this.")), link);
    assertEquals(new Ended(0, List.of("URL of the meeting: ")), run(open, withJava(), ""));
  }
}
