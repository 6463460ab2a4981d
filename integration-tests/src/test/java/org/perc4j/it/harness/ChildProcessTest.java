/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.harness;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Servers of tests, and the ports that they are told to use. */
class ChildProcessTest {
  private static final int PORTS = 300;

  @Test
  void tellsWhatAServerSaidThatEnded(@TempDir Path directory) {
    ProcessBuilder server =
        new ProcessBuilder("sh", "-c", "echo SEVERE: no port; echo so I leave; exit 1");
    IOException failure =
        assertThrows(
            IOException.class,
            () -> ChildProcess.start("a server", server, directory.resolve("log"), () -> false));
    String message = String.valueOf(failure.getMessage());
    assertTrue(message.endsWith("which has: SEVERE: no port; and ends: so I leave"), message);
  }

  @Test
  void givesNoPortToTwoServers() throws Exception {
    Set<Integer> ports = new HashSet<>();
    for (int i = 0; i < PORTS; i++) {
      ports.add(LabNetwork.freeTcpPort());
    }
    assertEquals(PORTS, ports.size());
  }
}
