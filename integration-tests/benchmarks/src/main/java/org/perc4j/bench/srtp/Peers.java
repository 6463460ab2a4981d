/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.bench.srtp;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.perc4j.bench.Samples;

/** The program in src/native, which measures what is written in C. */
final class Peers {
  /** What this is about. */
  static final String LIBSRTP = "libsrtp2";

  /** All that it measures, as it names them. */
  static final List<String> NAMES = List.of(LIBSRTP, "openssl-gcm", "nss-gcm");

  private final Path program;

  Peers(Path program) {
    this.program = program;
  }

  /** The libraries' versions. */
  String describe() throws IOException, InterruptedException {
    return run("describe").get(0);
  }

  /** A packet of 160 octets of payload behind libsrtp2's first layer, in hex. */
  String innerPacket(int keyBits) throws IOException, InterruptedException {
    return run("inner", Integer.toString(keyBits)).get(0);
  }

  /**
   * Measures once.
   *
   * @param nanos gets the figures, by {@link TransformComparison#key}
   */
  void measure(
      String operation, int payloadLength, int keyBits, int millis, int batches, Samples nanos)
      throws IOException, InterruptedException {
    List<String> lines =
        run(
            "measure",
            operation,
            Integer.toString(payloadLength),
            Integer.toString(keyBits),
            Integer.toString(millis),
            Integer.toString(batches));
    for (String line : lines) {
      int space = line.indexOf(' ');
      nanos.add(
          TransformComparison.key(operation, line.substring(0, space), payloadLength, keyBits),
          Double.parseDouble(line.substring(space + 1)));
    }
  }

  private List<String> run(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(program.toString()));
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    if (process.waitFor() != 0) {
      throw new IOException(String.join(" ", command) + " failed");
    }
    return output.lines().toList();
  }
}
