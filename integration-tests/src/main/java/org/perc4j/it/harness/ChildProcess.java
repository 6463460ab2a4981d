/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.harness;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A server that runs beside the tests, and ends with them; and commands. Thread-safe. */
public final class ChildProcess implements AutoCloseable {
  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(10);

  private static final Pattern ERROR = Pattern.compile("SEVERE|Exception|(?i:error)");

  private final Process process;

  private ChildProcess(Process process) {
    this.process = process;
  }

  /**
   * Starts a process, and waits until it serves. The command has to become the server's own
   * process, as with {@code exec} of a shell.
   *
   * @param name for messages
   * @param log where all goes that it prints, behind what is there
   * @param serves whether it serves already
   * @throws IOException if it ended at once, or does not serve in time
   */
  public static ChildProcess start(
      String name, ProcessBuilder builder, Path log, BooleanSupplier serves)
      throws IOException, InterruptedException {
    ChildProcess child =
        new ChildProcess(
            builder
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start());
    boolean started = false;
    try {
      boolean settled =
          Await.holdsWithin(
              Await.PATIENCE, () -> !child.process.isAlive() || serves.getAsBoolean());
      if (!settled || !child.process.isAlive()) {
        throw new IOException(
            name + (settled ? " ended at once" : " does not serve") + ", see " + complaint(log));
      }
      started = true;
      return child;
    } finally {
      if (!started) {
        child.close();
      }
    }
  }

  /** The log's name, its last line that tells of an error, and its last line. */
  private static String complaint(Path log) throws IOException {
    String error = "no error";
    String last = "nothing";
    try (Stream<String> lines = Files.lines(log, StandardCharsets.ISO_8859_1)) {
      for (String line : (Iterable<String>) lines::iterator) {
        last = line;
        if (ERROR.matcher(line).find()) {
          error = line;
        }
      }
    }
    return log + ", which has: " + error + "; and ends: " + last;
  }

  /**
   * Runs a command to its end, and returns what it prints.
   *
   * @throws IOException if it fails; with what it printed
   */
  @CanIgnoreReturnValue
  public static String output(List<String> command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (!process.waitFor(Await.PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
      Process unused = process.destroyForcibly();
      throw new TimedOutException(String.join(" ", command));
    }
    if (process.exitValue() != 0) {
      throw new IOException(String.join(" ", command) + ": " + output);
    }
    return output;
  }

  /**
   * Returns where a server is installed, or null: where a system property or the environment says,
   * else where its Debian package puts it.
   *
   * @param jar that has to be there
   */
  public static @Nullable Path home(
      String property, String environment, Path debianHome, String jar) {
    String told = System.getProperty(property, "");
    if (told.isEmpty()) {
      told = System.getenv().getOrDefault(environment, "");
    }
    Path home = told.isEmpty() ? debianHome : Path.of(told);
    return Files.isRegularFile(home.resolve(jar)) ? home : null;
  }

  /** Returns the folder of the Java that runs this, for servers in Java. */
  public static Path javaBin() {
    return Path.of(System.getProperty("java.home"), "bin");
  }

  /** Returns the process identifier. */
  public long pid() {
    return process.pid();
  }

  /** Sends it a signal, such as {@code -STOP}. */
  public void signal(String signal) throws IOException, InterruptedException {
    int status =
        new ProcessBuilder("kill", signal, Long.toString(pid())).inheritIO().start().waitFor();
    if (status != 0) {
      throw new IOException("kill " + signal + " returned " + status);
    }
  }

  /** Ends it at once, without a chance to tell anybody. */
  public void kill() throws InterruptedException {
    Process unused = process.destroyForcibly();
    requireEnd();
  }

  /** Lets it end, and makes it if it does not. */
  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(STOP_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
        kill();
      }
    } catch (InterruptedException e) {
      Process unused = process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  private void requireEnd() throws InterruptedException {
    if (!process.waitFor(Await.PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new IllegalStateException("process " + pid() + " can't be ended");
    }
  }
}
