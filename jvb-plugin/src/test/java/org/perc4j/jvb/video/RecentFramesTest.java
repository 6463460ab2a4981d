/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.video;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class RecentFramesTest {
  private final RecentFrames frames = new RecentFrames();

  @Test
  void knowsNothingAtFirstNotEvenOfKeyZero() {
    assertEquals(RecentFrames.UNDECIDED, frames.find(0));
  }

  @Test
  void remembersTheLatestFrames() {
    for (int i = 0; i < 1000; i++) {
      frames.add(i, 1 + i % 3);
    }
    for (int i = 1000 - 128; i < 1000; i++) {
      assertEquals(1 + i % 3, frames.find(i));
    }
    assertEquals(RecentFrames.UNDECIDED, frames.find(1000 - 129));
    assertEquals(RecentFrames.UNDECIDED, frames.find(1000));
  }

  @Test
  void remembersAllSinceTheFirstThatIsForwardedAndBeforeThatTheNewest() {
    frames.add(1, RecentFrames.DROPPED);
    frames.add(2, RecentFrames.DROPPED);
    assertEquals(RecentFrames.UNDECIDED, frames.find(1));
    assertEquals(RecentFrames.DROPPED, frames.find(2));
    frames.add(3, RecentFrames.FORWARDED);
    frames.add(4, RecentFrames.DROPPED);
    frames.add(5, RecentFrames.DROPPED);
    assertEquals(RecentFrames.FORWARDED, frames.find(3));
    assertEquals(RecentFrames.DROPPED, frames.find(4));
  }

  @Test
  void goesOnDroppingAFrameThroughARest() {
    frames.add(3, RecentFrames.FORWARDED);
    frames.add(4, RecentFrames.DROPPED);
    frames.rest();
    assertEquals(RecentFrames.UNDECIDED, frames.find(3));
    assertEquals(RecentFrames.DROPPED, frames.find(4));
    frames.add(5, RecentFrames.FORWARDED);
    frames.rest();
    assertEquals(RecentFrames.UNDECIDED, frames.find(5));
  }
}
