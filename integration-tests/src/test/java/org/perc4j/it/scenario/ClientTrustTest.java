/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.event.KeyEvent;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.perc4j.it.deployment.ClientProcess;
import org.perc4j.it.deployment.WebDeployment;
import org.perc4j.it.harness.Xvfb;

/**
 * How the client's window has people say whom they believe, by keyboard. Whoever is met is kept for
 * as long as the window's folder; bob comes each time from a folder of his own, so with another
 * key.
 */
@OnWebDeployment
@RequiresGStreamer
@RequiresXvfb
class ClientTrustTest {
  private static final String VERIFIED = "bob is verified";

  private final WebDeployment deployment;

  @TempDir private Path folder = Path.of("");

  ClientTrustTest(WebDeployment deployment) {
    this.deployment = deployment;
  }

  private ClientProcess window(Xvfb screen, String room) throws Exception {
    return ClientProcess.window(
        deployment, folder, room, "alice", screen.display(), "--no-video", "--test-media", "ball");
  }

  private ClientProcess bob(String room, String from) throws Exception {
    return ClientProcess.join(
        deployment, folder.resolve(from), room, "bob", "--no-video", "--test-media", "ball");
  }

  private static void leave(ClientProcess alice, ClientProcess bob) throws Exception {
    bob.command("q");
    assertEquals(0, bob.awaitEnd());
    alice.awaitLine("- bob is not in the group any more");
  }

  /** Presses the button that has the focus, if there is one, until it was heard. */
  private static void pressButton(Xvfb screen, ClientProcess alice) throws Exception {
    long deadline = System.nanoTime() + Checks.PATIENCE.toNanos();
    while (!alice.said(VERIFIED)) {
      assertTrue(System.nanoTime() - deadline < 0, () -> alice.lines().toString());
      screen.press(KeyEvent.VK_SPACE);
    }
  }

  @Test
  void marksAsVerifiedByKeyboardAndThenRefusesAnotherKey() throws Exception {
    try (Xvfb screen = Xvfb.start(folder);
        ClientProcess alice = window(screen, "verified")) {
      try (ClientProcess bob = bob("verified", "first")) {
        alice.awaitLine("+ bob is in the group, met for the first time: compare codes");
        screen.press(KeyEvent.VK_SPACE);
        assertFalse(alice.said(VERIFIED), "there is no button before somebody asks for it");
        screen.press(KeyEvent.VK_S);
        pressButton(screen, alice);
        screen.press(KeyEvent.VK_ESCAPE);
        alice.command("s");
        alice.awaitLine("  bob, verified");
        leave(alice, bob);
      }
      try (ClientProcess other = bob("verified", "second")) {
        alice.awaitLine("was refused: ");
        alice.awaitLine("outside: ");
        assertFalse(other.said("members: alice"), () -> other.lines().toString());
      }
      screen.press(KeyEvent.VK_Q);
      assertEquals(0, alice.awaitEnd(), () -> alice.lines().toString());
    }
  }

  @Test
  void asksByItselfWhenSomebodyComesWithAnotherKey() throws Exception {
    try (Xvfb screen = Xvfb.start(folder);
        ClientProcess alice = window(screen, "changed")) {
      try (ClientProcess bob = bob("changed", "first")) {
        alice.awaitLine("+ bob is in the group, met for the first time: compare codes");
        leave(alice, bob);
      }
      try (ClientProcess other = bob("changed", "second")) {
        alice.awaitLine("+ bob is in the group, WITH ANOTHER KEY THAN BEFORE");
        alice.awaitLine("private: maybe not: somebody has another key than before");
        pressButton(screen, alice);
        other.command("q");
        assertEquals(0, other.awaitEnd());
      }
      try (ClientProcess again = bob("changed", "second")) {
        alice.awaitLine("+ bob is in the group, verified");
        again.command("q");
        assertEquals(0, again.awaitEnd());
      }
    }
  }
}
