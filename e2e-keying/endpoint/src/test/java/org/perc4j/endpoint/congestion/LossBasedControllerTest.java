/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.congestion;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;

class LossBasedControllerTest {
  private static final double MIN_BPS = 30_000;
  private static final double START_BPS = 300_000;
  private static final long FEEDBACK_NANOS = 50_000_000;
  private static final int PER_SECOND = 20;

  /** Returns the limit after so long, of what is sent for the limit, if there is one. */
  private static double after(int seconds, double loss, int packetsPerFeedback) {
    LossBasedController controller = new LossBasedController(MIN_BPS);
    Random random = new Random(7);
    double limit = Double.POSITIVE_INFINITY;
    for (int i = 0; i < seconds * PER_SECOND; i++) {
      int lost = 0;
      for (int j = 0; j < packetsPerFeedback; j++) {
        lost += random.nextDouble() < loss ? 1 : 0;
      }
      limit =
          controller.update(
              packetsPerFeedback, lost, Math.min(START_BPS, limit), i * FEEDBACK_NANOS);
    }
    return limit;
  }

  @Test
  void fewLossesLimitNothing() {
    assertEquals(Double.POSITIVE_INFINITY, after(60, 0, 5));
    assertTrue(after(60, 0.01, 50) > START_BPS);
  }

  @Test
  void someLossesHoldTheRate() {
    assertEquals(START_BPS, after(60, 0.05, 50));
  }

  @Test
  void aTenthThatIsLostByChanceLeavesMostOfTheRateForLong() {
    assertTrue(after(600, 0.1, 3) > 0.5 * START_BPS, after(600, 0.1, 3) + " bit/s");
    assertTrue(after(600, 0.1, 50) > 0.8 * START_BPS, after(600, 0.1, 50) + " bit/s");
  }

  /** Where what does not fit is lost, less is lost of less. */
  @Test
  void whatDoesNotFitBringsTheRateDownToWhatFits() {
    double capacityBps = START_BPS / 3;
    LossBasedController controller = new LossBasedController(MIN_BPS);
    double limit = START_BPS;
    for (int i = 0; i < 60 * PER_SECOND; i++) {
      int packets = (int) (limit / 10_000);
      int lost = (int) Math.round(packets * Math.max(0, 1 - capacityBps / limit));
      limit = Math.min(START_BPS, controller.update(packets, lost, limit, i * FEEDBACK_NANOS));
    }
    assertTrue(limit < 1.3 * capacityBps && limit > 0.7 * capacityBps, limit + " bit/s");
  }

  @Test
  void manyLossesBringTheRateDown() {
    assertTrue(after(3, 0.3, 50) < 0.6 * START_BPS, after(3, 0.3, 50) + " bit/s");
    assertEquals(MIN_BPS, after(60, 0.3, 3));
    assertEquals(MIN_BPS, after(60, 1, 3));
  }
}
