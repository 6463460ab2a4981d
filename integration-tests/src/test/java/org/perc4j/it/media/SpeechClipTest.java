/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.media;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.perc4j.it.speech.Levels;
import org.perc4j.it.speech.SpeechTrack;

class SpeechClipTest {
  /** Packets in which the sound stays as it is. */
  private static final int PACKETS = 25;

  private static final int[] AMPLITUDES = {100, 10_000, 1_000, 3_000, 30};

  /** The codec, which delays sound by some milliseconds, needs a moment after a change. */
  private static final int SETTLING_PACKETS = 5;

  private static final int VOICE_TOLERANCE_DB = 3;

  /** Opus saves on what hardly anyone can hear. */
  private static final int NOISE_TOLERANCE_DB = 6;

  @Test
  void decodesToAboutTheLevelsThatWereEncoded() {
    SpeechTrack track = track();
    SpeechClip clip = SpeechClip.encode(track);
    OpusMeter meter = new OpusMeter();
    for (int i = 0; i < track.packets(); i++) {
      int measured = meter.levelMinusDbov(clip.packet(i));
      int expected = track.levelsMinusDbov()[i];
      assertEquals(expected, clip.levelMinusDbov(i));
      assertEquals(SpeechClip.isVoice(expected), clip.voice(i));
      if (i % PACKETS >= SETTLING_PACKETS) {
        int tolerance = clip.voice(i) ? VOICE_TOLERANCE_DB : NOISE_TOLERANCE_DB;
        assertEquals(expected, measured, tolerance, "packet " + i);
      }
    }
  }

  @Test
  void packetsFitWhatEndpointsPadThemTo() {
    SpeechClip clip = SpeechClip.encode(track());
    for (int i = 0; i < PACKETS * AMPLITUDES.length; i++) {
      int length = clip.packet(i).length;
      assertTrue(length > 1 && length <= 120, "packet " + i + ": " + length);
    }
  }

  /** A voice of two tones, whose loudness changes now and then. */
  private static SpeechTrack track() {
    short[] samples = new short[AMPLITUDES.length * PACKETS * SpeechTrack.SAMPLES_PER_PACKET];
    for (int i = 0; i < samples.length; i++) {
      int amplitude = AMPLITUDES[i / (PACKETS * SpeechTrack.SAMPLES_PER_PACKET)];
      samples[i] = (short) (amplitude * (0.7 * Math.sin(i * 0.08) + 0.3 * Math.sin(i * 0.4)));
    }
    int[] nothing = new int[AMPLITUDES.length * PACKETS];
    return new SpeechTrack("tones", samples, Levels.minusDbov(samples), nothing, nothing);
  }
}
