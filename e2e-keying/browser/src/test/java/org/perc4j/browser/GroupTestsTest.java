/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.perc4j.e2e.mls.GroupTests;

/** The core's hostile tests, in a browser. */
@RequiresBrowser(WebBrowser.CHROMIUM)
class GroupTestsTest {
  @Test
  void hostileTestsOfTheCorePassInTheBrowser(@TempDir Path folder) throws Exception {
    String all =
        Arrays.stream(GroupTests.names())
            .map(name -> name + ": ")
            .collect(Collectors.joining("\n"));
    assertEquals(all, WebBrowser.CHROMIUM.open(folder, "group-tests.js"));
  }
}
