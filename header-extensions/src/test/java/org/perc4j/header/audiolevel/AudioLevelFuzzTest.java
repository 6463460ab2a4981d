/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.header.audiolevel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Arrays;
import org.perc4j.header.MalformedPacketException;

class AudioLevelFuzzTest {

  @FuzzTest
  void audioLevel(byte[] input) {
    byte[] buffer = new byte[input.length + 2];
    Arrays.fill(buffer, (byte) 0x55);
    System.arraycopy(input, 0, buffer, 1, input.length);
    byte[] before = buffer.clone();
    int level;
    try {
      level = AudioLevelCodec.parse(buffer, 1, input.length);
    } catch (MalformedPacketException e) {
      assertNotEquals(1, input.length);
      return;
    }
    assertArrayEquals(before, buffer);
    assertEquals(1, input.length);
    int levelMinusDbov = AudioLevelCodec.levelMinusDbov(level);
    assertTrue(levelMinusDbov >= 0 && levelMinusDbov <= 127);
    assertEquals(input[0] < 0, AudioLevelCodec.voiceActivity(level));
    AudioLevelCodec.write(
        AudioLevelCodec.of(AudioLevelCodec.voiceActivity(level), levelMinusDbov), buffer, 1);
    assertArrayEquals(before, buffer);
  }
}
