/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.bridge;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.perc4j.it.harness.Await;
import org.perc4j.it.harness.LabNetwork;

/**
 * An installed Jitsi Videobridge, run as a child process with a configuration of its own: no XMPP,
 * REST and WebSockets on the loopback interface, media on {@link LabNetwork}.
 */
public final class JvbProcess implements Bridge {
  private static final Duration START_TIMEOUT = Duration.ofSeconds(60);
  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(5);

  /** The bridge keeps what it sent for repair, for each stream and receiver: loads need more. */
  private static final String HEAP = System.getProperty("perc4j.bridge.heap", "512m");

  private static final Path DEBIAN_HOME = Path.of("/usr/share/jitsi-videobridge");

  private final Process process;
  private final URI privateApi;
  private final Path directory;
  private final String description;
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();

  private JvbProcess(Process process, URI privateApi, Path directory, String description) {
    this.process = process;
    this.privateApi = privateApi;
    this.directory = directory;
    this.description = description;
  }

  /**
   * Returns the folder of an installed bridge, or null: where the system property {@code jvb.home}
   * or the environment's {@code JVB_HOME} says, else where the Debian package puts it.
   */
  public static @Nullable Path home() {
    String property = System.getProperty("jvb.home", "");
    String environment = System.getenv("JVB_HOME");
    Path home = DEBIAN_HOME;
    if (!property.isEmpty()) {
      home = Path.of(property);
    } else if (environment != null && !environment.isEmpty()) {
      home = Path.of(environment);
    }
    return Files.isRegularFile(home.resolve("jitsi-videobridge.jar")) ? home : null;
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
      throw new IOException("no Jitsi Videobridge installed");
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
    Files.createDirectories(directory);
    int privatePort = LabNetwork.freeTcpPort();
    int publicPort = LabNetwork.freeTcpPort();
    int mediaPort = LabNetwork.freeUdpPort();
    Path configuration = directory.resolve("jvb.conf");
    Files.writeString(
        configuration, configuration(privatePort, publicPort, mediaPort) + moreConfiguration);
    String property = "-Dconfig.file=" + configuration;
    ProcessBuilder builder =
        new ProcessBuilder(command(home, property))
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("jvb.log").toFile());
    Map<String, String> environment = builder.environment();
    environment.put("JAVA_SYS_PROPS", property);
    if (plugin != null) {
      // The way that operators are told to install it.
      environment.put("JDK_JAVA_OPTIONS", "-javaagent:" + plugin.toAbsolutePath());
    }
    environment.put("VIDEOBRIDGE_MAX_MEMORY", HEAP);
    environment.merge("PATH", javaBin().toString(), (path, bin) -> bin + ":" + path);
    // The script replaces itself by the bridge, so that this is the bridge's process.
    Process process = builder.start();
    JvbProcess jvb =
        new JvbProcess(
            process,
            URI.create("http://127.0.0.1:" + privatePort),
            directory,
            plugin == null
                ? "Jitsi Videobridge at " + home + ", as installed"
                : "Jitsi Videobridge at " + home + " with " + plugin.getFileName());
    try {
      Await.until(
          "health of the bridge, see " + jvb.log(),
          START_TIMEOUT,
          () -> !process.isAlive() || jvb.isHealthy());
      if (!process.isAlive()) {
        throw new IOException("the bridge ended at once, see " + jvb.log());
      }
    } catch (IOException | InterruptedException e) {
      jvb.close();
      throw e;
    }
    return jvb;
  }

  private static Path javaBin() {
    return Path.of(System.getProperty("java.home"), "bin");
  }

  /** Both ways the command becomes the bridge's own process. */
  private static List<String> command(Path home, String property) {
    Path script = home.resolve("jvb.sh");
    if (Files.isRegularFile(script)) {
      return List.of("bash", script.toString());
    }
    List<String> command =
        new ArrayList<>(List.of(javaBin().resolve("java").toString(), "-Xmx" + HEAP));
    command.add(property);
    command.addAll(
        List.of(
            "-cp",
            home.resolve("jitsi-videobridge.jar") + ":" + home.resolve("lib") + "/*",
            "org.jitsi.videobridge.MainKt"));
    return command;
  }

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
          cc.assumed-bandwidth-limit = 10 Mbps
          sctp.enabled = false
          health { interval = 1 hour, timeout = 2 hours, require-valid-address = false }
          entity-expiration.timeout = 10 minutes
        }
        ice4j.harvest {
          use-ipv6 = false, allowed-addresses = ["%s"], mapping.aws.enabled = false, udp.use-dynamic-ports = false
        }
        """
        .formatted(mediaPort, privatePort, publicPort, publicPort, publicPort, LabNetwork.ADDRESS);
  }

  private boolean isHealthy() {
    try {
      return http.send(
                  HttpRequest.newBuilder(privateApi.resolve("/about/health"))
                      .timeout(Duration.ofSeconds(5))
                      .build(),
                  HttpResponse.BodyHandlers.discarding())
              .statusCode()
          == 200;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /**
   * Reads from the bridge's private HTTP interface.
   *
   * @param path such as {@code /metrics}
   * @param accept media type that is wanted
   */
  public String get(String path, String accept) throws IOException, InterruptedException {
    HttpResponse<String> response =
        http.send(
            HttpRequest.newBuilder(privateApi.resolve(path))
                .timeout(Duration.ofSeconds(10))
                .header("Accept", accept)
                .build(),
            HttpResponse.BodyHandlers.ofString());
    if (response.statusCode() != 200) {
      throw new SignallingException(path + ": " + response.statusCode(), response.statusCode());
    }
    return response.body();
  }

  /** Returns the process identifier, for tools that look into the process. */
  public long pid() {
    return process.pid();
  }

  /** Returns where the process writes its log. */
  public Path log() {
    return directory.resolve("jvb.log");
  }

  /** Returns the lines of the log that contain something. */
  public List<String> logLines(String containing) throws IOException {
    try (Stream<String> lines = Files.lines(log(), StandardCharsets.UTF_8)) {
      return lines.filter(line -> line.contains(containing)).toList();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
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
    return new ColibriRoom(privateApi, name, http, edit);
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(STOP_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
        Process unused = process.destroyForcibly();
        boolean ended = process.waitFor(STOP_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        if (!ended) {
          throw new IllegalStateException("process " + process.pid() + " can't be ended");
        }
      }
    } catch (InterruptedException e) {
      Process unused = process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
