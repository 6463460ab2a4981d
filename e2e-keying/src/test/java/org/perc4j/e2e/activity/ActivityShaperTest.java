/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.activity;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.perc4j.header.audiolevel.AudioLevelCodec;

/** What the bridge is told of levels, and what it is not. */
class ActivityShaperTest {
  private static final int PACKET_MILLIS = 20;
  private static final int SILENT = 100;
  private static final int SPEAKING = 0x80 | 30;
  private static final int GAP = 0x80 | 60;
  private static final int VOICE_MINUS_DBOV = 25;
  private static final int QUIET_MINUS_DBOV = 66;
  private static final ActivityTiming TIMING = ActivityTiming.DEFAULT;

  /** Somebody whose packets come on time. */
  private static final class Speaker {
    private final ActivityShaper shaper;
    private long millis = 5_000;

    Speaker(ActivityMode mode, long seed) {
      shaper = new ActivityShaper(mode, new SplittableRandom(seed));
    }

    int next(int levelMinusDbov, boolean voice, boolean othersSpeak) {
      millis += PACKET_MILLIS;
      return shaper.shape(millis, levelMinusDbov, voice, othersSpeak);
    }

    int voice() {
      return next(VOICE_MINUS_DBOV, true, false);
    }

    int quiet() {
      return next(QUIET_MINUS_DBOV, false, false);
    }

    int quietWhileOthersSpeak() {
      return next(QUIET_MINUS_DBOV, false, true);
    }

    /** Speaks until it shows; returns for how long it did not. */
    int speakUp() {
      int packets = 0;
      while (!AudioLevelCodec.voiceActivity(voice())) {
        packets++;
      }
      return packets * PACKET_MILLIS;
    }
  }

  private static Speaker minimal(long seed) {
    return new Speaker(ActivityMode.MINIMAL, seed);
  }

  // ---------------------------------------------------------------- exact and silent

  @Test
  void tellsEverythingIfAskedTo() {
    Speaker speaker = new Speaker(ActivityMode.EXACT, 1);
    for (int level = 0; level <= 127; level++) {
      assertEquals(level, speaker.next(level, false, false));
      assertEquals(0x80 | level, speaker.next(level, true, true));
    }
  }

  @Test
  void tellsNothingIfAskedTo() {
    Speaker speaker = new Speaker(ActivityMode.SILENT, 1);
    for (int level = 0; level <= 127; level++) {
      assertEquals(SILENT, speaker.next(level, level < 50, level % 2 == 0));
    }
  }

  // ---------------------------------------------------------------- minimal

  @Test
  void isTheDefault() {
    assertEquals(ActivityMode.MINIMAL, ActivityMode.DEFAULT);
  }

  @Test
  void showsSpeechAfterTheAttack() {
    Set<Integer> delays = new HashSet<>();
    for (int seed = 0; seed < 200; seed++) {
      Speaker speaker = minimal(seed);
      assertEquals(SILENT, speaker.quiet());
      delays.add(speaker.speakUp());
    }
    // The packet that completes 80 to 120 ms shows already.
    assertEquals(Set.of(60, 80, 100), delays);
  }

  @Test
  void tellsOnlyTheSamePatternHoweverSomebodySpeaks() {
    SplittableRandom random = new SplittableRandom(7);
    Speaker one = minimal(3);
    Speaker two = minimal(3);
    Set<Integer> told = new HashSet<>();
    for (int i = 0; i < 20_000; i++) {
      boolean voice = i / 200 % 2 == 0 && random.nextInt(4) > 0;
      int octet = one.next(random.nextInt(128), voice, false);
      assertEquals(octet, two.next(random.nextInt(128), voice, false));
      told.add(octet);
    }
    assertEquals(Set.of(SILENT, SPEAKING, GAP), told);
  }

  @Test
  void beginsWithoutGapsAndGoesOnWithThem() {
    Speaker speaker = minimal(1);
    int unused = speaker.speakUp();
    for (int packet = 1; packet < 100; packet++) {
      assertEquals(packet >= 15 && packet % 8 == 0 ? GAP : SPEAKING, speaker.voice(), "" + packet);
    }
  }

  @Test
  void keepsClicksToItself() {
    Speaker speaker = minimal(2);
    for (int i = 0; i < 5_000; i++) {
      boolean click = i % 8 < 3;
      assertEquals(SILENT, speaker.next(click ? 20 : QUIET_MINUS_DBOV, click, false));
    }
  }

  @Test
  void takesShortGapsForPartsOfSpeech() {
    Speaker speaker = minimal(4);
    int octet = SILENT;
    for (int i = 0; i < 12; i++) {
      octet = i % 3 == 2 ? speaker.quiet() : speaker.voice();
    }
    assertTrue(AudioLevelCodec.voiceActivity(octet));
  }

