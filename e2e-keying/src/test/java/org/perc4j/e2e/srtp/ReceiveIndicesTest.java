/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.srtp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.perc4j.header.index.PacketIndex;

/** The search for the rollover counter, with packets that authenticate under one index each. */
class ReceiveIndicesTest {
  private static final int SSRC = 0x11223344;
  private static final long FORGED = Long.MIN_VALUE;

  private final ReceiveIndices indices = new ReceiveIndices(Layer.INNER, 4, 0);

  @Test
  void followsAStreamWithOneCallForEachPacket() {
    for (long index = 65000; index < 300_000; index += 1 + index % 3) {
      assertEquals(1, calls(indices, SSRC, index));
    }
  }

  @Test
  void takesLatePacketsWithinTheWindowOnce() {
    receive(70_000);

    receive(70_000 - ReceiveIndices.WINDOW + 1);
    assertEquals(DoubleSrtpResult.INNER_REPLAYED, refuse(70_000 - ReceiveIndices.WINDOW + 1));
    assertEquals(DoubleSrtpResult.INNER_REPLAYED, refuse(70_000));
    assertEquals(DoubleSrtpResult.INNER_TOO_OLD, refuse(70_000 - ReceiveIndices.WINDOW));
  }

  @Test
  void neverTriesAnIndexOfAnEarlierRollover() {
    receive(PacketIndex.of(10, 30_000));
    for (int sequenceNumber = 0; sequenceNumber < 65536; sequenceNumber += 5) {
      indices.begin(SSRC, sequenceNumber);
      for (long index = indices.next(); index >= 0; index = indices.next()) {
        assertTrue(index > PacketIndex.of(10, 30_000) - ReceiveIndices.WINDOW, "tried " + index);
      }
    }
  }

  @Test
  void triesNoIndexTwiceForOnePacket() {
    receive(1000);
    for (int sequenceNumber = 0; sequenceNumber < 65536; sequenceNumber++) {
      indices.begin(SSRC, sequenceNumber);
      long a = indices.next();
      long b = indices.next();
      long c = indices.next();
      long d = indices.next();
      assertEquals(ReceiveIndices.EXHAUSTED, indices.next());
      assertTrue(a != b && a != c && a != d && b != c && b != d && c != d);
      assertTrue(a >= 0 && b >= 0 && c >= 0 && d >= 0);
    }
  }

  @ParameterizedTest
  @EnumSource(Layer.class)
  void boundsTheCallsForWhateverArrives(Layer layer) {
    ReceiveIndices bounded = new ReceiveIndices(layer, 100, 0);
    Random random = new Random(5);
    for (int i = 0; i < 200_000; i++) {
      int ssrc = SSRC + random.nextInt(200);
      if (random.nextInt(100) == 0) {
        bounded.begin(ssrc, random.nextInt(65536));
        if (bounded.next() >= 0) {
          bounded.accept();
        }
      } else {
        assertTrue(calls(bounded, ssrc, FORGED | random.nextInt(65536)) <= layer.maxAeadCalls);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 2, 3, 10, 64, 255, 256, 257, 1000, 5000, 100_000})
  void recoversLateJoinerWithinTheBound(long wraps) {
    assertTrue(packetsUntilFound(indices, (wraps << 16) + 12_345, 1, 0) <= bound(wraps));
  }

  @ParameterizedTest
  @CsvSource({
    "0, 40000",
    "1, 0",
    "1, 1",
    "1, 65535",
    "2, 32768",
    "3, 60000",
    "64, 0",
    "64, 33000",
    "255, 0",
    "256, 0",
    "1000, 777",
    "5000, 0",
    "100000, 5"
  })
  void recoversAfterAGapWithinTheBound(long wraps, int more) {
    receive(PacketIndex.of(7, 50_000));

    long first = PacketIndex.of(7, 50_000) + (wraps << 16) + more;
    assertTrue(packetsUntilFound(indices, first, 1, 0) <= bound(wraps + 1));
    assertEquals(1, calls(indices, SSRC, indexAfterRecovery + 1));
  }

  @Test
  void recoversAfterAGapOfWholeWraps() {
    // Each new packet has the sequence number of one within the replay window.
    for (int i = 0; i < 5000; i++) {
      receive(100_000 + i);
    }

    assertEquals(1, packetsUntilFound(indices, 100_000 + 65536, 1, 0));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 5, 64, 300, 1000, 1020})
  void recoversWhateverIsForgedInBetween(long wraps) {
    for (int forgedForEach : new int[] {1, 2, 3, 5, 7, 50}) {
      ReceiveIndices attacked = new ReceiveIndices(Layer.OUTER, 4, 0);
      receive(attacked, SSRC, 1000);
      long first = 1000 + (wraps << 16) + 99;
      assertTrue(
          packetsUntilFound(attacked, first, 1, forgedForEach) <= ReceiveIndices.SCHEDULE_LENGTH);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 4, 7, 16})
  void recoversIfOnlySomePacketsAreForwarded(int stride) {
    for (long wraps : new long[] {1, 64, 400}) {
      ReceiveIndices thinned = new ReceiveIndices(Layer.INNER, 4, 0);
      assertTrue(packetsUntilFound(thinned, (wraps << 16) + 9, stride, 0) <= bound(wraps));
    }
  }

