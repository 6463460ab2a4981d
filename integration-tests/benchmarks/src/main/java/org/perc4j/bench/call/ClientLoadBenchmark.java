/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.bench.call;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;
import org.perc4j.bench.Samples;
import org.perc4j.endpoint.call.JoinException;
import org.perc4j.endpoint.media.VideoCodec;
import org.perc4j.endpoint.web.WebClient;
import org.perc4j.it.harness.Await;
import org.perc4j.it.harness.Ffmpeg;
import org.perc4j.it.harness.ProcessGauge;
import org.perc4j.it.harness.Xvfb;
import org.perc4j.it.media.Clips;
import org.perc4j.it.media.LayeredClip;

/**
 * What the client needs to take part in a meeting of five, all with pictures and sound, beside what
 * {@code gst-launch-1.0} needs to encode and decode the same. By turns, each a process of its own.
 */
final class ClientLoadBenchmark {
  private static final int ROUNDS = Integer.getInteger("perc4j.rounds", 2);
  private static final int OTHERS = 4;
  private static final int SETTLE_SECONDS = 8;
  private static final int WINDOW_SECONDS = 10;

  /** Until what is done all the time was compiled. */
  private static final int COMPILE_SECONDS = 20;

  /** Of the clip for {@code gst-launch}: longer than a turn. */
  private static final int CLIP_SECONDS = 60;

  private static final String CAMERA = "camera-vp8-l1t3-360.ivf";
  private static final String SPEECH = "speech-1.opus";

  /** As {@code Capture} has it for two sizes, with the rates that the client reaches. */
  private static final String ENCODING =
      """
      videotestsrc is-live=true pattern=%s ! queue max-size-buffers=3 ! videoconvert ! videoscale \
      ! videorate ! video/x-raw,format=I420,framerate=25/1 ! tee name=pictures \
      pictures. ! queue max-size-buffers=2 leaky=downstream ! videoscale add-borders=true \
      ! video/x-raw,width=320,height=180,pixel-aspect-ratio=1/1 \
      ! vp8enc deadline=1 cpu-used=8 end-usage=cbr lag-in-frames=0 threads=1 \
      keyframe-max-dist=10000 error-resilient=partitions target-bitrate=250000 min-quantizer=4 \
      ! fakesink sync=false async=false \
      pictures. ! queue max-size-buffers=2 leaky=downstream ! videoscale add-borders=true \
      ! video/x-raw,width=640,height=360,pixel-aspect-ratio=1/1 \
      ! vp8enc deadline=1 cpu-used=8 end-usage=cbr lag-in-frames=0 threads=1 \
      keyframe-max-dist=10000 error-resilient=partitions target-bitrate=700000 min-quantizer=4 \
      ! fakesink sync=false async=false \
      audiotestsrc is-live=true wave=ticks volume=0.5 ! queue ! audioconvert ! audioresample \
      ! audio/x-raw,format=S16LE,rate=48000,channels=1 \
      ! opusenc frame-size=20 audio-type=voice bitrate=32000 ! fakesink sync=false async=false""";

  private static final String DECODING =
      """
       filesrc location=%1$s ! matroskademux name=file%2$d \
      file%2$d. ! queue ! vp8dec ! fakesink sync=true async=false \
      file%2$d. ! queue ! opusdec plc=true ! fakesink sync=true async=false""";

  /** What takes turns. */
  private enum Arm {
    LAUNCH("gst-launch, encoding and decoding"),
    TERMINAL("client, on the terminal"),
    WINDOW("client, in a window");

    final String text;

    Arm(String text) {
      this.text = text;
    }
  }

  private final PrintStream out;
  private final Deployment deployment;
  private final Path folder;
  private final @Nullable Xvfb display;
  private final Samples samples = new Samples();
  private final String pattern = System.getProperty("perc4j.pattern", "smpte");

  private ClientLoadBenchmark(
      PrintStream out, Deployment deployment, Path folder, @Nullable Xvfb display) {
    this.out = out;
    this.deployment = deployment;
    this.folder = folder;
    this.display = display;
  }

  static void run(PrintStream out, Deployment deployment)
      throws IOException, JoinException, InterruptedException {
    Path folder = deployment.folder();
    ScheduledExecutorService player = Executors.newScheduledThreadPool(1);
    List<ClipSender> senders = new ArrayList<>();
    try (Xvfb display = Xvfb.isInstalled() ? Xvfb.start(folder) : null) {
      LayeredClip clip = Clips.camera(VideoCodec.VP8).get(1);
      WebClient web = deployment.web();
      for (int i = 0; i < OTHERS; i++) {
        senders.add(
            ClipSender.join(
                deployment.url("load"), Trust.believing("sender" + i, web), clip, true));
      }
      Await.until(
          OTHERS + " have a bridge",
          Await.PATIENCE,
          () -> senders.stream().allMatch(ClipSender::isConnected));
      for (int i = 0; i < OTHERS; i++) {
        senders.get(i).show(player, i * 8_000_000L);
        senders.get(i).speak(player, Clips.speech(1 + i % 3));
      }
      new ClientLoadBenchmark(out, deployment, folder, display).takeTurns();
    } finally {
      List<Runnable> unused = player.shutdownNow();
      senders.forEach(ClipSender::close);
    }
  }

