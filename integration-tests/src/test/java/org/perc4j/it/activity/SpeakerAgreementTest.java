/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.activity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** How two timelines of speakers are compared. */
class SpeakerAgreementTest {
  private static final int LENGTH = 1000;

  /** Speaker 0, from the given packets on 1, 0, 1 and so on. */
  private static int[] timeline(int... switches) {
    int[] timeline = new int[LENGTH];
    for (int i = 0; i < switches.length; i++) {
      Arrays.fill(timeline, switches[i], LENGTH, (i + 1) % 2);
    }
    return timeline;
  }

  @Test
  void agreesWithItself() {
    int[] timeline = timeline(100, 400, 700);
    SpeakerAgreement agreement = SpeakerAgreement.of(timeline, timeline);
    assertEquals(1, agreement.share());
    assertEquals(3, agreement.switches());
    assertEquals(0, agreement.missed());
    assertEquals(0, agreement.delayMillis(0));
    assertEquals(0, agreement.delayMillis(1));
    assertEquals(0, agreement.falsePerHour());
  }

  @Test
  void measuresDelays() {
    SpeakerAgreement agreement =
        SpeakerAgreement.of(timeline(100, 400, 700), timeline(110, 395, 730));
    assertEquals(0.955, agreement.share(), 1e-9);
    assertEquals(-100, agreement.delayMillis(0));
    assertEquals(200, agreement.delayMillis(0.5));
    assertEquals(600, agreement.delayMillis(0.95));
  }

  @Test
  void countsWhatIsMissed() {
    SpeakerAgreement agreement = SpeakerAgreement.of(timeline(100, 400, 700), timeline(700));
    assertEquals(3, agreement.switches());
    // The second switch is one back to 0, where the other still is.
    assertEquals(1, agreement.missed());
    assertEquals(0.7, agreement.share(), 1e-9);
  }

  @Test
  void countsFalseSpeakers() {
    int[] reference = timeline();
    int[] other = reference.clone();
    Arrays.fill(other, 300, 320, 2);
    SpeakerAgreement agreement = SpeakerAgreement.of(reference, other);
    assertEquals(180, agreement.falsePerHour(), 1e-9);
    assertThrows(IllegalStateException.class, () -> agreement.delayMillis(0.5));
  }

  @Test
  void doesNotTakeASpeakerForFalseWhomTheReferenceHasSoon() {
    assertEquals(0, SpeakerAgreement.of(timeline(375), timeline(301)).falsePerHour());
    assertEquals(180, SpeakerAgreement.of(timeline(377), timeline(301)).falsePerHour());
  }

  @Test
  void takesTheFirstSpeakerForNoSwitch() {
    int[] late = timeline();
    Arrays.fill(late, 0, 50, -1);
    assertEquals(0, SpeakerAgreement.of(late, timeline()).switches());
  }

  @Test
  void takesSeveralTogether() {
    SpeakerAgreement agreement =
        SpeakerAgreement.of(
            new int[][] {timeline(100), timeline(100)}, new int[][] {timeline(110), timeline(100)});
    assertEquals(0.995, agreement.share(), 1e-9);
    assertEquals(2, agreement.switches());
  }

  @Test
  void refusesTimelinesOfDifferentLengths() {
    assertThrows(IllegalArgumentException.class, () -> SpeakerAgreement.of(new int[1], new int[2]));
  }
}
