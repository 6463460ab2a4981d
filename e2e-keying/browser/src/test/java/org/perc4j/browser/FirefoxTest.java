/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The other engine, as far as one can tell by less. */
@RequiresBrowser(WebBrowser.FIREFOX)
class FirefoxTest {
  @Test
  void browserAndJvmAreInOneGroup(@TempDir Path folder) throws Exception {
    GroupMemberTest.assertOneGroup(WebBrowser.FIREFOX, folder);
  }

  @Test
  void operationsThatTrapInWebAssemblyThrowAsOnTheJvm(@TempDir Path folder) throws Exception {
    assertEquals(TrapsTest.here(), WebBrowser.FIREFOX.open(folder, "traps.js"));
  }
}
