/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.perc4j.it.bridge.JvbProcess;
import org.perc4j.it.harness.Alone;
import org.perc4j.it.harness.Await;
import org.perc4j.it.harness.LinkConditions;
import org.perc4j.it.harness.RequiresLinks;
import org.perc4j.it.harness.ServedTime;
import org.perc4j.it.links.LayeredVideo;
import org.perc4j.it.links.LimitedCall;
import org.perc4j.it.links.PhaseFigures;

/**
 * A receiver's network carries less for a while, and more again. How well compares with plain
 * streams, {@code ./perc4j bench bridge:links} measures. Calls go on side by side, each over a link
 * of its own: most of the time they wait for the bridge to dare more.
 */
@Alone
@Execution(ExecutionMode.CONCURRENT)
@RequiresJvb(instance = "links", configuration = JvbProcess.TRUSTS_ESTIMATES)
@RequiresLinks
class LinksTest {
  private static final long WIDE_BPS = 5_000_000;
  private static final long NARROW_BPS = 400_000;
  private static final Duration A_WHILE = Duration.ofSeconds(3);
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final int LARGEST = LayeredVideo.SIZES - 1;

  @ParameterizedTest(name = "double: {0}")
  @ValueSource(booleans = {true, false})
  void layersGoDownAndUpAndSpeechStays(boolean isDouble, JvbProcess jvb) throws Exception {
    String scenario = "links-" + (isDouble ? "double" : "plain");
    try (LimitedCall call = join(jvb, scenario, isDouble, LinkConditions.ofRate(WIDE_BPS))) {
      call.start();
      await(call, true);
      assertWholeSpeech(call.phase(A_WHILE, same -> {}));
      call.setRate(NARROW_BPS);
      PhaseFigures narrow = await(call, false);
      assertTrue(narrow.largest() >= 0, narrow.toString());
      PhaseFigures recovering = call.phase(A_WHILE, same -> same.setRate(WIDE_BPS));
      assertWholeSpeech(await(call, true));
      assertTrue(recovering.largest() >= 0, recovering.toString());
    }
    Checks.assertHealthy(jvb);
  }

  /** Of what a receiver says of the bridge's reports, which feedback on congestion needs, too. */
  @Test
  void theBridgeLearnsHowLongTheWayIs(JvbProcess jvb) throws Exception {
    String scenario = "links-way";
    Duration delay = Duration.ofMillis(60);
    LinkConditions conditions = LinkConditions.ofRate(WIDE_BPS).withDelay(delay, Duration.ZERO);
    try (LimitedCall call = join(jvb, scenario, true, conditions)) {
      call.start();
      Await.until(
          "round trip time of at least " + delay,
          PATIENCE,
          () -> roundTripMillis(jvb, call.receiver()) >= delay.toMillis());
    }
  }

  private static LimitedCall join(
      JvbProcess jvb, String scenario, boolean isDouble, LinkConditions conditions)
      throws Exception {
    return LimitedCall.join(
        jvb,
        scenario,
        Checks.folder(scenario),
        LayeredVideo.VP8_SIMULCAST_OF_LITTLE,
        isDouble,
        1,
        conditions);
  }

  private static double roundTripMillis(JvbProcess jvb, String endpoint) {
    return DebugPages.endpoint(jvb, endpoint)
        .path("transceiver")
        .path("endpoint_connection_stats")
        .path("rtt")
        .asDouble();
  }

  /** Waits until the largest pictures are shown, or are not. */
  private static PhaseFigures await(LimitedCall call, boolean largest) throws Exception {
    long deadline = ServedTime.nanos() + PATIENCE.toNanos();
    PhaseFigures last = call.phase(A_WHILE, same -> {});
    while (last.largest() == LARGEST != largest || last.largest() < 0) {
      assertTrue(ServedTime.nanos() - deadline < 0, (largest ? "up: " : "down: ") + last);
      last = call.phase(A_WHILE, same -> {});
    }
    assertEquals(0, last.overflown(), last.toString());
    return last;
  }

  /** When it comes depends on how busy the machine is, too. */
  private static void assertWholeSpeech(PhaseFigures figures) {
    assertTrue(figures.speech() > 0, figures.toString());
    assertEquals(0, figures.speechMissing(), figures.toString());
  }
}
