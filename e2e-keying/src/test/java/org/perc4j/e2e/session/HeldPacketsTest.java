/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.session;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.perc4j.e2e.session.HeldPackets.Outcome;
import org.perc4j.e2e.srtp.DoubleSrtpResult;
import org.perc4j.e2e.srtp.MediaPacket;

class HeldPacketsTest {
  private static final int LENGTH = 40;
  private static final int MILLISECOND = 1_000_000;

  private long now = 5;
  private final HeldPackets held = new HeldPackets(() -> now);

  /** The SSRC and number of what was handed over. */
  private final List<String> taken = new ArrayList<>();

  private static DoubleSrtpResult opens(MediaPacket packet) {
    return DoubleSrtpResult.OK;
  }

  private static DoubleSrtpResult opensNothing(MediaPacket packet) {
    return DoubleSrtpResult.INNER_AUTHENTICATION_FAILED;
  }

  private static MediaPacket packet(int ssrc, int number, int length) {
    byte[] buffer = new byte[length + 7];
    ByteBuffer.wrap(buffer, 3, length).putLong(number).putInt(ssrc);
    Arrays.fill(buffer, 3 + 12, 3 + length, (byte) number);
    return new MediaPacket().wrap(buffer, 3, length);
  }

  private Outcome hold(int ssrc, int number) {
    return held.hold(packet(ssrc, number, LENGTH), held.epochs());
  }

  private static int ssrc(MediaPacket packet) {
    return ByteBuffer.wrap(packet.buffer()).getInt(packet.offset() + 8);
  }

  private static long number(MediaPacket packet) {
    return ByteBuffer.wrap(packet.buffer()).getLong(packet.offset());
  }

  private void take(MediaPacket packet) {
    taken.add(ssrc(packet) + ":" + number(packet));
  }

  private void epoch(Function<MediaPacket, DoubleSrtpResult> opener) {
    held.newEpoch(opener, this::take);
  }

  @Test
  void handsOverWhatTheEpochOpensInOrder() {
    assertEquals(Outcome.HELD, hold(1, 1));
    assertEquals(Outcome.HELD, hold(2, 1));
    assertEquals(Outcome.HELD, hold(1, 2));
    epoch(HeldPacketsTest::opens);
    assertEquals(List.of("1:1", "2:1", "1:2"), taken);
    epoch(HeldPacketsTest::opens);
    assertEquals(3, taken.size());
    assertEquals(0, held.inVain());
  }

  @Test
  void handsOverTheOctetsAsTheyCame() {
    MediaPacket came = packet(1, 77, LENGTH);
    assertEquals(Outcome.HELD, held.hold(came, held.epochs()));
    byte[] octets = Arrays.copyOfRange(came.buffer(), 3, 3 + LENGTH);
    Arrays.fill(came.buffer(), (byte) 0); // the caller's again
    held.newEpoch(
        HeldPacketsTest::opens,
        packet -> {
          assertArrayEquals(
              octets,
              Arrays.copyOfRange(
                  packet.buffer(), packet.offset(), packet.offset() + packet.length()));
          take(packet);
        });
    assertEquals(List.of("1:77"), taken);
  }

  @Test
  void forgetsWhatWasHandedOver() {
    assertEquals(Outcome.HELD, hold(1, 1));
    List<byte[]> buffers = new ArrayList<>();
    held.newEpoch(HeldPacketsTest::opens, packet -> buffers.add(packet.buffer()));
    assertArrayEquals(new byte[HeldPackets.MAX_PACKET_BYTES], buffers.get(0));
  }

  @Test
  void triesAgainWithTheNextEpochWhatOneDoesNotOpen() {
    assertEquals(Outcome.HELD, hold(1, 1));
    epoch(HeldPacketsTest::opensNothing);
    assertEquals(Outcome.HELD, hold(1, 2));
    epoch(HeldPacketsTest::opens);
    assertEquals(List.of("1:1", "1:2"), taken);
  }

  @Test
  void forgetsAfter300Milliseconds() {
    assertEquals(Outcome.HELD, hold(1, 1));
    now += MILLISECOND;
    assertEquals(Outcome.HELD, hold(1, 2));
    now += 299 * MILLISECOND;
    epoch(HeldPacketsTest::opens);
    assertEquals(List.of("1:2"), taken);
    assertEquals(1, held.inVain());
  }

  @Test
  void doesNotTryAgainWhatIsNotAheadOfAnything() {
    assertEquals(Outcome.HELD, hold(1, 1));
    epoch(packet -> DoubleSrtpResult.INNER_REPLAYED);
    epoch(HeldPacketsTest::opens);
    assertEquals(List.of(), taken);
    assertEquals(0, held.inVain()); // a repair was first
  }

  @Test
  void triesOnceMoreWhatCameBeforeItsStreamWasKnown() {
    for (int number = 1; number <= 4; number++) {
      assertEquals(Outcome.HELD, hold(1, number));
    }
    assertEquals(Outcome.HELD, hold(2, 1));
    boolean[] known = {false};
    epoch(
        packet -> {
          known[0] |= ssrc(packet) == 1 && number(packet) == 3;
          return known[0] && ssrc(packet) == 1
              ? DoubleSrtpResult.OK
              : DoubleSrtpResult.INNER_AUTHENTICATION_FAILED;
        });
    assertEquals(List.of("1:1", "1:2", "1:3", "1:4"), taken);
  }

