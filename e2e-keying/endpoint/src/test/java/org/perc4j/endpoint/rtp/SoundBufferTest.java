/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.rtp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is heard of a speaker over networks of some kinds; delays are those above the way's own. */
class SoundBufferTest {
  private static final long MILLI = SoundSimulation.MILLI;
  private static final long SECOND = SoundSimulation.SECOND;
  private static final long LOST = SoundSimulation.LOST;

  /** Timestamps wrap after 600 ms. */
  private static final int FIRST = -30 * SoundSimulation.SAMPLES;

  private final Random random = new Random(7);
  private SoundBuffer buffer = new SoundBuffer();
  private SoundSimulation simulation = new SoundSimulation(buffer, FIRST);

  private void buffer(long minMillis, long maxMillis) {
    buffer = new SoundBuffer(Duration.ofMillis(minMillis), Duration.ofMillis(maxMillis));
    simulation = new SoundSimulation(buffer, FIRST);
  }

  private long upTo(long millis) {
    return random.nextLong(millis * MILLI);
  }

  private void speak(long seconds, long jitterMillis) {
    simulation.speak(seconds * SECOND, number -> upTo(jitterMillis));
  }

  private void assertAtMost(double bound, double value) {
    assertTrue(value <= bound, value + " > " + bound + ": " + simulation);
  }

  private void assertAtLeast(double bound, double value) {
    assertTrue(value >= bound, value + " < " + bound + ": " + simulation);
  }

  private void assertAtMost(long bound, long value) {
    assertAtMost((double) bound, (double) value);
  }

  private void assertAtLeast(long bound, long value) {
    assertAtLeast((double) bound, (double) value);
  }

  // ---------------------------------------------------------------- networks

  @Test
  void playsEverythingThatComesInTime() {
    simulation.speak(60 * SECOND, number -> 0);
    assertEquals(0, simulation.concealedMillis());
    simulation.finish();
    assertEquals(new SoundBuffer.Counters(simulation.sent(), 0, 0, 0, 0, 0), buffer.counters());
    assertAtMost(40, simulation.delayMillis(100, 0));
    assertEquals(SoundBuffer.MIN_DELAY, buffer.targetDelay(simulation.now()));
  }

  @Test
  void playsNearlyAllThatComesThroughJitterAndLoss() {
    simulation.speak(120 * SECOND, number -> random.nextDouble() < 0.02 ? LOST : upTo(30));
    simulation.finish();
    SoundBuffer.Counters counters = buffer.counters();
    long lost = counters.lost() - counters.late();
    assertAtLeast(995, simulation.permille(simulation.sent() - lost));
    assertAtMost(140, lost);
    assertAtLeast(100, lost);
    assertAtMost(55, simulation.delayMillis(95, 0));
    assertAtMost(3000, simulation.concealedMillis());
  }

  @Test
  void toleratesAnUnevenNetwork() {
    // Exponential with a mean of 15 ms: the slowest 2 % are slower than 59 ms.
    simulation.speak(
        120 * SECOND, number -> (long) (-15 * MILLI * Math.log(1 - random.nextDouble())));
    simulation.finish();
    assertAtLeast(990, simulation.permille(simulation.sent()));
    assertAtMost(100, simulation.delayMillis(95, 0));
  }

  @Test
  void playsWhatIsLeftOfATenthThatIsLost() {
    long[] lost = new long[1];
    simulation.speak(
        120 * SECOND,
        number -> {
          if (number > 0 && random.nextDouble() < 0.1) {
            lost[0]++;
            return LOST;
          }
          return upTo(10);
        });
    simulation.finish();
    assertAtLeast(995, simulation.permille(simulation.sent() - lost[0]));
    assertAtMost(lost[0], buffer.counters().lost());
    assertAtLeast(lost[0] - 5, buffer.counters().lost());
    assertAtMost(20.0 * (double) lost[0] + 300, simulation.concealedMillis());
    assertAtMost(40, simulation.delayMillis(95, 0));
  }

