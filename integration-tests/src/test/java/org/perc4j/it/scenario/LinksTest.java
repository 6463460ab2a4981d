/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
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
 * streams, {@code ./perc4j bench bridge:links} measures. Calls of both go on side by side, each
 * over a link of its own: most of the time they wait for the bridge to dare more.
 */
@Alone
@RequiresJvb(instance = "links", configuration = JvbProcess.TRUSTS_ESTIMATES)
@RequiresLinks
class LinksTest {
  private static final long WIDE_BPS = 5_000_000;
  private static final long NARROW_BPS = 400_000;
  private static final Duration A_WHILE = Duration.ofSeconds(3);
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int CALLS = 3;

  /**
   * A bridge stops probing when its estimate is above what it wants, and allocates anew only when
   * the estimate has moved by 15 %: now and then it is caught between the two when a link was
   * narrow, with plain video as well. Therefore double video has to come up again in one call of
   * several, if plain video comes up in any of those beside them.
   */
  @Test
  void layersGoDownAndUpAsPlainOnesAndSpeechStays(JvbProcess jvb) throws Exception {
    List<PhaseFigures> plain = new ArrayList<>();
    List<PhaseFigures> doubles = new ArrayList<>();
    ExecutorService calls = Executors.newFixedThreadPool(2);
    try {
      for (int i = 0; i < CALLS && doubles.stream().noneMatch(LinksTest::isLargest); i++) {
        String number = "-" + i;
        List<Future<PhaseFigures>> ended =
            calls.invokeAll(
                List.of(
                    () -> downAndUp(jvb, "links-plain" + number, false),
                    () -> downAndUp(jvb, "links-double" + number, true)));
        plain.add(ended.get(0).get());
        doubles.add(ended.get(1).get());
      }
    } finally {
      calls.shutdownNow();
    }
    Checks.assertHealthy(jvb);
    if (doubles.stream().noneMatch(LinksTest::isLargest)) {
      String figures = "double: " + doubles + ", plain: " + plain;
      assertTrue(plain.stream().noneMatch(LinksTest::isLargest), figures);
      abort("the bridge does not return to the largest size for plain video either: " + figures);
    }
  }

  /** Returns what was shown last: all sizes, if all went well, or too little for too long. */
  private static PhaseFigures downAndUp(JvbProcess jvb, String scenario, boolean isDouble)
      throws Exception {
    try (LimitedCall call = join(jvb, scenario, isDouble, LinkConditions.ofRate(WIDE_BPS))) {
      call.start();
      PhaseFigures wide = await(call, true);
      if (!isLargest(wide)) {
        return wide;
      }
      assertWholeSpeech(call.phase(A_WHILE, same -> {}));
      call.setRate(NARROW_BPS);
      PhaseFigures narrow = await(call, false);
      assertTrue(narrow.largest() >= 0 && !isLargest(narrow), narrow.toString());
      PhaseFigures recovering = call.phase(A_WHILE, same -> same.setRate(WIDE_BPS));
      PhaseFigures wideAgain = await(call, true);
      assertWholeSpeech(wideAgain);
      assertTrue(recovering.largest() >= 0, recovering.toString());
      return wideAgain;
    }
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

  /** Waits until the largest pictures are shown, or are not; not for ever. */
  private static PhaseFigures await(LimitedCall call, boolean largest) throws Exception {
    long deadline = ServedTime.nanos() + PATIENCE.toNanos();
    PhaseFigures last = call.phase(A_WHILE, same -> {});
    while ((isLargest(last) != largest || last.largest() < 0)
        && ServedTime.nanos() - deadline < 0) {
      last = call.phase(A_WHILE, same -> {});
    }
    assertEquals(0, last.overflown(), last.toString());
    return last;
  }

  private static boolean isLargest(PhaseFigures figures) {
    return figures.largest() == LayeredVideo.SIZES - 1;
  }

  /** When it comes depends on how busy the machine is, too. */
  private static void assertWholeSpeech(PhaseFigures figures) {
    assertTrue(figures.speech() > 0, figures.toString());
    assertEquals(0, figures.speechMissing(), figures.toString());
  }
}
