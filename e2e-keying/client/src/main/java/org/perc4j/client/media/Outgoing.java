/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.client.media;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.perc4j.endpoint.call.JitsiRoom;
import org.perc4j.endpoint.call.OutgoingSound;
import org.perc4j.endpoint.call.OutgoingVideo;
import org.perc4j.endpoint.media.EncodedFrame;
import org.perc4j.endpoint.media.MediaKind;
import org.perc4j.endpoint.media.Vp8Payload;

/** Gives a call what was recorded; the call sends nothing of what is muted there. Thread-safe. */
public final class Outgoing implements Capture.Taker {
  private static final long NONE = Long.MIN_VALUE;
  private static final int SAMPLE_RATE = MediaKind.AUDIO.clockRate();
  private static final int PICTURE_CLOCK = MediaKind.VIDEO.clockRate();

  /** No pause is longer than a call. */
  private static final long MAX_PAUSE_SECONDS = 3_600;

  private final @Nullable OutgoingSound sound;
  private final @Nullable OutgoingVideo video;
  private final BooleanSupplier othersSpeak;

  /** Where the next packet of sound begins. On the thread of the sound. */
  private long nextPtsNanos = NONE;

  /**
   * Sends to a room.
   *
   * @param othersSpeak whether the voice of somebody else is being heard
   */
  public Outgoing(JitsiRoom room, BooleanSupplier othersSpeak) {
    this.othersSpeak = othersSpeak;
    this.sound = room.sound();
    this.video = room.video();
  }

  @Override
  public void sound(byte[] opus, long ptsNanos, int levelMinusDbov, boolean voice) {
    if (sound == null) {
      return;
    }
    long packetNanos = TimeUnit.MILLISECONDS.toNanos(20);
    long gapNanos = nextPtsNanos == NONE ? 0 : ptsNanos - nextPtsNanos;
    if (gapNanos > packetNanos / 2) {
      long bounded = Math.min(gapNanos, TimeUnit.SECONDS.toNanos(MAX_PAUSE_SECONDS));
      sound.pause((int) (bounded * SAMPLE_RATE / TimeUnit.SECONDS.toNanos(1)));
    }
    nextPtsNanos = ptsNanos + packetNanos;
    sound.send(opus, Capture.SAMPLES_PER_PACKET, levelMinusDbov, voice, othersSpeak.getAsBoolean());
  }

  @Override
  public void picture(int encoding, byte[] vp8, long ptsNanos) {
    if (video != null) {
      video.send(
          encoding,
          List.of(EncodedFrame.withoutLayers(Vp8Payload.isKeyFrame(vp8), vp8)),
          ptsNanos / 1_000 * PICTURE_CLOCK / 1_000_000);
    }
  }
}
