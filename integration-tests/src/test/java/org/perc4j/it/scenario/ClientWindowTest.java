/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.awt.event.KeyEvent;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.perc4j.it.deployment.ClientProcess;
import org.perc4j.it.deployment.WebDeployment;
import org.perc4j.it.harness.Await;
import org.perc4j.it.harness.Xvfb;

/** The client in a window. */
@OnWebDeployment
@RequiresGStreamer
@RequiresXvfb
class ClientWindowTest {
  private final WebDeployment deployment;

  @TempDir private Path folder = Path.of("");

  ClientWindowTest(WebDeployment deployment) {
    this.deployment = deployment;
  }

  @Test
  void showsThePicturesOfEverybodyAndTakesKeys() throws Exception {
    try (Xvfb screen = Xvfb.start(folder);
        ClientProcess alice =
            ClientProcess.window(
                deployment, folder, "window", "alice", screen.display(), "--test-media", "ball");
        ClientProcess bob =
            ClientProcess.join(
                deployment,
                folder,
                "window",
                "bob",
                "--test-media",
                "red",
                "--size",
                "180",
                "--no-sound",
                "--yes");
        ClientProcess carol =
            ClientProcess.join(
                deployment,
                folder,
                "window",
                "carol",
                "--test-media",
                "blue",
                "--size",
                "180",
                "--yes")) {
      alice.awaitLine("+ bob");
      alice.awaitLine("+ carol");
      Await.until(
          "the one who speaks is large, the other one small, in " + alice.lines() + bob.lines(),
          Checks.PATIENCE,
          () -> {
            double small = screen.share(Colour.RED::is);
            double large = screen.share(Colour.BLUE::is);
            return small > 0.005 && small < 0.05 && large > 0.2;
          });
      bob.command("q");
      assertEquals(0, bob.awaitEnd());
      Await.until(
          "who left is not shown", Checks.PATIENCE, () -> screen.share(Colour.RED::is) < 0.001);
      carol.command("q");
      assertEquals(0, carol.awaitEnd());
      screen.press(KeyEvent.VK_M);
      alice.awaitLine("when you begin, you: microphone off, camera on");
      screen.press(KeyEvent.VK_ENTER);
      alice.awaitLine("you: microphone off, camera on");
      screen.press(KeyEvent.VK_Q);
      assertEquals(0, alice.awaitEnd(), () -> alice.lines().toString());
    }
  }

  @Test
  void isOnTheTerminalWhereThereIsNoDisplay() throws Exception {
    try (ClientProcess alice =
        ClientProcess.window(deployment, folder, "terminal", "alice", "", "--test-media", "ball")) {
      alice.awaitLine("there is no display");
      alice.awaitLine("Enter: let them hear and see you");
      alice.command("q");
      assertEquals(0, alice.awaitEnd());
    }
  }
}
