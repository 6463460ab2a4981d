/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.client.media;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;

import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.perc4j.client.gstreamer.GStreamer;
import org.perc4j.client.gstreamer.MediaException;
import org.perc4j.endpoint.media.MediaKind;
import org.perc4j.endpoint.media.Vp8Payload;

class CaptureTest {
  private static final int HEIGHT = 360;
  private static final long PATIENCE_SECONDS = 30;

  private final GStreamer gstreamer = start();
  private final Taken taken = new Taken();

  @SuppressWarnings("ArrayRecordComponent") // not compared
  private record Packet(int encoding, byte[] octets, long ptsNanos) {}

  /** Keeps what was recorded. */
  private static final class Taken implements Capture.Taker {
    final BlockingQueue<Packet> sounds = new LinkedBlockingQueue<>();
    final BlockingQueue<Packet> pictures = new LinkedBlockingQueue<>();

    @Override
    public void sound(byte[] opus, long ptsNanos, int levelMinusDbov, boolean voice) {
      sounds.add(new Packet(0, opus, ptsNanos));
    }

    @Override
    public void picture(int encoding, byte[] vp8, long ptsNanos) {
      pictures.add(new Packet(encoding, vp8, ptsNanos));
    }
  }

  private static GStreamer start() {
    try {
      GStreamer there = GStreamer.start();
      there.require("videotestsrc", "audiotestsrc", "vp8enc", "opusenc");
      return there;
    } catch (MediaException e) {
      return abort(String.valueOf(e.getMessage()));
    }
  }

  private static Packet next(BlockingQueue<Packet> queue) throws InterruptedException {
    return Objects.requireNonNull(queue.poll(PATIENCE_SECONDS, TimeUnit.SECONDS), "nothing came");
  }

  private Packet next(int encoding) throws InterruptedException {
    Packet packet = next(taken.pictures);
    while (packet.encoding() != encoding) {
      packet = next(taken.pictures);
    }
    return packet;
  }

  private Capture open(Input input) throws MediaException {
    return Capture.open(gstreamer, input, HEIGHT);
  }

  @Test
  void recordsNothingBeforeItBegins() throws Exception {
    try (Capture capture = open(new Input.TestMedia(true, true, "ball"))) {
      assertTrue(capture.hasSound() && capture.hasPictures());
      capture.begin(MediaKind.AUDIO, taken);
      for (int i = 0; i < 20; i++) {
        assertTrue(next(taken.sounds).octets().length > 0);
      }
      assertTrue(taken.pictures.isEmpty());
      assertNull(capture.error());
    }
  }

  /** The camera is closed while it is off, and sound goes on. */
  @Test
  void recordsNoPicturesWhileTheyAreOffAndThenBeginsWithAKey() throws Exception {
    try (Capture capture = open(new Input.TestMedia(true, true, "ball"))) {
      capture.begin(MediaKind.AUDIO, taken);
      capture.begin(MediaKind.VIDEO, taken);
      assertTrue(Vp8Payload.isKeyFrame(next(1).octets()));
      assertFalse(Vp8Payload.isKeyFrame(next(1).octets()));
      capture.end(MediaKind.VIDEO);
      Packet last = null;
      for (Packet packet = taken.pictures.poll(); packet != null; packet = taken.pictures.poll()) {
        last = packet.encoding() == 1 ? packet : last;
      }
      long endedNanos = last == null ? 0 : last.ptsNanos();
      taken.sounds.clear();
      Packet sound = next(taken.sounds);
      long soundNanos = sound.ptsNanos() + TimeUnit.SECONDS.toNanos(1);
      while (sound.ptsNanos() < soundNanos) {
        sound = next(taken.sounds);
      }
      assertTrue(taken.pictures.isEmpty(), "pictures of a camera that is off");

      capture.begin(MediaKind.VIDEO, taken);
      for (int i = 0; i < 2; i++) {
        taken.pictures.clear();
        capture.end(MediaKind.VIDEO);
        taken.pictures.clear();
        capture.begin(MediaKind.VIDEO, taken);
        Packet first = next(1);
        assertTrue(Vp8Payload.isKeyFrame(first.octets()), "begins with a key");
        // As late by the time of what is sent as by the clock.
        assertTrue(
            first.ptsNanos() - endedNanos > TimeUnit.MILLISECONDS.toNanos(900),
            () -> first.ptsNanos() + " after " + endedNanos);
      }
      assertNull(capture.error());
    }
  }

  @Test
  void recordsNoSoundWhileItIsOff() throws Exception {
    try (Capture capture = open(new Input.TestMedia(true, true, "ball"))) {
      capture.begin(MediaKind.AUDIO, taken);
      capture.begin(MediaKind.VIDEO, taken);
      Packet before = next(taken.sounds);
      capture.end(MediaKind.AUDIO);
      taken.sounds.clear();
      taken.pictures.clear();
      for (int i = 0; i < 25; i++) {
        assertTrue(next(1).octets().length > 0);
      }
      assertTrue(taken.sounds.isEmpty(), "sound of a microphone that is off");
      capture.begin(MediaKind.AUDIO, taken);
      assertTrue(next(taken.sounds).ptsNanos() > before.ptsNanos());
    }
  }

  @Test
  void beginsOnceUntilItEnds() throws Exception {
    try (Capture capture = open(new Input.TestMedia(false, true, "ball"))) {
      capture.begin(MediaKind.AUDIO, taken);
      capture.begin(MediaKind.VIDEO, taken);
      capture.begin(MediaKind.VIDEO, taken);
      long first = next(0).ptsNanos();
      for (int i = 0; i < 10; i++) {
        long following = next(0).ptsNanos();
        assertTrue(following > first, "each picture once");
        first = following;
      }
      assertTrue(taken.sounds.isEmpty());
    }
  }

  @Test
  void recordsNothingAfterItsEnd() throws Exception {
    Capture capture = open(new Input.TestMedia(false, true, "ball"));
    capture.begin(MediaKind.VIDEO, taken);
    assertTrue(next(0).octets().length > 0);
    capture.close();
    taken.pictures.clear();
    capture.begin(MediaKind.VIDEO, taken);
    assertNull(taken.pictures.poll(200, TimeUnit.MILLISECONDS));
  }

  @Test
  void saysThatThereIsNoCamera() {
    MediaException missing =
        assertThrows(
            MediaException.class, () -> open(new Input.Devices("/dev/video77", null)).close());
    assertEquals(MediaException.Reason.NO_CAMERA, missing.reason());
  }
}
