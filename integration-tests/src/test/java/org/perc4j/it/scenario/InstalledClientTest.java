/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.perc4j.it.deployment.ClientProcess;
import org.perc4j.it.deployment.WebDeployment;
import org.perc4j.it.harness.Await;
import org.perc4j.it.packaging.ClientPackage;
import org.perc4j.it.xmpp.RequiresWebFront;

/** What the client's Debian package installs takes part in a meeting. */
@RequiresJitsi
@RequiresWebFront
@RequiresGStreamer
@EnabledIf("org.perc4j.it.packaging.ClientPackage#isDebian")
class InstalledClientTest {
  private static final int PICTURES = 25;

  @TempDir private Path folder = Path.of("");

  @Test
  void meetsSomebodyAndLeaves() throws Exception {
    Path launcher = ClientPackage.unpack(folder.resolve("root"));
    String[] media = {"--test-media", "ball", "--size", "180", "--yes"};
    try (WebDeployment deployment =
            WebDeployment.start("installed-client", WebDeployment.Way.WEB_SOCKET);
        ClientProcess alice =
            ClientProcess.installed(launcher, deployment, folder, "talk", "alice", media);
        ClientProcess bob = ClientProcess.join(deployment, folder, "talk", "bob", media)) {
      alice.awaitLine("private: yes; members: ");
      bob.awaitLine("+ alice is in the group");
      Await.until(
          "both decode each other: " + alice.lines() + bob.lines(),
          Checks.PATIENCE,
          () -> {
            alice.ask();
            bob.ask();
            return hasMedia(alice.decoded("bob")) && hasMedia(bob.decoded("alice"));
          });
      alice.command("q");
      assertEquals(0, alice.awaitEnd(), () -> alice.lines().toString());
      bob.awaitLine("- alice is not in the group any more");
      bob.command("q");
      assertEquals(0, bob.awaitEnd(), () -> bob.lines().toString());
    }
  }

  private static boolean hasMedia(ClientProcess.Decoded decoded) {
    return decoded.pictures() >= PICTURES && decoded.soundSeconds() >= 1;
  }
}
