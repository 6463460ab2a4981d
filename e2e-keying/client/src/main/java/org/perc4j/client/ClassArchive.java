/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.client;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import javax.management.JMException;
import javax.management.JMRuntimeException;
import javax.management.ObjectName;

/**
 * The classes that a meeting needs, as Java can map them into its memory at its next start (JEP
 * 350). Who starts this says where the file is wanted by the property {@value #PROPERTY}, and adds
 * {@code -XX:+RecordDynamicDumpInfo}; later starts name the file by {@code -XX:SharedArchiveFile}.
 * Java takes no file that was made by another Java, or of other libraries.
 */
final class ClassArchive {
  static final String PROPERTY = "perc4j.archive";

  private ClassArchive() {}

  /** Writes the file if one is wanted; takes some seconds. What fails is not missed. */
  static void keep() {
    String wanted = System.getProperty(PROPERTY);
    if (wanted == null) {
      return;
    }
    Path file = Path.of(wanted);
    Path partial = Path.of(wanted + "." + ProcessHandle.current().pid());
    try {
      Object unused =
          ManagementFactory.getPlatformMBeanServer()
              .invoke(
                  new ObjectName("com.sun.management:type=DiagnosticCommand"),
                  "vmCds",
                  new Object[] {new String[] {"dynamic_dump", "\"" + partial + "\""}},
                  new String[] {String[].class.getName()});
      // Others may start meanwhile: they see all of it or nothing.
      Path unusedToo = Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (JMException | JMRuntimeException | IOException e) {
      partial.toFile().delete();
    }
  }
}
