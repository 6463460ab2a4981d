/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.bridge;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.perc4j.it.harness.Await;
import org.perc4j.it.harness.ChildProcess;
import org.perc4j.it.harness.LabNetwork;

/**
 * An installed Jitsi Videobridge, run as a child process with a configuration of its own: no XMPP,
 * REST and WebSockets on the loopback interface, media on {@link LabNetwork}. It allocates as if
 * links had no limits, unless it {@linkplain #TRUSTS_ESTIMATES trusts its estimates}.
 */
public final class JvbProcess implements Bridge {
  /** The bridge keeps what it sent for repair, for each stream and receiver: loads need more. */
  private static final String HEAP = System.getProperty("perc4j.bridge.heap", "512m");

  /** Configuration for links whose rate is known, which the bridge is to find out. */
  public static final String TRUSTS_ESTIMATES = "videobridge.cc.trust-bwe = true\n";

  private static final Path DEBIAN_HOME = Path.of("/usr/share/jitsi-videobridge");

  private final ChildProcess process;
  private final HttpApi privateApi;
  private final int publicPort;
  private final Path directory;
  private final String description;

  private JvbProcess(
      ChildProcess process,
      HttpApi privateApi,
      int publicPort,
      Path directory,
      String description) {
    this.process = process;
    this.privateApi = privateApi;
    this.publicPort = publicPort;
    this.directory = directory;
    this.description = description;
  }

  /**
   * Returns the folder of an installed bridge, or null: where the system property {@code jvb.home}
   * or the environment's {@code JVB_HOME} says, else where the Debian package puts it.
   */
  public static @Nullable Path home() {
    return ChildProcess.home("jvb.home", "JVB_HOME", DEBIAN_HOME, "jitsi-videobridge.jar");
  }

  /**
   * Returns perc4j's jar, which the system property {@code perc4j.plugin.jar} names.
   *
   * @throws IllegalStateException if it was not built
   */
  public static Path pluginJar() {
    Path jar = Path.of(System.getProperty("perc4j.plugin.jar", ""));
    if (!Files.isRegularFile(jar)) {
      throw new IllegalStateException("no plugin at " + jar + ": build jvb-plugin first");
    }
    return jar;
  }

  /**
   * Starts the bridge as it was installed.
   *
   * @param directory for configuration and log
   */
  public static JvbProcess startStock(Path directory) throws IOException, InterruptedException {
    return start(directory, null, "");
  }

  /**
   * Starts the bridge with perc4j's agent.
   *
   * @param directory for configuration and log
   * @param plugin the agent's jar
   */
  public static JvbProcess startWithPlugin(Path directory, Path plugin)
      throws IOException, InterruptedException {
    return start(directory, plugin, "");
  }

  /**
   * Starts the bridge with more configuration.
   *
   * @param plugin the agent's jar, or null for the bridge as it was installed
   * @param moreConfiguration HOCON, appended
   */
  public static JvbProcess start(Path directory, @Nullable Path plugin, String moreConfiguration)
      throws IOException, InterruptedException {
    Path home = home();
    if (home == null) {
      throw new IOException("Jitsi Videobridge is not installed");
    }
    return start(home, directory, plugin, moreConfiguration);
  }

  /**
   * Starts a bridge that is installed somewhere else.
   *
   * @param home with {@code jitsi-videobridge.jar} and {@code lib}; started by its {@code jvb.sh}
   *     if it has one
   */
  public static JvbProcess start(
      Path home, Path directory, @Nullable Path plugin, String moreConfiguration)
      throws IOException, InterruptedException {
    return start(home, ChildProcess.javaBin(), directory, plugin, moreConfiguration);
  }

  /**
   * Starts a bridge that is installed somewhere else on another Java.
   *
   * @param javaBin the folder that has {@code java}
   */
  public static JvbProcess start(
      Path home, Path javaBin, Path directory, @Nullable Path plugin, String moreConfiguration)
      throws IOException, InterruptedException {
    Files.createDirectories(directory);
    int privatePort = LabNetwork.freeTcpPort();
    int publicPort = LabNetwork.freeTcpPort();
    int mediaPort = LabNetwork.freeUdpPort();
    Path configuration = directory.resolve("jvb.conf");
    Files.writeString(
        configuration, configuration(privatePort, publicPort, mediaPort) + moreConfiguration);
    String property = "-Dconfig.file=" + configuration;
    ProcessBuilder builder =
        new ProcessBuilder(command(home, javaBin, property)).directory(directory.toFile());
    Map<String, String> environment = builder.environment();
    environment.put("JAVA_SYS_PROPS", property);
    if (plugin != null) {
      // The way that operators are told to install it.
      environment.merge(
          "JDK_JAVA_OPTIONS",
          "-javaagent:" + plugin.toAbsolutePath(),
          (before, agent) -> before + " " + agent);
    }
    environment.put("VIDEOBRIDGE_MAX_MEMORY", HEAP);
    environment.merge("PATH", javaBin.toString(), (path, bin) -> bin + ":" + path);
    HttpApi privateApi = new HttpApi(privatePort);
    boolean unused = Files.deleteIfExists(logIn(directory));
    // The script replaces itself by the bridge, so that this is the bridge's process.
    ChildProcess process =
        ChildProcess.start(
            "the bridge", builder, logIn(directory), () -> privateApi.answers("/about/health"));
    return new JvbProcess(
        process,
        privateApi,
        publicPort,
        directory,
        plugin == null
            ? "Jitsi Videobridge at " + home + ", as installed"
            : "Jitsi Videobridge at " + home + " with " + plugin.getFileName());
  }

