/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.call;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.perc4j.e2e.activity.ActivityShaper;
import org.perc4j.e2e.activity.OpusSizeShaper;
import org.perc4j.endpoint.rtp.HeaderExtension;
import org.perc4j.endpoint.rtp.MediaEngine;
import org.perc4j.endpoint.rtp.StreamSender;
import org.perc4j.endpoint.signalling.PayloadTypes;
import org.perc4j.header.audiolevel.AudioLevelCodec;

/**
 * Sound that is sent: packets of Opus, with what the bridge is told of their loudness, and in sizes
 * that tell little. Thread-safe.
 */
public final class OutgoingSound {
  private static final int MAX_PACKET_BYTES = 1100;

  private final MediaEngine engine;
  private final StreamSender stream;
  private final ActivityShaper activity;
  private final OpusSizeShaper sizes = new OpusSizeShaper();
  private boolean begins = true;
  private volatile boolean muted;

  OutgoingSound(MediaEngine engine, StreamSender stream, ActivityShaper activity) {
    this.engine = engine;
    this.stream = stream;
    this.activity = activity;
  }

  /**
   * Sends a packet; nothing if it is muted, or if there are no keys or no bridge now. Returns at
   * once.
   *
   * @param opus one packet of Opus of up to 1,100 octets; copied
   * @param samples how many samples at 48 kHz it has, 120 to 5,760
   * @param levelMinusDbov how loud it is, 0 (loudest) to 127 (silence)
   * @param voice whether there is voice in it
   * @param othersSpeak whether the voice of somebody else is being heard; false if that is not
   *     known
   */
  public void send(
      byte[] opus, int samples, int levelMinusDbov, boolean voice, boolean othersSpeak) {
    if (opus.length == 0 || opus.length > MAX_PACKET_BYTES) {
      throw new IllegalArgumentException("a packet of " + opus.length + " octets");
    }
    if (muted) {
      pause(samples);
      return;
    }
    byte[] payload = Arrays.copyOf(opus, MAX_PACKET_BYTES);
    int opusBytes = opus.length;
    long nowMillis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    engine.execute(
        () -> {
          byte[] level = new byte[AudioLevelCodec.encodedLength()];
          AudioLevelCodec.write(
              activity.shape(nowMillis, levelMinusDbov, voice, othersSpeak), level, 0);
          int length = sizes.shape(payload, 0, opusBytes, payload.length);
          Object unused =
              engine.send(
                  stream,
                  stream.next(
                      Arrays.copyOf(payload, length),
                      begins,
                      List.of(new HeaderExtension(PayloadTypes.AUDIO_LEVEL_EXTENSION, level))),
                  true);
          begins = false;
          stream.advance(samples);
        });
  }

  /** Lets time pass without sound, as while the microphone is off. */
  public void pause(int samples) {
    engine.execute(
        () -> {
          stream.advance(samples);
          begins = true;
        });
  }

  /** Sends nothing from now on, or goes on. */
  void setMuted(boolean mutes) {
    muted = mutes;
  }
}
