/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.speech;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The programs in C that speak and encode, compiled when first wanted, and ffmpeg. Their sources
 * are in the folder that the system property {@code perc4j.speech} names. A program that fails
 * makes an {@link IOException} of what it wrote on its standard error.
 */
public final class Programs {
  private static final long TIMEOUT_MINUTES = 10;

  private final Path sources;
  private final Path output;

  /**
   * @param output where the compiled programs and, for a while, sounds lie; made if need be
   */
  public Programs(Path output) throws IOException {
    this.sources =
        Path.of(System.getProperty("perc4j.speech", "integration-tests/src/speech"))
            .toAbsolutePath();
    this.output = Files.createDirectories(output.toAbsolutePath());
  }

  /**
   * Compiles the programs if need be.
   *
   * @return null, or the first complaint if gcc, one of the libraries or its headers, or ffmpeg is
   *     missing
   */
  public @Nullable String complaint() throws InterruptedException {
    try {
      run(null, null, "ffmpeg", "-version");
      Path unused = program("synthesize", "espeak-ng");
      unused = program("opus-sizes", "opus");
      return null;
    } catch (IOException e) {
      return e.toString();
    }
  }

  /**
   * Encodes sound by Opus in packets of 20 ms, and returns their sizes in octets.
   *
   * @param samples at {@link SpeechTrack#SAMPLE_RATE}
   * @param variable whether the packets may differ in size
   * @param dtx whether silence is not sent; such packets are counted with their one or two octets
   */
  public int[] opusSizes(short[] samples, int bitsPerSecond, boolean variable, boolean dtx)
      throws IOException, InterruptedException {
    Path sound = temporary(".raw");
    Path sizes = temporary(".sizes");
    try {
      Files.write(sound, octets(samples));
      run(
          sound,
          sizes,
          program("opus-sizes", "opus").toString(),
          Integer.toString(bitsPerSecond),
          variable ? "vbr" : "cbr",
          dtx ? "1" : "0");
      return Files.readAllLines(sizes).stream().mapToInt(Integer::parseInt).toArray();
    } finally {
      Files.delete(sound);
      Files.delete(sizes);
    }
  }

  /**
   * Speaks lines of voice, rate, pitch and text between tabs.
   *
   * @param sound gets all the sound; see {@code synthesize.c}
   * @return the index that belongs to it
   */
  List<String> synthesize(List<String> lines, Path sound) throws IOException, InterruptedException {
    Path input = temporary(".lines");
    Path index = temporary(".index");
    try {
      Files.write(input, lines);
      run(
          input,
          null,
          program("synthesize", "espeak-ng").toString(),
          sound.toString(),
          index.toString());
      return Files.readAllLines(index);
    } finally {
      Files.delete(input);
      Files.delete(index);
    }
  }

  /** Converts raw sound, mono and s16le, from one sample rate to the one of speech. */
  short[] resample(Path sound, int sampleRate) throws IOException, InterruptedException {
    Path resampled = temporary(".raw");
    String raw = "-f s16le -ac 1 -ar ";
    List<String> command = new ArrayList<>(List.of("ffmpeg", "-nostdin", "-v", "error", "-y"));
    command.addAll(List.of((raw + sampleRate).split(" ", -1)));
    command.addAll(List.of("-i", sound.toString()));
    command.addAll(List.of((raw + SpeechTrack.SAMPLE_RATE).split(" ", -1)));
    command.add(resampled.toString());
    try {
      run(null, null, command.toArray(new String[0]));
      ByteBuffer octets =
          ByteBuffer.wrap(Files.readAllBytes(resampled)).order(ByteOrder.LITTLE_ENDIAN);
      short[] samples = new short[octets.remaining() / Short.BYTES];
      octets.asShortBuffer().get(samples);
      return samples;
    } finally {
      Files.delete(resampled);
    }
  }

  /** Makes an empty file, which the caller deletes. */
  Path temporary(String suffix) throws IOException {
    return Files.createTempFile(output, "speech", suffix);
  }

  static byte[] octets(short[] samples) {
    ByteBuffer octets =
        ByteBuffer.allocate(samples.length * Short.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    octets.asShortBuffer().put(samples);
    return octets.array();
  }

  private synchronized Path program(String name, String library)
      throws IOException, InterruptedException {
    Path source = sources.resolve(name + ".c");
    Path program = output.resolve(name);
    if (!Files.exists(program)
        || Files.getLastModifiedTime(program).compareTo(Files.getLastModifiedTime(source)) < 0) {
      run(
          null,
          null,
          "gcc",
          "-std=c11",
          "-O2",
          "-Wall",
          "-Wextra",
          "-Werror",
          "-o",
          program.toString(),
          source.toString(),
          "-l" + library);
    }
    return program;
  }

  private static void run(@Nullable Path input, @Nullable Path result, String... command)
      throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(command);
    if (input != null) {
      builder.redirectInput(input.toFile());
    }
    builder.redirectOutput(
        result == null
            ? ProcessBuilder.Redirect.DISCARD
            : ProcessBuilder.Redirect.to(result.toFile()));
    Process process = builder.start();
    String complaints = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    if (!process.waitFor(TIMEOUT_MINUTES, TimeUnit.MINUTES)) {
      Process unused = process.destroyForcibly();
      throw new IOException(command[0] + " takes too long");
    }
    if (process.exitValue() != 0) {
      throw new IOException(command[0] + " failed: " + complaints);
    }
  }
}
