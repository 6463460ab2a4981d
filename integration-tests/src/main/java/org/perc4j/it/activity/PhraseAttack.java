/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.activity;

import com.google.errorprone.annotations.Immutable;
import java.util.Arrays;

/**
 * How often an observer who has recorded phrases recognises them when another voice says them. He
 * takes the most similar recording; where several are equally similar he draws lots, so symbols
 * that tell nothing give exactly the chance of a guess.
 *
 * <p>Everywhere {@code templates[i]} and {@code probes[i]} are the same phrase.
 */
public final class PhraseAttack {
  /** Of the longer sequence, how far warping may go to either side. */
  private static final double BAND = 0.1;

  private static final int LEAST_BAND = 8;
  private static final int SLOPE_RADIUS = 2;

  /** Of the largest difference from the usual symbol; what is less may be noise. */
  private static final double CLEAR = 0.25;

  private static final double NORMAL_975 = 1.959964;

  /**
   * How good an attack was.
   *
   * @param successRate how often the right phrase was named
   * @param meanReciprocalRank mean of 1 by the place of the right phrase among all, from 1
   * @param low lower end of the 95 % interval of the success rate (Wilson 1927)
   * @param high its upper end
   */
  @Immutable
  public record Result(double successRate, double meanReciprocalRank, double low, double high) {}

  private interface Attacker {
    /** Returns negative if a template is nearer to the probe than the right one, 0 if as near. */
    int compareToRight(int template, int probe);
  }

  private PhraseAttack() {}

  /**
   * Compares whether and how fast the symbols rise and fall, which another distance from the
   * microphone or another noise does not change: warping as below, of slopes (Keogh and Pazzani,
   * "Derivative dynamic time warping", 2001). The slope is the regression over some packets that
   * speech recognition uses (Furui 1986).
   */
  public static Result bySlopes(int[][] templates, int[][] probes) {
    return byWarping(
        Arrays.stream(templates).map(PhraseAttack::slopes).toArray(int[][]::new),
        Arrays.stream(probes).map(PhraseAttack::slopes).toArray(int[][]::new));
  }

  private static int[] slopes(int[] symbols) {
    int[] slopes = new int[symbols.length];
    for (int t = 0; t < slopes.length; t++) {
      for (int j = 1; j <= SLOPE_RADIUS; j++) {
        int after = symbols[Math.min(symbols.length - 1, t + j)];
        slopes[t] += j * (after - symbols[Math.max(0, t - j)]);
      }
    }
    return slopes;
  }

  /**
   * Compares the course of the symbols, whatever the tempo: dynamic time warping, symmetric and
   * divided by the length of the path, in a band around the diagonal (Sakoe and Chiba 1978).
   */
  public static Result byWarping(int[][] templates, int[][] probes) {
    long[] right = new long[probes.length];
    for (int i = 0; i < probes.length; i++) {
      right[i] = warpingCost(templates[i], probes[i], Long.MAX_VALUE);
    }
    return run(
        probes.length,
        (template, probe) -> {
          if (template == probe) {
            return 0;
          }
          long length = (long) templates[template].length + probes[probe].length;
          long rightLength = (long) templates[probe].length + probes[probe].length;
          // exact in integers, so that ties are ties: cost / length against right / rightLength
          long limit = right[probe] * length / rightLength;
          long cost = warpingCost(templates[template], probes[probe], limit);
          return cost > limit ? 1 : Long.compare(cost * rightLength, right[probe] * length);
        });
  }

  /** Returns the cost of the best path, or something above the limit if that is above it. */
  private static long warpingCost(int[] a, int[] b, long limit) {
    if (a.length > b.length) {
      return warpingCost(b, a, limit);
    }
    int slope = (b.length + a.length - 1) / a.length;
    int radius = Math.max(LEAST_BAND, (int) (BAND * b.length)) + slope;
    int[] row = new int[b.length + 1];
    int[] next = new int[b.length + 1];
    int far = Integer.MAX_VALUE / 2;
    Arrays.fill(row, far);
    Arrays.fill(next, far);
    row[0] = 0;
    for (int i = 1; i <= a.length; i++) {
      int middle = (int) ((long) i * b.length / a.length);
      int from = Math.max(1, middle - radius);
      int to = Math.min(b.length, middle + radius);
      int least = far;
      int symbol = a[i - 1];
      int left = far;
      for (int j = from; j <= to; j++) {
        int cost = Math.abs(symbol - b[j - 1]);
        // a diagonal step counts twice: all paths are then as long as both sequences together
        int sum = Math.min(row[j - 1] + 2 * cost, Math.min(row[j], left) + cost);
        next[j] = sum;
        left = sum;
        least = Math.min(least, sum);
      }
      if (least > limit) {
        return least;
      }
      int[] free = row;
      row = next;
      next = free;
      Arrays.fill(next, far);
    }
    return row[b.length];
  }

