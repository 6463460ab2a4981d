/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.jingle;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.perc4j.it.bridge.HttpApi;
import org.perc4j.it.harness.Await;
import org.perc4j.it.harness.ChildProcess;
import org.perc4j.it.harness.LabNetwork;
import org.perc4j.it.harness.TimedOutException;
import org.perc4j.it.xmpp.ProsodyServer;

/**
 * An installed Jicofo, run as a child process with a configuration of its own: a client of {@link
 * ProsodyServer}, its HTTP interface on the loopback interface. Not thread-safe.
 */
public final class JicofoProcess implements AutoCloseable {
  private static final Path DEBIAN_HOME = Path.of("/usr/share/jicofo");
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path home;
  private final Path directory;
  private final HttpApi api;
  private @Nullable ChildProcess process;

  private JicofoProcess(Path home, Path directory, HttpApi api) {
    this.home = home;
    this.directory = directory;
    this.api = api;
  }

  /**
   * Returns the folder of an installed Jicofo, or null: where the system property {@code
   * jicofo.home} or the environment's {@code JICOFO_HOME} says, else where the Debian package puts
   * it.
   */
  public static @Nullable Path home() {
    return ChildProcess.home("jicofo.home", "JICOFO_HOME", DEBIAN_HOME, "jicofo.jar");
  }

  /**
   * Starts it, and waits until it answers.
   *
   * @param directory for configuration and log
   * @param moreConfiguration HOCON, appended
   */
  public static JicofoProcess start(ProsodyServer server, Path directory, String moreConfiguration)
      throws IOException, InterruptedException {
    Path home = home();
    if (home == null) {
      throw new IOException("Jicofo is not installed");
    }
    Files.createDirectories(directory);
    int apiPort = LabNetwork.freeTcpPort();
    Files.writeString(
        directory.resolve("jicofo.conf"), configuration(server, apiPort) + moreConfiguration);
    JicofoProcess jicofo = new JicofoProcess(home, directory, new HttpApi(apiPort));
    boolean unused = Files.deleteIfExists(jicofo.log());
    jicofo.launch();
    return jicofo;
  }

  /** What a deployment's jicofo.conf says, and what perc4j wants of it. */
  private static String configuration(ProsodyServer server, int apiPort) {
    return """
        jicofo {
          xmpp.client {
            hostname = "127.0.0.1", port = %1$d, use-tls = false
            domain = "%2$s", xmpp-domain = "%3$s", conference-muc-jid = "%4$s"
            username = "%5$s", password = "any", reply-timeout = 1 minute
          }
          bridge.brewery-jid = "%6$s"
          bridge.health-checks.interval = 2 seconds
          rest { host = "127.0.0.1", port = %7$d }
          sctp.enabled = false
          // perc4j: as bridges may not read VP8, senders mark their frames
          codec.rtp-extensions.framemarking.enabled = true
          // perc4j: nobody can rewrite SSRCs, so that all that may come have to be known
          conference.strip-simulcast = false
          conference.min-participants = 1
        }
        """
        .formatted(
            server.port(),
            ProsodyServer.ACCOUNTS,
            ProsodyServer.DOMAIN,
            ProsodyServer.ROOMS,
            ProsodyServer.FOCUS_USER,
            ProsodyServer.BREWERY,
            apiPort);
  }

  private void launch() throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder("bash", home.resolve("jicofo.sh").toString())
            .directory(directory.toFile());
    Map<String, String> environment = builder.environment();
    environment.put(
        "JAVA_SYS_PROPS", "-Dconfig.file=" + directory.resolve("jicofo.conf").toAbsolutePath());
    environment.put("JICOFO_MAX_MEMORY", "256m");
    environment.merge("PATH", ChildProcess.javaBin().toString(), (path, bin) -> bin + ":" + path);
    // The script replaces itself by Jicofo, so that this is Jicofo's process.
    // Healthy it is with a bridge only.
    process = ChildProcess.start("Jicofo", builder, log(), () -> api.answers("/about/version"));
  }

  /** Returns the TCP port of the loopback interface where it serves HTTP. */
  public int httpPort() {
    return api.port();
  }

  /** Returns a page of its HTTP interface, such as {@code /stats}. */
  public String get(String path) throws IOException, InterruptedException {
    return api.get(path, "application/json");
  }

  /** Waits until it knows of so many bridges, and can use them all. */
  public void awaitBridges(int count) throws TimedOutException, InterruptedException {
    Await.until(
        count + " bridges known to Jicofo, see " + log(), Await.PATIENCE, () -> hasBridges(count));
  }

  /** Tells whether it knows of so many bridges now, and can use them all. */
  public boolean hasBridges(int count) {
    try {
      JsonNode bridges = JSON.readTree(get("/stats")).path("bridge_selector");
      return bridges.path("bridge_count").asInt(-1) == count
          && bridges.path("operational_bridge_count").asInt(-1) == count;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Ends it at once and starts it again; it has forgotten all conferences. */
  public void crash() throws IOException, InterruptedException {
    ChildProcess running = process;
    if (running == null) {
      throw new IllegalStateException("Jicofo is not running");
    }
    running.kill();
    launch();
  }

  /** Returns where the process writes its log. */
  public Path log() {
    return directory.resolve("jicofo.log");
  }

  @Override
  public void close() {
    ChildProcess running = process;
    process = null;
    if (running != null) {
      running.close();
    }
  }
}
