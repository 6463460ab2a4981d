/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import net.bytebuddy.description.method.MethodDescription;
import org.junit.jupiter.api.Test;
import org.perc4j.jvb.hook.HookModule;
import org.perc4j.jvb.hook.HookPoint;

/** The table of hooks in docs/architecture.md says what the code does. */
class HookTableTest {
  private static final Path DOCUMENT = Path.of("..", "docs", "architecture.md");
  private static final Pattern ROW =
      Pattern.compile("\\| `(\\w+)` \\| (not installed|left out) \\| ([^|]*)\\| [^|]+ \\|");
  private static final Pattern METHOD = Pattern.compile("`([^`]+)`");

  @Test
  void namesEveryHookedMethodAndNoOther() throws IOException {
    Map<String, Set<String>> hooked = new TreeMap<>();
    for (HookModule module : HookModules.all()) {
      Set<String> methods = new TreeSet<>();
      module.hooks().stream()
          .flatMap(hook -> hook.alternatives().stream())
          .forEach(point -> methods.add(name(point)));
      String otherwise = module.isRequired() ? "not installed" : "left out";
      hooked.put(module.name() + ", else " + otherwise, methods);
    }

    assertEquals(hooked, documented());
  }

  private static String name(HookPoint point) {
    String type = point.type().replace("$Companion", "");
    String simple = type.substring(type.lastIndexOf('.') + 1);
    return point.method().equals(MethodDescription.CONSTRUCTOR_INTERNAL_NAME)
        ? simple + "()"
        : simple + "." + point.method();
  }

  private static Map<String, Set<String>> documented() throws IOException {
    Map<String, Set<String>> documented = new TreeMap<>();
    for (String line : Files.readAllLines(DOCUMENT)) {
      var row = ROW.matcher(line);
      if (row.matches()) {
        Set<String> methods =
            documented.computeIfAbsent(
                row.group(1) + ", else " + row.group(2), module -> new TreeSet<>());
        METHOD.matcher(row.group(3)).results().forEach(method -> methods.add(method.group(1)));
      }
    }
    return documented;
  }
}
