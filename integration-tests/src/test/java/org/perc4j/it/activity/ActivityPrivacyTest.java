/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.activity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.perc4j.e2e.activity.ActivityMode;
import org.perc4j.e2e.activity.ActivityTiming;
import org.perc4j.it.speech.Meeting;
import org.perc4j.it.speech.Phrases;
import org.perc4j.it.speech.Programs;
import org.perc4j.it.speech.RequiresSpeech;
import org.perc4j.it.speech.Speech;
import org.perc4j.it.speech.SpeechTrack;

/** In the default mode levels and sizes tell next to nothing, and enough. */
@RequiresSpeech
class ActivityPrivacyTest {
  private static final int SECONDS = 240;
  private static final int PHRASE_PACKETS = 12 * EntropyRate.PER_SECOND;

  private final Programs programs;
  private final Speech speech;

  ActivityPrivacyTest() throws IOException {
    programs =
        new Programs(Path.of(System.getProperty("perc4j.output", "target")).resolve("speech"));
    speech = new Speech(programs);
  }

  private static int[][] shape(int[][] levels, ActivityMode mode) {
    return Shaping.octets(levels, mode, ActivityTiming.DEFAULT, 5);
  }

  private static double bitsPerSecond(int[][] octets) {
    return Arrays.stream(octets).mapToDouble(EntropyRate::bitsPerSecond).average().orElseThrow();
  }

  @Test
  void levelsTellAFiftiethAndTheSpeakerIsFound() throws Exception {
    int[][] levels = Shaping.levels(Meeting.generate(41, 4, SECONDS, speech));
    int[][] exact = shape(levels, ActivityMode.EXACT);
    int[][] minimal = shape(levels, ActivityMode.MINIMAL);
    double ratio = bitsPerSecond(minimal) / bitsPerSecond(exact);
    assertTrue(ratio < 1.0 / 50, "leaks " + ratio);
    int[][] wanted = {SpeakerDetection.speakers(exact, 0), SpeakerDetection.speakers(exact, 160)};
    int[][] found = {
      SpeakerDetection.speakers(minimal, 0), SpeakerDetection.speakers(minimal, 160)
    };
    SpeakerAgreement agreement = SpeakerAgreement.of(wanted, found);
    assertTrue(agreement.switches() > 20, agreement.toString());
    assertTrue(agreement.share() > 0.93, agreement.toString());
    assertTrue(agreement.delayMillis(0.5) <= 200, agreement.toString());
    // The same measure has to tell a mode that is of no use.
    int[][] silent = shape(levels, ActivityMode.SILENT);
    assertEquals(0, bitsPerSecond(silent), 0.001);
    int[][] nothing = {
      SpeakerDetection.speakers(silent, 0), SpeakerDetection.speakers(silent, 160)
    };
    assertTrue(SpeakerAgreement.of(wanted, nothing).share() < 0.6);
  }

  @Test
  void levelsDoNotTellPhrases() throws Exception {
    List<SpeechTrack> known = Phrases.render(speech, "en-us+m3", 150, 50, 31);
    List<SpeechTrack> said = Phrases.render(speech, "en-us+m3", 150, 50, 32);
    PhraseAttack.Result exact =
        PhraseAttack.bySlopes(
            phrases(known, ActivityMode.EXACT), phrases(said, ActivityMode.EXACT));
    assertTrue(exact.successRate() > 0.5, "the attack does not work: " + exact);
    int[][] knownMinimal = phrases(known, ActivityMode.MINIMAL);
    int[][] saidMinimal = phrases(said, ActivityMode.MINIMAL);
    for (PhraseAttack.Result minimal :
        List.of(
            PhraseAttack.bySlopes(knownMinimal, saidMinimal),
            PhraseAttack.byTotals(knownMinimal, saidMinimal),
            PhraseAttack.byWarping(knownMinimal, saidMinimal))) {
      // of 200 tries, so that chance alone may give some
      assertTrue(minimal.successRate() <= 0.035, minimal.toString());
    }
  }

  private static int[][] phrases(List<SpeechTrack> tracks, ActivityMode mode) {
    int[][] octets = new int[tracks.size()][];
    for (int i = 0; i < octets.length; i++) {
      int[] levels = tracks.get(i).levelsMinusDbov();
      octets[i] =
          Shaping.octets(
              new int[][] {Shaping.extended(levels, PHRASE_PACKETS)},
              mode,
              ActivityTiming.DEFAULT,
              tracks.get(i).packets() * 1000L + i + Arrays.hashCode(levels))[0];
    }
    return octets;
  }

  @Test
  void sizesTellNothingOnceTheLargestWasSeen() throws Exception {
    SpeechTrack track = Meeting.generate(42, 2, 60, speech).get(0);
    int[] sizes = programs.opusSizes(track.samples(), 32_000, true, false);
    assertTrue(Arrays.stream(sizes).distinct().count() > 20, "sizes do not vary");
    int[] shaped = Shaping.sizes(sizes);
    assertTrue(Arrays.stream(shaped).distinct().count() <= 4, "too many sizes");
    for (int i = 1; i < shaped.length; i++) {
      assertTrue(shaped[i] >= shaped[i - 1], "shrinks at " + i);
    }
    int[] constant = programs.opusSizes(track.samples(), 32_000, false, false);
    assertEquals(List.of(80), Arrays.stream(constant).distinct().boxed().toList());
    assertEquals(List.of(80), Arrays.stream(Shaping.sizes(constant)).distinct().boxed().toList());
  }
}
