/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.bench.call;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.perc4j.it.harness.ChildProcess;

/** A display in memory. */
final class Display implements Closeable {
  private static final Path EXECUTABLE = Path.of("/usr/bin/Xvfb");
  private static final Path SOCKETS = Path.of("/tmp/.X11-unix");
  private static final int FIRST = 190;
  private static final int TRIES = 100;

  private final ChildProcess process;
  private final String name;

  private Display(ChildProcess process, String name) {
    this.process = process;
    this.name = name;
  }

  /** Starts one, or returns null if that is not installed. */
  static @Nullable Display start(Path folder) throws IOException, InterruptedException {
    if (!Files.isExecutable(EXECUTABLE)) {
      return null;
    }
    int number = FIRST;
    while (Files.exists(SOCKETS.resolve("X" + number))) {
      if (++number == FIRST + TRIES) {
        throw new IOException("no display is free");
      }
    }
    Path socket = SOCKETS.resolve("X" + number);
    String name = ":" + number;
    ChildProcess process =
        ChildProcess.start(
            "Xvfb",
            new ProcessBuilder(
                EXECUTABLE.toString(), name, "-screen", "0", "1280x800x24", "-nolisten", "tcp"),
            folder.resolve("xvfb.log"),
            () -> Files.exists(socket));
    return new Display(process, name);
  }

  /** Returns what the environment's {@code DISPLAY} is to be. */
  String name() {
    return name;
  }

  @Override
  public void close() {
    process.close();
  }
}
