/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The module that is shipped, in a group with the JVM's, in both directions. */
@RequiresBrowser(WebBrowser.CHROMIUM)
class GroupMemberTest {
  private static final int MEMBERS = 100;

  @Test
  void browserAndJvmAreInOneGroup(@TempDir Path folder) throws Exception {
    assertOneGroup(WebBrowser.CHROMIUM, folder);
  }

  static void assertOneGroup(WebBrowser browser, Path folder) throws Exception {
    JvmMembers members = new JvmMembers(MEMBERS);
    List<String> result = browser.open(folder, "member.js", members).lines().toList();
    assertEquals("NOT_AUTHENTIC,NOT_AUTHENTIC", result.get(0), () -> String.join("\n", result));
    Path unused = Files.writeString(Path.of("target", "times-" + browser), result.get(1));
    assertEquals(6, members.agreements());
  }
}
