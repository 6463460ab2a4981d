/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.activity;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.perc4j.it.activity.ConditionalInformation.Window;

/**
 * What a sequence of symbols tells about another sequence that is to be hidden: mutual information
 * in bits per second, both sequences having one entry for each 20 ms.
 *
 * <p>By the chain rule (Cover and Thomas, "Elements of Information Theory", 2.5) the information
 * about the hidden sequence is the sum over its entries, each given those before it. Those before
 * count here by their last value and its age, and of the symbols only a window is seen, of the
 * better of two shapes at the best of several delays, with few values. So the figures are what a
 * simple observer gains; a cleverer one may gain more.
 *
 * <p>Counting overstates information, as chance makes every table uneven. How much is measured with
 * surrogates: the same symbols, shifted around the circle so far that nothing but chance is left.
 * Their mean is subtracted.
 */
public final class Dependence {
  /** In packets; beginnings of the classes of ages. */
  private static final int[] AGES = {0, 1, 2, 3, 4, 5, 7, 10, 15, 25};

  private static final int[] PHONE_AGES = {0, 4};
  private static final int PHONES = 12;

  /**
   * Information, and what chance alone would give.
   *
   * @param bitsPerSecond per second of the packets that were looked at, what surrogates have
   *     already subtracted; may be a little below 0
   * @param spread standard deviation among the surrogates, in bits per second
   */
  public record Estimate(double bitsPerSecond, double spread) {
    /** Returns whether it is more than chance gives: beyond three standard deviations. */
    public boolean isDistinct() {
      return bitsPerSecond > 3 * spread;
    }
  }

  private Dependence() {}

  // ---------------------------------------------------------------- of levels

  /**
   * Returns how much of the symbols is made by chance: the entropy of a symbol given the true
   * levels and the symbol before, averaged over time. The rate of the randomness itself is at most
   * that, as more memory could only lower it.
   *
   * <p>A table of few runs looks more regular than the source is; the correction of Miller (1955)
   * and Madow is applied. It suffices if there are several times more runs than pairs of symbols
   * that are likely at one time; with fewer the answer is too low, and it can never be more than
   * the logarithm of the number of runs. Deterministic symbols give 0 exactly. The information
   * about the levels is at most the entropy rate of the symbols, and at least that less this.
   *
   * @param runs the symbols that the same levels gave with other seeds, all equally long
   */
  public static double randomnessBitsPerSecond(int[][] runs) {
    int length = runs[0].length;
    double bits = 0;
    for (int t = 0; t < length; t++) {
      long[] pairs = new long[runs.length];
      long[] before = new long[runs.length];
      for (int i = 0; i < runs.length; i++) {
        before[i] = t == 0 ? 0 : runs[i][t - 1];
        pairs[i] = (before[i] << 32) | (runs[i][t] & 0xFFFF_FFFFL);
      }
      bits += Math.max(0, correctedEntropy(pairs) - correctedEntropy(before));
    }
    return bits / length * EntropyRate.PER_SECOND;
  }

  private static double correctedEntropy(long[] values) {
    Arrays.sort(values);
    double bits = 0;
    int distinct = 0;
    for (int from = 0; from < values.length; distinct++) {
      int to = from;
      while (to < values.length && values[to] == values[from]) {
        to++;
      }
      double part = (double) (to - from) / values.length;
      bits -= part * Math.log(part) / Math.log(2);
      from = to;
    }
    return bits + (distinct - 1) / (2.0 * values.length * Math.log(2));
  }

  // ---------------------------------------------------------------- of speech

  /**
   * Returns what the symbols tell about when words or phones begin, over the whole time. As nothing
   * begins while nobody speaks, that includes what they tell about whether she speaks.
   *
   * @param boundary whether something begins in this packet
   */
  public static Estimate aboutTiming(int[] emitted, boolean[] boundary) {
    boolean[] always = new boolean[emitted.length];
    Arrays.fill(always, true);
    return aboutTiming(emitted, boundary, always);
  }

  /**
   * Returns what the symbols tell about when words or phones begin to one who knows already when
   * she speaks.
   *
   * @param mask which packets count, such as those inside words; the rate is per second of these
   */
  public static Estimate aboutTiming(int[] emitted, boolean[] boundary, boolean[] mask) {
    int[] hidden = new int[emitted.length];
    int[] known = new int[emitted.length];
    int age = 0;
    for (int t = 0; t < emitted.length; t++) {
      if (mask[t] && (t == 0 || !mask[t - 1])) {
        // where speech begins, a word does: no news to this observer
        age = 0;
      }
      hidden[t] = boundary[t] ? 1 : 0;
      known[t] = classOf(age, AGES);
      age = boundary[t] ? 1 : age + 1;
    }
    return new ConditionalInformation(hidden, known, mask)
        .estimate(emitted, new Window(2, 3), new Window(1, 6));
  }

  /**
   * Returns what the symbols tell about which phones are spoken. Beside the most frequent ones the
   * rest counts as one.
   *
   * @param phones which phone each packet is in
   * @param mask as above
   */
  public static Estimate aboutPhones(int[] emitted, int[] phones, boolean[] mask) {
    Map<Integer, Long> frequencies =
        IntStream.range(0, phones.length)
            .filter(t -> mask[t])
            .mapToObj(t -> phones[t])
            .collect(
                Collectors.groupingBy(Function.identity(), TreeMap::new, Collectors.counting()));
    List<Integer> frequent =
        frequencies.keySet().stream()
            .sorted(
                Comparator.comparing((Integer phone) -> frequencies.getOrDefault(phone, 0L))
                    .reversed())
            .limit(PHONES)
            .toList();
    int rest = frequent.size();
    int none = rest + 1;
    int[] hidden = new int[emitted.length];
    int[] known = new int[emitted.length];
    int age = 0;
    for (int t = 0; t < emitted.length; t++) {
      int index = frequent.indexOf(phones[t]);
      hidden[t] = index >= 0 ? index : rest;
      boolean isFirst = t == 0 || (mask[t] && !mask[t - 1]);
      age = isFirst || (t > 1 && phones[t - 1] != phones[t - 2]) ? 0 : age + 1;
      int last = isFirst ? none : hidden[t - 1];
      known[t] = last * PHONE_AGES.length + classOf(age, PHONE_AGES);
    }
    return new ConditionalInformation(hidden, known, mask)
        .estimate(emitted, new Window(1, 4), new Window(0, 16));
  }

  private static int classOf(int age, int[] beginnings) {
    int found = Arrays.binarySearch(beginnings, age);
    return found >= 0 ? found : -found - 2;
  }
}
