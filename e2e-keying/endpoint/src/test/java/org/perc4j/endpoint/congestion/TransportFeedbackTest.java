/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.congestion;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** From the numbering of packets to the news of their arrival. */
class TransportFeedbackTest {
  private static final long MILLIS = 1_000_000;
  private static final int OCTETS = 1000;

  private final SendHistory history = new SendHistory();
  private final ArrivalRecorder recorder = new ArrivalRecorder();
  private final List<PacketResult> results = new ArrayList<>();
  private long nowNanos = Long.MAX_VALUE - 5 * MILLIS; // clocks may wrap

  private int send() {
    int number = history.nextSequenceNumber();
    history.sent(OCTETS, false, nowNanos);
    nowNanos += MILLIS;
    return number;
  }

  private void arrive(int number) {
    recorder.arrived(number, OCTETS, nowNanos);
  }

  /** Over the wire and back. */
  private int tell() throws MalformedFeedbackException {
    int messages = 0;
    for (TransportFeedback feedback : recorder.feedback(1, 2)) {
      byte[] octets = TransportFeedbackCodec.write(feedback);
      assertTrue(octets.length <= 1100, octets.length + " octets");
      results.addAll(history.apply(TransportFeedbackCodec.parse(octets, 0, octets.length)));
      messages++;
    }
    return messages;
  }

  @Test
  void tellsOfEachPacketOnce() throws Exception {
    Random random = new Random(1);
    long arrivals = 0;
    for (int i = 0; i < 200_000; i++) {
      int number = send();
      if (random.nextDouble() < 0.9) {
        arrive(number);
        arrivals++;
      }
      if (i % 50 == 49) {
        arrive(send());
        arrivals++;
        assertEquals(1, tell());
      }
    }
    assertEquals(history.packets(), results.size());
    assertEquals(arrivals, history.acknowledged());
    assertEquals(history.packets() - arrivals, history.lost());
    assertEquals(0, history.unknown());
    assertEquals(arrivals, recorder.packets());
    assertEquals(arrivals * OCTETS, recorder.octets());
    assertTrue(recorder.lost() > 0.09 * history.packets(), "lost " + recorder.lost());
    PacketResult before = null;
    for (PacketResult result : results) {
      if (before != null) {
        assertEquals(before.number() + 1, result.number());
      }
      before = result;
    }
    assertEquals(0, tell());
  }

  @Test
  void arrivalTimesAreOfAQuarterOfAMillisecond() throws Exception {
    List<Long> sent = new ArrayList<>();
    Random random = new Random(3);
    for (int i = 0; i < 5000; i++) {
      int number = send();
      sent.add(nowNanos);
      arrive(number);
      nowNanos += random.nextInt(100) == 0 ? 9_000 * MILLIS : random.nextInt(20) * MILLIS / 4;
      if (random.nextInt(30) == 0) {
        tell();
      }
    }
    tell();
    assertEquals(sent.size(), results.size());
    for (int i = 1; i < sent.size(); i++) {
      long expected = sent.get(i) - sent.get(0);
      long told = results.get(i).arrivalNanos() - results.get(0).arrivalNanos();
      assertTrue(
          Math.abs(expected - told) <= TransportFeedback.TICK_NANOS,
          "packet " + i + ": " + expected + ", told " + told);
    }
  }

  @Test
  void tellsOfLatePacketsAfterAll() throws Exception {
    int first = send();
    int second = send();
    int third = send();
    arrive(first);
    arrive(third);
    tell();
    assertEquals(1, history.lost());
    arrive(second);
    tell();
    assertEquals(0, history.lost());
    assertEquals(3, history.acknowledged());
    assertEquals(List.of(1L, 2L, 3L, 2L), results.stream().map(PacketResult::number).toList());
    assertEquals(
        List.of(true, false, true, true), results.stream().map(PacketResult::received).toList());
    assertEquals(0, recorder.lost());
  }

  @Test
  void countsRepetitions() throws Exception {
    int number = send();
    arrive(number);
    arrive(number);
    tell();
    arrive(number);
    assertEquals(0, tell());
    assertEquals(1, recorder.packets());
    assertEquals(2, recorder.duplicates());
  }

  @Test
  void outagesOfAnyLengthCostABoundedAmount() throws Exception {
    for (int gap : new int[] {3_000, 8_191, 8_192, 20_000, 32_000}) {
      for (int i = 0; i < 20; i++) {
        arrive(send());
      }
      tell();
      for (int i = 0; i < gap; i++) {
        send();
      }
      results.clear();
      arrive(send());
      assertEquals(1, tell());
      assertTrue(results.size() <= ArrivalRecorder.CAPACITY, results.size() + " results");
      assertTrue(results.get(results.size() - 1).received());
    }
    assertEquals(0, history.unknown());
  }

  @Test
  void manyArrivalsTakeSeveralMessages() throws Exception {
    for (int i = 0; i < 2000; i++) {
      arrive(send());
    }
    assertEquals(5, tell());
    assertEquals(2000, history.acknowledged());
  }

  @Test
  void longGapsTakeSeveralMessages() throws Exception {
    arrive(send());
    nowNanos += 10_000 * MILLIS;
    arrive(send());
    assertEquals(2, tell());
    assertEquals(2, history.acknowledged());
    long apart = results.get(1).arrivalNanos() - results.get(0).arrivalNanos();
    assertTrue(Math.abs(apart - 10_001 * MILLIS) <= TransportFeedback.TICK_NANOS, apart + " ns");
  }

  @Test
  void newsOfWhatWasNeverSentIsCountedAndHarmsNobody() {
    for (int i = 0; i < 10; i++) {
      send();
    }
    // numbers ahead, and numbers from before the first
    for (int base : new int[] {11, 5000, 0xFFF0}) {
      var unused =
          history.apply(
              new TransportFeedback(1, 2, base, 3, 0, 0, new int[] {0, 2}, new int[] {0, 1}));
    }
    assertEquals(6, history.unknown());
    assertEquals(0, history.acknowledged());
    assertEquals(0, history.lost());
  }

  @Test
  void referenceTimesWrap() {
    send();
    send();
    var first = history.apply(feedback(1, 0x7FFFFF));
    var second = history.apply(feedback(2, -0x800000));
    assertEquals(64 * MILLIS, second.get(0).arrivalNanos() - first.get(0).arrivalNanos());
  }

  private static TransportFeedback feedback(int number, int reference) {
    return new TransportFeedback(1, 2, number, 1, reference, 0, new int[] {0}, new int[] {0});
  }
}