  @Test
  void hidesPausesWhileNobodyElseSpeaks() {
    Speaker speaker = minimal(5);
    int unused = speaker.speakUp();
    for (int sentence = 0; sentence < 50; sentence++) {
      for (int i = 0; i < sentence; i++) {
        assertTrue(AudioLevelCodec.voiceActivity(speaker.voice()));
      }
      for (int i = 0; i < TIMING.holdMillis() / PACKET_MILLIS - 1; i++) {
        assertTrue(AudioLevelCodec.voiceActivity(speaker.quiet()));
      }
      unused = speaker.voice();
    }
  }

  @Test
  void fallsSilentSomeSecondsAfterTheLastWord() {
    Set<Integer> delays = new HashSet<>();
    for (int seed = 0; seed < 300; seed++) {
      Speaker speaker = minimal(seed);
      int unused = speaker.speakUp();
      int millis = PACKET_MILLIS;
      while (speaker.quiet() != SILENT) {
        millis += PACKET_MILLIS;
      }
      assertTrue(millis >= 3000 && millis < 5000 + PACKET_MILLIS, millis + " ms");
      delays.add(millis);
    }
    assertTrue(delays.size() > 60, delays.size() + " different ones");
  }

  @Test
  void yieldsToOthersAtOnce() {
    Set<Integer> delays = new HashSet<>();
    for (int seed = 0; seed < 300; seed++) {
      Speaker speaker = minimal(seed);
      int unused = speaker.speakUp();
      assertTrue(AudioLevelCodec.voiceActivity(speaker.next(VOICE_MINUS_DBOV, true, true)));
      int millis = PACKET_MILLIS;
      while (speaker.quietWhileOthersSpeak() != SILENT) {
        millis += PACKET_MILLIS;
      }
      delays.add(millis);
    }
    assertEquals(Set.of(100, 120, 140, 160, 180), delays);
  }

  @Test
  void remembersForAWhileThatOthersSpoke() {
    assertFalse(AudioLevelCodec.voiceActivity(afterOthersSpoke(300)));
    assertTrue(AudioLevelCodec.voiceActivity(afterOthersSpoke(TIMING.othersMillis())));
  }

  /** Speaks on for some time after others did, then is quiet for as long as yielding takes. */
  private static int afterOthersSpoke(int millis) {
    Speaker speaker = minimal(1);
    int unused = speaker.speakUp();
    int octet = speaker.next(VOICE_MINUS_DBOV, true, true);
    for (int i = 0; i < millis / PACKET_MILLIS; i++) {
      octet = speaker.voice();
    }
    for (int i = 0; i < (TIMING.yieldMillis() + TIMING.yieldJitterMillis()) / PACKET_MILLIS; i++) {
      octet = speaker.quiet();
    }
    return octet;
  }

  @Test
  void doesNotYieldWhileSpeaking() {
    Speaker speaker = minimal(6);
    int unused = speaker.speakUp();
    for (int i = 0; i < 1000; i++) {
      assertTrue(
          AudioLevelCodec.voiceActivity(
              speaker.next(i % 5 == 0 ? QUIET_MINUS_DBOV : VOICE_MINUS_DBOV, i % 5 != 0, true)));
    }
  }

  @Test
  void repeatsItselfWithTheSameRandomness() {
    assertArrayEquals(course(8), course(8));
    assertFalse(Arrays.equals(course(8), course(9)));
  }

  private static int[] course(long seed) {
    SplittableRandom random = new SplittableRandom(1);
    Speaker speaker = minimal(seed);
    int[] octets = new int[10_000];
    for (int i = 0; i < octets.length; i++) {
      boolean voice = i / 300 % 2 == 0;
      octets[i] = speaker.next(random.nextInt(128), voice, i / 350 % 2 == 1);
    }
    return octets;
  }

  // ---------------------------------------------------------------- coarse

  @Test
  void tellsThreeLevels() {
    Speaker speaker = new Speaker(ActivityMode.COARSE, 1);
    SplittableRandom random = new SplittableRandom(2);
    Set<Integer> told = new HashSet<>();
    for (int i = 0; i < 20_000; i++) {
      int level = 20 * (i / 50 % 6) + random.nextInt(8);
      told.add(speaker.next(level, level < 50, false));
    }
    assertEquals(Set.of(0x80 | 20, 0x80 | 38, SILENT), told);
  }

  @ParameterizedTest
  @ValueSource(ints = {30, 47})
  void doesNotFlutterAtTheEndOfAStep(int end) {
    Speaker speaker = new Speaker(ActivityMode.COARSE, 1);
    int octet = 0;
    for (int i = 0; i < 20; i++) {
      octet = speaker.next(end, true, false);
    }
    for (int i = 0; i < 100; i++) {
      assertEquals(octet, speaker.next(end + i % 4, true, false));
    }
    int softer = octet;
    for (int i = 0; i < 20; i++) {
      softer = speaker.next(end + 4, true, false);
    }
    assertTrue(
        AudioLevelCodec.levelMinusDbov(softer) > AudioLevelCodec.levelMinusDbov(octet),
        octet + " and " + softer);
  }

