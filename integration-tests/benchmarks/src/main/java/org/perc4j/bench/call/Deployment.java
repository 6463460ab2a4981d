/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.bench.call;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import org.perc4j.endpoint.web.WebClient;
import org.perc4j.it.bridge.JvbProcess;
import org.perc4j.it.harness.LabNetwork;
import org.perc4j.it.jingle.JitsiBackend;
import org.perc4j.it.transport.TestAuthority;
import org.perc4j.it.xmpp.WebFront;

/**
 * All parts of a deployment of Jitsi Meet, with the plugin in the bridge, and nginx in front of
 * them.
 *
 * @param certificate file of the authority that nginx's certificate is of
 */
record Deployment(JitsiBackend backend, JvbProcess bridge, WebFront front, Path certificate)
    implements AutoCloseable {
  /** Room for as many streams as there are, to those who say that their network has it. */
  private static final String CONFIGURATION =
      """
      videobridge.websockets { tls = true, domains = ["%s:%d"] }
      videobridge.http-servers.public.port = %d
      videobridge.cc.assumed-bandwidth-limit = 1000 Mbps
      """;

  static Deployment start(Path folder, Path plugin) throws IOException, InterruptedException {
    TestAuthority authority = TestAuthority.create(Clock.systemUTC());
    JitsiBackend backend = JitsiBackend.start(folder, plugin, "");
    boolean started = false;
    try {
      int port = LabNetwork.freeTcpPort();
      int bridgePort = LabNetwork.freeTcpPort();
      JvbProcess bridge =
          backend.startBridge("jvb1", CONFIGURATION.formatted(WebFront.HOST, port, bridgePort));
      backend.jicofo().awaitBridges(1);
      WebFront front =
          WebFront.start(
              backend.prosody(),
              authority,
              WebFront.Options.DEFAULT.withBackend(bridgePort, backend.jicofo().httpPort()),
              port);
      Path certificate = Files.writeString(folder.resolve("ca.pem"), authority.certificate());
      started = true;
      return new Deployment(backend, bridge, front, certificate);
    } finally {
      if (!started) {
        backend.close();
      }
    }
  }

  /** Whether all parts are installed. */
  static boolean isInstalled() {
    return JitsiBackend.isInstalled() && WebFront.isInstalled() && LabNetwork.isAvailable();
  }

  URI url(String room) {
    return URI.create(front.meeting(room));
  }

  /** Returns what trusts the authority. */
  WebClient web() throws IOException {
    return Trust.in(certificate);
  }

  /** Returns where files may be written. */
  Path folder() {
    return certificate.resolveSibling("");
  }

  /** Returns where nginx finds pages. */
  Path pages() throws IOException {
    return Files.createDirectories(front.log().resolveSibling("www"));
  }

  @Override
  public void close() {
    front.close();
    backend.close();
  }
}
