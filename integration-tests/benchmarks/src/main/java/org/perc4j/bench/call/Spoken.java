/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.bench.call;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.perc4j.it.harness.Await;

/** A process that says lines, each with the time when it came, and is told lines. */
final class Spoken implements Closeable {
  private static final long STOP_SECONDS = 10;

  private final Process process;
  private final Writer commands;
  private final Queue<Line> lines = new ConcurrentLinkedQueue<>();

  /**
   * What it said.
   *
   * @param millis when it was read, since 1970
   */
  record Line(double millis, String text) {}

  private Spoken(Process process) {
    this.process = process;
    this.commands = process.outputWriter(StandardCharsets.UTF_8);
    Thread reader = new Thread(this::read, "lines of " + process.pid());
    reader.setDaemon(true);
    reader.start();
  }

  /** Starts it; its errors are lines as well. */
  static Spoken start(ProcessBuilder builder) throws IOException {
    return new Spoken(builder.redirectErrorStream(true).start());
  }

  private void read() {
    try (BufferedReader in = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        lines.add(new Line(Times.nowMillis(), line));
      }
    } catch (IOException e) {
      lines.add(new Line(Times.nowMillis(), "unreadable: " + e));
    }
  }

  long pid() {
    return process.pid();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** Returns the processes that it started, and theirs. */
  List<ProcessHandle> descendants() {
    try (Stream<ProcessHandle> all = process.descendants()) {
      return all.toList();
    }
  }

  void tell(String line) {
    try {
      commands.write(line + "\n");
      commands.flush();
    } catch (IOException e) {
      throw new UncheckedIOException("ended: " + lines, e);
    }
  }

  List<Line> lines() {
    return List.copyOf(lines);
  }

  /** Returns the first line that is as told, or null. */
  @Nullable Line find(Predicate<String> wanted) {
    return lines.stream().filter(line -> wanted.test(line.text())).findFirst().orElse(null);
  }

  /** Waits for a line that begins with something, and returns it. */
  Line await(String begin) throws IOException, InterruptedException {
    boolean settled =
        Await.holdsWithin(
            Await.PATIENCE,
            () -> find(line -> line.startsWith(begin)) != null || !process.isAlive());
    Line line = find(text -> text.startsWith(begin));
    if (line == null) {
      throw new IOException((settled ? "ended: " : "no " + begin + ": ") + lines);
    }
    return line;
  }

  /** Waits until it ended by itself. */
  void awaitEnd() throws IOException, InterruptedException {
    Await.until("the end of " + process.pid(), Await.PATIENCE, () -> !process.isAlive());
  }

  @Override
  public void close() {
    List<ProcessHandle> others = descendants();
    process.destroy();
    others.forEach(ProcessHandle::destroy);
    try {
      if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
        Process unused = process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Process unused = process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    others.forEach(ProcessHandle::destroyForcibly);
  }
}
