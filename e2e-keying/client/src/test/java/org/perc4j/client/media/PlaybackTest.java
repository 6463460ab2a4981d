/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.client.media;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.perc4j.client.gstreamer.DisabledElement;
import org.perc4j.client.gstreamer.Frame;
import org.perc4j.client.gstreamer.GStreamer;
import org.perc4j.client.gstreamer.MediaException;
import org.perc4j.client.gstreamer.Pipeline;
import org.perc4j.endpoint.call.IncomingPicture;
import org.perc4j.endpoint.media.MediaKind;
import org.perc4j.endpoint.media.VideoCodec;
import org.perc4j.endpoint.rtp.SoundBuffer;
import org.perc4j.endpoint.signalling.Source;

class PlaybackTest {
  private static final Source PICTURES = new Source("ann", "ann-v0", MediaKind.VIDEO, 1, 2);
  private static final Source SOUND = new Source("ann", "ann-a0", MediaKind.AUDIO, 3, 0);
  private static final int COUNT = 10;
  private static final long PATIENCE_SECONDS = 20;

  /** What is shown, and what is gone. */
  private static final class Screen implements PictureTaker {
    final BlockingQueue<Frame> shown = new LinkedBlockingQueue<>();
    final BlockingQueue<Source> gone = new LinkedBlockingQueue<>();

    @Override
    public void picture(Source source, Frame bgrx) {
      shown.add(bgrx);
    }

    @Override
    public void gone(Source source) {
      gone.add(source);
    }

    Frame await(Predicate<Frame> which) throws InterruptedException {
      Frame frame = next();
      while (!which.test(frame)) {
        frame = next();
      }
      return frame;
    }

    private Frame next() throws InterruptedException {
      return Objects.requireNonNull(shown.poll(PATIENCE_SECONDS, TimeUnit.SECONDS), "nothing");
    }
  }

  /** What cannot be played, in words. */
  private static final class Complaints implements Playback.Listener {
    final List<String> told = new CopyOnWriteArrayList<>();

    @Override
    public void undecodable(Source source, @Nullable VideoCodec codec) {
      told.add(source.name() + " " + codec);
    }

    @Override
    public void trouble(String line) {
      told.add(line);
    }
  }

  private final Complaints complaints = new Complaints();
  private final Tally tally = new Tally();
  private final Screen screen = new Screen();
  private final GStreamer gstreamer = start();

  private static GStreamer start() {
    try {
      GStreamer there = GStreamer.start();
      there.require("videotestsrc", "vp8enc", "vp9enc", "vp8dec", "vp9dec", "opusenc");
      return there;
    } catch (MediaException e) {
      return abort(String.valueOf(e.getMessage()));
    }
  }

  /** Encodes red pictures, or ten packets of a tone. */
  private List<byte[]> encoded(String description) throws Exception {
    BlockingQueue<Frame> frames = new LinkedBlockingQueue<>();
    List<byte[]> octets = new ArrayList<>();
    try (Pipeline pipeline =
        Pipeline.launch(gstreamer, description + " ! appsink name=out sync=false")) {
      pipeline.pull("out", frames::add);
      pipeline.start();
      for (int i = 0; i < COUNT; i++) {
        octets.add(
            Objects.requireNonNull(frames.poll(PATIENCE_SECONDS, TimeUnit.SECONDS)).octets());
      }
    }
    return octets;
  }

  private List<byte[]> red(int width, int height, String encoder) throws Exception {
    return encoded(
        "videotestsrc pattern=red num-buffers=%d ! video/x-raw,width=%d,height=%d ! %s"
            .formatted(COUNT, width, height, encoder));
  }

  private void show(Playback playback, VideoCodec codec, List<byte[]> pictures) {
    for (int i = 0; i < pictures.size(); i++) {
      playback.picture(
          PICTURES, new IncomingPicture(codec, List.of(pictures.get(i)), i == 0, i * 3600L));
    }
  }

  private static void assertRed(Frame frame) {
    byte[] octets = frame.octets();
    int middle = (frame.height() / 2 * frame.width() + frame.width() / 2) * 4;
    assertTrue((octets[middle] & 0xFF) < 40, "blue");
    assertTrue((octets[middle + 1] & 0xFF) < 40, "green");
    assertTrue((octets[middle + 2] & 0xFF) > 200, "red");
  }

  @Test
  void showsPicturesOfSeveralSizesAndCodecs() throws Exception {
    try (Playback playback = new Playback(gstreamer, tally, screen, complaints)) {
      show(playback, VideoCodec.VP8, red(160, 120, "vp8enc deadline=1"));
      assertRed(screen.await(frame -> frame.width() == 160));
      show(playback, VideoCodec.VP8, red(64, 48, "vp8enc deadline=1"));
      assertRed(screen.await(frame -> frame.width() == 64));
      show(playback, VideoCodec.VP9, red(80, 60, "vp9enc deadline=1 lag-in-frames=0"));
      assertRed(screen.await(frame -> frame.width() == 80));
      assertTrue(tally.of("ann").pictures() >= 3);
      playback.gone(PICTURES);
      assertEquals(PICTURES, screen.gone.poll(PATIENCE_SECONDS, TimeUnit.SECONDS));
    }
    assertEquals(List.of(), complaints.told);
  }

  @Test
  void showsNothingBeforeAKey() throws Exception {
    List<byte[]> pictures = red(160, 120, "vp8enc deadline=1");
    try (Playback playback = new Playback(gstreamer, tally, screen, complaints)) {
      for (byte[] picture : pictures.subList(1, COUNT)) {
        playback.picture(PICTURES, new IncomingPicture(VideoCodec.VP8, List.of(picture), false, 0));
      }
      show(playback, VideoCodec.VP8, red(64, 48, "vp8enc deadline=1"));
      assertEquals(64, screen.await(frame -> true).width());
    }
  }

