/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.client.recording;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class TimelineTest {
  private static final long MILLI = 1_000_000;

  @Test
  void followsTheSourcesClockAroundItsEnd() {
    Timeline sound = new Timeline(48_000);
    assertEquals(0, sound.place(0xFFFF_FFFFL, 7 * MILLI));
    assertEquals(20 * MILLI, sound.place(959, 30 * MILLI));
    assertEquals(40 * MILLI, sound.place(1919, 49 * MILLI));
  }

  @Test
  void beginsWhereTheQuickestSay() {
    Timeline sound = new Timeline(48_000);
    long first = sound.place(0, 100 * MILLI);
    long second = sound.place(960, 105 * MILLI);
    long third = sound.place(1920, 190 * MILLI);
    assertEquals(60 * MILLI, first + second + third);
    assertEquals(85 * MILLI, sound.offsetNanos());
  }

  @Test
  void takesPicturesThatComeBackwards() {
    Timeline pictures = new Timeline(90_000);
    assertEquals(0, pictures.place(3600, 0));
    assertEquals(-40 * MILLI, pictures.place(0, MILLI));
  }

  @Test
  void isAtTheBeginningWhileNothingHasCome() {
    assertEquals(0, new Timeline(48_000).offsetNanos());
  }
}
