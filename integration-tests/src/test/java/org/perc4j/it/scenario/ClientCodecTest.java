/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.perc4j.endpoint.call.JitsiRoom;
import org.perc4j.endpoint.call.VideoFormat;
import org.perc4j.endpoint.media.VideoCodec;
import org.perc4j.it.deployment.ClientProcess;
import org.perc4j.it.deployment.PlayingApplication;
import org.perc4j.it.deployment.WebDeployment;
import org.perc4j.it.harness.Await;
import org.perc4j.it.harness.Ffmpeg;
import org.perc4j.it.media.Clips;
import org.perc4j.it.media.LayerFrame;
import org.perc4j.it.media.LayeredClip;

/** The client on a machine that has not got every decoder. */
@OnWebDeployment
@RequiresGStreamer
class ClientCodecTest {
  private static final int MEDIA = 4;
  private static final String TOLD =
      "holly sends H.264, which this machine cannot decode: install gstreamer1.0-plugins-bad";

  private final WebDeployment deployment;

  @TempDir private Path folder = Path.of("");

  ClientCodecTest(WebDeployment deployment) {
    this.deployment = deployment;
  }

  @Test
  void saysOnceWhosePicturesItCannotDecodeAndHasAllTheRest() throws Exception {
    ScheduledExecutorService player = Executors.newScheduledThreadPool(1);
    LayeredClip clip = Clips.layered(VideoCodec.H264);
    VideoFormat format =
        new VideoFormat(
            VideoCodec.H264,
            List.of(new VideoFormat.Layer(clip.width(0), clip.height(0), 100_000)),
            clip.temporalLayers());
    try (PlayingApplication holly = new PlayingApplication(1);
        PlayingApplication ivan = new PlayingApplication(2);
        ClientProcess alice =
            ClientProcess.joinWithout(
                List.of("openh264dec", "avdec_h264"),
                deployment,
                folder,
                "codecs",
                "alice",
                "--test-media",
                "ball",
                "--size",
                "180")) {
      JitsiRoom room = holly.join(deployment, folder, "codecs", "holly", format);
      Object unused =
          ivan.join(
              deployment,
              folder,
              "codecs",
              "ivan",
              new VideoFormat(
                  VideoCodec.VP8, List.of(new VideoFormat.Layer(320, 180, 100_000)), 1));
      holly.speak(Clips.speech(1));
      ivan.play(Clips.speech(2));
      AtomicLong position = new AtomicLong();
      PlayingApplication.show(
          room,
          clip.framesPerSecond(),
          () -> clip.picture(position.getAndIncrement()).stream().map(LayerFrame::encoded).toList(),
          0,
          player);
      alice.awaitLine(TOLD);
      Await.until(
          "the rest is decoded",
          Checks.PATIENCE,
          () -> {
            alice.ask();
            return alice.decoded("holly").soundSeconds() > 3
                && alice.decoded("ivan").pictures() > 40
                && alice.decoded("ivan").soundSeconds() > 3;
          });
      assertEquals(0, alice.decoded("holly").pictures());
      assertEquals(1, alice.lines().stream().filter(TOLD::equals).count(), alice.lines()::toString);
      assertTrue(
          alice.said("  holly, met for the first time: compare codes, sends H.264"),
          alice.lines()::toString);
      alice.command("q");
      assertEquals(0, alice.awaitEnd());
    } finally {
      player.shutdownNow();
    }
  }

  @Test
  void saysThatTheDeploymentDoesNotTakeItsCodec() throws Exception {
    try (WebDeployment other =
            WebDeployment.start(
                "client-codec-refused",
                WebDeployment.Way.WEB_SOCKET,
                "jicofo.codec.video.vp8.enabled = false");
        ClientProcess alice =
            ClientProcess.join(
                other,
                folder,
                "refused",
                "alice",
                "--test-media",
                "ball",
                "--size",
                "180",
                "--yes");
        ClientProcess bob =
            ClientProcess.join(
                other, folder, "refused", "bob", "--test-media", "ball", "--no-video", "--yes")) {
      alice.awaitLine("nobody sees you: this deployment does not take VP8");
      Await.until(
          "sound goes on",
          Checks.PATIENCE,
          () -> {
            bob.ask();
            return bob.decoded("alice").soundSeconds() > 3;
          });
      assertEquals(0, bob.decoded("alice").pictures());
      assertFalse(bob.said("nobody sees you"), bob.lines()::toString);
      alice.command("q");
      assertEquals(0, alice.awaitEnd());
    }
  }

  @Test
  void saysThatAFileHasACodecThatItCannotDecode() throws Exception {
    Path clip = Ffmpeg.make(folder.resolve("clip.webm"), 1, List.of("testsrc=size=160x120:rate=5"));
    try (ClientProcess carol =
        ClientProcess.joinWithout(
            List.of("vp8dec"), deployment, folder, "file", "carol", "--file", clip.toString())) {
      assertEquals(MEDIA, carol.awaitEnd());
      assertEquals(
          List.of(
              "perc4j: " + clip + " cannot be decoded: GStreamer has no decoder for a codec in it"),
          carol.lines().stream().filter(line -> line.startsWith("perc4j: ")).toList());
    }
  }
}
