/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.perc4j.it.bridge.JvbProcess;

/**
 * A bridge of another version, made from the installed one: one hooked method is called otherwise.
 */
@RequiresJvb
class UnknownBridgeTest {
  private static final String TYPE = "org/jitsi/nlj/Transceiver";
  private static final String KNOWN = "setSrtpInformationInternal";

  /** As long as the other, so that it can take its place in the class file. */
  private static final String RENAMED = "setSrtpInformationExternal";

  @Test
  void runsAsInstalledAndSaysWhatDoesNotMatch() throws Exception {
    Path output = Files.createDirectories(JvbExtension.output());
    Path home = Files.createTempDirectory(output, "unknown-home");
    copyWithRenamedMethod(Objects.requireNonNull(JvbProcess.home()), home);
    try (JvbProcess jvb =
        JvbProcess.start(home, output.resolve("unknown"), JvbExtension.pluginJar(), "")) {
      List<String> mismatches = jvb.logLines("perc4j does not know this Jitsi Videobridge");
      assertEquals(1, mismatches.size(), mismatches.toString());
      String line = mismatches.get(0);
      for (String part :
          List.of(TYPE.replace('/', '.'), KNOWN, "(Lorg/jitsi/nlj/srtp/SrtpTransformers;Z)V")) {
        assertTrue(line.contains(part), part + " in " + line);
      }
      assertEquals(1, jvb.logLines("perc4j is not installed").size());
      assertEquals(List.of(), jvb.logLines("is installed;"));
      PolicyTest.assertRunsAsInstalled(jvb, "unknown");
    }
  }

  /** Links to everything but the start script, which finds its place, and the jar to be changed. */
  private static void copyWithRenamedMethod(Path installed, Path home) throws IOException {
    Path library = Files.createDirectories(home.resolve("lib"));
    Path script = Files.copy(installed.resolve("jvb.sh"), home.resolve("jvb.sh"));
    assertTrue(Files.isRegularFile(script));
    int changed = place(installed.resolve("jitsi-videobridge.jar"), home);
    try (Stream<Path> files = Files.list(installed.resolve("lib"))) {
      for (Path file : files.toList()) {
        changed += place(file, library);
      }
    }
    assertEquals(1, changed, "jars with " + TYPE);
  }

  private static int place(Path file, Path folder) throws IOException {
    Path target = folder.resolve(Objects.requireNonNull(file.getFileName()));
    if (file.toString().endsWith(".jar")) {
      try (ZipFile jar = new ZipFile(file.toFile())) {
        if (jar.getEntry(TYPE + ".class") != null) {
          rewrite(jar, target);
          return 1;
        }
      }
    }
    Path unused = Files.createSymbolicLink(target, file.toAbsolutePath());
    return 0;
  }

  private static void rewrite(ZipFile jar, Path target) throws IOException {
    try (OutputStream file = Files.newOutputStream(target);
        ZipOutputStream out = new ZipOutputStream(file)) {
      Enumeration<? extends ZipEntry> entries = jar.entries();
      while (entries.hasMoreElements()) {
        ZipEntry entry = entries.nextElement();
        try (InputStream in = jar.getInputStream(entry)) {
          byte[] octets = in.readAllBytes();
          out.putNextEntry(new ZipEntry(entry.getName()));
          out.write(entry.getName().equals(TYPE + ".class") ? renamed(octets) : octets);
          out.closeEntry();
        }
      }
    }
  }

  /** Changes the one string of the constant pool that declaration and calls share. */
  private static byte[] renamed(byte[] classFile) {
    String text = new String(classFile, StandardCharsets.ISO_8859_1);
    assertTrue(text.contains(KNOWN), "not in the class file");
    return text.replace(KNOWN, RENAMED).getBytes(StandardCharsets.ISO_8859_1);
  }
}
