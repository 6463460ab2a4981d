/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.congestion;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PacerTest {
  private static final long TICK_NANOS = 5_000_000;
  private static final double TARGET_BPS = 1e6;

  private final Pacer<String> pacer = new Pacer<>(TARGET_BPS, 1);
  private long nowNanos;

  private List<String> tick() {
    nowNanos += TICK_NANOS;
    List<String> sent = new ArrayList<>();
    for (String packet = pacer.poll(nowNanos); packet != null; packet = pacer.poll(nowNanos)) {
      sent.add(packet);
    }
    return sent;
  }

  private boolean video(String name) {
    return pacer.offer(name, 1000, false);
  }

  @Test
  void spreadsAPictureOverTime() {
    for (int i = 0; i < 60; i++) {
      assertTrue(video("v" + i));
    }
    List<String> sent = new ArrayList<>();
    int ticks = 0;
    while (sent.size() < 60) {
      List<String> now = tick();
      assertTrue(now.size() <= 3, now.toString());
      sent.addAll(now);
      ticks++;
    }
    for (int i = 0; i < 60; i++) {
      assertEquals("v" + i, sent.get(i));
    }
    // 480 kbit at one and a half times the target, less the first burst
    assertEquals(320.0, ticks * 5.0, 20.0);
  }

  @Test
  void speechGoesFirstAndCounts() {
    for (int i = 0; i < 20; i++) {
      assertTrue(video("v" + i));
    }
    assertTrue(pacer.offer("a0", 100, true));
    assertEquals("a0", tick().get(0));
    // speech as much as there may be of everything leaves nothing for video
    for (int i = 1; i < 40; i++) {
      assertTrue(pacer.offer("a" + i, 1000, true));
      assertEquals("a" + i, tick().get(0));
    }
    assertTrue(tick().isEmpty());
  }

  @Test
  void refusesWhatWouldWaitTooLong() {
    int taken = 0;
    while (video("v")) {
      taken++;
    }
    assertEquals(1.5 * TARGET_BPS / 8000, taken, 2.0);
    assertEquals(1, pacer.refused());
    assertTrue(pacer.offer("a", 100, true));
    pacer.setTarget(2 * TARGET_BPS);
    assertTrue(video("v"));
    pacer.setTarget(TARGET_BPS / 10);
    assertFalse(video("v"));
  }

  @Test
  void urgentOnesAreBoundedToo() {
    int taken = 0;
    while (pacer.offer("a", 100, true)) {
      taken++;
    }
    assertEquals(100, taken);
  }

  @Test
  void paysForWhatWasSentBeside() {
    pacer.sent(10_000);
    assertTrue(video("v"));
    assertNull(pacer.poll(nowNanos));
    int ticks = 0;
    while (tick().isEmpty()) {
      ticks++;
    }
    assertEquals(53.0, ticks * 5.0, 10.0);
  }

  @Test
  void idlenessIsNoCredit() {
    assertTrue(tick().isEmpty());
    nowNanos += 60_000_000_000L;
    for (int i = 0; i < 60; i++) {
      assertTrue(video("v" + i));
    }
    assertTrue(tick().size() <= 2);
  }
}
