/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.fuzzing;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;

/**
 * Fuzzes all {@code @FuzzTest} methods among a module's tests, two JVMs at a time. For a short run
 * {@value #SHARE} targets share a JVM, as starting Jazzer takes longer than fuzzing.
 *
 * <p>System properties: {@code perc4j.fuzz.seconds}, how long for each target, {@value
 * #DEFAULT_SECONDS} unless given; {@code perc4j.fuzz.targets}, parts of names separated by spaces,
 * of which a target's has to contain one, all targets unless given.
 */
public final class FuzzTargets {
  private static final String DEFAULT_SECONDS = "2";
  private static final int AT_A_TIME = 2;

  /** In a longer run each target has a JVM, and a corpus that it keeps, of its own. */
  private static final int SHARE = 4;

  private static final String CLASS_SUFFIX = "FuzzTest.class";

  private FuzzTargets() {}

  /**
   * Starts to fuzz the targets of a module.
   *
   * @param test a class among the module's tests
   * @return a test for each target, which waits for it and fails if it found anything, executed
   *     nothing, or has no corpus
   */
  public static List<DynamicTest> of(Class<?> test) throws IOException {
    Path classes = folderOf(test);
    Path output = classes.resolveSibling("fuzzing");
    int seconds = Integer.parseInt(property("perc4j.fuzz.seconds", DEFAULT_SECONDS));
    Path results = Files.createDirectories(output).resolve("results.tsv");
    boolean unused = Files.deleteIfExists(results);
    ExecutorService pool =
        Executors.newFixedThreadPool(
            AT_A_TIME,
            task -> {
              Thread thread = new Thread(task, "fuzzing");
              thread.setDaemon(true);
              return thread;
            });
    List<DynamicTest> tests = new ArrayList<>();
    for (List<Method> group : groups(methods(classes), FuzzRun.isShort(seconds) ? SHARE : 1)) {
      FuzzRun run = new FuzzRun(group, classes, output);
      Future<List<FuzzRun.Result>> future = pool.submit(() -> run.execute(seconds));
      for (int i = 0; i < group.size(); i++) {
        int index = i;
        tests.add(
            DynamicTest.dynamicTest(
                FuzzRun.name(group.get(i)), () -> report(result(future, index), results)));
      }
    }
    pool.shutdown();
    return tests;
  }

  private static FuzzRun.Result result(Future<List<FuzzRun.Result>> future, int index)
      throws InterruptedException {
    try {
      return future.get().get(index);
    } catch (ExecutionException e) {
      throw new AssertionError("it did not run", e.getCause());
    }
  }

  private static void report(FuzzRun.Result result, Path results) throws IOException {
    System.out.printf(
        Locale.ROOT,
        "fuzzed %s: %d executions in %.1f s%n",
        result.name(),
        result.executions(),
        result.seconds());
    result.append(results);
    if (result.findings() != 0) {
      throw new AssertionError(result.name() + " found something:\n" + result.output());
    }
    if (result.executions() == 0) {
      throw new AssertionError(result.name() + " executed nothing:\n" + result.output());
    }
  }

  /** Neighbours, which take about as long and load the same classes. */
  private static List<List<Method>> groups(List<Method> targets, int most) {
    int count = (targets.size() + most - 1) / most;
    List<List<Method>> groups = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      groups.add(targets.subList(i * targets.size() / count, (i + 1) * targets.size() / count));
    }
    return groups;
  }

  private static boolean isWanted(String name) {
    String wanted = property("perc4j.fuzz.targets", "");
    return wanted.isBlank() || Arrays.stream(wanted.trim().split(" +")).anyMatch(name::contains);
  }

  /** Maven hands on what was not given as nothing. */
  private static String property(String name, String unlessGiven) {
    String value = System.getProperty(name, "");
    return value.isBlank() ? unlessGiven : value;
  }

  private static Path folderOf(Class<?> test) {
    try {
      return Path.of(test.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException("not from a folder: " + test, e);
    }
  }

  private static List<Method> methods(Path classes) throws IOException {
    try (Stream<Path> files = Files.walk(classes)) {
      return files
          .filter(file -> file.toString().endsWith(CLASS_SUFFIX))
          .map(file -> load(classes.relativize(file)))
          .flatMap(type -> Arrays.stream(type.getDeclaredMethods()))
          .filter(method -> method.isAnnotationPresent(FuzzTest.class))
          .filter(method -> isWanted(FuzzRun.name(method)))
          .sorted(Comparator.comparing((Method method) -> FuzzRun.name(method)))
          .toList();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private static Class<?> load(Path file) {
    String name = file.toString().replace('/', '.').replace(".class", "");
    try {
      return Class.forName(name, false, FuzzTargets.class.getClassLoader());
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException("a class that is not where it seems to be", e);
    }
  }
}
