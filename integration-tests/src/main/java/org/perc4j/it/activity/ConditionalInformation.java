/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.activity;

import java.util.Arrays;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * Mutual information between a hidden value and a window of symbols, given what is known without
 * the symbols: counted in tables, less what surrogates give. Surrogates by circular shifts keep
 * both sequences as they are but for their meeting (Quian Quiroga and others, "Performance of
 * different synchronization measures in real data", 2002).
 */
final class ConditionalInformation {
  private static final int SURROGATES = 24;
  private static final long SEED = 20;
  private static final int LEAST_SHIFT = 100;

  /** In packets. The windows of adjacent delays touch or overlap. */
  private static final int DELAY_STEP = 3;

  private static final int LONGEST_DELAY = 51;

  /**
   * How an observer looks at symbols: none of these shapes suits all sequences.
   *
   * @param radius how many symbols are seen on each side of the middle one
   * @param values to how many values they are reduced
   */
  record Window(int radius, int values) {
    int count() {
      return (int) Math.pow(values, 2 * radius + 1);
    }
  }

  private final int[] places;
  private final int[] hidden;
  private final int[] known;
  private final int hiddenValues;
  private final int knownValues;
  private final double[] timesLog;

  /**
   * Two sequences, both from 0.
   *
   * @param mask which entries count
   */
  ConditionalInformation(int[] hidden, int[] known, boolean[] mask) {
    places = IntStream.range(0, mask.length).filter(t -> mask[t]).toArray();
    if (places.length < 4 * LEAST_SHIFT) {
      throw new IllegalArgumentException("too short for surrogates: " + places.length);
    }
    this.hidden = Arrays.stream(places).map(t -> hidden[t]).toArray();
    this.known = Arrays.stream(places).map(t -> known[t]).toArray();
    hiddenValues = Arrays.stream(this.hidden).max().orElseThrow() + 1;
    knownValues = Arrays.stream(this.known).max().orElseThrow() + 1;
    timesLog = new double[places.length + 1];
    for (int i = 1; i < timesLog.length; i++) {
      timesLog[i] = i * Math.log(i) / Math.log(2);
    }
  }

  /** Returns the information through the best of these windows at the best delay. */
  Dependence.Estimate estimate(int[] emitted, Window... windows) {
    int delays = LONGEST_DELAY / DELAY_STEP + 1;
    double[] real = new double[windows.length * delays];
    double[][] chance = new double[real.length][SURROGATES];
    int[] shifts =
        new Random(SEED).ints(SURROGATES, LEAST_SHIFT, places.length - LEAST_SHIFT).toArray();
    for (int i = 0; i < real.length; i++) {
      Window window = windows[i / delays];
      int[] seen = look(reduce(emitted, window.values()), i % delays * DELAY_STEP, window);
      real[i] = bits(seen, window.count(), 0);
      for (int j = 0; j < SURROGATES; j++) {
        chance[i][j] = bits(seen, window.count(), shifts[j]);
      }
    }
    double best = Double.NEGATIVE_INFINITY;
    double[] bestByChance = new double[SURROGATES];
    Arrays.fill(bestByChance, Double.NEGATIVE_INFINITY);
    for (int i = 0; i < real.length; i++) {
      double mean = Arrays.stream(chance[i]).average().orElseThrow();
      best = Math.max(best, real[i] - mean);
      for (int j = 0; j < SURROGATES; j++) {
        bestByChance[j] = Math.max(bestByChance[j], chance[i][j] - mean);
      }
    }
    // surrogates had the same choice
    double mean = Arrays.stream(bestByChance).average().orElseThrow();
    double squares = Arrays.stream(bestByChance).map(x -> (x - mean) * (x - mean)).sum();
    return new Dependence.Estimate(
        (best - mean) * EntropyRate.PER_SECOND,
        Math.sqrt(squares / (SURROGATES - 1)) * EntropyRate.PER_SECOND);
  }

  /** Maps symbols to a few classes, as equally frequent at the places that count as they can be. */
  private int[] reduce(int[] emitted, int values) {
    TreeMap<Integer, Integer> frequencies = new TreeMap<>();
    for (int place : places) {
      frequencies.merge(emitted[place], 1, Integer::sum);
    }
    int[] ends = new int[values - 1];
    Arrays.fill(ends, Integer.MAX_VALUE);
    int closed = 0;
    int inClass = 0;
    int left = places.length;
    int distinctLeft = frequencies.size();
    int last = 0;
    for (var entry : frequencies.entrySet()) {
      int classesLeft = values - closed;
      boolean isFull =
          distinctLeft < classesLeft || inClass + entry.getValue() / 2 > left / classesLeft;
      if (inClass > 0 && isFull && closed < ends.length) {
        ends[closed++] = last;
        left -= inClass;
        inClass = 0;
      }
      inClass += entry.getValue();
      last = entry.getKey();
      distinctLeft--;
    }
    return Arrays.stream(emitted)
        .map(
            symbol -> {
              int index = 0;
              while (index < ends.length && symbol > ends[index]) {
                index++;
              }
              return index;
            })
        .toArray();
  }

  private int[] look(int[] reduced, int delay, Window window) {
    int[] seen = new int[places.length];
    for (int i = 0; i < places.length; i++) {
      for (int j = -window.radius(); j <= window.radius(); j++) {
        int place = Math.max(0, Math.min(reduced.length - 1, places[i] + delay + j));
        seen[i] = seen[i] * window.values() + reduced[place];
      }
    }
    return seen;
  }

  /**
   * Returns H(hidden, known) + H(window, known) - H(hidden, window, known) - H(known), per entry.
   */
  private double bits(int[] seen, int windowValues, int shift) {
    int[] withBoth = new int[knownValues * hiddenValues * windowValues];
    int[] withHidden = new int[knownValues * hiddenValues];
    int[] withWindow = new int[knownValues * windowValues];
    int[] alone = new int[knownValues];
    for (int i = 0, j = shift; i < hidden.length; i++, j++) {
      if (j == hidden.length) {
        j = 0;
      }
      int row = known[i] * hiddenValues + hidden[i];
      withBoth[row * windowValues + seen[j]]++;
      withHidden[row]++;
      withWindow[known[i] * windowValues + seen[j]]++;
      alone[known[i]]++;
    }
    double sum = sum(withBoth) + sum(alone) - sum(withHidden) - sum(withWindow);
    return sum / hidden.length;
  }

  private double sum(int[] counts) {
    double sum = 0;
    for (int count : counts) {
      sum += timesLog[count];
    }
    return sum;
  }
}