  @Test
  void saysSoIfAnEpochCameSinceThePacketWasTried() {
    int before = held.epochs();
    epoch(HeldPacketsTest::opens);
    MediaPacket packet = packet(1, 1, LENGTH);
    assertEquals(Outcome.NEW_EPOCH, held.hold(packet, before));
    assertEquals(Outcome.HELD, held.hold(packet, held.epochs()));
  }

  @Test
  void keepsWhatComesWhileOthersAreTried() {
    assertEquals(Outcome.HELD, hold(1, 1));
    epoch(
        packet -> {
          assertEquals(Outcome.HELD, hold(1, 2));
          return DoubleSrtpResult.INNER_AUTHENTICATION_FAILED;
        });
    epoch(HeldPacketsTest::opens);
    assertEquals(List.of("1:1", "1:2"), taken);
  }

  @Test
  void aTakerThatFailsLosesNoPlace() {
    for (int i = 0; i < HeldPackets.MAX_PACKETS; i++) {
      assertEquals(Outcome.HELD, hold(i, 1));
    }
    assertThrows(
        IllegalStateException.class,
        () ->
            held.newEpoch(
                HeldPacketsTest::opens,
                packet -> {
                  throw new IllegalStateException("as the test wants");
                }));
    for (int i = 0; i < HeldPackets.MAX_PACKETS; i++) {
      assertEquals(Outcome.HELD, hold(i, 1));
    }
  }

  @Test
  void holdsNoPacketsThatAreTooLongOrNone() {
    for (int length : new int[] {0, 11, HeldPackets.MAX_PACKET_BYTES + 1}) {
      assertEquals(
          Outcome.NO_PLACE,
          held.hold(new MediaPacket().wrap(new byte[length], 0, length), held.epochs()));
    }
    assertEquals(
        Outcome.HELD, held.hold(packet(1, 1, HeldPackets.MAX_PACKET_BYTES), held.epochs()));
    assertEquals(Outcome.HELD, held.hold(packet(1, 1, 12), held.epochs()));
  }

  @Test
  void oneStreamHasItsShareAndNoMore() {
    for (int i = 0; i < HeldPackets.MAX_PACKETS_PER_SSRC; i++) {
      assertEquals(Outcome.HELD, hold(1, i));
    }
    assertEquals(Outcome.NO_PLACE, hold(1, 1000));
    assertEquals(Outcome.HELD, hold(2, 1));
    now += 300 * MILLISECOND;
    assertEquals(Outcome.HELD, hold(1, 1001));
  }

  @Test
  void aFloodUnderFewSsrcsPushesNobodyOut() {
    for (int number = 0; number < 10_000; number++) {
      Outcome unused = hold(100 + number % 6, number);
      if (number % 1000 == 999) {
        assertEquals(Outcome.HELD, hold(1, number / 1000));
      }
    }
    epoch(
        packet ->
            ssrc(packet) == 1 ? DoubleSrtpResult.OK : DoubleSrtpResult.INNER_AUTHENTICATION_FAILED);
    assertEquals(IntStream.range(0, 10).mapToObj(number -> "1:" + number).toList(), taken);
  }

  @Test
  void aFloodCostsBoundedMemoryAndBoundedAttempts() {
    int[] attempts = {0};
    for (int epoch = 0; epoch < 20; epoch++) {
      for (int number = 0; number < 5_000; number++) {
        Outcome unused = hold(number * 7919 % 4000, number);
      }
      int before = attempts[0];
      epoch(
          packet -> {
            attempts[0]++;
            // the last one of each stream, so that all before it are tried again
            return number(packet) % 50 == 49
                ? DoubleSrtpResult.OK
                : DoubleSrtpResult.INNER_AUTHENTICATION_FAILED;
          });
      assertTrue(attempts[0] - before <= HeldPackets.MAX_ATTEMPTS_PER_EPOCH);
      assertTrue(attempts[0] - before >= HeldPackets.MAX_PACKETS);
      now += 10 * MILLISECOND;
    }
    assertEquals(HeldPackets.MAX_PACKETS, held.places());
  }

  @Test
  void afterTheEndHoldsNothing() {
    assertEquals(Outcome.HELD, hold(1, 1));
    held.close();
    assertEquals(Outcome.NO_PLACE, hold(1, 2));
    epoch(HeldPacketsTest::opens);
    assertEquals(List.of(), taken);
  }

  @Test
  void endsWhilePacketsAreTried() {
    assertEquals(Outcome.HELD, hold(1, 1));
    epoch(
        packet -> {
          held.close();
          return DoubleSrtpResult.INNER_AUTHENTICATION_FAILED;
        });
    epoch(HeldPacketsTest::opens);
    assertEquals(List.of(), taken);
  }
}
