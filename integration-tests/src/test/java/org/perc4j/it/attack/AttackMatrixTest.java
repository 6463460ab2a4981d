/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.attack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The tests that docs/threat-model.md names are there. */
class AttackMatrixTest {
  private static final Path REPOSITORY = Path.of("..");
  private static final String MATRIX = "## Attack matrix";
  private static final Pattern NAMED_TEST = Pattern.compile("`(\\w+Test)(?:\\.(\\w+))?`");
  private static final Pattern TEST_METHOD =
      Pattern.compile("@(?:Test|ParameterizedTest|FuzzTest)\\b[^;]*?\\bvoid (\\w+)\\(");

  private static List<String> rows(String document) {
    return document.lines().filter(line -> line.startsWith("| ")).toList();
  }

  private static Map<String, Path> testClasses() throws IOException {
    Map<String, Path> classes = new HashMap<>();
    for (String module :
        List.of(
            "header-extensions",
            "e2e-keying/core",
            "e2e-keying",
            "jvb-plugin",
            "integration-tests")) {
      try (Stream<Path> files = Files.walk(REPOSITORY.resolve(module).resolve("src/test/java"))) {
        for (Path file : files.filter(path -> path.toString().endsWith("Test.java")).toList()) {
          String name = String.valueOf(file.getFileName());
          classes.put(name.substring(0, name.length() - ".java".length()), file);
        }
      }
    }
    return classes;
  }

  /** Tells of each test that is named in a row and does not exist. */
  private static List<String> missing(List<String> rows) throws IOException {
    Map<String, Path> classes = testClasses();
    List<String> missing = new ArrayList<>();
    for (String row : rows) {
      Matcher named = NAMED_TEST.matcher(row);
      while (named.find()) {
        Path file = classes.get(named.group(1));
        if (file == null || (named.group(2) != null && !methods(file).contains(named.group(2)))) {
          missing.add(named.group());
        }
      }
    }
    return missing;
  }

  private static Set<String> methods(Path file) throws IOException {
    Set<String> methods = new HashSet<>();
    Matcher matcher = TEST_METHOD.matcher(Files.readString(file));
    while (matcher.find()) {
      methods.add(matcher.group(1));
    }
    return methods;
  }

  private static String document() throws IOException {
    return Files.readString(REPOSITORY.resolve("docs/threat-model.md"));
  }

  @Test
  void allTestsThatAreNamedExist() throws IOException {
    assertEquals(List.of(), missing(rows(document())));
  }

  @Test
  void eachAttackHasATest() throws IOException {
    String document = document();
    int start = document.indexOf(MATRIX);
    assertTrue(start > 0, "no section " + MATRIX);
    int end = document.indexOf("\n## ", start + MATRIX.length());
    List<String> attacks =
        rows(document.substring(start, end)).stream()
            .filter(row -> !row.startsWith("| attack |"))
            .toList();
    assertTrue(attacks.size() > 25, attacks.size() + " attacks");
    for (String attack : attacks) {
      String[] cells = attack.split("\\|", -1);
      assertEquals(5, cells.length, attack);
      assertTrue(NAMED_TEST.matcher(cells[3]).find(), attack);
    }
  }

  @Test
  void whatDoesNotExistIsFoundMissing() throws IOException {
    assertEquals(
        List.of("`NoSuchTest`", "`AttackMatrixTest.noSuchMethod`", "`AttackMatrixTest.missing`"),
        missing(
            List.of(
                "| `NoSuchTest`, `AttackMatrixTest` |",
                "| `AttackMatrixTest.noSuchMethod`, `AttackMatrixTest.eachAttackHasATest` |",
                "| `AttackMatrixTest.missing` |")));
  }
}
