/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Names that a browser accepts and the JVM refuses, or the other way, would split a group. */
@RequiresBrowser(WebBrowser.CHROMIUM)
class NamesTest {
  @Test
  void sameCharactersAreForNames(@TempDir Path folder) throws Exception {
    assertEquals(
        Names.allowed(0, 0x32000) + Names.allowed(0xe0000, 0xe1000),
        WebBrowser.CHROMIUM.open(folder, "names.js"));
  }
}
