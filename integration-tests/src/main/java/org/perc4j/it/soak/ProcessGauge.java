/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.soak;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Looks at a Java process of the same user. */
final class ProcessGauge {
  private static final Pattern HEAP_USED = Pattern.compile("used (\\d+)K");
  private static final Pattern THREADS = Pattern.compile("Threads:\\s+(\\d+)");
  private static final long KILO = 1024;

  /**
   * What it has.
   *
   * @param heapBytes that are in use after a full collection
   * @param threads of the operating system
   * @param descriptors of open files
   */
  record Reading(long heapBytes, int threads, int descriptors) {}

  private final long pid;

  ProcessGauge(long pid) {
    this.pid = pid;
  }

  /** Has the process collect its garbage, and reads. */
  Reading read() throws IOException, InterruptedException {
    String unused = jcmd("GC.run");
    Path process = Path.of("/proc", Long.toString(pid));
    int descriptors;
    try (Stream<Path> open = Files.list(process.resolve("fd"))) {
      descriptors = (int) open.count();
    }
    return new Reading(
        KILO * number(HEAP_USED, jcmd("GC.heap_info")),
        (int) number(THREADS, Files.readString(process.resolve("status"))),
        descriptors);
  }

  private String jcmd(String command) throws IOException, InterruptedException {
    Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
    Process process =
        new ProcessBuilder(
                Files.isExecutable(jcmd) ? jcmd.toString() : "jcmd", Long.toString(pid), command)
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException(command + " of " + pid + ": " + output);
    }
    return output;
  }

  private static long number(Pattern pattern, String text) throws IOException {
    Matcher matcher = pattern.matcher(text);
    if (!matcher.find()) {
      throw new IOException("no " + pattern + " in: " + text);
    }
    return Long.parseLong(matcher.group(1));
  }
}
