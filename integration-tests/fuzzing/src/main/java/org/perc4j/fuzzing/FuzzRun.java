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
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** One target, fuzzed by Jazzer in a JVM of its own. */
final class FuzzRun {
  /** How long Jazzer may take beyond what it is asked to fuzz. */
  private static final int GRACE_SECONDS = 180;

  /** How long one execution may take. */
  private static final int HANG_SECONDS = 60;

  /** Jazzer compiles its own classes as well: for a short run it is quicker to compile less. */
  private static final int SHORT_SECONDS = 10;

  private static final Pattern EXECUTIONS =
      Pattern.compile("stat::number_of_executed_units: +([0-9]+)");

  private static final Pattern DONE = Pattern.compile("Done [0-9]+ runs in ([0-9]+) second");

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

  private final Method method;
  private final Path classes;
  private final Path folder;

  /**
   * What came of it.
   *
   * @param executions how many
   * @param seconds for which it executed, by Jazzer's own account; of the whole run if it ended
   *     before it gave one
   * @param newEntries inputs that reached what none before had reached
   * @param findings 0 or 1: it ends at the first
   * @param output Jazzer's
   */
  record Result(long executions, long seconds, long newEntries, int findings, String output) {
    void append(String name, Path file) throws IOException {
      String line =
          String.format(
              Locale.ROOT, "%s\t%d\t%d\t%d\t%d%n", name, executions, seconds, newEntries, findings);
      var unused =
          Files.writeString(file, line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }
  }

  FuzzRun(Method method, Path classes, Path output) {
    this.method = method;
    this.classes = classes;
    this.folder = output.resolve(name());
  }

  static String name(Method method) {
    return method.getDeclaringClass().getSimpleName() + "." + method.getName();
  }

  String name() {
    return name(method);
  }

  Result execute(int seconds) throws IOException, InterruptedException {
    requireCorpus();
    Path found = Files.createDirectories(folder.resolve("findings"));
    long before = files(folder.resolve(".cifuzz-corpus"));
    Path log = folder.resolve("jazzer.log");
    List<String> command = command(seconds, found);
    long start = System.nanoTime();
    Process process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    boolean ended;
    try {
      ended = process.waitFor((long) seconds + GRACE_SECONDS, TimeUnit.SECONDS);
    } finally {
      var unused = process.destroyForcibly();
    }
    long took = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start);
    String output = new String(Files.readAllBytes(log), StandardCharsets.UTF_8);
    long executions = number(EXECUTIONS, output, 0);
    return new Result(
        executions,
        number(DONE, output, took),
        files(folder.resolve(".cifuzz-corpus")) - before,
        ended && process.exitValue() == 0 ? 0 : 1,
        output);
  }

  private static long number(Pattern pattern, String output, long unlessThere) {
    Matcher matcher = pattern.matcher(output);
    return matcher.find() ? Long.parseLong(matcher.group(1)) : unlessThere;
  }

  private List<String> command(int seconds, Path found) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:+UseSerialGC", "-Xmx768m", "-Xss1m"));
    if (seconds <= SHORT_SECONDS) {
      command.add("-XX:TieredStopAtLevel=1");
    }
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add("com.code_intelligence.jazzer.Jazzer");
    command.add("--target_class=" + method.getDeclaringClass().getName());
    command.add("--target_method=" + method.getName());
    command.add("--instrumentation_includes=org.perc4j.**");
    command.add("--custom_hook_includes=org.perc4j.**");
    command.add(
        "--disabled_hooks="
            + String.join(
                ":",
                SANITIZERS_NOT_LOADED.stream()
                    .map(name -> "com.code_intelligence.jazzer.sanitizers." + name)
                    .toList()));
    command.add("-max_total_time=" + seconds);
    command.add("-timeout=" + HANG_SECONDS);
    command.add("-seed=1");
    command.add("-print_final_stats=1");
    command.add("-rss_limit_mb=0");
    command.add("-artifact_prefix=" + found + "/");
    return command;
  }

  /** Without a corpus most of a short run finds out what a packet looks like. */
  private void requireCorpus() throws IOException {
    Class<?> type = method.getDeclaringClass();
    Path corpus = classes.resolve(type.getName().replace('.', '/') + "Inputs/" + method.getName());
    if (files(corpus) == 0) {
      throw new IllegalStateException("no corpus in " + corpus);
    }
  }

  private static long files(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return 0;
    }
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(Files::isRegularFile).count();
    }
  }
}
