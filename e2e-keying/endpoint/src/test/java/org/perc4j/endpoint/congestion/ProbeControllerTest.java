/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.congestion;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class ProbeControllerTest {
  private static final long MILLI = 1_000_000;
  private static final int OCTETS = 1_000;

  private final SendHistory history = new SendHistory();
  private final SendRateEstimator estimator = new SendRateEstimator(300_000, 30_000, 10_000_000);
  private final ProbeController probing = new ProbeController();
  private long number;
  private long nowNanos;

  /** Sends a packet each 10 ms, each of which is on its way a little longer than the one before. */
  private void fillQueue() {
    for (int i = 0; i < 500 && estimator.usage() == LinkUsage.NORMAL; i++) {
      nowNanos += 10 * MILLI;
      history.sent(OCTETS, false, nowNanos);
      estimator.update(
          List.of(
              new PacketResult(++number, OCTETS, nowNanos, false, true, nowNanos + i * MILLI * 3)),
          nowNanos);
    }
  }

  private int due() {
    return probing.paddingDue(history, estimator, 20 * estimator.targetBps(), nowNanos);
  }

  @Test
  void triesNothingWhileTooMuchIsSent() {
    fillQueue();
    assertNotEquals(LinkUsage.NORMAL, estimator.usage());
    for (int i = 0; i < 100; i++) {
      nowNanos += 100 * MILLI;
      history.sent(OCTETS, false, nowNanos);
      assertEquals(0, due());
    }
  }

  /** Who leaves out all pictures and is mute would hear nothing of the link ever again. */
  @Test
  void triesAgainAfterNothingWasSentForAWhile() {
    fillQueue();
    assertEquals(0, due());
    nowNanos += 1_900 * MILLI;
    assertEquals(0, due());
    nowNanos += 200 * MILLI;
    assertTrue(due() > 0);
    assertTrue(probing.isProbing());
  }
}
