/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.harness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The JDK's tool that talks to a Java process of the same user. */
final class Jcmd {
  private Jcmd() {}

  /** Runs a command in a process, and returns what it prints. */
  static String run(long pid, String... command) throws IOException, InterruptedException {
    Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
    List<String> words = new ArrayList<>();
    words.add(Files.isExecutable(jcmd) ? jcmd.toString() : "jcmd");
    words.add(Long.toString(pid));
    words.addAll(List.of(command));
    return ChildProcess.output(words);
  }
}
