/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.bench.call;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.perc4j.endpoint.web.WebClient;
import org.perc4j.it.deployment.ClientProcess;
import org.perc4j.it.deployment.WebDeployment;
import org.perc4j.it.xmpp.WebFront;

/**
 * A whole deployment of Jitsi Meet, with the plugin in the bridge.
 *
 * @param certificate file of the authority that the web server's certificate is of
 */
record Deployment(WebDeployment parts, Path certificate) implements AutoCloseable {
  /** Room for as many streams as there are, to those who say that their network has it. */
  private static final String BRIDGE = "videobridge.cc.assumed-bandwidth-limit = 1000 Mbps";

  static Deployment start(Path folder) throws Exception {
    WebDeployment parts = WebDeployment.start(folder, BRIDGE);
    Path certificate = Files.writeString(folder.resolve("ca.pem"), parts.authority().certificate());
    return new Deployment(parts, certificate);
  }

  WebFront front() {
    return parts.front();
  }

  URI url(String room) {
    return URI.create(front().meeting(room));
  }

  /** Returns what trusts the authority. */
  WebClient web() {
    return parts.web();
  }

  /** Returns the words that have somebody join a room with {@code ./perc4j join}. */
  List<String> join(String room, String name) throws IOException {
    List<String> command =
        new ArrayList<>(List.of(System.getProperty("perc4j.launcher", "perc4j")));
    command.addAll(ClientProcess.arguments("join", parts, folder().resolve("people"), room, name));
    return command;
  }

  /** Returns what starts that, with what it keeps for later starts in this deployment's folder. */
  ProcessBuilder builder(List<String> command) {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("XDG_CACHE_HOME", folder().resolve("cache").toString());
    return builder;
  }

  /** Returns where files may be written. */
  Path folder() {
    return certificate.resolveSibling("");
  }

  /** Returns where nginx finds pages. */
  Path pages() throws IOException {
    return Files.createDirectories(front().log().resolveSibling("www"));
  }

  @Override
  public void close() {
    parts.close();
  }
}
