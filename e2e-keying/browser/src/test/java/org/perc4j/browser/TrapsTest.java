/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the JVM answers with an exception is one in browsers, too. */
@RequiresBrowser(WebBrowser.CHROMIUM)
class TrapsTest {
  @Test
  void operationsThatTrapInWebAssemblyThrowAsOnTheJvm(@TempDir Path folder) throws Exception {
    assertEquals(here(), WebBrowser.CHROMIUM.open(folder, "traps.js"));
  }

  /** Returns what comes of the operations on the JVM. */
  static String here() {
    return Arrays.stream(Traps.names())
        .map(name -> name + ": " + Traps.outcome(name, 0))
        .collect(Collectors.joining("\n"));
  }
}