  @Test
  void losesNothingInAStallAndCatchesUp() {
    speak(10, 10);
    long stalled = simulation.sent();
    simulation.speak(
        20 * SECOND, number -> Math.max(upTo(10), 400 * MILLI - (number - stalled) * 20 * MILLI));
    assertEquals(0, buffer.counters().lost());
    assertEquals(0, buffer.counters().late());
    long after = simulation.sent();
    speak(10, 10);
    assertAtMost(20, buffer.counters().dropped());
    assertAtMost(45, simulation.delayMillis(95, after));
    assertAtMost(100, simulation.concealedMillis());
  }

  @Test
  void leavesOutWhatALongStallDelaysTooMuch() {
    speak(10, 10);
    long stalled = simulation.sent();
    simulation.speak(
        30 * SECOND, number -> Math.max(upTo(10), 3 * SECOND - (number - stalled) * 20 * MILLI));
    assertAtMost(620, simulation.delayMillis(100, 0));
    assertAtMost(150, buffer.counters().dropped());
    long after = simulation.sent();
    speak(10, 10);
    assertAtMost(45, simulation.delayMillis(95, after));
  }

  @Test
  void followsJitterAtOnceAndForgetsItSlowly() {
    speak(20, 2);
    assertEquals(SoundBuffer.MIN_DELAY, buffer.targetDelay(simulation.now()));
    long before = simulation.sent();
    int played = simulation.played().size();
    speak(2, 80);
    assertAtLeast(70, buffer.targetDelay(simulation.now()).toMillis());
    speak(8, 80);
    simulation.finish();
    assertAtLeast(
        0.97 * (double) (simulation.sent() - before), simulation.played().size() - (double) played);
    assertAtMost(110, simulation.delayMillis(100, 0));
    speak(10, 2);
    assertAtLeast(70, buffer.targetDelay(simulation.now()).toMillis());
    speak(180, 2);
    assertEquals(SoundBuffer.MIN_DELAY, buffer.targetDelay(simulation.now()));
  }

  /** A sender's clock that goes wrong by 200 ppm is off by 1.4 s then. */
  @ParameterizedTest
  @ValueSource(doubles = {-200e-6, 200e-6})
  void toleratesDriftForTwoHours(double drift) {
    simulation.senderSecond = 1 + drift;
    speak(7200, 10);
    assertEquals(0, buffer.counters().lost());
    assertAtMost(80, buffer.counters().dropped());
    assertAtMost(1700, simulation.concealedMillis());
    assertAtLeast(999, simulation.permille(simulation.sent()));
    assertAtMost(55, simulation.delayMillis(100, 0));
    assertAtMost(5, buffer.size());
  }

  @ParameterizedTest
  @ValueSource(longs = {80, -40})
  void goesOnByAnotherBridge(long longerMillis) {
    long wayMillis = 50;
    simulation.speak(20 * SECOND, number -> wayMillis * MILLI + upTo(10));
    simulation.speak(600 * MILLI, number -> LOST);
    long moved = simulation.sent();
    int played = simulation.played().size();
    simulation.speak(20 * SECOND, number -> (wayMillis + longerMillis) * MILLI + upTo(10));
    long settled = simulation.sent();
    simulation.speak(60 * SECOND, number -> (wayMillis + longerMillis) * MILLI + upTo(10));
    assertAtLeast(
        0.99 * (double) (simulation.sent() - moved), simulation.played().size() - (double) played);
    assertAtMost((double) (wayMillis + longerMillis + 110), simulation.delayMillis(95, settled));
    assertAtMost(100, simulation.longestConcealedMillis());
  }

  /** As in a room whose keys come late: packets of three seconds come at once. */
  @Test
  void beginsWithTheNewestOfManyThatComeAtOnce() {
    simulation.speak(3 * SECOND, number -> 3 * SECOND - number * 20 * MILLI);
    long begun = simulation.sent();
    speak(20, 10);
    assertAtMost(150, simulation.delayMillis(100, 0));
    assertAtMost(150, buffer.counters().dropped());
    assertAtMost(50, simulation.delayMillis(95, begun + 250));
  }