  @Test
  void staysForAWindowAndRisesAfterTheAttack() {
    Speaker speaker = new Speaker(ActivityMode.COARSE, 1);
    int rising = 0;
    while (speaker.voice() != (0x80 | 20)) {
      rising++;
    }
    assertTrue(rising >= 4 && rising <= 6, rising + " packets");
    int falling = 1;
    while (speaker.quiet() == (0x80 | 20)) {
      falling++;
    }
    assertEquals(TIMING.windowMillis() / PACKET_MILLIS, falling);
  }

  // ---------------------------------------------------------------- bad input

  @ParameterizedTest
  @EnumSource
  void refusesLevelsThatAreNone(ActivityMode mode) {
    Speaker speaker = new Speaker(mode, 1);
    Speaker undisturbed = new Speaker(mode, 1);
    for (int i = 0; i < 200; i++) {
      int level = i % 2 == 0 ? -1 - i : 128 + i;
      assertThrows(
          IllegalArgumentException.class, () -> speaker.shaper.shape(0, level, true, false));
      assertEquals(undisturbed.voice(), speaker.voice());
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 4_999, -1, Long.MIN_VALUE})
  void standsStillWhereTimeGoesBack(long back) {
    Speaker speaker = minimal(1);
    assertEquals(SILENT, speaker.voice());
    for (int i = 0; i < 100; i++) {
      assertEquals(SILENT, speaker.shaper.shape(back - i, VOICE_MINUS_DBOV, true, false));
    }
  }

  @Test
  void goesOnSpeakingWhereTimeGoesBack() {
    Speaker speaker = minimal(1);
    int unused = speaker.speakUp();
    for (int i = 0; i < 10; i++) {
      assertTrue(
          AudioLevelCodec.voiceActivity(speaker.shaper.shape(-i, QUIET_MINUS_DBOV, false, false)));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1_001, 100_000, Long.MAX_VALUE - 100_000})
  void isSilentWhereTimeJumps(long jump) {
    Speaker speaker = minimal(1);
    int unused = speaker.speakUp();
    speaker.millis += jump;
    assertEquals(SILENT, speaker.voice());
    assertEquals(SILENT, speaker.voice());
    assertTrue(speaker.speakUp() < 120);
  }

  @Test
  void isSilentWhereTimeJumpsFartherThanItsTypeGoes() {
    Speaker speaker = minimal(1);
    speaker.millis = Long.MIN_VALUE;
    int unused = speaker.speakUp();
    speaker.millis = Long.MAX_VALUE - 1_000;
    assertEquals(SILENT, speaker.voice());
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "EXACT")
  void neverTellsATrueLevelWhateverTheClockDoes(ActivityMode mode) {
    SplittableRandom random = new SplittableRandom(3);
    ActivityShaper shaper = new ActivityShaper(mode, new SplittableRandom(4));
    Set<Integer> told = new HashSet<>();
    for (int i = 0; i < 50_000; i++) {
      long millis = random.nextInt(3) == 0 ? random.nextLong() : 20L * i;
      told.add(shaper.shape(millis, random.nextInt(128), random.nextBoolean(), false));
    }
    assertTrue(told.size() <= 3, told.toString());
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, ActivityTiming.MAX_MILLIS + 1, Integer.MIN_VALUE, Integer.MAX_VALUE})
  void refusesTimesThatAreNone(int millis) {
    for (int i = 0; i < 9; i++) {
      int[] times = new int[9];
      times[i] = millis;
      assertThrows(
          IllegalArgumentException.class,
          () ->
              new ActivityTiming(
                  times[0], times[1], times[2], times[3], times[4], times[5], times[6], times[7],
                  times[8]));
    }
  }

  @ParameterizedTest
  @EnumSource
  void doesNotAllocate(ActivityMode mode) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    Speaker speaker = new Speaker(mode, 1);
    OpusSizeShaper sizes = new OpusSizeShaper();
    byte[] packet = new byte[200];
    int sum = 0;
    long octets = 0;
    for (int round = 0; round < 2; round++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < 20_000; i++) {
        sum += speaker.next(i % 128, i / 100 % 2 == 0, i / 150 % 2 == 0);
        packet[0] = 0x48;
        sum += sizes.shape(packet, 0, 1 + i % 120, packet.length);
      }
      octets = threads.getCurrentThreadAllocatedBytes() - before;
    }
    assertTrue(octets < 20_000, octets + " octets, " + sum);
  }
}
