/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.packaging;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.perc4j.it.harness.ChildProcess;

/** The Debian package, installed and removed by dpkg in a folder of its own. */
@EnabledIf("isDebian")
class DebianPackageTest {
  private static final String BEFORE =
      """
      # Jitsi Videobridge settings
      JVB_HOSTNAME=meet.example
      JAVA_SYS_PROPS="-Dconfig.file=/etc/jitsi/videobridge/jvb.conf"
      """;

  private static final String LINE =
      "JDK_JAVA_OPTIONS=\"-javaagent:/usr/share/perc4j/perc4j-jvb-plugin.jar\"";

  private final Path root;
  private final Path config;

  DebianPackageTest(@TempDir Path root) {
    this.root = root;
    config = root.resolve("etc/jitsi/videobridge/config");
  }

  static boolean isDebian() {
    return Files.isExecutable(Path.of("/usr/bin/dpkg"));
  }

  @BeforeEach
  void prepareSystem() throws IOException {
    for (String directory : List.of("updates", "info", "triggers", "parts", "alternatives")) {
      Path unused = Files.createDirectories(root.resolve("var/lib/dpkg").resolve(directory));
    }
    Path unusedStatus = Files.createFile(root.resolve("var/lib/dpkg/status"));
    Path unused = Files.createDirectories(config.getParent());
    Path unusedConfig = Files.writeString(config, BEFORE);
  }

  @Test
  void installsTheJarAndOneMarkedLineAndRemovesBoth() throws Exception {
    install();

    assertArrayEquals(Files.readAllBytes(plugin()), Files.readAllBytes(installed()));
    List<String> lines = Files.readAllLines(config);
    assertEquals(5, lines.size(), lines.toString());
    assertTrue(lines.get(3).startsWith("# added by the package perc4j-jvb-plugin"), lines.get(3));
    assertEquals(LINE, lines.get(4));

    dpkg("--remove", "perc4j-jvb-plugin");
    assertEquals(BEFORE, Files.readString(config));
    assertFalse(Files.exists(installed()));
    try (Stream<Path> left = Files.walk(root)) {
      assertEquals(
          List.of(),
          left.filter(path -> !path.startsWith(root.resolve("var")))
              .filter(path -> path.toString().contains("perc4j"))
              .toList());
    }
  }

  @Test
  void addsTheLineOnceHoweverOftenItIsInstalled() throws Exception {
    install();
    install();
    assertEquals(5, Files.readAllLines(config).size());
  }

  @Test
  void addsTheLineAgainWhenTheBridgesPackageHasWrittenTheFileAnew() throws Exception {
    install();
    Path unused = Files.writeString(config, BEFORE);
    ChildProcess.output(
        List.of(
            "dpkg-trigger",
            "--root=" + root,
            "--no-await",
            "--by-package=jitsi-videobridge2",
            "/usr/share/jitsi-videobridge"));
    dpkg("--configure", "--pending");
    assertEquals(LINE, Files.readAllLines(config).get(4));
  }

  @Test
  void waitsForABridgeThatIsNotInstalled() throws Exception {
    Files.delete(config);
    String said = install();
    assertFalse(Files.exists(config));
    assertTrue(said.contains("when the bridge is installed"), said);
  }

  @Test
  void leavesOthersOptionsForJavaAloneAndSaysSo() throws Exception {
    String others = BEFORE + "JDK_JAVA_OPTIONS=-Dother=1\n";
    Path unused = Files.writeString(config, others);
    String said = install();
    assertEquals(others, Files.readString(config));
    assertTrue(said.contains("please add -javaagent"), said);
  }

  private Path installed() {
    return root.resolve("usr/share/perc4j/perc4j-jvb-plugin.jar");
  }

  private static Path plugin() {
    return Path.of(System.getProperty("perc4j.plugin.jar", ""));
  }

  @CanIgnoreReturnValue
  private String install() throws IOException, InterruptedException {
    try (Stream<Path> built = Files.list(plugin().getParent())) {
      List<Path> packages = built.filter(path -> path.toString().endsWith(".deb")).toList();
      assertEquals(1, packages.size(), packages.toString());
      return dpkg("--install", packages.get(0).toString());
    }
  }

  @CanIgnoreReturnValue
  private String dpkg(String... words) throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                "dpkg",
                "--root=" + root,
                "--force-script-chrootless",
                "--force-not-root",
                "--force-bad-path"));
    command.addAll(List.of(words));
    return ChildProcess.output(command);
  }
}
