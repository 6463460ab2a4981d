/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.jingle;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.perc4j.endpoint.deployment.DeploymentException;
import org.perc4j.endpoint.deployment.JitsiDeployment;
import org.perc4j.endpoint.web.WebClient;
import org.perc4j.it.bridge.JvbProcess;
import org.perc4j.it.endpoint.Conference;
import org.perc4j.it.xmpp.ProsodyServer;

/**
 * What is behind Jitsi Meet: Prosody, Jicofo, and bridges that Jicofo finds by itself. Not
 * thread-safe.
 */
public final class JitsiBackend implements AutoCloseable {
  private final Path directory;
  private final @Nullable Path plugin;
  private final ProsodyServer prosody;
  private final JicofoProcess jicofo;
  private final Map<String, JvbProcess> bridges = new LinkedHashMap<>();
  private int launches;

  private JitsiBackend(
      Path directory, @Nullable Path plugin, ProsodyServer prosody, JicofoProcess jicofo) {
    this.directory = directory;
    this.plugin = plugin;
    this.prosody = prosody;
    this.jicofo = jicofo;
  }

  /** Tells whether all parts are installed. */
  public static boolean isInstalled() {
    return ProsodyServer.isInstalled() && JicofoProcess.home() != null && JvbProcess.home() != null;
  }

  /**
   * Starts all but bridges.
   *
   * @param directory for configurations and logs
   * @param plugin perc4j's jar for the bridges, or null for bridges as they were installed
   * @param jicofoConfiguration HOCON, appended
   */
  public static JitsiBackend start(
      Path directory, @Nullable Path plugin, String jicofoConfiguration)
      throws IOException, InterruptedException {
    return start(directory, plugin, jicofoConfiguration, ProsodyServer.Options.DEFAULT);
  }

  /**
   * Starts all but bridges, with Prosody as told.
   *
   * @see #start(Path, Path, String)
   */
  public static JitsiBackend start(
      Path directory,
      @Nullable Path plugin,
      String jicofoConfiguration,
      ProsodyServer.Options prosodyOptions)
      throws IOException, InterruptedException {
    ProsodyServer prosody = ProsodyServer.start(prosodyOptions);
    boolean started = false;
    try {
      JicofoProcess jicofo =
          JicofoProcess.start(prosody, directory.resolve("jicofo"), jicofoConfiguration);
      started = true;
      return new JitsiBackend(directory, plugin, prosody, jicofo);
    } finally {
      if (!started) {
        prosody.close();
      }
    }
  }

  /**
   * Starts a bridge, or starts it again, which was ended.
   *
   * @param name its nickname in the room where Jicofo looks for bridges
   */
  @CanIgnoreReturnValue
  public JvbProcess startBridge(String name) throws IOException, InterruptedException {
    return startBridge(name, "");
  }

  /**
   * Starts a bridge, or starts it again, which was ended.
   *
   * @param name its nickname in the room where Jicofo looks for bridges
   * @param moreConfiguration HOCON, appended
   */
  @CanIgnoreReturnValue
  public JvbProcess startBridge(String name, String moreConfiguration)
      throws IOException, InterruptedException {
    JvbProcess former = bridges.get(name);
    if (former != null) {
      former.close();
    }
    launches++;
    JvbProcess bridge =
        JvbProcess.start(
            directory.resolve(name + "-" + launches),
            plugin,
            bridgeConfiguration(name) + moreConfiguration);
    bridges.put(name, bridge);
    return bridge;
  }

  private String bridgeConfiguration(String name) {
    return """
        videobridge {
          apis.xmpp-client.configs.lab {
            hostname = "127.0.0.1", port = %1$d, domain = "%2$s", security_mode = disabled
            username = "%3$s", password = "any", muc_jids = "%4$s", muc_nickname = "%3$s"
          }
          relay { enabled = true, region = "%3$s", relay-id = "%3$s" }
        }
        """
        .formatted(prosody.port(), ProsodyServer.ACCOUNTS, name, ProsodyServer.BREWERY);
  }

  /** Opens a room, which Jicofo puts on a bridge when somebody enters it. */
  public Conference open(String name) throws IOException {
    return conference(JicofoRoom.on(prosody, name), name);
  }

  /**
   * Opens a room through a deployment's web server.
   *
   * @param http for the bridges' WebSockets
   */
  public static Conference open(JitsiDeployment deployment, WebClient web, HttpClient http)
      throws IOException, DeploymentException {
    return conference(JicofoRoom.of(deployment, web, http), deployment.url().room());
  }

  private static Conference conference(JicofoRoom room, String name) {
    return new Conference(
        room, name, "Prosody, Jicofo and bridges of Jitsi Meet", room::enter, room::roster);
  }

  /** Returns the bridges, in the order in which they were first started. */
  public List<JvbProcess> bridges() {
    return List.copyOf(bridges.values());
  }

  /** Returns the XMPP server. */
  public ProsodyServer prosody() {
    return prosody;
  }

  /** Returns the one who assigns bridges. */
  public JicofoProcess jicofo() {
    return jicofo;
  }

  /** Ends everything. */
  @Override
  public void close() {
    bridges.values().forEach(JvbProcess::close);
    jicofo.close();
    prosody.close();
  }
}
