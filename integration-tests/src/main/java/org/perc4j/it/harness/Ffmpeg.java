/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.harness;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Encoders and decoders that somebody else wrote. */
public final class Ffmpeg {

  private Ffmpeg() {}

  /** Tells whether it is installed. */
  public static boolean isInstalled() throws InterruptedException {
    try {
      return run("ffmpeg", "-version").isEmpty();
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * Makes a clip of VP8, and of Opus where there is sound, and returns its file.
   *
   * @param sources pictures, and perhaps sound, as for {@code -f lavfi}
   * @param options of encoding, besides those that make it quick
   * @throws IOException if it cannot
   */
  public static Path make(Path clip, int seconds, List<String> sources, String... options)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("ffmpeg", "-v", "error"));
    for (String source : sources) {
      command.addAll(List.of("-f", "lavfi", "-i", source));
    }
    command.addAll(List.of("-t", Integer.toString(seconds), "-c:a", "libopus"));
    command.addAll(List.of("-c:v", "libvpx", "-deadline", "realtime", "-cpu-used", "8"));
    command.addAll(List.of(options));
    command.add(clip.toString());
    ChildProcess.output(command);
    return clip;
  }

  /**
   * Makes a long clip of short ones, whose streams are repeated as they are, and returns its file.
   *
   * @throws IOException if it cannot
   */
  public static Path repeat(Path clip, int seconds, Path... media)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("ffmpeg", "-nostdin", "-v", "error", "-y"));
    for (Path each : media) {
      command.addAll(List.of("-stream_loop", "-1", "-i", each.toString()));
    }
    command.addAll(List.of("-t", Integer.toString(seconds), "-c", "copy", clip.toString()));
    ChildProcess.output(command);
    return clip;
  }

  /** Decodes all of a file, and returns what was wrong with it: nothing, if the result is empty. */
  public static String decode(Path file) throws IOException, InterruptedException {
    return run(
        "ffmpeg", "-nostdin", "-v", "error", "-xerror", "-i", file.toString(), "-f", "null", "-");
  }

  /**
   * Decodes a file's video with a decoder, and returns the log, its lines with their levels: one
   * for each picture, and what was wrong.
   */
  public static String show(Path file, String decoder) throws IOException, InterruptedException {
    return run(
        "ffmpeg",
        "-nostdin",
        "-hide_banner",
        "-nostats",
        "-v",
        "level+info",
        "-xerror",
        "-c:v",
        decoder,
        "-i",
        file.toString(),
        "-fps_mode",
        "passthrough",
        "-enc_time_base",
        "-1",
        "-vf",
        "showinfo",
        "-f",
        "null",
        "-");
  }

  /**
   * Makes a small JPEG file of a picture of a video, one that is like those around it.
   *
   * @return what was wrong: nothing, if the result is empty
   */
  public static String still(Path video, Path jpeg) throws IOException, InterruptedException {
    return run(
        "ffmpeg",
        "-nostdin",
        "-v",
        "error",
        "-i",
        video.toString(),
        "-vf",
        "thumbnail=50,scale=240:-2",
        "-frames:v",
        "1",
        "-q:v",
        "6",
        "-y",
        jpeg.toString());
  }

  private static String run(String... command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
    String complaints = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    if (!process.waitFor(Await.PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
      Process unused = process.destroyForcibly();
      throw new TimedOutException(String.join(" ", command));
    }
    int status = process.exitValue();
    return status == 0 ? complaints : complaints + "\nexit status " + status;
  }
}
