/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.speech;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;

class LevelsTest {
  private static final int PACKET = SpeechTrack.SAMPLES_PER_PACKET;

  @Test
  void fullScaleSquareWaveIsAtTheOverloadPoint() {
    assertArrayEquals(new int[] {0}, levels(PACKET, i -> i / 20 % 2 == 0 ? 32_767 : -32_768));
  }

  @Test
  void fullScaleSineIsThreeDecibelsBelow() {
    assertArrayEquals(new int[] {3}, levels(PACKET, i -> 32_767 * Math.sin(Math.PI * i / 20)));
  }

  @Test
  void tenthOfTheAmplitudeIsTwentyDecibelsLess() {
    assertArrayEquals(new int[] {20}, levels(PACKET, i -> i % 2 == 0 ? 3277 : -3277));
  }

  @Test
  void quietestSoundIsNotSilence() {
    assertArrayEquals(new int[] {90}, levels(PACKET, i -> 1));
  }

  @Test
  void silenceIsTheGreatestLevel() {
    assertArrayEquals(new int[] {127}, levels(PACKET, i -> 0));
  }

  @Test
  void onlyWholePacketsAreMeasured() {
    assertArrayEquals(new int[] {0, 127}, levels(3 * PACKET - 1, i -> i < PACKET ? -32_768 : 0));
  }

  private static int[] levels(int length, IntToDoubleFunction wave) {
    short[] samples = new short[length];
    for (int i = 0; i < length; i++) {
      samples[i] = (short) Math.round(wave.applyAsDouble(i));
    }
    return Levels.minusDbov(samples);
  }
}
