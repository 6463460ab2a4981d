/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.harness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;

/**
 * Time as the machine has it for each of those who want to run: on a machine with a processor for
 * every one of them it goes as the clock does; on a busier one as slowly as they do; and it hardly
 * goes on while the machine, or this process, stands still. What is promised within some seconds is
 * measured by it, so that the promise is the same on both. Thread-safe.
 */
public final class ServedTime {
  private static final Path STATISTICS = Path.of("/proc/stat");
  private static final String RUNNABLE = "procs_running ";
  private static final Duration STEP = Duration.ofMillis(20);

  /** Of a longer step the rest was nobody's. */
  private static final long MAX_STEP_NANOS = STEP.multipliedBy(4).toNanos();

  private final LongSupplier clock;
  private final IntSupplier runnable;
  private final int processors;
  private long lastNanos;
  private volatile long servedNanos;

  /** The one of this machine, which goes on by itself. */
  private static final class Machine {
    static final ServedTime TIME =
        new ServedTime(
            System::nanoTime,
            ServedTime::othersRunnable,
            Runtime.getRuntime().availableProcessors());

    static {
      Thread thread = new Thread(Machine::run, "served time");
      thread.setDaemon(true);
      thread.start();
    }

    private static void run() {
      try {
        while (true) {
          Thread.sleep(STEP.toMillis());
          TIME.step();
        }
      } catch (InterruptedException e) {
        throw new IllegalStateException("nobody else knows this thread", e);
      }
    }
  }

  /**
   * Begins at zero.
   *
   * @param clock in nanoseconds, from any origin
   * @param runnable how many threads run or want to
   * @param processors on which they do
   */
  ServedTime(LongSupplier clock, IntSupplier runnable, int processors) {
    this.clock = clock;
    this.runnable = runnable;
    this.processors = processors;
    this.lastNanos = clock.getAsLong();
  }

  /** Returns the time on this machine, in nanoseconds, from any origin; exact to some dozen ms. */
  public static long nanos() {
    return Machine.TIME.served();
  }

  /** Begins to compare this machine with a quiet one. */
  public static Span span() {
    return Machine.TIME.new Span();
  }

  /** Some time, which goes on. Immutable. */
  public final class Span {
    private final long beganNanos = clock.getAsLong();
    private final long servedBeforeNanos = served();

    /** Returns how often longer everything took so far than on a quiet machine, from 1 on. */
    public double slowdown() {
      long passed = clock.getAsLong() - beganNanos;
      return Math.max(1, passed / (double) Math.max(1, served() - servedBeforeNanos));
    }

    /** Returns what has so far become of a limit that is one on a quiet machine. */
    public Duration stretch(Duration limit) {
      return Duration.ofNanos(Math.round(limit.toNanos() * slowdown()));
    }
  }

  long served() {
    return servedNanos;
  }

  /** Counts the time since the last step. */
  synchronized void step() {
    long now = clock.getAsLong();
    long passed = Math.min(now - lastNanos, MAX_STEP_NANOS);
    lastNanos = now;
    servedNanos += passed * processors / Math.max(processors, runnable.getAsInt());
  }

  /** Where the system does not tell, the machine counts as quiet. */
  private static int othersRunnable() {
    try {
      return Files.readAllLines(STATISTICS).stream()
          .filter(line -> line.startsWith(RUNNABLE))
          .mapToInt(line -> Integer.parseInt(line.substring(RUNNABLE.length())) - 1)
          .findFirst()
          .orElse(0);
    } catch (IOException e) {
      return 0;
    }
  }
}
