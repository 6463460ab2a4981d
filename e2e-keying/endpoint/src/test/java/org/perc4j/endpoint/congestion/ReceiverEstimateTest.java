/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.congestion;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What receivers tell, as others wrote it, and what they go by. */
class ReceiverEstimateTest {
  private static final long MILLIS = 1_000_000;

  /** Captures in jitsi-videobridge, RtcpFbRembPacketTest, where the values are as well. */
  private static final String ONE = "8fce0005 fe932303 00000000 52454d42 010ba45a 9e7201c1";

  private static final String TWO =
      "8fce0006 fe932303 00000000 52454d42 020bb45a 9e7201c1 9e2354a3";

  @Test
  void readsAndWritesWhatOthersWrote() throws Exception {
    ReceiverEstimate one = parse(ONE);
    assertEquals(0xfe932303, one.senderSsrc());
    assertEquals(954728, one.bitsPerSecond());
    assertEquals(List.of(0x9e7201c1), one.ssrcs());
    ReceiverEstimate two = parse(TWO);
    assertEquals(971112, two.bitsPerSecond());
    assertEquals(List.of(0x9e7201c1, 0x9e2354a3), two.ssrcs());
    assertArrayEquals(hex(ONE), ReceiverEstimateCodec.write(one));
    assertArrayEquals(hex(TWO), ReceiverEstimateCodec.write(two));
  }

  @Test
  void ratesOfMoreThan64BitsAreTheHighestThatThereIs() throws Exception {
    assertEquals(Long.MAX_VALUE, parse(TWO.replace("020bb45a", "02ffffff")).bitsPerSecond());
  }

  /** The same source. */
  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "1, 1",
    "262143, 262143",
    "1000000, 1000000",
    "50000000, 49999872",
    "9223372036854775807, 9223336852482686976"
  })
  void ratesLoseWhatDoesNotFit(long rate, long read) throws Exception {
    ReceiverEstimate estimate = new ReceiverEstimate(4567, rate, List.of(1234));
    byte[] octets = ReceiverEstimateCodec.write(estimate);
    assertEquals(
        new ReceiverEstimate(4567, read, List.of(1234)),
        ReceiverEstimateCodec.parse(octets, 0, octets.length));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "8fce0003 fe932303 00000000 52454d42",
        "8fce0004 fe932303 00000000 52454d42 010ba45a",
        "8fce0005 fe932303 00000000 52454d42 ff0ba45a 9e7201c1",
        "8fce0005 fe932303 00000000 52454d43 010ba45a 9e7201c1"
      })
  void refuses(String octets) {
    assertThrows(MalformedFeedbackException.class, () -> parse(octets));
  }

  @Test
  void tellsOtherApplicationsFeedbackFromItsOwn() {
    byte[] other = hex(ONE.replace("52454d42", "12345678"));
    assertFalse(ReceiverEstimateCodec.isEstimate(other, 0, other.length));
    assertFalse(ReceiverEstimateCodec.isEstimate(other, 0, 12));
    assertTrue(ReceiverEstimateCodec.isEstimate(hex(ONE), 0, 24));
  }

  @Test
  void sendTimesAreInSecondsWith18BitsBehindThePoint() throws Exception {
    byte[] data = new byte[5];
    AbsoluteSendTimeCodec.write(0, data, 1);
    assertArrayEquals(hex("0000000000"), data);
    AbsoluteSendTimeCodec.write(1_500_000_000L, data, 1);
    // six bits of seconds: 000001 10 0000...
    assertArrayEquals(hex("0006000000"), data);
    AbsoluteSendTimeCodec.write(65_500_000_000L, data, 1);
    assertArrayEquals(hex("0006000000"), data);
    AbsoluteSendTimeCodec.write(-500_000_000L, data, 1);
    assertArrayEquals(hex("00fe000000"), data);
    assertEquals(0xfe0000, AbsoluteSendTimeCodec.parse(data, 1, 3));
    assertThrows(MalformedFeedbackException.class, () -> AbsoluteSendTimeCodec.parse(data, 1, 2));
    assertEquals(500_000_000L, AbsoluteSendTimeCodec.nanos(1 << 17));
  }

  /** Sends what the estimate says, for so many seconds, over times that wrap each 64 seconds. */
  private static double follow(ReceiverEstimator estimator, SimulatedLink link, int seconds)
      throws MalformedFeedbackException {
    double rate = estimator.estimateBps();
    double budget = 0;
    byte[] time = new byte[3];
    int told = 0;
    for (long millis = 1; millis < seconds * 1000L; millis++) {
      long now = millis * MILLIS;
      budget += rate / 1000;
      while (budget >= 8000) {
        budget -= 8000;
        AbsoluteSendTimeCodec.write(now, time, 0);
        long arrival = link.send(1000, now);
        if (arrival != SimulatedLink.LOST) {
          estimator.arrived(AbsoluteSendTimeCodec.parse(time, 0, 3), 1000, arrival);
        }
      }
      if (millis % 50 == 0) {
        long due = estimator.due(now);
        if (due > 0) {
          rate = due;
          told++;
        }
      }
    }
    assertTrue(told >= seconds - 1, told + " in " + seconds + " s");
    assertTrue(told <= 2 * seconds, told + " in " + seconds + " s");
    return rate;
  }

  @Test
  void receiverFindsWhatTheLinkCarries() throws Exception {
    for (double capacity : new double[] {500_000, 1_000_000, 3_000_000}) {
      ReceiverEstimator estimator = new ReceiverEstimator(300_000, 30_000, 20_000_000);
      SimulatedLink link = new SimulatedLink(1, capacity);
      double rate = follow(estimator, link, 130);
      assertTrue(rate > 0.75 * capacity && rate < 1.2 * capacity, rate + " of " + capacity);
      assertTrue(link.queueNanos(130_000 * MILLIS) < 200 * MILLIS);
    }
  }

  @Test
  void receiverThatGetsNothingTellsNothing() {
    assertEquals(0, new ReceiverEstimator(300_000, 30_000, 20_000_000).due(5));
  }

  @Test
  void senderFollowsTheReceiverAndYieldsToLosses() {
    SendRateEstimator estimator = new SendRateEstimator(300_000, 30_000, 20_000_000);
    assertEquals(300_000, estimator.targetBps());
    estimator.limitTo(2_000_000);
    assertEquals(2_000_000, estimator.targetBps());
    for (int second = 0; second < 5; second++) {
      estimator.reported(200, second == 0 ? 0 : 60, second * 1000L * MILLIS);
    }
    assertTrue(estimator.targetBps() < 1_600_000, estimator.targetBps() + "");
    for (int second = 5; second < 60; second++) {
      estimator.reported(200, 0, second * 1000L * MILLIS);
    }
    assertEquals(2_000_000, estimator.targetBps());
  }

  private static ReceiverEstimate parse(String octets) throws MalformedFeedbackException {
    byte[] message = hex(octets);
    byte[] within = new byte[message.length + 9];
    System.arraycopy(message, 0, within, 5, message.length);
    return ReceiverEstimateCodec.parse(within, 5, message.length);
  }

  private static byte[] hex(String octets) {
    return HexFormat.of().parseHex(octets.replace(" ", ""));
  }
}
