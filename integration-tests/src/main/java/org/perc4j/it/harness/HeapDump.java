/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.harness;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** Writes down what is in the heap of another Java process. */
public final class HeapDump {
  private static final long TIMEOUT_SECONDS = 60;

  private HeapDump() {}

  /**
   * Takes a dump with the tool that comes with the JDK.
   *
   * @param garbage whether objects that nobody refers to any more are wanted, too
   */
  public static void take(long pid, Path file, boolean garbage)
      throws IOException, InterruptedException {
    boolean unused = Files.deleteIfExists(file);
    Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
    ProcessBuilder builder =
        new ProcessBuilder(
            Files.isExecutable(jcmd) ? jcmd.toString() : "jcmd",
            Long.toString(pid),
            "GC.heap_dump",
            garbage ? "-all=true" : "-all=false",
            file.toAbsolutePath().toString());
    Process process = builder.redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
      Process killed = process.destroyForcibly();
      throw new TimedOutException("heap dump of " + pid + " " + killed);
    }
    if (process.exitValue() != 0 || !Files.isRegularFile(file)) {
      throw new IOException("no heap dump of " + pid + ": " + output);
    }
  }
}
