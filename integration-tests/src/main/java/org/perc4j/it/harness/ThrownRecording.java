/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.harness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import jdk.jfr.consumer.RecordedClass;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordedStackTrace;
import jdk.jfr.consumer.RecordingFile;
import org.jspecify.annotations.Nullable;

/**
 * What another Java process throws, whether somebody catches it or not, by the JDK's flight
 * recorder. Not thread-safe.
 */
public final class ThrownRecording {
  private static final String NAME = "thrown";

  private static final Set<String> EVENTS = Set.of("jdk.JavaExceptionThrow", "jdk.JavaErrorThrow");

  /** The constructors of the exception itself come first. */
  private static final String CONSTRUCTOR = "<init>";

  /**
   * Something that was thrown.
   *
   * @param type class
   * @param message its own, or null
   * @param stack class and name of each method that ran then, without the constructors of the
   *     exception: what threw it comes first; as deep as the flight recorder goes (64 by default)
   */
  public record Thrown(String type, @Nullable String message, List<String> stack) {
    /** Takes a copy of the stack. */
    public Thrown {
      stack = List.copyOf(stack);
    }

    /** Returns what tells kinds apart: messages have addresses and numbers in them. */
    public String kind() {
      return type + " in " + (stack.isEmpty() ? "nowhere" : stack.get(0));
    }

    /**
     * Returns whether any of these threw this, or called what did.
     *
     * @param names of packages, which stand for all in them, classes or methods
     */
    public boolean passedThrough(Collection<String> names) {
      return stack.stream()
          .map(method -> method + ".")
          .anyMatch(method -> names.stream().anyMatch(name -> method.startsWith(name + ".")));
    }
  }

  private final long pid;
  private final Path file;

  private ThrownRecording(long pid, Path file) {
    this.pid = pid;
    this.file = file;
  }

  /**
   * Starts to record.
   *
   * @param file for the recording, replaced
   */
  public static ThrownRecording start(long pid, Path file)
      throws IOException, InterruptedException {
    String output =
        Jcmd.run(
            pid,
            "JFR.start",
            "name=" + NAME,
            // Other settings do not know these events, and only warn.
            "settings=default",
            "jdk.JavaExceptionThrow#enabled=true",
            "jdk.JavaExceptionThrow#stackTrace=true",
            "jdk.JavaErrorThrow#enabled=true",
            "jdk.JavaErrorThrow#stackTrace=true");
    if (!output.contains("Started recording") || output.contains("Warning!")) {
      throw new IOException("no flight recording of " + pid + ": " + output);
    }
    boolean unused = Files.deleteIfExists(file);
    return new ThrownRecording(pid, file.toAbsolutePath());
  }

  /** Ends the recording, and returns all that was thrown meanwhile, in no order. */
  public List<Thrown> stop() throws IOException, InterruptedException {
    String output = Jcmd.run(pid, "JFR.stop", "name=" + NAME, "filename=" + file);
    if (!Files.isRegularFile(file)) {
      throw new IOException("no flight recording of " + pid + ": " + output);
    }
    List<Thrown> thrown = new ArrayList<>();
    for (RecordedEvent event : RecordingFile.readAllEvents(file)) {
      if (!EVENTS.contains(event.getEventType().getName())) {
        continue;
      }
      RecordedClass type = event.getValue("thrownClass");
      thrown.add(
          new Thrown(type.getName(), event.getString("message"), stack(event.getStackTrace())));
    }
    return thrown;
  }

  private static List<String> stack(@Nullable RecordedStackTrace trace) {
    return trace == null
        ? List.of()
        : trace.getFrames().stream()
            .map(RecordedFrame::getMethod)
            .dropWhile(method -> method.getName().equals(CONSTRUCTOR))
            .map(method -> method.getType().getName() + "." + method.getName())
            .toList();
  }
}
