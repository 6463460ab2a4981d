/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.congestion;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Estimates on simulated links, in virtual time. */
class SendRateEstimatorTest {
  private static final double MBIT = 1e6;

  @ParameterizedTest
  @ValueSource(doubles = {0.2, 0.5, 1, 3, 8})
  void fillsALinkWithoutFillingItsQueue(double mbit) {
    double capacity = mbit * MBIT;
    SimulatedCall call = new SimulatedCall(new SimulatedLink(1, capacity));
    // 300 kbit/s to 8 Mbit/s, by 8 % in a second at most
    call.run(60);
    // where it began with more than there is
    long droppedAtFirst = call.link().dropped();
    for (int i = 0; i < 6; i++) {
      call.run(10);
      assertTrue(call.arrivedBps() > 0.85 * capacity, call.toString());
      assertTrue(call.estimator.targetBps() < 1.2 * capacity, call.toString());
      assertTrue(call.queueMillis() < 60, call.toString());
    }
    assertEquals(droppedAtFirst, call.link().dropped(), call.toString());
  }

  @Test
  void followsALinkThatBecomesThinAndWideAgain() {
    SimulatedLink link = new SimulatedLink(2, 2.5 * MBIT);
    SimulatedCall call = new SimulatedCall(link);
    call.run(60);
    link.carries(0.5 * MBIT);
    call.run(1.5);
    assertTrue(call.estimator.targetBps() < 0.5 * MBIT, call.toString());
    call.run(1.5);
    call.run(5);
    assertTrue(call.queueMillis() < 30, call.toString());
    call.run(10);
    assertTrue(call.arrivedBps() > 0.4 * MBIT, call.toString());
    link.carries(2.5 * MBIT);
    call.run(30);
    call.run(5);
    assertTrue(call.arrivedBps() > 2 * MBIT, call.toString());
  }

  @ParameterizedTest
  @CsvSource({"0.005, 60", "0.01, 60", "0.02, 90"})
  void takesFewRandomLossesForNoCongestion(double loss, double seconds) {
    SimulatedCall call = new SimulatedCall(new SimulatedLink(3, MBIT).losing(loss));
    call.run(seconds);
    call.run(30);
    assertTrue(call.arrivedBps() > 0.75 * MBIT, call.toString());
  }

  @Test
  void yieldsToManyLosses() {
    SimulatedLink link = new SimulatedLink(4, MBIT);
    SimulatedCall call = new SimulatedCall(link);
    call.run(40);
    double before = call.estimator.targetBps();
    SimulatedLink unused = link.losing(0.25);
    call.run(10);
    double soon = call.estimator.targetBps();
    assertTrue(soon < 0.7 * before, before + " before, " + call);
    call.run(40);
    assertTrue(call.estimator.targetBps() < 0.2 * before, call.toString());
    assertTrue(call.estimator.targetBps() >= 30_000, call.toString());
    link.losing(0);
    call.run(200);
    assertTrue(call.estimator.targetBps() > 0.7 * MBIT, call.toString());
  }

  @Test
  void losesNothingToAShortQueueForLong() {
    SimulatedCall call = new SimulatedCall(new SimulatedLink(5, MBIT).queueing(15));
    call.run(60);
    call.run(30);
    assertTrue(call.arrivedBps() > 0.75 * MBIT, call.toString());
    assertTrue(call.lost() < 0.06, call.lost() + " lost, " + call);
  }

  @ParameterizedTest
  @ValueSource(doubles = {1, 3, 10, 20})
  void takesJitterForNoCongestion(double millis) {
    SimulatedCall call = new SimulatedCall(new SimulatedLink(6, MBIT).jittering(millis));
    call.run(40);
    call.run(40);
    assertTrue(call.arrivedBps() > 0.8 * MBIT, call.toString());
    assertTrue(call.queueMillis() < 100, call.toString());
  }

  @Test
  void staysNearWhatIsSent() {
    SimulatedCall call = new SimulatedCall(new SimulatedLink(7, 10 * MBIT));
    call.runWithAtMost(400_000, 60);
    assertTrue(call.estimator.targetBps() <= 1.5 * 430_000, call.toString());
    assertTrue(call.estimator.targetBps() >= 400_000, call.toString());
  }