  /** Returns the TCP port of the loopback interface where it serves endpoints' WebSockets. */
  public int publicPort() {
    return publicPort;
  }

  private static Path logIn(Path directory) {
    return directory.resolve("jvb.log");
  }

  /** Both ways the command becomes the bridge's own process. */
  private static List<String> command(Path home, Path javaBin, String property) {
    Path script = home.resolve("jvb.sh");
    if (Files.isRegularFile(script)) {
      return List.of("bash", script.toString());
    }
    List<String> command =
        new ArrayList<>(List.of(javaBin.resolve("java").toString(), "-Xmx" + HEAP));
    command.add(property);
    command.addAll(
        List.of(
            "-cp",
            home.resolve("jitsi-videobridge.jar") + ":" + home.resolve("lib") + "/*",
            "org.jitsi.videobridge.MainKt"));
    return command;
  }

  /**
   * Where there is no link of a known rate, an estimate of it says how busy the machine is, and a
   * bridge that believes it suspends video. The receive buffer is what operators are told to give.
   * A layer of which nothing came for a second, its default, is not gone yet. Queues hold what
   * comes at once after the machine has had no time for a process for seconds.
   */
  private static String configuration(int privatePort, int publicPort, int mediaPort) {
    return """
        videobridge {
          ice.udp.port = %d
          apis { xmpp-client.configs {}, rest.enabled = true }
          http-servers {
            private { host = 127.0.0.1, port = %d, tls-port = -1 }
            public { host = 127.0.0.1, port = %d, tls-port = -1 }
          }
          websockets {
            enabled = true, tls = false, server-id = lab, enable-compression = false
            domains = ["127.0.0.1:%d"], relay-domains = ["127.0.0.1:%d"]
          }
          cc { assumed-bandwidth-limit = 10 Mbps, trust-bwe = false }
          transport.send.queue-size = 8192
          sctp.enabled = false
          health { interval = 1 hour, timeout = 2 hours, require-valid-address = false }
          entity-expiration { timeout = 10 minutes, check-interval = 10 minutes }
        }
        jmt.transceiver { recv.queue-size = 8192, send.queue-size = 8192 }
        jmt.rtp.bitrate-calculator { window-size = 5 seconds, bucket-size = 100 ms }
        ice4j.harvest {
          use-ipv6 = false, allowed-addresses = ["%s"], mapping.aws.enabled = false
          udp { use-dynamic-ports = false, receive-buffer-size = 10485760 }
        }
        """
        .formatted(mediaPort, privatePort, publicPort, publicPort, publicPort, LabNetwork.ADDRESS);
  }

  /**
   * Reads from the bridge's private HTTP interface.
   *
   * @param path such as {@code /metrics}
   * @param accept media type that is wanted
   */
  public String get(String path, String accept) throws IOException, InterruptedException {
    return privateApi.get(path, accept);
  }

  /** Returns the process identifier, for tools that look into the process. */
  public long pid() {
    return process.pid();
  }

  /** Returns where the process writes its log. */
  public Path log() {
    return logIn(directory);
  }

  /** Returns the lines of the log that contain something. */
  public List<String> logLines(String containing) throws IOException {
    try (Stream<String> lines = Files.lines(log(), StandardCharsets.UTF_8)) {
      return lines.filter(line -> line.contains(containing)).toList();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  /** Waits until so many lines of the log contain something. */
  public void awaitLogLines(String containing, int lines) throws IOException, InterruptedException {
    Await.until(
        lines + " lines with: " + containing,
        Await.PATIENCE,
        () -> {
          try {
            return logLines(containing).size() >= lines;
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  @Override
  public String description() {
    return description;
  }

  @Override
  public Room createRoom(String name) {
    return createRoom(name, RequestEdit.NONE);
  }

  /**
   * Makes a conference as {@link #createRoom(String)} does, with other signalling.
   *
   * @param edit changes what the bridge is told of endpoints
   */
  public Room createRoom(String name, RequestEdit edit) {
    return colibriRoom(name, edit);
  }

  ColibriRoom colibriRoom(String name, RequestEdit edit) {
    return new ColibriRoom(privateApi, name, edit);
  }

  /** Ends the bridge at once, without a chance to tell anybody. */
  public void kill() throws InterruptedException {
    process.kill();
  }

  @Override
  public void close() {
    process.close();
  }
}
