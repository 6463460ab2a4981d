/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.bench.call;

import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.perc4j.bench.Machine;
import org.perc4j.it.deployment.WebDeployment;

/** Taking part in a meeting: its parts have classes of their own. */
public final class CallBenchmark {
  private static final PrintStream OUT = System.out;

  private CallBenchmark() {}

  /**
   * Runs all of it, or parts.
   *
   * @param arguments some of {@code recorder client join ear}; none for all
   */
  public static void main(String[] arguments) throws Exception {
    Machine machine = Machine.describe(OUT);
    Path output = Path.of(System.getProperty("perc4j.output", "target"), "call");
    Files.createDirectories(output);
    List<String> parts =
        arguments.length > 0 ? List.of(arguments) : List.of("recorder", "client", "join", "ear");
    if (!WebDeployment.isInstalled()) {
      throw new IllegalStateException(
          "needs Prosody, Jicofo, Jitsi Videobridge, nginx and a network namespace");
    }
    for (String part : parts) {
      try (Deployment deployment = Deployment.start(output.resolve(part))) {
        switch (part) {
          case "recorder" -> RecorderBenchmark.run(OUT, deployment);
          case "client" -> ClientLoadBenchmark.run(OUT, deployment);
          case "join" -> JoinBenchmark.run(OUT, deployment);
          case "ear" -> EarBenchmark.run(OUT, deployment);
          default -> throw new IllegalArgumentException(part);
        }
      }
    }
    machine.describeSince(OUT);
    System.exit(0);
  }
}