  // ---------------------------------------------------------------- senders

  /** By so many samples, forwards and backwards, far and near. */
  @ParameterizedTest
  @ValueSource(ints = {1 << 30, -(1 << 30), 480_000, -480_000, 48_000, -48_000, 1 << 31})
  void goesOnWhereTimestampsJump(int samples) {
    speak(10, 10);
    simulation.jump(samples);
    speak(10, 10);
    simulation.finish();
    // Backwards by little, they are taken for late ones until they are where they were.
    long lost = samples == -48_000 ? 70 : 3;
    assertAtLeast(simulation.sent() - lost, simulation.played().size());
    assertAtMost(50, simulation.delayMillis(95, 0));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void goesOnAfterPausesOfMinutes(boolean timestampsGoOn) {
    for (int i = 0; i < 4; i++) {
      speak(10, 10);
      simulation.pause(300 * SECOND, timestampsGoOn);
    }
    assertAtLeast(simulation.sent() - 2, simulation.played().size());
    assertEquals(0, buffer.counters().lost());
    assertAtMost(50, simulation.delayMillis(95, 0));
    assertAtMost(100, simulation.longestConcealedMillis());
  }

  @Test
  void adaptsInTheSilenceOfASenderThatSaysSo() {
    for (int i = 0; i < 20; i++) {
      speak(3, i % 2 == 0 ? 60 : 5);
      simulation.sayNothing(2 * SECOND, number -> upTo(5));
    }
    assertAtMost(5, buffer.counters().lost());
    assertAtLeast(simulation.sent() - 10, simulation.played().size());
    assertAtMost(200, simulation.concealedMillis());
  }

  @Test
  void waitsForASecondIfItIsToldTo() {
    buffer(1000, 1000);
    simulation.speak(60 * SECOND, number -> number % 10 == 3 ? LOST : upTo(800));
    simulation.finish();
    assertEquals(simulation.sent() / 10, buffer.counters().lost());
    assertEquals(0, buffer.counters().late());
    assertAtMost(1, buffer.counters().dropped());
    assertAtLeast(990, simulation.delayMillis(0, 0));
    assertAtMost(1050, simulation.delayMillis(95, 0));
  }

  // ---------------------------------------------------------------- packets

  private static byte[] packet(int octets) {
    byte[] packet = new byte[octets];
    packet[0] = (byte) (31 << 3);
    return packet;
  }

  private void add(int number, long arrivalMillis) {
    buffer.add(960L * number, packet(60), arrivalMillis * MILLI);
  }

  private List<SoundBuffer.Piece> poll(long millis) {
    return buffer.poll(millis * MILLI);
  }

  @Test
  void saysWhatIsToBeConcealed() {
    add(0, 0);
    assertEquals(List.of(), poll(39));
    assertEquals(1, poll(40).size());
    add(3, 45);
    assertEquals(List.of(), poll(59));
    List<SoundBuffer.Piece> lost = poll(60);
    assertEquals(1, lost.size());
    assertEquals(960, lost.get(0).timestamp());
    assertEquals(2 * 960, lost.get(0).samples());
    assertNull(lost.get(0).payload());
    assertEquals(List.of(), poll(99));
    List<SoundBuffer.Piece> last = poll(100);
    assertEquals(1, last.size());
    assertEquals(3 * 960, last.get(0).timestamp());
    assertEquals(960, last.get(0).samples());
    assertArrayEquals(packet(60), last.get(0).payload());
    add(2, 101);
    assertEquals(new SoundBuffer.Counters(2, 2, 1, 0, 0, 0), buffer.counters());
  }

  @Test
  void isSilentWhenNothingComesForLong() {
    add(0, 0);
    assertEquals(1, poll(40).size());
    int samples = 0;
    for (int millis = 50; millis < 1000; millis += 10) {
      for (SoundBuffer.Piece piece : poll(millis)) {
        assertNull(piece.payload());
        samples += piece.samples();
      }
    }
    assertEquals(SoundBuffer.MAX_CONCEALED_SAMPLES, samples);
    assertEquals(0, buffer.counters().lost(), "who knows whether there was anything");
  }

  @Test
  void countsDuplicatesBeforeAndAfterTheyWerePlayed() {
    add(0, 0);
    add(0, 1);
    assertEquals(1, poll(40).size());
    add(0, 41);
    assertEquals(new SoundBuffer.Counters(1, 0, 0, 2, 0, 0), buffer.counters());
    assertEquals(0, buffer.size());
  }

  @Test
  void refusesWhatIsNotOpus() {
    buffer.add(0, new byte[0], 0);
    buffer.add(0, new byte[] {(byte) (31 << 3 | 3), 0}, 0);
    assertEquals(List.of(), poll(1000));
    assertEquals(2, buffer.counters().refused());
  }

  @Test
  void refusesATimestampThatFitsToNothing() {
    add(0, 0);
    add(1_000_000, 10);
    add(1, 20);
    assertEquals(1, buffer.counters().refused());
    assertEquals(2, buffer.size());
  }

  /** Who sends the shortest packets without end, and nobody asks what to play. */
  @Test
  void keepsAsManyPacketsAsItMay() {
    for (int i = 0; i < 2 * SoundBuffer.MAX_PACKETS; i++) {
      buffer.add(120L * i, new byte[] {(byte) (28 << 3), 1, 2, 3}, 5L * i * MILLI / 2);
    }
    assertEquals(SoundBuffer.MAX_PACKETS, buffer.size());
    assertEquals(SoundBuffer.MAX_PACKETS, buffer.counters().dropped());
  }

  @Test
  void keepsAsManyOctetsAsItMay() {
    byte[] large = new byte[60_000];
    large[0] = (byte) (31 << 3 | 3);
    large[1] = 0x41;
    int padding = large.length - 300;
    int at = 2;
    while (padding > 254) {
      large[at++] = (byte) 255;
      padding -= 254;
    }
    large[at] = (byte) padding;
    for (int i = 0; i < 20; i++) {
      buffer.add(960L * i, large, 20L * i * MILLI);
    }
    assertEquals(0, buffer.counters().refused());
    assertEquals(SoundBuffer.MAX_OCTETS / large.length, buffer.size());
  }

  /** Anything in any order at any time has to end in something. */
  @Test
  void survivesAnything() {
    long nanos = -SECOND;
    long timestamp = 0;
    for (int i = 0; i < 100_000; i++) {
      int kind = random.nextInt(100);
      if (kind == 0) {
        timestamp = random.nextInt();
      } else if (kind < 5) {
        timestamp += random.nextInt(-48_000, 48_000);
      } else {
        timestamp += random.nextInt(3) * 120L;
      }
      byte[] packet = new byte[random.nextInt(8)];
      random.nextBytes(packet);
      buffer.add(timestamp & 0xFFFFFFFFL, packet, nanos - random.nextLong(100 * MILLI));
      nanos += random.nextInt(200) == 0 ? random.nextLong(60 * SECOND) : random.nextLong(9 * MILLI);
      if (random.nextInt(3) == 0) {
        assertAtMost(SoundBuffer.MAX_PACKETS + 100, buffer.poll(nanos).size());
      }
    }
    assertAtLeast(100, buffer.counters().played());
    assertAtMost(SoundBuffer.MAX_PACKETS, buffer.size());
  }

  @Test
  void refusesBoundsThatAreNone() {
    assertThrows(
        IllegalArgumentException.class,
        () -> new SoundBuffer(Duration.ofMillis(-1), Duration.ofMillis(1)));
    assertThrows(
        IllegalArgumentException.class,
        () -> new SoundBuffer(Duration.ofMillis(2), Duration.ofMillis(1)));
    assertThrows(
        IllegalArgumentException.class,
        () -> new SoundBuffer(Duration.ofMillis(2), Duration.ofSeconds(6)));
  }
}
