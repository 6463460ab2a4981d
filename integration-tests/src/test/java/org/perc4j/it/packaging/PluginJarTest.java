/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.packaging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;

/** What is in the jar that operators drop into a bridge. */
class PluginJarTest {
  private static final Path PLUGIN = Path.of(System.getProperty("perc4j.plugin.jar"));

  @Test
  void holdsOnlyClassesOfItsOwn() throws IOException {
    try (JarFile jar = new JarFile(PLUGIN.toFile())) {
      List<String> foreign =
          jar.stream()
              .filter(entry -> !entry.isDirectory())
              .map(entry -> entry.getName())
              .filter(name -> name.endsWith(".class"))
              .filter(name -> !name.startsWith("org/perc4j/jvb/"))
              .filter(name -> !name.startsWith("org/perc4j/header/"))
              .toList();

      assertEquals(List.of(), foreign);
    }
  }

  @Test
  void bringsItsAgentAndItsDefaults() throws IOException {
    try (JarFile jar = new JarFile(PLUGIN.toFile())) {
      assertEquals(
          "org.perc4j.jvb.agent.PercAgent",
          jar.getManifest().getMainAttributes().getValue("Premain-Class"));
      assertNotNull(jar.getEntry("reference.conf"));
      assertNotNull(jar.getEntry("org/perc4j/jvb/shaded/bytebuddy/ByteBuddy.class"));
      assertTrue(jar.stream().noneMatch(entry -> entry.getName().startsWith("org/jitsi")));
    }
  }
}
