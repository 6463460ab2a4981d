/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.activity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SpeakerAgreementTest {
  private static final int NOBODY = SpeakerAgreement.NOBODY;

  @Test
  void sameTimelinesAgree() {
    int[] timeline = timeline(NOBODY, 10, 0, 200, 1, 300);
    SpeakerAgreement agreement = SpeakerAgreement.of(timeline, timeline.clone());
    assertEquals(new SpeakerAgreement(1, 2, List.of(0, 0), 0, 0), agreement);
  }

  @Test
  void laterSwitchIsDelayed() {
    SpeakerAgreement agreement =
        SpeakerAgreement.of(timeline(0, 200, 1, 300), timeline(0, 210, 1, 290));
    assertEquals(new SpeakerAgreement(0.98, 2, List.of(0, 200), 0, 0), agreement);
  }

  @Test
  void earlierSwitchHasNegativeDelay() {
    SpeakerAgreement agreement =
        SpeakerAgreement.of(timeline(0, 200, 1, 300), timeline(0, 195, 1, 305));
    assertEquals(List.of(-100, 0), agreement.delaysMillis());
    assertEquals(0, agreement.falsePerHour());
  }

  @Test
  void switchIsNotLookedForMoreThanASecondBefore() {
    SpeakerAgreement agreement =
        SpeakerAgreement.of(timeline(0, 200, 1, 300), timeline(1, 150, 0, 350));
    assertEquals(List.of(3000), agreement.delaysMillis());
    assertEquals(1, agreement.missed());
    agreement = SpeakerAgreement.of(timeline(0, 200, 1, 300), timeline(1, 151, 0, 349));
    assertEquals(List.of(-1000, 3020), agreement.delaysMillis());
  }

  @Test
  void switchIsNotLookedForBeforeThePreviousOne() {
    int[] reference = timeline(0, 200, 1, 10, 0, 190);
    SpeakerAgreement agreement = SpeakerAgreement.of(reference, timeline(0, 400));
    assertEquals(3, agreement.switches());
    assertEquals(1, agreement.missed());
    assertEquals(List.of(-200, 0), agreement.delaysMillis());
  }

  @Test
  void switchThatComesAfterTheNextOneIsMissed() {
    int[] reference = timeline(0, 100, 1, 100, 2, 200);
    SpeakerAgreement agreement = SpeakerAgreement.of(reference, timeline(0, 200, 1, 50, 2, 150));
    assertEquals(1, agreement.missed());
    assertEquals(List.of(0, 1000), agreement.delaysMillis());
  }

  @Test
  void switchToSomebodyElseIsFalseUnlessItIsNear() {
    int[] reference = timeline(0, 200, 1, 200, 2, 50_000 - 400);
    // A switch to the first one a second and a half, and more, after it was the speaker.
    assertEquals(0, falsePerHour(reference, timeline(NOBODY, 274, 0, 10, 1, 116, 2, 49_600)));
    assertEquals(3.6, falsePerHour(reference, timeline(NOBODY, 275, 0, 10, 1, 115, 2, 49_600)));
    // And before.
    assertEquals(0, falsePerHour(reference, timeline(0, 125, 1, 275, 2, 49_600)));
    assertEquals(3.6, falsePerHour(reference, timeline(0, 124, 1, 276, 2, 49_600)));
    // Nobody is not a switch.
    assertEquals(0, falsePerHour(reference, timeline(0, 200, 1, 200, 2, 600, NOBODY, 49_000)));
  }

  @Test
  void percentilesAreOfNearestRank() {
    SpeakerAgreement agreement = new SpeakerAgreement(1, 5, List.of(500, 100, 200, 400, 300), 0, 0);
    assertEquals(100, agreement.delayMillis(0.2));
    assertEquals(200, agreement.delayMillis(0.21));
    assertEquals(300, agreement.delayMillis(0.5));
    assertEquals(500, agreement.delayMillis(0.95));
    assertEquals(500, agreement.delayMillis(1));
    assertThrows(IllegalArgumentException.class, () -> agreement.delayMillis(0));
    assertThrows(IllegalArgumentException.class, () -> agreement.delayMillis(1.1));
  }

  @Test
  void refusesWhatCannotBeCompared() {
    assertThrows(IllegalArgumentException.class, () -> SpeakerAgreement.of(new int[0], new int[0]));
    assertThrows(IllegalArgumentException.class, () -> SpeakerAgreement.of(new int[2], new int[3]));
    SpeakerAgreement nothing = SpeakerAgreement.of(timeline(NOBODY, 9), timeline(0, 9));
    assertThrows(IllegalStateException.class, () -> nothing.delayMillis(0.5));
  }

  private static double falsePerHour(int[] reference, int[] other) {
    return SpeakerAgreement.of(reference, other).falsePerHour();
  }

  /** Speakers, each followed by how many steps. */
  private static int[] timeline(int... speakersAndSteps) {
    return IntStream.range(0, speakersAndSteps.length / 2)
        .flatMap(
            i -> {
              int[] part = new int[speakersAndSteps[2 * i + 1]];
              Arrays.fill(part, speakersAndSteps[2 * i]);
              return Arrays.stream(part);
            })
        .toArray();
  }

  @Test
  void takesSeveralPairsTogether() {
    int[] one = {0, 0, 0, 0, 1, 1, 1, 1};
    int[] late = {0, 0, 0, 0, 0, 1, 1, 1};
    SpeakerAgreement agreement =
        SpeakerAgreement.of(new int[][] {one, one}, new int[][] {one, late});
    assertEquals(15 / 16.0, agreement.share(), 1e-9);
    assertEquals(4, agreement.switches());
    assertEquals(List.of(0, 0, 0, 20), agreement.delaysMillis());
    assertEquals(0, agreement.missed());
  }
}
