/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.fuzzing;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Targets that Jazzer fuzzes in a JVM of their own. */
final class FuzzRun {
  /** How long Jazzer may take beyond what it is asked to fuzz. */
  private static final int GRACE_SECONDS = 180;

  /** What a target may have for its corpus, and to load its classes, beyond its share. */
  private static final int SEED_SECONDS = 1;

  /** How long one execution may take. */
  private static final int HANG_SECONDS = 60;

  private static final int LONG_SECONDS = 10;

  /** They watch for deserialisation, SQL, LDAP and the like, and take seconds to load. */
  private static final List<String> SANITIZERS_NOT_LOADED =
      List.of(
          "ClojureLangHooks",
          "Deserialization",
          "ExpressionLanguageInjection",
          "LdapInjection",
          "NamingContextLookup",
          "OsCommandInjection",
          "ScriptEngineInjection",
          "SqlInjection",
          "TemplateInjection",
          "XPathInjection");

  private final List<Method> group;
  private final Path classes;
  private final Path folder;

  /**
   * What came of a target.
   *
   * @param name of the target
   * @param executions how many
   * @param seconds which these took
   * @param newEntries inputs that reached what none before had reached
   * @param findings 0 or 1: a run ends at the first; 1 for all targets of a run that failed without
   *     one
   * @param output Jazzer's, for all targets of the run
   */
  record Result(
      String name, long executions, double seconds, long newEntries, int findings, String output) {
    void append(Path file) throws IOException {
      String line =
          String.format(
              Locale.ROOT,
              "%s\t%d\t%.1f\t%d\t%d%n",
              name,
              executions,
              seconds,
              newEntries,
              findings);
      var unused =
          Files.writeString(file, line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }
  }

  /**
   * Nothing is started yet.
   *
   * @param group at least one target
   * @param classes the module's compiled tests, with corpora
   * @param output a folder in which the run gets one of its own, named after the first target
   */
  FuzzRun(List<Method> group, Path classes, Path output) {
    this.group = group;
    this.classes = classes;
    this.folder = output.resolve(name(group.get(0)) + (group.size() == 1 ? "" : "+"));
  }

  /** Whether starting Jazzer takes much of the time if each target has so many seconds. */
  static boolean isShort(int seconds) {
    return seconds < LONG_SECONDS;
  }

  static String name(Method method) {
    return method.getDeclaringClass().getSimpleName() + "." + method.getName();
  }

  /** Fuzzes each for so many seconds; returns what came of each, in order. */
  List<Result> execute(int seconds) throws IOException, InterruptedException {
    Path found = Files.createDirectories(folder.resolve("findings"));
    Path corpus = Files.createDirectories(folder.resolve("corpus"));
    Path account = folder.resolve("account");
    boolean unused = Files.deleteIfExists(account);
    Path seeds = group.size() == 1 ? corpusOf(group.get(0)) : seedsOfGroup(corpus);
    long[] before = entries(corpus);
    Path log = folder.resolve("jazzer.log");
    int inputs = files(corpus).size() + files(seeds).size();
    int all = (seconds + SEED_SECONDS) * group.size();
    List<String> command = command(seconds, all, inputs, found, account);
    command.add(corpus.toString());
    command.add(seeds.toString());
    Process process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    boolean ended;
    try {
      ended = process.waitFor((long) all + GRACE_SECONDS, TimeUnit.SECONDS);
    } finally {
      var unusedProcess = process.destroyForcibly();
    }
    return results(
        ended && process.exitValue() == 0,
        Files.readString(log, StandardCharsets.UTF_8),
        account,
        before,
        entries(corpus));
  }

  private List<Result> results(
      boolean isFine, String output, Path account, long[] before, long[] after) throws IOException {
    List<String> lines = Files.exists(account) ? Files.readAllLines(account) : List.of();
    boolean isKnown = lines.stream().anyMatch(line -> line.endsWith(" 1"));
    List<Result> results = new ArrayList<>();
    for (int i = 0; i < group.size(); i++) {
      String[] words =
          i < lines.size() ? lines.get(i).split(" ", -1) : new String[] {"0", "0", "0"};
      results.add(
          new Result(
              name(group.get(i)),
              Long.parseLong(words[0]),
              Long.parseLong(words[1]) / 1e9,
              after[i] - before[i],
              isFine || isKnown ? Integer.parseInt(words[2]) : 1,
              output));
    }
    return results;
  }

  private List<String> command(int seconds, int all, int inputs, Path found, Path account) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:+UseSerialGC", "-Xmx768m", "-Xss1m"));
    if (isShort(seconds)) {
      // Jazzer compiles its own classes as well: it is quicker to compile less.
      command.add("-XX:TieredStopAtLevel=1");
    }
    command.add(
        group.stream()
            .map(method -> method.getDeclaringClass().getName() + "#" + method.getName())
            .collect(Collectors.joining(",", "-D" + FuzzedGroup.GROUP + "=", "")));
    command.add("-D" + FuzzedGroup.SHARE + "=" + seconds);
    command.add("-D" + FuzzedGroup.SEEDS + "=" + inputs);
    command.add("-D" + FuzzedGroup.ACCOUNT + "=" + account);
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add("com.code_intelligence.jazzer.Jazzer");
    command.add("--target_class=" + FuzzedGroup.class.getName());
    command.add("--instrumentation_includes=org.perc4j.**");
    command.add("--custom_hook_includes=org.perc4j.**");
    command.add(
        "--disabled_hooks="
            + String.join(
                ":",
                SANITIZERS_NOT_LOADED.stream()
                    .map(name -> "com.code_intelligence.jazzer.sanitizers." + name)
                    .toList()));
    command.add("-max_total_time=" + all);
    command.add("-timeout=" + HANG_SECONDS);
    command.add("-seed=1");
    command.add("-print_final_stats=1");
    command.add("-rss_limit_mb=0");
    command.add("-artifact_prefix=" + found + "/");
    return command;
  }

  /** Without a corpus most of a short run finds out what a packet looks like. */
  private Path corpusOf(Method method) throws IOException {
    Class<?> type = method.getDeclaringClass();
    Path corpus = classes.resolve(type.getName().replace('.', '/') + "Inputs/" + method.getName());
    if (files(corpus).isEmpty()) {
      throw new IllegalStateException("no corpus in " + corpus);
    }
    return corpus;
  }

  /** Each target's corpus with its number in front, anew: the numbers may be others next time. */
  private Path seedsOfGroup(Path corpus) throws IOException {
    Path seeds = Files.createDirectories(folder.resolve("seeds"));
    for (Path folder : List.of(corpus, seeds)) {
      for (Path file : files(folder)) {
        Files.delete(file);
      }
    }
    for (int i = 0; i < group.size(); i++) {
      for (Path file : files(corpusOf(group.get(i)))) {
        byte[] octets = Files.readAllBytes(file);
        byte[] numbered = new byte[1 + octets.length];
        numbered[0] = (byte) i;
        System.arraycopy(octets, 0, numbered, 1, octets.length);
        Path unused = Files.write(seeds.resolve(i + "-" + file.getFileName()), numbered);
      }
    }
    return seeds;
  }

  private long[] entries(Path corpus) throws IOException {
    long[] entries = new long[group.size()];
    for (Path file : files(corpus)) {
      entries[FuzzedGroup.target(Files.readAllBytes(file), group.size())]++;
    }
    return entries;
  }

  private static List<Path> files(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(Files::isRegularFile).toList();
    }
  }
}
