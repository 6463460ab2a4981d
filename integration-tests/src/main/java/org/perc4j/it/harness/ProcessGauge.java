/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.harness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Looks at a Java process of the same user, with G1, the collector that it has by default. */
public final class ProcessGauge {
  private static final Pattern HEAP_USED = Pattern.compile("used (\\d+)K");
  private static final Pattern LIVE_BYTES = Pattern.compile("(?m)^Total\\s+\\d+\\s+(\\d+)$");
  private static final Pattern RESIDENT = Pattern.compile("VmRSS:\\s+(\\d+) kB");
  private static final Pattern THREADS = Pattern.compile("Threads:\\s+(\\d+)");
  private static final Pattern COLLECTION = Pattern.compile(" (\\d+)M->(\\d+)M\\(");
  private static final long KILO = 1024;
  private static final long MEGA = KILO * KILO;

  /** Positions in /proc/PID/stat, behind the name. */
  private static final int USER_TIME = 11;

  private static final int SYSTEM_TIME = 12;
  private static final double TICKS_PER_SECOND = 100;

  /**
   * What it has.
   *
   * @param heapBytes of all objects that somebody refers to
   * @param residentBytes of the whole process in memory
   * @param threads of the operating system
   * @param descriptors of open files
   */
  public record Reading(long heapBytes, long residentBytes, int threads, int descriptors) {}

  private final long pid;
  private final Path process;

  /** Looks at a process by its identifier. */
  public ProcessGauge(long pid) {
    this.pid = pid;
    this.process = Path.of("/proc", Long.toString(pid));
  }

  /**
   * Has the process collect its garbage, and reads. Objects are counted while it stands still for
   * that: what is in use of the heap a moment later has the garbage of that moment in it, of a busy
   * process tens of megabytes.
   */
  public Reading read() throws IOException, InterruptedException {
    long heapBytes = number(LIVE_BYTES, Jcmd.run(pid, "GC.class_histogram"));
    int descriptors;
    try (Stream<Path> open = Files.list(process.resolve("fd"))) {
      descriptors = (int) open.count();
    }
    String status = Files.readString(process.resolve("status"));
    return new Reading(
        heapBytes, KILO * number(RESIDENT, status), (int) number(THREADS, status), descriptors);
  }

  /** Returns the processor time that it has had so far, in seconds, to a hundredth. */
  public double cpuSeconds() throws IOException {
    String stat = Files.readString(process.resolve("stat"));
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    return (Long.parseLong(fields[USER_TIME]) + Long.parseLong(fields[SYSTEM_TIME]))
        / TICKS_PER_SECOND;
  }

  /**
   * Has the process write down its collections, for {@link #allocatedBytes}.
   *
   * @param log a file that there is not yet
   */
  public void logCollections(Path log) throws IOException, InterruptedException {
    String unused =
        Jcmd.run(pid, "VM.log", "output=" + log.toAbsolutePath(), "what=gc=info", "decorators=u");
  }

  /**
   * Returns how much was allocated, up to a number that stays the same, to some megabytes for each
   * collection in between.
   *
   * @param log of {@link #logCollections}
   */
  public long allocatedBytes(Path log) throws IOException, InterruptedException {
    long used = heapUsed();
    long collected = 0;
    Matcher collections = COLLECTION.matcher(Files.readString(log));
    while (collections.find()) {
      collected +=
          MEGA * (Long.parseLong(collections.group(1)) - Long.parseLong(collections.group(2)));
    }
    return used + collected;
  }

  private long heapUsed() throws IOException, InterruptedException {
    return KILO * number(HEAP_USED, Jcmd.run(pid, "GC.heap_info"));
  }

  private static long number(Pattern pattern, String text) throws IOException {
    Matcher matcher = pattern.matcher(text);
    if (!matcher.find()) {
      throw new IOException("no " + pattern + " in: " + text);
    }
    return Long.parseLong(matcher.group(1));
  }
}
