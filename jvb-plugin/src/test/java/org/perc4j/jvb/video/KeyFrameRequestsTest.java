/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.video;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.perc4j.jvb.video.KeyFrameRequests.Need;

class KeyFrameRequestsTest {
  private static final long MILLISECOND = 1_000_000;
  private final KeyFrameRequests requests = new KeyFrameRequests();

  @Test
  void asksAtOnceIfNothingElseHelps() {
    assertTrue(requests.due(Need.NOW, Long.MIN_VALUE + 5));
  }

  @Test
  void asksEverMoreRarelyIfNoneComes() {
    List<Long> asked = new ArrayList<>();
    for (long now = 0; now < 30_000; now++) {
      if (requests.due(Need.NOW, now * MILLISECOND)) {
        asked.add(now);
      }
    }
    assertEquals(
        List.of(
            0L, 300L, 600L, 900L, 1200L, 1600L, 2134L, 2846L, 3795L, 5060L, 6747L, 8996L, 11995L,
            15994L, 20994L, 25994L),
        asked);
  }

  @Test
  void waitsForASwitchingPointFirst() {
    assertFalse(requests.due(Need.IF_IT_LASTS, 0));
    assertFalse(requests.due(Need.IF_IT_LASTS, 499 * MILLISECOND));
    assertTrue(requests.due(Need.IF_IT_LASTS, 500 * MILLISECOND));
  }

  @Test
  void doesNotAskOnceTheSwitchingPointCame() {
    assertFalse(requests.due(Need.IF_IT_LASTS, 0));
    assertFalse(requests.due(Need.NONE, 400 * MILLISECOND));
    assertFalse(requests.due(Need.IF_IT_LASTS, 700 * MILLISECOND));
  }

  @Test
  void keepsADistanceBetweenRequestsForDifferentReasons() {
    assertTrue(requests.due(Need.NOW, 0));
    int asked = 0;
    for (long now = 1; now <= 1000; now++) {
      requests.settled();
      asked += requests.due(Need.NOW, now * MILLISECOND) ? 1 : 0;
    }
    assertEquals(10, asked);
  }
}
