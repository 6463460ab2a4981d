/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.client.media;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class SoundMeterTest {
  private static byte[] square(int amplitude, int samples) {
    byte[] pcm = new byte[2 * samples];
    for (int i = 0; i < samples; i++) {
      int sample = i % 2 == 0 ? amplitude : -amplitude;
      pcm[2 * i] = (byte) sample;
      pcm[2 * i + 1] = (byte) (sample >> 8);
    }
    return pcm;
  }

  @Test
  void isSilentAtFirstAndInSilence() {
    SoundMeter meter = new SoundMeter();
    assertEquals(127, meter.levelMinusDbov());
    meter.add(new byte[1920]);
    assertEquals(127, meter.levelMinusDbov());
    assertFalse(meter.isVoice());
  }

  /** RFC 6465: a square wave of full scale is 0 dBov, half of it 6 dB less. */
  @Test
  void measuresAgainstFullScale() {
    SoundMeter meter = new SoundMeter();
    meter.add(square(32_767, 960));
    assertEquals(0, meter.levelMinusDbov());
    meter.add(square(16_384, 960));
    assertEquals(6, meter.levelMinusDbov());
    assertTrue(meter.isVoice());
  }

  @Test
  void putsPartsTogether() {
    SoundMeter meter = new SoundMeter();
    meter.add(square(16_384, 500));
    assertEquals(127, meter.levelMinusDbov());
    meter.add(square(16_384, 460));
    assertEquals(6, meter.levelMinusDbov());
  }

  @Test
  void holdsVoiceForAWord() {
    SoundMeter meter = new SoundMeter();
    meter.add(square(8_000, 960));
    meter.add(new byte[14 * 1920]);
    assertTrue(meter.isVoice());
    meter.add(new byte[1920]);
    assertFalse(meter.isVoice());
  }
}
