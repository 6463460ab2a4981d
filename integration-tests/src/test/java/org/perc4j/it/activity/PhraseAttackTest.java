/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.activity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PhraseAttackTest {
  private static final int PHRASES = 200;
  private static final int LENGTH = 250;

  private final SplittableRandom random = new SplittableRandom(9);

  @Test
  void theSameSequencesAreAlwaysRecognised() {
    int[][] phrases = phrases();
    for (PhraseAttack.Result result :
        new PhraseAttack.Result[] {
          PhraseAttack.byWarping(phrases, phrases),
          PhraseAttack.bySlopes(phrases, phrases),
          PhraseAttack.byTotals(phrases, phrases)
        }) {
      assertEquals(1, result.successRate(), 1e-9);
      assertEquals(1, result.meanReciprocalRank(), 1e-9);
      // Wilson: n / (n + z^2)
      assertEquals(200 / (200 + 3.8415), result.low(), 1e-4);
      assertEquals(1, result.high(), 1e-9);
    }
  }

  @Test
  void constantsGiveTheChanceOfAGuess() {
    int[][] constants = new int[PHRASES][];
    Arrays.setAll(
        constants,
        i -> {
          int[] symbols = new int[100 + i];
          Arrays.fill(symbols, 127);
          return symbols;
        });
    double harmonic = 0;
    for (int i = 1; i <= PHRASES; i++) {
      harmonic += 1.0 / i;
    }
    for (PhraseAttack.Result result :
        new PhraseAttack.Result[] {
          PhraseAttack.byWarping(constants, constants),
          PhraseAttack.bySlopes(constants, constants),
          PhraseAttack.byTotals(constants, constants)
        }) {
      assertEquals(1.0 / PHRASES, result.successRate(), 1e-12);
      assertEquals(harmonic / PHRASES, result.meanReciprocalRank(), 1e-12);
    }
  }

  @Test
  void pairsThatLookTheSameShareTheSuccess() {
    int[][] phrases = phrases();
    for (int i = 0; i < PHRASES; i += 2) {
      phrases[i + 1] = phrases[i];
    }
    assertEquals(0.5, PhraseAttack.byWarping(phrases, phrases).successRate(), 1e-12);
    assertEquals(0.75, PhraseAttack.byWarping(phrases, phrases).meanReciprocalRank(), 1e-12);
  }

  @Test
  void unrelatedSequencesGiveAboutChance() {
    PhraseAttack.Result result = PhraseAttack.byWarping(phrases(), phrases());
    assertTrue(result.successRate() <= 0.02, result.toString());
    assertTrue(result.low() <= 1.0 / PHRASES && result.high() >= 1.0 / PHRASES, result.toString());
  }

  @Test
  void anotherTempoIsNoHiding() {
    int[][] templates = phrases();
    int[][] probes = new int[PHRASES][];
    Arrays.setAll(probes, i -> warped(templates[i]));
    PhraseAttack.Result result = PhraseAttack.byWarping(templates, probes);
    assertTrue(result.successRate() > 0.95, result.toString());
  }

  @Test
  void anotherLoudnessIsNoHidingFromSlopes() {
    int[][] templates = phrases();
    int[][] probes = new int[PHRASES][];
    Arrays.setAll(
        probes,
        i -> {
          int gain = random.nextInt(-25, 26);
          return Arrays.stream(warped(templates[i])).map(each -> each + gain).toArray();
        });
    assertTrue(PhraseAttack.byWarping(templates, probes).successRate() < 0.5);
    PhraseAttack.Result result = PhraseAttack.bySlopes(templates, probes);
    assertTrue(result.successRate() > 0.95, result.toString());
  }

  @Test
  void durationsAloneAreFoundByTotals() {
    int[][] templates = new int[PHRASES][];
    Arrays.setAll(templates, i -> lasting(25 + i));
    int[][] probes = new int[PHRASES][];
    Arrays.setAll(probes, i -> lasting(25 + i));
    assertEquals(1, PhraseAttack.byTotals(templates, probes).successRate(), 1e-9);
    assertTrue(PhraseAttack.byWarping(templates, probes).successRate() < 0.2);
  }

  /** Levels that wander. */
  private int[][] phrases() {
    int[][] phrases = new int[PHRASES][];
    for (int i = 0; i < PHRASES; i++) {
      phrases[i] = new int[LENGTH + random.nextInt(100)];
      double level = 50;
      for (int t = 0; t < phrases[i].length; t++) {
        level += 0.1 * (50 - level) + 12 * (random.nextDouble() - 0.5);
        phrases[i][t] = (int) Math.round(level);
      }
    }
    return phrases;
  }

  /** Says the same a little faster and slower in turns, and not quite as loud. */
  private int[] warped(int[] template) {
    double phase = 6 * random.nextDouble();
    return IntStream.range(0, template.length)
        .map(
            t -> {
              int place = (int) Math.round(t + 12 * Math.sin(t / 40.0 + phase));
              return template[Math.max(0, Math.min(template.length - 1, place))]
                  + random.nextInt(-2, 3);
            })
        .toArray();
  }

  private static int[] lasting(int packets) {
    int[] symbols = new int[LENGTH];
    Arrays.fill(symbols, 127);
    Arrays.fill(symbols, 20, 20 + packets, 30);
    return symbols;
  }
}
