/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;

/** What figures are worth nothing without: the machine, and what else it did meanwhile. */
public final class Machine {
  /** Positions in the first line of /proc/stat, behind the name. */
  private static final int STEAL = 7;

  private static final int WITHOUT_GUESTS = 8;

  private final long startNanos = System.nanoTime();
  private final long[] ticks = ticks();

  private Machine() throws IOException {}

  /**
   * Prints processor, memory, JDK and load.
   *
   * @return the state of the machine at the beginning
   */
  @com.google.errorprone.annotations.CanIgnoreReturnValue
  public static Machine describe(PrintStream out) throws IOException {
    String model =
        Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
            .filter(line -> line.startsWith("model name"))
            .findFirst()
            .orElse("unknown processor");
    String memory = Files.readAllLines(Path.of("/proc/meminfo")).get(0);
    out.printf(
        "%d x %s, %s, JDK %s%nLoad before: %s%n%n",
        Runtime.getRuntime().availableProcessors(),
        model.replaceAll(".*: ", ""),
        memory.replaceAll(" +", " "),
        System.getProperty("java.version"),
        load());
    return new Machine();
  }

  /** Prints how long it took, the load, and what other virtual machines took of the processors. */
  public void describeSince(PrintStream out) throws IOException {
    long[] now = ticks();
    long all = 0;
    for (int i = 0; i < WITHOUT_GUESTS; i++) {
      all += now[i] - ticks[i];
    }
    out.printf(
        Locale.ROOT,
        "%nTook %d s, load after: %s, stolen: %.1f %%%n",
        Duration.ofNanos(System.nanoTime() - startNanos).toSeconds(),
        load(),
        100.0 * (now[STEAL] - ticks[STEAL]) / Math.max(1, all));
  }

  private static String load() throws IOException {
    return Files.readString(Path.of("/proc/loadavg")).strip();
  }

  private static long[] ticks() throws IOException {
    String[] words = Files.readAllLines(Path.of("/proc/stat")).get(0).split(" +");
    return Arrays.stream(words).skip(1).mapToLong(Long::parseLong).toArray();
  }
}
