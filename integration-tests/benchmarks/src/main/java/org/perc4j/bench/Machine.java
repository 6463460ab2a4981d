/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** What figures are worth nothing without. */
public final class Machine {
  private Machine() {}

  /** Prints processor, memory, JDK and load. */
  public static void describe(PrintStream out) throws IOException {
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
        Files.readString(Path.of("/proc/loadavg")).strip());
  }
}
