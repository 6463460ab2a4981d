/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.activity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class DependenceTest {
  private static final int LENGTH = 90_000;

  private final SplittableRandom random = new SplittableRandom(5);

  // ---------------------------------------------------------------- of levels

  @Test
  void deterministicSymbolsHaveNoRandomness() {
    int[] symbols = random.ints(1000, 0, 128).toArray();
    int[][] runs = new int[40][];
    Arrays.setAll(runs, i -> symbols.clone());
    assertEquals(0, Dependence.randomnessBitsPerSecond(runs));
  }

  @Test
  void symbolsByDiceAreAllRandomness() {
    int[][] runs = new int[200][];
    Arrays.setAll(runs, i -> random.ints(500, 10, 14).toArray());
    assertEquals(100, Dependence.randomnessBitsPerSecond(runs), 0.5);
  }

  @Test
  void randomnessOfAChainIsWhatIsNewInEachSymbol() {
    int[][] runs = new int[200][];
    Arrays.setAll(runs, i -> chain(1000, 0.05));
    assertEquals(50 * entropy(0.05), Dependence.randomnessBitsPerSecond(runs), 0.5);
  }

  @Test
  void diceOnTopOfLevelsLeaveTheLevels() {
    // 1 bit of the level in each packet, 1 bit by dice beside it
    int[] levels = random.ints(5000, 0, 2).toArray();
    int[][] runs = new int[100][];
    Arrays.setAll(runs, i -> Arrays.stream(levels).map(x -> 2 * x + random.nextInt(2)).toArray());
    assertEquals(100, EntropyRate.bitsPerSecond(runs[0]), 1.5);
    assertEquals(50, Dependence.randomnessBitsPerSecond(runs), 1.5);
  }

  // ---------------------------------------------------------------- of speech

  @Test
  void boundariesThatAreSentAreKnown() {
    boolean[] boundary = boundaries(LENGTH, 0.2);
    int[] emitted = new int[LENGTH];
    Arrays.setAll(emitted, t -> t >= 30 && boundary[t - 30] ? 20 : 50);
    Dependence.Estimate estimate = Dependence.aboutTiming(emitted, boundary);
    assertEquals(50 * entropy(0.2), estimate.bitsPerSecond(), 0.7);
    assertTrue(estimate.isDistinct());
  }

  @Test
  void noiseOnBoundariesCostsItsEntropy() {
    boolean[] boundary = boundaries(LENGTH, 0.2);
    int[] emitted = new int[LENGTH];
    Arrays.setAll(emitted, t -> boundary[t] ^ random.nextDouble() < 0.1 ? 20 : 50);
    double expected = 50 * (entropy(0.2 * 0.9 + 0.8 * 0.1) - entropy(0.1));
    assertEquals(expected, Dependence.aboutTiming(emitted, boundary).bitsPerSecond(), 0.7);
  }

  @Test
  void othersSymbolsTellNothing() {
    boolean[] boundary = boundaries(LENGTH, 0.1);
    for (int[] emitted :
        new int[][] {
          random.ints(LENGTH, 0, 128).toArray(), chain(LENGTH, 0.02), new int[LENGTH],
        }) {
      Dependence.Estimate estimate = Dependence.aboutTiming(emitted, boundary);
      assertEquals(0, estimate.bitsPerSecond(), 0.2);
      assertFalse(estimate.isDistinct(), estimate.toString());
    }
  }

  @Test
  void whoSpeaksIsNewsOnlyToWhoDoesNotKnowIt() {
    boolean[] mask = new boolean[LENGTH];
    for (int t = 0, run = 0; t < LENGTH; run++) {
      int end = Math.min(LENGTH, t + 100 + random.nextInt(300));
      Arrays.fill(mask, t, end, run % 2 == 1);
      t = end;
    }
    boolean[] boundary = boundaries(LENGTH, 0.1);
    int[] emitted = new int[LENGTH];
    for (int t = 0; t < LENGTH; t++) {
      boundary[t] &= mask[t];
      emitted[t] = mask[t] ? 30 : 127;
    }
    Dependence.Estimate all = Dependence.aboutTiming(emitted, boundary);
    assertTrue(all.isDistinct());
    // at least what remains when the time since the last boundary is not known
    assertTrue(all.bitsPerSecond() > 0.2, all.toString());
    Dependence.Estimate inSpeech = Dependence.aboutTiming(emitted, boundary, mask);
    assertEquals(0, inSpeech.bitsPerSecond(), 0.2);
    assertFalse(inSpeech.isDistinct(), inSpeech.toString());
  }

  @Test
  void phonesThatAreSentAreKnown() {
    int[] phones = random.ints(LENGTH, 0, 4).toArray();
    int[] emitted = Arrays.stream(phones).map(phone -> 30 + 10 * phone).toArray();
    assertEquals(100, Dependence.aboutPhones(emitted, phones, always()).bitsPerSecond(), 1.5);
    int[] halves = Arrays.stream(phones).map(phone -> phone / 2).toArray();
    assertEquals(50, Dependence.aboutPhones(halves, phones, always()).bitsPerSecond(), 1.5);
  }

  @Test
  void longPhonesCountOnceEach() {
    // 20 phones of 5 packets each; emitted is which half they are of
    int[] phones = new int[LENGTH];
    for (int t = 0; t < LENGTH; t++) {
      phones[t] = t % 5 == 0 ? random.nextInt(20) : phones[t - 1];
    }
    int[] emitted = Arrays.stream(phones).map(phone -> phone % 2).toArray();
    Dependence.Estimate estimate = Dependence.aboutPhones(emitted, phones, always());
    // at most 10 phones a second at one bit each; the rest, which is 8 of 20, is a class of both
    assertEquals(8, estimate.bitsPerSecond(), 2.5);
  }

  @Test
  void unrelatedSymbolsTellNoPhones() {
    int[] phones = new int[LENGTH];
    for (int t = 1; t < LENGTH; t++) {
      phones[t] = random.nextInt(4) == 0 ? random.nextInt(40) : phones[t - 1];
    }
    Dependence.Estimate estimate =
        Dependence.aboutPhones(random.ints(LENGTH, 20, 90).toArray(), phones, always());
    assertEquals(0, estimate.bitsPerSecond(), 0.6);
    assertFalse(estimate.isDistinct(), estimate.toString());
  }

  @Test
  void refusesWhatIsTooShort() {
    assertThrows(
        IllegalArgumentException.class,
        () -> Dependence.aboutTiming(new int[300], new boolean[300]));
  }

  private boolean[] boundaries(int length, double probability) {
    boolean[] boundary = new boolean[length];
    for (int t = 0; t < length; t++) {
      boundary[t] = random.nextDouble() < probability;
    }
    return boundary;
  }

  private int[] chain(int length, double flip) {
    int[] symbols = new int[length];
    for (int t = 1; t < length; t++) {
      symbols[t] = random.nextDouble() < flip ? 1 - symbols[t - 1] : symbols[t - 1];
    }
    return symbols;
  }

  private static boolean[] always() {
    boolean[] mask = new boolean[LENGTH];
    Arrays.fill(mask, true);
    return mask;
  }

  private static double entropy(double p) {
    return -(p * Math.log(p) + (1 - p) * Math.log(1 - p)) / Math.log(2);
  }
}
