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
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;

/**
 * Fuzzes all {@code @FuzzTest} methods among a module's tests: each in a JVM of its own, as Jazzer
 * fuzzes one target per JVM, two at a time.
 *
 * <p>System properties: {@code perc4j.fuzz.seconds}, how long each target runs, {@value
 * #DEFAULT_SECONDS} unless given; {@code perc4j.fuzz.targets}, parts of names separated by spaces,
 * of which a target's has to contain one, all targets unless given.
 */
public final class FuzzTargets {
  private static final String DEFAULT_SECONDS = "2";
  private static final int AT_A_TIME = 2;
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
    for (Method method : methods(classes)) {
      FuzzRun run = new FuzzRun(method, classes, output);
      if (isWanted(run.name())) {
        Future<FuzzRun.Result> result = pool.submit(() -> run.execute(seconds));
        tests.add(DynamicTest.dynamicTest(run.name(), () -> report(run, result, results)));
      }
    }
    pool.shutdown();
    return tests;
  }

  private static void report(FuzzRun run, Future<FuzzRun.Result> future, Path results)
      throws IOException, InterruptedException {
    FuzzRun.Result result;
    try {
      result = future.get();
    } catch (ExecutionException e) {
      throw new AssertionError(run.name(), e.getCause());
    }
    System.out.println(
        "fuzzed "
            + run.name()
            + ": "
            + result.executions()
            + " executions in "
            + result.seconds()
            + " s");
    result.append(run.name(), results);
    if (result.findings() != 0) {
      throw new AssertionError(run.name() + " found something:\n" + result.output());
    }
    if (result.executions() == 0) {
      throw new AssertionError(run.name() + " executed nothing:\n" + result.output());
    }
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
