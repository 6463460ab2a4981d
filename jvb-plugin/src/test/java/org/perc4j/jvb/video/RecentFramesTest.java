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
}
