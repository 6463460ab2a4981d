/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.deployment;

import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Clock;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.perc4j.endpoint.deployment.JitsiDeployment;
import org.perc4j.endpoint.deployment.MeetingUrl;
import org.perc4j.endpoint.web.WebClient;
import org.perc4j.it.bridge.JvbProcess;
import org.perc4j.it.harness.LabNetwork;
import org.perc4j.it.jingle.JitsiBackend;
import org.perc4j.it.transport.TestAuthority;
import org.perc4j.it.xmpp.ProsodyServer;
import org.perc4j.it.xmpp.WebFront;

/** All parts of a deployment, of which nothing is used but the web server in front. */
public record WebDeployment(
    TestAuthority authority,
    JitsiBackend backend,
    JvbProcess bridge,
    String bridgeConfiguration,
    WebFront front,
    WebClient web,
    HttpClient http)
    implements AutoCloseable {
  /** How XMPP goes through the web server. */
  public enum Way {
    WEB_SOCKET,
    BOSH
  }

  /**
   * Starts all of it.
   *
   * @param folder name of the one for configurations and logs
   */
  public static WebDeployment start(String folder, Way way) throws Exception {
    return start(folder, way, "");
  }

  /**
   * Starts all of it.
   *
   * @param folder name of the one for configurations and logs
   * @param jicofoConfiguration HOCON, appended
   */
  public static WebDeployment start(String folder, Way way, String jicofoConfiguration)
      throws Exception {
    return start(
        scenario(folder),
        way,
        TestAuthority.create(Clock.systemUTC()),
        ProsodyServer.Options.DEFAULT,
        jicofoConfiguration,
        "");
  }

  /**
   * Starts all of it.
   *
   * @param folder for configurations and logs
   * @param bridgeConfiguration HOCON, appended
   */
  public static WebDeployment start(Path folder, String bridgeConfiguration) throws Exception {
    return start(
        folder,
        Way.WEB_SOCKET,
        TestAuthority.create(Clock.systemUTC()),
        ProsodyServer.Options.DEFAULT,
        "",
        bridgeConfiguration);
  }

  /** Whether all that it is of is installed, and there is a network for it. */
  public static boolean isInstalled() {
    return JitsiBackend.isInstalled() && WebFront.isInstalled() && LabNetwork.isAvailable();
  }

  private static Path scenario(String folder) {
    return Path.of(System.getProperty("perc4j.output", "target"), "scenarios", folder);
  }

  /**
   * Starts all of it, with certificates of an authority, and Prosody as told.
   *
   * @see #start(String, Way)
   */
  public static WebDeployment start(
      String folder, Way way, TestAuthority authority, ProsodyServer.Options prosody)
      throws Exception {
    return start(scenario(folder), way, authority, prosody, "", "");
  }

  private static WebDeployment start(
      Path folder,
      Way way,
      TestAuthority authority,
      ProsodyServer.Options prosody,
      String jicofoConfiguration,
      String bridgeConfiguration)
      throws Exception {
    JitsiBackend backend =
        JitsiBackend.start(folder, JvbProcess.pluginJar(), jicofoConfiguration, prosody);
    boolean started = false;
    try {
      int port = LabNetwork.freeTcpPort();
      int bridgePort = LabNetwork.freeTcpPort();
      String configuration =
          """
          videobridge.websockets { tls = true, domains = ["%s:%d"] }
          videobridge.http-servers.public.port = %d
          %s
          """
              .formatted(WebFront.HOST, port, bridgePort, bridgeConfiguration);
      JvbProcess bridge = backend.startBridge("jvb1", configuration);
      backend.jicofo().awaitBridges(1);
      WebFront.Options options =
          WebFront.Options.DEFAULT.withBackend(bridgePort, backend.jicofo().httpPort());
      WebFront front =
          WebFront.start(
              backend.prosody(),
              authority,
              way == Way.BOSH ? options.withoutWebSocket() : options,
              port);
      started = true;
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {authority.trust()}, null);
      return new WebDeployment(
          authority,
          backend,
          bridge,
          configuration,
          front,
          WebClient.create().trusting(authority.trust()),
          HttpClient.newBuilder().sslContext(context).build());
    } finally {
      if (!started) {
        backend.close();
      }
    }
  }

  /** Finds it as strangers do, by a room's URL. */
  public JitsiDeployment find(String room) throws Exception {
    return JitsiDeployment.find(MeetingUrl.parse(front.meeting(room)), web);
  }

  @Override
  public void close() {
    front.close();
    backend.close();
  }
}
