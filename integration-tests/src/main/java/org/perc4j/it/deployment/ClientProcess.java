/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.deployment;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.perc4j.client.Main;
import org.perc4j.it.harness.Await;
import org.perc4j.it.harness.ChildProcess;

/** The client for people, with a Java machine of its own, in this network. */
public final class ClientProcess implements AutoCloseable {
  private static final Pattern DECODED =
      Pattern.compile("decoded of (.*): (\\d+) pictures, ([0-9.]+) s of sound");

  private static final long ASK_INTERVAL_NANOS = 500_000_000;

  private final Process process;
  private final Writer commands;
  private final Queue<String> lines = new ConcurrentLinkedQueue<>();
  private final Thread reader;
  private long lastAskedNanos = System.nanoTime();

  /** What a client says that it decoded of somebody. */
  public record Decoded(long pictures, double soundSeconds) {}

  private ClientProcess(Process process) {
    this.process = process;
    this.commands = new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8);
    this.reader =
        new Thread(
            () -> {
              try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
                output.lines().forEach(lines::add);
              } catch (IOException | UncheckedIOException e) {
                lines.add("unreadable: " + e);
              }
            });
    reader.setDaemon(true);
    reader.start();
  }

  /** Starts it with arguments as on the command line, and properties of Java. */
  public static ClientProcess start(Map<String, String> properties, List<String> arguments)
      throws IOException {
    return start(properties, Map.of(), arguments);
  }

  private static ClientProcess start(
      Map<String, String> properties, Map<String, String> environment, List<String> arguments)
      throws IOException {
    return run(program(properties), environment, arguments);
  }

  private static List<String> program(Map<String, String> properties) {
    List<String> program = new ArrayList<>();
    program.add(ChildProcess.javaBin().resolve("java").toString());
    properties.forEach((key, value) -> program.add("-D" + key + "=" + value));
    program.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
    return program;
  }

  private static ClientProcess run(
      List<String> program, Map<String, String> environment, List<String> arguments)
      throws IOException {
    List<String> command = new ArrayList<>(program);
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(environment);
    return new ClientProcess(builder.start());
  }

  /** Starts one that joins a room, with a new key, and trust in the deployment. */
  public static ClientProcess join(
      WebDeployment deployment, Path folder, String room, String name, String... further)
      throws IOException {
    return joinWithout(List.of(), deployment, folder, room, name, further);
  }

  /** Starts one that joins a room, on a machine that has not got these decoders of GStreamer. */
  public static ClientProcess joinWithout(
      List<String> decoders,
      WebDeployment deployment,
      Path folder,
      String room,
      String name,
      String... further)
      throws IOException {
    Map<String, String> environment = new HashMap<>();
    if (!decoders.isEmpty()) {
      environment.put("GST_PLUGIN_FEATURE_RANK", String.join(":NONE,", decoders) + ":NONE");
    }
    return start(Map.of(), environment, headless(deployment, folder, room, name, further));
  }

  private static List<String> headless(
      WebDeployment deployment, Path folder, String room, String name, String... further)
      throws IOException {
    List<String> arguments = arguments("join", deployment, folder, room, name);
    arguments.add("--headless");
    arguments.addAll(List.of(further));
    return arguments;
  }

  /**
   * Starts what is installed, with the Java of this process, to join a room. What it keeps for
   * later starts it keeps in the folder.
   */
  public static ClientProcess installed(
      Path launcher,
      WebDeployment deployment,
      Path folder,
      String room,
      String name,
      String... further)
      throws IOException {
    return run(
        List.of(launcher.toString()),
        Map.of(
            "JAVA_HOME",
            System.getProperty("java.home"),
            "XDG_CACHE_HOME",
            folder.resolve("cache").toString()),
        headless(deployment, folder, room, name, further));
  }

  /** Starts one that joins a room with a window, if the display is not empty. */
  public static ClientProcess window(
      WebDeployment deployment,
      Path folder,
      String room,
      String name,
      String display,
      String... further)
      throws IOException {
    List<String> arguments = arguments("join", deployment, folder, room, name);
    arguments.addAll(List.of(further));
    return start(Map.of(), Map.of("DISPLAY", display), arguments);
  }

  /** Starts one that records a room. */
  public static ClientProcess record(
      WebDeployment deployment, Path folder, String room, String name, Path to) throws IOException {
    List<String> arguments = arguments("record", deployment, folder, room, name);
    arguments.addAll(List.of("--to", to.toString()));
    return start(Map.of(), arguments);
  }

  /**
   * Returns the arguments of somebody who trusts the deployment, and has a key and acquaintances of
   * its own; the caller's.
   *
   * @param command {@code join} or {@code record}
   * @param folder for all keys
   */
  public static List<String> arguments(
      String command, WebDeployment deployment, Path folder, String room, String name)
      throws IOException {
    // each its own folder, as whom one has met is kept beside the key
    Path own = Files.createDirectories(folder.resolve(name));
    Path authority =
        Files.writeString(own.resolve("authority.pem"), deployment.authority().certificate());
    return new ArrayList<>(
        List.of(
            command,
            deployment.front().meeting(room),
            "--name",
            name,
            "--identity",
            own.resolve("identity.key").toString(),
            "--ca",
            authority.toString()));
  }

  /** Returns the process's identifier. */
  public long pid() {
    return process.pid();
  }

  /** Says something to it. */
  public void command(String line) {
    try {
      commands.write(line + "\n");
      commands.flush();
    } catch (IOException e) {
      throw new UncheckedIOException("ended: " + lines(), e);
    }
  }

  /** Asks who is there and what was decoded, unless that was done a moment ago. */
  public void ask() {
    long now = System.nanoTime();
    if (now - lastAskedNanos > ASK_INTERVAL_NANOS) {
      lastAskedNanos = now;
      command("s");
    }
  }

  /** Returns what it said so far. */
  public List<String> lines() {
    return List.copyOf(lines);
  }

  /** Waits until it says something that has this in it. */
  public void awaitLine(String part) throws Exception {
    boolean settled = Await.holdsWithin(Await.PATIENCE, () -> said(part) || !process.isAlive());
    if (!settled || !said(part)) {
      throw new IOException("no \"" + part + "\" but " + lines());
    }
  }

  /** Tells whether it said something that has this in it. */
  public boolean said(String part) {
    return lines().stream().anyMatch(line -> line.contains(part));
  }

  /** Returns what follows on the last line that begins so, or nothing if there is none. */
  public String last(String beginning) {
    String last = "";
    for (String line : lines) {
      if (line.startsWith(beginning)) {
        last = line.substring(beginning.length());
      }
    }
    return last;
  }

  /** Asks, and tells whether it said that it decoded so much of somebody. */
  public boolean has(String name, int pictures, double soundSeconds) {
    ask();
    Decoded decoded = decoded(name);
    return decoded.pictures() >= pictures && decoded.soundSeconds() >= soundSeconds;
  }

  /** Returns the files of a recording, as its manifest tells of them; empty before there is one. */
  public static JsonNode recorded(Path recording) {
    Path manifest = recording.resolve("manifest.json");
    try {
      return new ObjectMapper()
          .readTree(Files.exists(manifest) ? Files.readString(manifest) : "{}")
          .path("files");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns what it said last that it decoded of somebody. */
  public Decoded decoded(String name) {
    Decoded last = new Decoded(0, 0);
    for (String line : lines) {
      Matcher matcher = DECODED.matcher(line);
      if (matcher.find() && matcher.group(1).startsWith(name)) {
        last = new Decoded(Long.parseLong(matcher.group(2)), Double.parseDouble(matcher.group(3)));
      }
    }
    return last;
  }

  /** Waits for its end, and returns its exit status. */
  public int awaitEnd() throws Exception {
    if (!process.waitFor(Await.PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new IOException("still running: " + lines());
    }
    reader.join(Await.PATIENCE.toMillis());
    return process.exitValue();
  }

  /** Ends it as if the machine had lost its power. */
  public void kill() {
    try (Stream<ProcessHandle> children = process.descendants()) {
      children.forEach(ProcessHandle::destroy);
    }
    Process unused = process.destroyForcibly();
  }

  @Override
  public void close() {
    kill();
  }
}
