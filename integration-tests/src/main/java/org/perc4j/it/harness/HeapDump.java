/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.harness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes down what is in the heap of another Java process. */
public final class HeapDump {
  private HeapDump() {}

  /**
   * Takes a dump with the tool that comes with the JDK.
   *
   * @param garbage whether objects that nobody refers to any more are wanted, too
   */
  public static void take(long pid, Path file, boolean garbage)
      throws IOException, InterruptedException {
    boolean unused = Files.deleteIfExists(file);
    String output =
        Jcmd.run(pid, "GC.heap_dump", "-all=" + garbage, file.toAbsolutePath().toString());
    if (!Files.isRegularFile(file)) {
      throw new IOException("no heap dump of " + pid + ": " + output);
    }
  }
}