  private static boolean takes(Playback playback, boolean isKey) {
    return playback.picture(
        PICTURES, new IncomingPicture(VideoCodec.VP8, List.of(new byte[10]), isKey, 0));
  }

  @Test
  void saysThatPicturesAreLeftOutUntilAKey() throws Exception {
    CountDownLatch goesOn = new CountDownLatch(1);
    PictureTaker slow =
        new PictureTaker() {
          @Override
          public void picture(Source source, Frame bgrx) {
            screen.picture(source, bgrx);
          }

          @Override
          public void gone(Source source) {
            try {
              goesOn.await();
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
          }
        };
    try (Playback playback = new Playback(gstreamer, tally, slow, complaints)) {
      playback.gone(PICTURES);
      int taken = 0;
      while (takes(playback, false)) {
        taken++;
      }
      assertTrue(taken > 100, taken + " pictures");
      goesOn.countDown();
      assertFalse(takes(playback, false), "before a key");
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
      boolean again = false;
      while (!again && System.nanoTime() - deadline < 0) {
        again = takes(playback, true) && takes(playback, false);
      }
      assertTrue(again, "after a key");
    }
  }

  @Test
  void saysOnceWhatItCannotDecodeAndLosesNothingElse() throws Exception {
    Source other = new Source("bob", "bob-v0", MediaKind.VIDEO, 5, 6);
    List<byte[]> unknown = red(80, 60, "vp9enc deadline=1 lag-in-frames=0");
    List<byte[]> known = red(64, 48, "vp8enc deadline=1");
    try (Playback playback = new Playback(gstreamer, tally, screen, complaints)) {
      try (DisabledElement disabled = new DisabledElement("vp9dec")) {
        assertTrue(gstreamer.has(disabled.name()) && !gstreamer.hasDecoder(disabled.name()));
        for (int i = 0; i < 3; i++) {
          playback.picture(
              PICTURES, new IncomingPicture(VideoCodec.VP9, List.of(unknown.get(0)), true, i));
        }
        playback.picture(
            other, new IncomingPicture(VideoCodec.VP8, List.of(known.get(0)), true, 0));
        assertEquals(64, screen.await(frame -> true).width());
        assertEquals(List.of("ann-v0 VP9"), complaints.told);
        assertEquals(PICTURES, screen.gone.poll(), "what was shown before is not shown any more");
      }
      show(playback, VideoCodec.VP8, known);
      assertRed(screen.await(frame -> tally.of("ann").pictures() > 0));
    }
    assertEquals(List.of("ann-v0 VP9", "ann-v0 null"), complaints.told);
    assertEquals("H.264", Decoders.word(VideoCodec.H264));
  }

  /** What is not VP8 at all may come of a member who means no good. */
  @Test
  void outlivesPicturesThatAreNone() throws Exception {
    try (Playback playback = new Playback(gstreamer, tally, screen, complaints)) {
      for (int i = 0; i < COUNT; i++) {
        playback.picture(
            PICTURES, new IncomingPicture(VideoCodec.VP8, List.of(new byte[i * 100]), true, i));
      }
      show(playback, VideoCodec.VP8, red(64, 48, "vp8enc deadline=1"));
      // The pictures above may have ended the pipeline only now: whoever is not seen asks again.
      for (int i = 0; i < 20 && screen.shown.isEmpty(); i++) {
        show(playback, VideoCodec.VP8, red(64, 48, "vp8enc deadline=1"));
      }
      assertRed(screen.await(frame -> frame.width() == 64));
    }
  }

  @Test
  void hearsNoVoiceInSilence() throws Exception {
    List<byte[]> packets =
        encoded(
            "audiotestsrc wave=silence num-buffers=%d samplesperbuffer=960".formatted(COUNT + 2)
                + " ! audio/x-raw,rate=48000,channels=1 ! opusenc frame-size=20");
    try (Playback playback = new Playback(gstreamer, tally, screen, complaints)) {
      for (int i = 0; i < 60; i++) {
        playback.sound(SOUND, new SoundBuffer.Piece(i * 960, 960, packets.get(i % COUNT), i));
      }
      assertFalse(awaitSound(1.19));
    }
  }

  /** Returns whether there was voice in it. */
  private boolean awaitSound(double seconds) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    boolean voice = false;
    while (tally.of("ann").soundSeconds() < seconds && System.nanoTime() - deadline < 0) {
      Thread.onSpinWait();
      voice |= tally.hearsVoice();
    }
    assertTrue(tally.of("ann").soundSeconds() >= seconds);
    return voice;
  }

  @Test
  void decodesSoundAndWhatIsMissing() throws Exception {
    List<byte[]> packets =
        encoded(
            "audiotestsrc num-buffers=%d samplesperbuffer=960 ! audio/x-raw,rate=48000,channels=1"
                    .formatted(COUNT + 2)
                + " ! opusenc frame-size=20");
    try (Playback playback = new Playback(gstreamer, tally, screen, complaints)) {
      // two of three come
      for (int i = 0; i < 60; i++) {
        byte[] payload = i % 3 == 1 ? null : packets.get(i % COUNT);
        playback.sound(SOUND, new SoundBuffer.Piece(i * 960, 960, payload, i));
      }
      assertTrue(awaitSound(1.19), "a tone of this loudness may be voice");
      playback.gone(SOUND);
    }
    assertEquals(List.of(), complaints.told);
  }
}
