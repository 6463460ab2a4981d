/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.client.media;

/**
 * How loud something is, and whether that may be voice: louder than what is around it, for as long
 * as a word. Fed by one thread, read by others.
 *
 * <p>GStreamer's {@code level} says the same in messages that come apart from the packets that they
 * are about.
 */
final class SoundMeter {
  /** Of {@code -dBov}. */
  static final int SILENCE = 127;

  private static final int WINDOW_SAMPLES = 960;
  private static final double FULL_SCALE = 32_768;
  private static final int QUIETEST_VOICE = 55;
  private static final int HOLD_WINDOWS = 15;

  private double squares;
  private int samples;
  private int held;
  private volatile int level = SILENCE;
  private volatile boolean voice;

  /** Takes samples of 16 bits, the lower octet first; of two channels, it holds half as long. */
  void add(byte[] pcm) {
    for (int i = 0; i + 1 < pcm.length; i += 2) {
      double sample = (short) ((pcm[i] & 0xFF) | (pcm[i + 1] << 8));
      squares += sample * sample;
      if (++samples == WINDOW_SAMPLES) {
        window(squares / WINDOW_SAMPLES);
        squares = 0;
        samples = 0;
      }
    }
  }

  private void window(double power) {
    int now =
        power < 1 ? SILENCE : (int) Math.round(-10 * Math.log10(power / (FULL_SCALE * FULL_SCALE)));
    level = Math.max(0, Math.min(SILENCE, now));
    held = level <= QUIETEST_VOICE ? HOLD_WINDOWS : Math.max(0, held - 1);
    voice = held > 0;
  }

  /** Returns how loud the last 20 ms were, 0 (loudest) to 127 (silence). */
  int levelMinusDbov() {
    return level;
  }

  /** Whether there may be voice. */
  boolean isVoice() {
    return voice;
  }
}
