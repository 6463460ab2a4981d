/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.rtp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class MediaClockTest {
  private static final long MILLI = 1_000_000;
  private static final long SECOND = 1000 * MILLI;

  /** 2023-11-14T22:13:20Z. */
  private static final long EPOCH_SECONDS = 1_700_000_000;

  private static final long NTP_SECONDS = EPOCH_SECONDS + 2_208_988_800L;

  /** Wraps after half a second. */
  private static final int FIRST = -24_000;

  private static final long START = -5 * SECOND;

  private final MediaClock clock = new MediaClock(48_000);

  private static int timestamp(long afterNanos) {
    return FIRST + (int) (afterNanos * 48 / MILLI);
  }

  private static long ntp(long afterNanos) {
    long fraction = ((afterNanos % SECOND) << 32) / SECOND;
    return ((NTP_SECONDS + afterNanos / SECOND) << 32) + fraction;
  }

  private static long sampledNanos(long afterNanos) {
    return EPOCH_SECONDS * SECOND + afterNanos;
  }

  private static Rtcp.SenderReport report(long ntpTime, int timestamp) {
    return new Rtcp.SenderReport(0x21, ntpTime, Integer.toUnsignedLong(timestamp), 0, 0);
  }

  private static void media(MediaClock clock, long afterNanos) {
    clock.onMedia(timestamp(afterNanos), START + afterNanos);
  }

  /** A report that is off by something. */
  private void heard(long afterNanos, long offNanos) {
    media(clock, afterNanos);
    clock.onReport(report(ntp(afterNanos + offNanos), timestamp(afterNanos)), START + afterNanos);
  }

  private void assertOff(long nanos, long afterNanos) {
    assertNear(sampledNanos(afterNanos) + nanos, clock.nanosSinceEpoch(timestamp(afterNanos)));
  }

  /** Fractions of a second are rounded. */
  private static void assertNear(long expected, long nanos) {
    assertTrue(Math.abs(nanos - expected) <= 2, nanos - expected + " ns");
  }

  @Test
  void knowsNothingBeforeAReport() {
    media(clock, 0);
    assertEquals(MediaClock.UNKNOWN, clock.nanosSinceEpoch(FIRST));
  }

  /** RFC 3550, section 4: seconds since 1900, and half of one. */
  @Test
  void knowsTheTimeOfPacketsBeforeAndAfterAReport() {
    clock.onMedia(96_000, 0);
    clock.onReport(report((NTP_SECONDS << 32) | 0x8000_0000L, 96_000), 0);
    long half = SECOND / 2;
    assertEquals(sampledNanos(half), clock.nanosSinceEpoch(96_000));
    assertEquals(sampledNanos(half + SECOND), clock.nanosSinceEpoch(144_000));
    assertEquals(sampledNanos(half - SECOND), clock.nanosSinceEpoch(48_000));
  }

  /** RFC 4330, section 3: 2036-02-07T06:28:16Z is the second 0 of the next era. */
  @Test
  void goesOnIn2036() {
    clock.onMedia(0, 0);
    clock.onReport(report(1, 0), 0);
    assertEquals(2_085_978_496L * SECOND, clock.nanosSinceEpoch(0));
  }

  @Test
  void goesOnWhereTimestampsWrap() {
    heard(0, 0);
    assertOff(0, 2 * SECOND);
    for (int i = 1; i < 200_000; i += 1000) {
      heard(i * SECOND, 0);
      assertOff(0, (i + 5) * SECOND);
    }
  }

  @Test
  void passesOverReportsOfASenderWithoutAClock() {
    media(clock, 0);
    clock.onReport(report(0, FIRST), START);
    assertEquals(MediaClock.UNKNOWN, clock.nanosSinceEpoch(FIRST));
  }

  @Test
  void passesOverReportsBeforeAnythingCame() {
    clock.onReport(report(ntp(0), FIRST), START);
    media(clock, 0);
    assertEquals(MediaClock.UNKNOWN, clock.nanosSinceEpoch(FIRST));
  }

  @Test
  void passesOverTimestampsThatMediaDoNotHave() {
    media(clock, 0);
    for (long off : new long[] {-2 * SECOND, 2 * SECOND, 40_000 * SECOND}) {
      clock.onReport(report(ntp(0), timestamp(off)), START);
      assertEquals(MediaClock.UNKNOWN, clock.nanosSinceEpoch(FIRST));
    }
    // What a sender says that paused, by the time of what it sent last.
    clock.onReport(report(ntp(9 * SECOND), timestamp(0)), START + 9 * SECOND);
    assertEquals(MediaClock.UNKNOWN, clock.nanosSinceEpoch(FIRST));
  }

  @Test
  void followsADrift() {
    for (int i = 0; i < 3600; i++) {
      heard(i * SECOND, i * SECOND / 5000);
      assertOff(i * SECOND / 5000, i * SECOND);
    }
  }

  @Test
  void movesLittleWithOneReport() {
    heard(0, 0);
    heard(SECOND, 80 * MILLI);
    assertOff(MediaClock.MAX_STEP_NANOS, SECOND);
    heard(2 * SECOND, -80 * MILLI);
    assertOff(0, SECOND);
  }

  @Test
  void doesNotFollowReportsThatJump() {
    heard(0, 0);
    long[] off = {SECOND, -SECOND, 1_000_000_000 * SECOND, SECOND, SECOND, 0, SECOND, SECOND, 0};
    for (int i = 0; i < off.length; i++) {
      heard((i + 1) * SECOND, off[i]);
      assertOff(0, i * SECOND);
    }
  }

  @Test
  void followsAClockThatWasSet() {
    heard(0, 0);
    heard(SECOND, 3600 * SECOND);
    heard(2 * SECOND, 3600 * SECOND);
    assertOff(0, 2 * SECOND);
    heard(3 * SECOND, 3600 * SECOND);
    assertOff(3600 * SECOND, 3 * SECOND);
  }

  @Test
  void forgetsWhatItKnewWhereTimestampsJump() {
    heard(0, 0);
    clock.onMedia(timestamp(1000 * SECOND), START + SECOND);
    assertEquals(MediaClock.UNKNOWN, clock.nanosSinceEpoch(FIRST));
    clock.onReport(report(ntp(SECOND), timestamp(1000 * SECOND)), START + SECOND);
    assertNear(sampledNanos(SECOND), clock.nanosSinceEpoch(timestamp(1000 * SECOND)));
  }

  @Test
  void keepsWhatItKnowsWhileTheNetworkStalls() {
    heard(0, 0);
    clock.onMedia(timestamp(SECOND), START + 4 * SECOND);
    media(clock, 4 * SECOND);
    media(clock, 3 * SECOND);
    assertOff(0, 4 * SECOND);
    heard(5 * SECOND, 0);
    assertOff(0, 5 * SECOND);
  }

  @Test
  void saysByHowMuchSoundComesEarlier() {
    MediaClock pictures = new MediaClock(90_000);
    assertEquals(0, MediaClock.leadNanos(clock, pictures));
    heard(0, 0);
    // Sampled together, 70 ms later; one of two packets counts.
    pictures.onMedia(7, START + 70 * MILLI);
    pictures.onMedia(7, START + 90 * MILLI);
    assertEquals(0, MediaClock.leadNanos(clock, pictures));
    pictures.onReport(report(ntp(0), 7), START + 100 * MILLI);
    assertNear(70 * MILLI, MediaClock.leadNanos(clock, pictures));
    assertNear(-70 * MILLI, MediaClock.leadNanos(pictures, clock));
  }

  @Test
  void saysNothingOfWhatCannotBe() {
    MediaClock pictures = new MediaClock(90_000);
    heard(0, 0);
    pictures.onMedia(7, START);
    pictures.onReport(report(ntp(0) - (2L << 32), 7), START);
    assertEquals(0, MediaClock.leadNanos(clock, pictures));
    assertEquals(0, MediaClock.leadNanos(pictures, clock));
  }
}
