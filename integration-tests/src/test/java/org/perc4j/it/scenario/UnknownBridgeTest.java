/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
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

/** A bridge of another version, made from the installed one: one member is called otherwise. */
@RequiresJvb
class UnknownBridgeTest {
  /**
   * A member that is renamed.
   *
   * @param type the class, by its internal name
   * @param known its name in the installed bridge
   * @param now its name in the other one: as long, so that it can take the place in the class file
   */
  private record Renamed(String type, String known, String now) {}

  private static final Renamed NEEDED_METHOD =
      new Renamed(
          "org/jitsi/nlj/Transceiver", "setSrtpInformationInternal", "setSrtpInformationExternal");

  private static final Renamed OPTIONAL_FIELD =
      new Renamed("org/jitsi/videobridge/relay/RelayEndpointSender", "rtpSender", "rtpOutlet");

  @Test
  void runsAsInstalledAndSaysWhatDoesNotMatch() throws Exception {
    Path output = Files.createDirectories(JvbExtension.output());
    Path home = copy(NEEDED_METHOD, output);
    try (JvbProcess jvb =
        JvbProcess.start(home, output.resolve("unknown"), JvbExtension.pluginJar(), "")) {
      List<String> mismatches = jvb.logLines("perc4j does not know this Jitsi Videobridge");
      assertEquals(1, mismatches.size(), mismatches.toString());
      String line = mismatches.get(0);
      for (String part :
          List.of(
              NEEDED_METHOD.type.replace('/', '.'),
              NEEDED_METHOD.known,
              "(Lorg/jitsi/nlj/srtp/SrtpTransformers;Z)V")) {
        assertTrue(line.contains(part), part + " in " + line);
      }
      assertEquals(1, jvb.logLines("perc4j is not installed").size());
      assertEquals(List.of(), jvb.logLines("is installed;"));
      PolicyTest.assertRunsAsInstalled(jvb, "unknown");
    }
  }

  @Test
  void goesWithoutWhatIsOptionalAndSaysSo() throws Exception {
    Path output = Files.createDirectories(JvbExtension.output());
    Path home = copy(OPTIONAL_FIELD, output);
    try (JvbProcess jvb =
        JvbProcess.start(home, output.resolve("partly-known"), JvbExtension.pluginJar(), "")) {
      assertEquals(
          1,
          jvb.logLines(
                  "perc4j goes without relays: "
                      + OPTIONAL_FIELD.type.replace('/', '.')
                      + ": expected a field named rtpSender")
              .size());
      assertEquals(1, jvb.logLines("perc4j goes without relays, so ").size());
      assertEquals(1, jvb.logLines("is installed;").size());
      JsonNode hooks = DebugPages.bridge(jvb).path("perc").path("hooks");
      assertTrue(hooks.path("relays").asText().startsWith("off: "), hooks.toString());
      assertEquals("on", hooks.path("handshake").asText(), hooks.toString());
      new MixedRoomTest().keepsDoubleAndPlainApart(jvb);
    }
  }

  /** Links to everything but the start script, which finds its place, and the jar to be changed. */
  private static Path copy(Renamed member, Path output) throws IOException {
    Path installed = Objects.requireNonNull(JvbProcess.home());
    Path home = Files.createTempDirectory(output, "unknown-home");
    Path library = Files.createDirectories(home.resolve("lib"));
    Path script = Files.copy(installed.resolve("jvb.sh"), home.resolve("jvb.sh"));
    assertTrue(Files.isRegularFile(script));
    int changed = place(member, installed.resolve("jitsi-videobridge.jar"), home);
    try (Stream<Path> files = Files.list(installed.resolve("lib"))) {
      for (Path file : files.toList()) {
        changed += place(member, file, library);
      }
    }
    assertEquals(1, changed, "jars with " + member.type);
    return home;
  }

  private static int place(Renamed member, Path file, Path folder) throws IOException {
    Path target = folder.resolve(Objects.requireNonNull(file.getFileName()));
    if (file.toString().endsWith(".jar")) {
      try (ZipFile jar = new ZipFile(file.toFile())) {
        if (jar.getEntry(member.type + ".class") != null) {
          rewrite(member, jar, target);
          return 1;
        }
      }
    }
    Path unused = Files.createSymbolicLink(target, file.toAbsolutePath());
    return 0;
  }

  private static void rewrite(Renamed member, ZipFile jar, Path target) throws IOException {
    try (OutputStream file = Files.newOutputStream(target);
        ZipOutputStream out = new ZipOutputStream(file)) {
      Enumeration<? extends ZipEntry> entries = jar.entries();
      while (entries.hasMoreElements()) {
        ZipEntry entry = entries.nextElement();
        try (InputStream in = jar.getInputStream(entry)) {
          byte[] octets = in.readAllBytes();
          out.putNextEntry(new ZipEntry(entry.getName()));
          boolean meant = entry.getName().equals(member.type + ".class");
          out.write(meant ? renamed(member, octets) : octets);
          out.closeEntry();
        }
      }
    }
  }

  /** Changes the one string of the constant pool that declaration and uses share. */
  private static byte[] renamed(Renamed member, byte[] classFile) {
    String text = new String(classFile, StandardCharsets.ISO_8859_1);
    assertTrue(text.contains(constant(member.known)), "not in the class file");
    return text.replace(constant(member.known), constant(member.now))
        .getBytes(StandardCharsets.ISO_8859_1);
  }

  /** A string of a constant pool (JVMS 4.4.7), with its length before it. */
  private static String constant(String value) {
    return "" + (char) 0 + (char) value.length() + value;
  }
}
