/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.rtp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class SoundTimelineTest {
  private static final long SECOND = 1_000_000_000;

  private final SoundTimeline timeline = new SoundTimeline(2 * SECOND);

  @Test
  void goesOnOverWraps() {
    assertEquals(0, timeline.place(-480, 0, 0));
    assertEquals(960, timeline.place(480, SECOND / 50, 960));
    assertEquals(480, timeline.place(0, SECOND / 50, 1920));
    long seconds = 40_000;
    for (int i = 1; i <= 10; i++) {
      int timestamp = (int) (i * seconds * 48_000);
      assertEquals(i * seconds * 48_000 + 480, timeline.place(timestamp, i * seconds * SECOND, 0));
    }
    assertFalse(timeline.jumped());
  }

  @Test
  void believesTwoThatAgreeThatTimestampsJumped() {
    assertEquals(0, timeline.place(5, 0, 0));
    assertEquals(SoundTimeline.STRAY, timeline.place(1_000_000, SECOND / 50, 960));
    assertEquals(960 + 48_000 + 960, timeline.place(1_000_960, SECOND / 25, 960));
    assertTrue(timeline.jumped());
    assertEquals(960 + 48_000, timeline.place(1_000_000, SECOND / 25, 0));
    assertFalse(timeline.jumped());
  }

  @Test
  void doesNotBelieveStrays() {
    assertEquals(0, timeline.place(5, 0, 0));
    assertEquals(SoundTimeline.STRAY, timeline.place(1_000_000, 0, 960));
    assertEquals(SoundTimeline.STRAY, timeline.place(1_000_000, 0, 960), "the same once more");
    assertEquals(SoundTimeline.STRAY, timeline.place(9_000_000, 0, 960));
    assertEquals(960, timeline.place(965, 0, 960));
    assertEquals(SoundTimeline.STRAY, timeline.place(9_000_960, 0, 960), "not in a row");
  }
}