  @Test
  void probingOpensAWideLinkInASecond() {
    SimulatedCall call = new SimulatedCall(new SimulatedLink(8, 5 * MBIT));
    call.wants(4 * MBIT);
    call.run(1);
    assertTrue(call.estimator.targetBps() > 3 * MBIT, call.toString());
    call.run(20);
    assertTrue(call.queueMillis() < 30, call.toString());
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.5, 1, 3})
  void probingFindsWhatIsThereWithLittleToSend(double mbit) {
    double capacity = mbit * MBIT;
    SimulatedCall call = new SimulatedCall(new SimulatedLink(9, capacity));
    call.wants(5 * MBIT);
    call.runWithAtMost(150_000, 10);
    for (int i = 0; i < 6; i++) {
      call.runWithAtMost(150_000, 10);
      assertTrue(call.estimator.targetBps() > 0.8 * capacity, call.toString());
      assertTrue(call.estimator.targetBps() < 1.1 * capacity, call.toString());
      assertTrue(call.arrivedBps() < 150_000 + 0.05 * capacity, call.toString());
      assertTrue(call.queueMillis() < 15, call.toString());
    }
  }

  @Test
  void probesForNothingThatIsNotWanted() {
    SimulatedCall call = new SimulatedCall(new SimulatedLink(10, MBIT));
    call.runWithAtMost(150_000, 10);
    assertEquals(0, call.probing.clusters());
    call.wants(200_000);
    call.runWithAtMost(150_000, 10);
    assertEquals(0, call.probing.clusters());
  }

  @Test
  void probesLessOftenAfterEachFailure() {
    SimulatedCall call = new SimulatedCall(new SimulatedLink(11, 400_000));
    call.wants(5 * MBIT);
    call.runWithAtMost(150_000, 120);
    assertTrue(call.probing.clusters() < 15, call.probing.clusters() + " clusters");
    assertTrue(call.probing.clusters() > 5, call.probing.clusters() + " clusters");
  }

  @Test
  void receiverHasTheLastWord() {
    SendRateEstimator estimator = new SendRateEstimator(300_000, 30_000, 1_000_000);
    estimator.limitTo(100_000);
    assertEquals(100_000, estimator.targetBps());
    estimator.limitTo(1);
    assertEquals(30_000, estimator.targetBps());
    estimator.limitTo(Long.MAX_VALUE);
    assertEquals(1_000_000, estimator.targetBps());
    estimator.update(List.of(), 0);
    assertEquals(1_000_000, estimator.targetBps());
    // who tells of each packet is believed more
    estimator.update(List.of(new PacketResult(1, 100, 0, false, true, 7)), 5);
    assertEquals(300_000, estimator.targetBps());
    estimator.limitTo(100_000);
    assertEquals(100_000, estimator.targetBps());
  }

  @Test
  void boundsAreInOrder() {
    assertThrows(IllegalArgumentException.class, () -> new SendRateEstimator(1, 2, 3));
    assertThrows(IllegalArgumentException.class, () -> new SendRateEstimator(2, 0, 3));
    assertThrows(IllegalArgumentException.class, () -> new SendRateEstimator(4, 2, 3));
  }

  @Test
  void climbsALadderAndStaysWhereItCan() {
    double[] needed = {150_000, 650_000, 3 * MBIT};
    SimulatedLink link = new SimulatedLink(12, MBIT);
    SimulatedCall call = new SimulatedCall(link);
    EncodingLadder ladder = new EncodingLadder(needed);
    int[] seconds = new int[4];
    int changes = 0;
    int rung = EncodingLadder.NOTHING;
    for (int step = 0; step < 3000; step++) {
      if (step == 1000) {
        link.carries(300_000);
      } else if (step == 2000) {
        link.carries(6 * MBIT);
      }
      call.wants(ladder.wantedBps());
      call.runWithAtMost(rung < 0 ? 0 : needed[rung], 0.05);
      int next = ladder.update(call.estimator.targetBps(), call.nowNanos());
      changes += next == rung ? 0 : 1;
      rung = next;
      if (step == 60 || step == 900) {
        assertEquals(1, rung, step + " " + call);
      } else if (step == 1060 || step == 1900) {
        assertEquals(0, rung, step + " " + call);
      } else if (step == 2700) {
        assertEquals(2, rung, step + " " + call);
      }
      seconds[rung + 1]++;
    }
    assertTrue(changes <= 8, changes + " changes");
  }
}