  /**
   * Compares totals only, to which warping is blind: how many symbols are clearly not the usual
   * one, how far from it they are in sum, when the first and the last of them comes, and how often
   * it changes whether they are; each in units of its standard deviation. The usual symbol is the
   * most frequent one of the sequence.
   */
  public static Result byTotals(int[][] templates, int[][] probes) {
    double[][] known = Arrays.stream(templates).map(PhraseAttack::totals).toArray(double[][]::new);
    double[][] seen = Arrays.stream(probes).map(PhraseAttack::totals).toArray(double[][]::new);
    double[] weights = new double[known[0].length];
    for (int k = 0; k < weights.length; k++) {
      int feature = k;
      double mean = Arrays.stream(known).mapToDouble(each -> each[feature]).average().orElse(0);
      double variance =
          Arrays.stream(known)
              .mapToDouble(each -> (each[feature] - mean) * (each[feature] - mean))
              .average()
              .orElse(0);
      weights[k] = variance > 0 ? 1 / variance : 0;
    }
    return run(
        probes.length,
        (template, probe) ->
            Double.compare(
                distance(known[template], seen[probe], weights),
                distance(known[probe], seen[probe], weights)));
  }

  private static int mostFrequent(int[] symbols) {
    int[] sorted = symbols.clone();
    Arrays.sort(sorted);
    int found = 0;
    int most = 0;
    for (int from = 0; from < sorted.length; ) {
      int to = from;
      while (to < sorted.length && sorted[to] == sorted[from]) {
        to++;
      }
      if (to - from > most) {
        most = to - from;
        found = sorted[from];
      }
      from = to;
    }
    return found;
  }

  private static double[] totals(int[] symbols) {
    int usual = mostFrequent(symbols);
    int farthest = Arrays.stream(symbols).map(each -> Math.abs(each - usual)).max().orElse(0);
    int count = 0;
    long sum = 0;
    int first = 0;
    int last = 0;
    int changes = 0;
    boolean wasClear = false;
    for (int i = 0; i < symbols.length; i++) {
      int distance = Math.abs(symbols[i] - usual);
      boolean isClear = distance > 0 && distance >= CLEAR * farthest;
      if (isClear) {
        first = count == 0 ? i : first;
        last = i;
        count++;
        sum += distance;
      }
      changes += isClear != wasClear ? 1 : 0;
      wasClear = isClear;
    }
    return new double[] {count, sum, first, last, changes};
  }

  private static double distance(double[] a, double[] b, double[] weights) {
    double sum = 0;
    for (int k = 0; k < weights.length; k++) {
      sum += weights[k] * (a[k] - b[k]) * (a[k] - b[k]);
    }
    return sum;
  }

  private static Result run(int phrases, Attacker attacker) {
    double successes = 0;
    double reciprocals = 0;
    for (int probe = 0; probe < phrases; probe++) {
      int nearer = 0;
      int asNear = 0;
      for (int template = 0; template < phrases; template++) {
        int order = attacker.compareToRight(template, probe);
        nearer += order < 0 ? 1 : 0;
        asNear += order == 0 ? 1 : 0;
      }
      successes += nearer == 0 ? 1.0 / asNear : 0;
      for (int place = 1; place <= asNear; place++) {
        reciprocals += 1.0 / (nearer + place) / asNear;
      }
    }
    double rate = successes / phrases;
    double z = NORMAL_975 * NORMAL_975 / phrases;
    double middle = (rate + z / 2) / (1 + z);
    double half = Math.sqrt(z * rate * (1 - rate) + z * z / 4) / (1 + z);
    return new Result(
        rate, reciprocals / phrases, Math.max(0, middle - half), Math.min(1, middle + half));
  }
}