  @Test
  void forgedPacketsDoNotMoveAnEstablishedStream() {
    Random random = new Random(9);
    for (long index = 1000; index < 200_000; index += 50) {
      assertEquals(1, calls(indices, SSRC, index));
      for (int i = 0; i < 20; i++) {
        assertTrue(
            calls(indices, SSRC + random.nextInt(100), FORGED | random.nextInt(65536))
                <= Layer.INNER.maxAeadCalls);
      }
    }
  }

  @Test
  void forgedStreamsTakeNoPlace() {
    for (int i = 0; i < 10_000; i++) {
      assertTrue(calls(indices, i, FORGED | i % 1000) <= Layer.INNER.maxAeadCalls);
    }
    for (int i = 0; i < 4; i++) {
      assertEquals(1, calls(indices, SSRC + i, 5));
    }
  }

  @Test
  void refusesFurtherStreamsAtNoCost() {
    for (int i = 0; i < 4; i++) {
      receive(indices, SSRC + i, 5);
    }
    indices.begin(SSRC + 4, 5);

    assertEquals(ReceiveIndices.EXHAUSTED, indices.next());
    assertEquals(DoubleSrtpResult.INNER_TOO_MANY_STREAMS, indices.refusal());
    receive(indices, SSRC, 6);
    assertEquals(DoubleSrtpResult.INNER_REPLAYED, refuse(6));
  }

  @Test
  void goesNoFurtherThanTheLastIndex() {
    ReceiveIndices last = new ReceiveIndices(Layer.INNER, 1, -1);
    receive(last, SSRC, PacketIndex.MAX - 1);
    for (int i = 0; i < 1000; i++) {
      last.begin(SSRC, i);
      assertEquals(ReceiveIndices.EXHAUSTED, last.next());
    }
    receive(last, SSRC, PacketIndex.MAX);
  }

  @Test
  void acceptsOnlyWhatItGave() {
    assertThrows(IllegalStateException.class, indices::accept);
    assertEquals(Layer.INNER.maxAeadCalls, calls(indices, SSRC, FORGED));
    assertThrows(IllegalStateException.class, indices::accept);
  }

  /** What the package's documentation promises for the inner layer. */
  private static long bound(long wraps) {
    return wraps < SearchCursor.FIRST_LIMIT ? wraps / 2 + 1 : wraps * 7 / 6 + 1;
  }

  private long indexAfterRecovery;

  /** How many packets of the true stream it takes, the one that is found included. */
  private int packetsUntilFound(
      ReceiveIndices receiver, long first, int stride, int forgedForEach) {
    int packets = 0;
    long index = first;
    while (true) {
      packets++;
      receiver.begin(SSRC, (int) index & 0xFFFF);
      for (long tried = receiver.next(); tried >= 0; tried = receiver.next()) {
        if (tried == index) {
          receiver.accept();
          indexAfterRecovery = index;
          return packets;
        }
      }
      for (int i = 0; i < forgedForEach; i++) {
        assertTrue(calls(receiver, SSRC, FORGED | i) <= 4);
      }
      index += stride;
    }
  }

  /** How many calls a packet costs that is authentic under one index, or under none. */
  private static int calls(ReceiveIndices receiver, int ssrc, long authentic) {
    int calls = 0;
    receiver.begin(ssrc, (int) authentic & 0xFFFF);
    for (long tried = receiver.next(); tried >= 0; tried = receiver.next()) {
      calls++;
      if (tried == authentic) {
        receiver.accept();
        return calls;
      }
    }
    return calls;
  }

  private void receive(long index) {
    receive(indices, SSRC, index);
  }

  /** Has a packet received, again and again until the search has found its index. */
  private static void receive(ReceiveIndices receiver, int ssrc, long index) {
    for (int i = 0; i < 1000; i++) {
      receiver.begin(ssrc, (int) index & 0xFFFF);
      for (long tried = receiver.next(); tried >= 0; tried = receiver.next()) {
        if (tried == index) {
          receiver.accept();
          return;
        }
      }
    }
    throw new AssertionError("index " + index + " not tried: " + receiver.refusal());
  }

  private DoubleSrtpResult refuse(long index) {
    indices.begin(SSRC, (int) index & 0xFFFF);
    for (long tried = indices.next(); tried >= 0; tried = indices.next()) {
      assertTrue(tried != index, "tried " + index);
    }
    return indices.refusal();
  }
}
