/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.activity;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.IntSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EntropyRateTest {
  /** 30 minutes. */
  private static final int LENGTH = 90_000;

  /** Not Random: its low bits repeat, negated, after 65,536 steps, and the estimate notices. */
  private final SplittableRandom random = new SplittableRandom(3);

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4, 6})
  void uniformSymbolsCostTheirBits(int bits) {
    int[] symbols = random.ints(LENGTH, 0, 1 << bits).toArray();
    assertRate(50 * bits, symbols, 0.1 + 0.004 * (1 << bits));
  }

  @Test
  void aBiasedCoinCostsItsEntropy() {
    for (double probability : new double[] {0.001, 0.02, 0.3}) {
      int[] symbols = new int[LENGTH];
      Arrays.setAll(symbols, t -> random.nextDouble() < probability ? 30 : 127);
      assertRate(50 * empirical(symbols, 30), symbols, 0.15);
    }
  }

  @Test
  void whatNeverChangesCostsNothing() {
    int[] symbols = new int[LENGTH];
    Arrays.fill(symbols, 127);
    assertRate(0, symbols, 0.03);
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 37, 300, 1000})
  void aPatternThatRepeatsCostsWhatItsFirstTimeDoes(int period) {
    int[] pattern = random.ints(period, 0, 64).toArray();
    int[] symbols = new int[LENGTH];
    Arrays.setAll(symbols, t -> pattern[t % period]);
    double once = 6.0 * period / LENGTH * 50;
    assertRate(once, symbols, 0.15 + 0.4 * once);
  }

  @Test
  void aMarkovChainCostsItsRate() {
    double up = 0.01;
    double down = 0.03;
    int[] symbols = new int[LENGTH];
    for (int t = 1; t < LENGTH; t++) {
      double flip = symbols[t - 1] == 0 ? up : down;
      symbols[t] = random.nextDouble() < flip ? 1 - symbols[t - 1] : symbols[t - 1];
    }
    // of the chances that it took, as these vary by some per cent in half an hour
    long ones = IntStream.of(symbols).sum();
    long ups = IntStream.range(1, LENGTH).filter(t -> symbols[t] > symbols[t - 1]).count();
    double expected =
        (LENGTH - ones) * entropy((double) ups / (LENGTH - ones))
            + ones * entropy((double) ups / ones);
    assertRate(50 * expected / LENGTH, symbols, 0.1);
  }

  @Test
  void aRenewalProcessCostsTheEntropyOfItsDurations() {
    int[] symbols = new int[LENGTH];
    int renewals = fill(symbols, () -> 20 + random.nextInt(32));
    assertRate(5.0 * renewals / LENGTH * 50, symbols, 0.4);
  }

  @Test
  void cannedPatternsCostTheirChoiceOnly() {
    // on for 50 in a pattern of three levels, off for 25 or 75 by a coin
    int[] pattern = random.ints(50, 40, 43).toArray();
    int[] symbols = new int[LENGTH];
    int choices = 0;
    for (int t = 0; t < LENGTH; choices++) {
      for (int i = 0; i < 50 && t < LENGTH; i++) {
        symbols[t++] = pattern[i];
      }
      int off = random.nextBoolean() ? 25 : 75;
      for (int i = 0; i < off && t < LENGTH; i++) {
        symbols[t++] = 127;
      }
    }
    assertRate(1.0 * choices / LENGTH * 50, symbols, 0.25);
  }

  @Test
  void decisionsOnAGridCostOneEach() {
    int[] symbols = new int[LENGTH];
    for (int t = 0; t < LENGTH; t++) {
      symbols[t] = t % 50 == 0 ? random.nextInt(2) : symbols[t - 1];
    }
    assertRate(1, symbols, 0.15);
  }

  @Test
  void costsKnowNoFuture() {
    int[] symbols = random.ints(2000, 0, 4).toArray();
    int[] other = symbols.clone();
    Arrays.setAll(other, t -> t < 1000 ? symbols[t] : 3 - symbols[t]);
    assertArrayEquals(
        Arrays.copyOf(EntropyRate.costs(symbols), 1000),
        Arrays.copyOf(EntropyRate.costs(other), 1000));
    assertEquals(
        Arrays.stream(EntropyRate.costs(symbols)).sum() / 40,
        EntropyRate.bitsPerSecond(symbols),
        1e-9);
  }

  private static void assertRate(double expected, int[] symbols, double tolerance) {
    double rate = EntropyRate.bitsPerSecond(symbols);
    assertEquals(expected, rate, tolerance);
    assertTrue(rate >= 0);
  }

  /** On runs of two symbols alternately; returns how many. */
  private static int fill(int[] symbols, IntSupplier durations) {
    int runs = 0;
    for (int t = 0; t < symbols.length; runs++) {
      int end = Math.min(symbols.length, t + durations.getAsInt());
      Arrays.fill(symbols, t, end, 40 + runs % 2);
      t = end;
    }
    return runs;
  }

  private static double empirical(int[] symbols, int symbol) {
    long count = IntStream.of(symbols).filter(each -> each == symbol).count();
    return entropy((double) count / symbols.length);
  }

  private static double entropy(double p) {
    return -(p * Math.log(p) + (1 - p) * Math.log(1 - p)) / Math.log(2);
  }
}
