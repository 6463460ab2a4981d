/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.perc4j.client.options.ClientOptions;

/** The manual page tells what there is, and nothing else. */
class ManualTest {
  private static final Pattern OPTION = Pattern.compile("--[a-z][a-z-]*");
  private static final Pattern ITEM = Pattern.compile("(?m)^\\.TP\n\\.BI? (--[a-z-]+)");

  /** The page's source, with hyphens as they are seen. */
  private static String manual() throws IOException {
    return Files.readString(Path.of("src/deb/perc4j.1")).replace("\\-", "-");
  }

  private static Set<String> options(String text) {
    return OPTION
        .matcher(text)
        .results()
        .map(found -> found.group())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void hasAnItemForEachOption() throws IOException {
    Set<String> items =
        ITEM.matcher(manual())
            .results()
            .map(found -> found.group(1))
            .collect(Collectors.toCollection(TreeSet::new));
    items.remove("--version");
    Set<String> offered = new TreeSet<>();
    for (String line : ClientOptions.help().lines().toList()) {
      if (line.startsWith("  --")) {
        offered.add(line.strip().split(" ", 2)[0]);
      }
    }
    assertTrue(offered.size() > 10, offered.toString());
    assertEquals(offered, items);
  }

  @Test
  void mentionsNoOptionThatIsNotThere() throws IOException {
    Set<String> offered = options(ClientOptions.help());
    offered.add("--help");
    assertEquals(offered, options(manual()));
  }

  @Test
  void hasEachExitStatus() throws IOException {
    String manual = manual();
    int from = manual.indexOf(".SH \"EXIT STATUS\"");
    String part = manual.substring(from, manual.indexOf(".SH", from + 1));
    Set<String> items =
        Pattern.compile("(?m)^\\.TP\n\\.B ([0-9]+)$")
            .matcher(part)
            .results()
            .map(found -> found.group(1))
            .collect(Collectors.toCollection(TreeSet::new));
    Set<String> codes = new TreeSet<>();
    for (ExitStatus status : ExitStatus.values()) {
      codes.add(Integer.toString(status.code()));
    }
    assertEquals(codes, items);
  }
}
