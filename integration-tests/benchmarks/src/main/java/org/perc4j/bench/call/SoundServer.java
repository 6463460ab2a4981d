/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.bench.call;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.perc4j.it.harness.ChildProcess;

/**
 * A PulseAudio of its own for one who takes part: a microphone, into which whatever is played to
 * {@link #MOUTH} goes, and a loudspeaker, {@link #EAR}. There is no device; sound flows by the
 * clock.
 */
final class SoundServer implements Closeable {
  /** Where to play what the microphone is to take. */
  static final String MOUTH = "mouth";

  /** The loudspeaker. */
  static final String EAR = "ear";

  /** Programs leave out sources that monitor something, so that it has to be one that does not. */
  private static final String SCRIPT =
      """
      load-module module-native-protocol-unix auth-anonymous=1 socket=%s
      load-module module-null-sink sink_name=mouth format=s16le rate=48000 channels=1
      load-module module-remap-source source_name=microphone master=mouth.monitor
      load-module module-null-sink sink_name=ear format=s16le rate=48000 channels=1
      set-default-source microphone
      set-default-sink ear
      """;

  private final ChildProcess process;
  private final Path socket;
  private final Path home;

  private SoundServer(ChildProcess process, Path socket, Path home) {
    this.process = process;
    this.socket = socket;
    this.home = home;
  }

  static SoundServer start(Path folder) throws IOException, InterruptedException {
    Path home = Files.createDirectories(folder);
    Path socket = Files.createTempDirectory("perc4j-sound").resolve("native");
    Path script = Files.writeString(home.resolve("script.pa"), SCRIPT.formatted(socket));
    ProcessBuilder builder =
        new ProcessBuilder(
            "pulseaudio",
            "-n",
            "--daemonize=no",
            "--exit-idle-time=-1",
            "--use-pid-file=no",
            "-F",
            script.toString());
    builder.environment().putAll(surroundings(home));
    ChildProcess process =
        ChildProcess.start(
            "pulseaudio", builder, home.resolve("pulseaudio.log"), () -> Files.exists(socket));
    return new SoundServer(process, socket, home);
  }

  private static Map<String, String> surroundings(Path home) {
    return Map.of("HOME", home.toString(), "XDG_RUNTIME_DIR", home.toString());
  }

  /** Returns what makes programs use it. */
  Map<String, String> environment() {
    return Map.of("PULSE_SERVER", "unix:" + socket);
  }

  /** Starts one of its tools. */
  Process tool(String... command) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(List.of(command));
    builder.environment().putAll(surroundings(home));
    builder.environment().putAll(environment());
    return builder.redirectError(home.resolve(command[0] + ".log").toFile()).start();
  }

  @Override
  public void close() {
    process.close();
  }
}
