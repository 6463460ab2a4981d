/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.harness;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The example in a class's Javadoc. */
public final class JavadocExample {
  private JavadocExample() {}

  /** Returns its lines; there has to be one. */
  public static List<String> of(Path source) throws IOException {
    List<String> lines = Files.readAllLines(source);
    int begin = lines.indexOf(" * <pre>{@code");
    int end = lines.indexOf(" * }</pre>");
    assertTrue(begin > 0 && end > begin, "no example in " + source);
    List<String> code = new ArrayList<>();
    for (String line : lines.subList(begin + 1, end)) {
      assertTrue(line.startsWith(" *"), line);
      code.add(line.length() > 2 ? line.substring(3) : "");
    }
    return code;
  }
}