  private void takeTurns() throws IOException, InterruptedException {
    Path clip = clip();
    Arm[] arms = Arm.values();
    for (int round = 0; round < ROUNDS; round++) {
      Map<Arm, Double> cores = new EnumMap<>(Arm.class);
      for (int i = 0; i < arms.length; i++) {
        Arm arm = arms[(round + i) % arms.length];
        if (arm == Arm.LAUNCH) {
          cores.put(arm, launch(clip));
        } else if (arm == Arm.TERMINAL || display != null) {
          cores.put(arm, client(arm));
        }
      }
      double alone = cores.getOrDefault(Arm.LAUNCH, Double.NaN);
      cores.forEach(
          (arm, figure) -> {
            samples.add(arm.text, figure);
            samples.add(arm.text + " ratio", figure / alone);
          });
    }
    print();
  }

  /** What the others send, as a file: the same octets, over and over. */
  private Path clip() throws IOException, InterruptedException {
    return Ffmpeg.repeat(
        folder.resolve("clip.webm"),
        CLIP_SECONDS,
        Clips.file(CAMERA, folder),
        Clips.file(SPEECH, folder));
  }

  private double launch(Path clip) throws IOException, InterruptedException {
    StringBuilder description = new StringBuilder(ENCODING.formatted(pattern));
    for (int i = 0; i < OTHERS; i++) {
      description.append(DECODING.formatted(clip, i));
    }
    List<String> command = new ArrayList<>(List.of("gst-launch-1.0", "-q"));
    command.addAll(List.of(description.toString().strip().split(" +", -1)));
    try (Spoken process = Spoken.start(new ProcessBuilder(command))) {
      Await.pass(Duration.ofSeconds(SETTLE_SECONDS));
      double cores = cores(process);
      if (!process.isAlive() || !process.lines().isEmpty()) {
        throw new IOException("gst-launch-1.0: " + process.lines());
      }
      return cores;
    }
  }

  private double client(Arm arm) throws IOException, InterruptedException {
    String name = arm.name().toLowerCase(Locale.ROOT);
    List<String> command = deployment.join("load", name);
    command.addAll(List.of("--test-media", pattern, "--yes"));
    ProcessBuilder builder = deployment.builder(command);
    if (arm == Arm.WINDOW && display != null) {
      builder.environment().put("DISPLAY", display.display());
    } else {
      command.add("--headless");
    }
    try (Spoken client = Spoken.start(builder)) {
      Spoken.Line unused = client.await("you: microphone on, camera on");
      Meter meter = new Meter(client);
      Await.until("all are seen and heard", Await.PATIENCE, () -> meter.seen() >= OTHERS);
      Await.pass(Duration.ofSeconds(COMPILE_SECONDS));
      double pictures = meter.pictures();
      long start = System.nanoTime();
      double cores = cores(client);
      double seconds = (System.nanoTime() - start) / 1e9;
      samples.add(arm.text + " pictures", (meter.pictures() - pictures) / seconds);
      return cores;
    }
  }

  private static double cores(Spoken process) throws IOException, InterruptedException {
    ProcessGauge gauge = new ProcessGauge(process.pid());
    double cpu = gauge.cpuSeconds();
    long start = System.nanoTime();
    Await.pass(Duration.ofSeconds(WINDOW_SECONDS));
    return (gauge.cpuSeconds() - cpu) / ((System.nanoTime() - start) / 1e9);
  }

  private void print() {
    out.printf(Locale.ROOT, "%n%d rounds of %d s each; medians%n%n", ROUNDS, WINDOW_SECONDS);
    out.println("| | processor, cores | to gst-launch | least | most | pictures decoded/s |");
    out.println("|---|---|---|---|---|---|");
    for (Arm arm : Arm.values()) {
      if (arm != Arm.WINDOW || display != null) {
        out.printf(
            Locale.ROOT,
            "| %s | %.2f | %.2f | %.2f | %.2f | %.0f |%n",
            arm.text,
            samples.median(arm.text),
            samples.median(arm.text + " ratio"),
            samples.least(arm.text + " ratio"),
            samples.most(arm.text + " ratio"),
            arm == Arm.LAUNCH ? OTHERS * 30.0 : samples.median(arm.text + " pictures"));
      }
    }
    if (display == null) {
      out.println("\nXvfb is not installed: there is no row for the window");
    }
  }
}
