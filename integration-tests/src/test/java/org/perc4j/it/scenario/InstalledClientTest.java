/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
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

  private static final String[] MEDIA = {"--test-media", "ball", "--size", "180", "--yes"};

  @TempDir private Path folder = Path.of("");

  @Test
  void meetsSomebodyLeavesAndStartsQuicklyTheNextTime() throws Exception {
    Path launcher = ClientPackage.unpack(folder.resolve("root"));
    try (WebDeployment deployment =
            WebDeployment.start("installed-client", WebDeployment.Way.WEB_SOCKET);
        ClientProcess bob = ClientProcess.join(deployment, folder, "talk", "bob", MEDIA)) {
      String before = meet(launcher, deployment, bob);
      assertFalse(before.contains("perc4j/classes-"), "there was nothing to be used");
      List<Path> kept;
      try (Stream<Path> files = Files.list(folder.resolve("cache/perc4j"))) {
        kept = files.toList();
      }
      assertEquals(1, kept.size(), kept.toString());
      String memory = meet(launcher, deployment, bob);
      assertTrue(memory.contains(kept.get(0).toString()), () -> "not used: " + kept);
      bob.command("q");
      assertEquals(0, bob.awaitEnd(), () -> bob.lines().toString());
    }
  }

  /** Returns what alice had in its memory. */
  private String meet(Path launcher, WebDeployment deployment, ClientProcess bob) throws Exception {
    try (ClientProcess alice =
        ClientProcess.installed(launcher, deployment, folder, "talk", "alice", MEDIA)) {
      alice.awaitLine("private: yes; members: ");
      Await.until(
          "both decode each other: " + alice.lines() + bob.lines(),
          Checks.PATIENCE,
          () -> alice.has("bob", PICTURES, 1) && bob.has("alice", PICTURES, 1));
      String memory = Files.readString(Path.of("/proc/" + alice.pid() + "/maps"));
      alice.command("q");
      assertEquals(0, alice.awaitEnd(), () -> alice.lines().toString());
      return memory;
    }
  }
}
