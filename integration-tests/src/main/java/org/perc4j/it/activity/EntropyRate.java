/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.activity;

import java.util.Arrays;

/**
 * How many bits per second a sequence of symbols can carry at most: the length of an adaptive code
 * for it. Each symbol costs the negative logarithm of the probability that it was given from those
 * before it, so the sum is a length that a decoder could live with (prequential code, Rissanen
 * 1984; Dawid 1984) and, on average, never below the entropy. What is not counted is the alphabet
 * itself, at most a few hundred bits for a whole sequence.
 *
 * <p>The probabilities are those of many predictors under one mixture. Each predictor counts what
 * came after a context; where it has seen little, it leans on a less specific one (hierarchical
 * Dirichlet prior, MacKay and Peto 1995; at the root the estimator of Krichevsky and Trofimov
 * 1981). The contexts are the last 0 to 4 and the last 12 symbols, how long the last runs were, the
 * time modulo common periods, and, for levels that wander, the last differences. One more predictor
 * looks for the longest repetition.
 */
public final class EntropyRate {
  /** Of packets, and so of symbols. */
  public static final int PER_SECOND = 50;

  private static final int NONE = -1;

  // The contexts. Each has a less specific one to lean on, which comes before it.
  private static final int ORDERS = 5; // contexts 0 to 4 are the last so many symbols
  private static final int LAST_TWELVE = 5;
  private static final int RUN_COARSE = 6;
  private static final int RUN = 7;
  private static final int TWO_RUNS_COARSE = 8;
  private static final int TWO_RUNS = 9;
  private static final int THREE_RUNS = 10;
  private static final int PERIOD_50 = 11;
  private static final int PERIOD_64 = 12;
  private static final int PERIOD_250 = 13;
  private static final int DIFFERENCE = 14;
  private static final int DIFFERENCE_AFTER_ONE = 15;
  private static final int DIFFERENCE_AFTER_TWO = 16;
  private static final int[] LEANS_ON = {
    NONE,
    0,
    1,
    2,
    3,
    4,
    1,
    RUN_COARSE,
    RUN_COARSE,
    TWO_RUNS_COARSE,
    TWO_RUNS,
    1,
    1,
    PERIOD_50,
    NONE,
    DIFFERENCE,
    DIFFERENCE_AFTER_ONE
  };
  private static final int CONTEXTS = LEANS_ON.length;

  /** How many observations the less specific context is worth: few if the source is regular. */
  private static final double[] STRENGTHS = {0.3, 6};

  private static final int EXPERTS = CONTEXTS * STRENGTHS.length + 1;
  private static final int LONGEST_RUN = 1000;
  private static final int COARSE_BUCKETS = 48;
  private static final int MATCH_SYMBOLS = 20;
  private static final int MATCH_BUCKETS = 16;

  private final int[] symbols;
  private final int alphabet;
  private final long[] contexts = new long[CONTEXTS];
  private final Tally[] tallies = new Tally[CONTEXTS];
  private final double[] probabilities = new double[EXPERTS];

  /** Lengths of the current run and of the two before it, and the symbols of these two. */
  private int run;

  private int previousRun;
  private int thirdRun;
  private int previousSymbol = NONE;
  private int thirdSymbol = NONE;

  /** Where the repetition goes on, and for how long it has held. */
  private int match = NONE;

  private int matched;
  private final Tally places = new Tally();
  private final int[] hits = new int[MATCH_BUCKETS];
  private final int[] tries = new int[MATCH_BUCKETS];

  private EntropyRate(int[] raw) {
    int[] values = Arrays.stream(raw).distinct().sorted().toArray();
    alphabet = values.length;
    symbols = Arrays.stream(raw).map(value -> Arrays.binarySearch(values, value)).toArray();
    Arrays.setAll(tallies, i -> new Tally());
  }

  /** Returns the entropy rate of symbols that come each 20 ms, estimated from above. */
  public static double bitsPerSecond(int[] symbols) {
    return Arrays.stream(costs(symbols)).sum() / symbols.length * PER_SECOND;
  }

  /** Returns how many bits each symbol costs, given those before it. */
  public static double[] costs(int[] symbols) {
    return new EntropyRate(symbols).run();
  }

  private double[] run() {
    ExpertMixture[] mixtures = {
      new ExpertMixture(EXPERTS, 1, 0),
      new ExpertMixture(EXPERTS, 1, 0.01),
      new ExpertMixture(EXPERTS, alphabet + 1, 0),
      new ExpertMixture(EXPERTS, COARSE_BUCKETS, 0),
      new ExpertMixture(EXPERTS, MATCH_BUCKETS, 0)
    };
    ExpertMixture all = new ExpertMixture(mixtures.length, 1, 0);
    double[] mixed = new double[mixtures.length];
    double[] costs = new double[symbols.length];
    for (int t = 0; t < symbols.length; t++) {
      findMatch(t);
      findContexts(t);
      predict(t);
      int[] situations = {0, 0, before(t, 1) + 1, coarse(run), matchBucket()};
      for (int i = 0; i < mixtures.length; i++) {
        mixed[i] = mixtures[i].observe(situations[i], probabilities);
      }
      // rounding can leave a sure thing a little above 1
      costs[t] = Math.max(0, -Math.log(all.observe(0, mixed)) / Math.log(2));
      learn(t);
    }
    return costs;
  }

  private int before(int t, int steps) {
    return t < steps ? NONE : symbols[t - steps];
  }

  /** Exact up to 4, then four for each doubling. */
  private static int coarse(int length) {
    if (length <= 4) {
      return length;
    }
    int octave = 31 - Integer.numberOfLeadingZeros(length);
    return Math.min(COARSE_BUCKETS - 1, 4 * (octave - 1) + ((length >> (octave - 2)) & 3));
  }

  private static int sizeOf(int difference) {
    int size = difference == 0 ? 0 : 32 - Integer.numberOfLeadingZeros(Math.abs(difference));
    return Integer.signum(difference) * size;
  }

  private static long hash(int context, int... parts) {
    long hash = context;
    for (int part : parts) {
      hash = Tally.mix(hash, part);
    }
    return hash;
  }

  private void findContexts(int t) {
    long hash = 0;
    for (int order = 0; order < ORDERS; order++) {
      contexts[order] = hash;
      hash = Tally.mix(hash, before(t, order + 1));
    }
    for (int step = ORDERS; step < 12; step++) {
      hash = Tally.mix(hash, before(t, step + 1));
    }
    contexts[LAST_TWELVE] = hash;
    int last = before(t, 1);
    int exact = Math.min(run, LONGEST_RUN);
    contexts[RUN_COARSE] = hash(RUN_COARSE, last, coarse(run));
    contexts[RUN] = hash(RUN, last, exact);
    contexts[TWO_RUNS_COARSE] =
        hash(TWO_RUNS_COARSE, last, coarse(run), previousSymbol, coarse(previousRun));
    contexts[TWO_RUNS] = hash(TWO_RUNS, last, exact, previousSymbol, previousRun);
    contexts[THREE_RUNS] =
        hash(THREE_RUNS, last, exact, previousSymbol, previousRun, thirdSymbol, thirdRun);
    contexts[PERIOD_50] = hash(PERIOD_50, last, t % 50);
    contexts[PERIOD_64] = hash(PERIOD_64, last, t % 64);
    contexts[PERIOD_250] = hash(PERIOD_250, last, t % 250);
    int rise = sizeOf(last - before(t, 2));
    int formerRise = sizeOf(before(t, 2) - before(t, 3));
    contexts[DIFFERENCE] = 0;
    contexts[DIFFERENCE_AFTER_ONE] = hash(DIFFERENCE_AFTER_ONE, rise);
    contexts[DIFFERENCE_AFTER_TWO] =
        hash(DIFFERENCE_AFTER_TWO, rise, formerRise, last * 8 / alphabet);
  }

  private void predict(int t) {
    for (int context = 0; context < CONTEXTS; context++) {
      long key = contexts[context];
      int total = tallies[context].get(key);
      int count = tallies[context].get(Tally.mix(key, target(context, t)));
      for (int i = 0; i < STRENGTHS.length; i++) {
        int expert = context * STRENGTHS.length + i;
        double strength;
        double prior;
        if (LEANS_ON[context] == NONE) {
          int targets = context == DIFFERENCE ? 2 * alphabet - 1 : alphabet;
          strength = targets / 2.0;
          prior = 1.0 / targets;
        } else {
          strength = STRENGTHS[i];
          prior = probabilities[LEANS_ON[context] * STRENGTHS.length + i];
        }
        probabilities[expert] = (count + strength * prior) / (total + strength);
      }
    }
    double otherwise = probabilities[1 * STRENGTHS.length];
    double repeats = match == NONE ? 0 : hitProbability();
    boolean isHit = match != NONE && symbols[match] == symbols[t];
    probabilities[EXPERTS - 1] = (isHit ? repeats : 0) + (1 - repeats) * otherwise;
  }

  /** A symbol, or how far it is from the one before; of these, some are then impossible. */
  private int target(int context, int t) {
    return context >= DIFFERENCE ? symbols[t] - Math.max(0, before(t, 1)) : symbols[t];
  }

  private double hitProbability() {
    return (hits[matchBucket()] + 0.5) / (tries[matchBucket()] + 1.0);
  }

  private int matchBucket() {
    return match == NONE
        ? 0
        : Math.min(MATCH_BUCKETS - 1, 32 - Integer.numberOfLeadingZeros(matched));
  }

  private void findMatch(int t) {
    if (t < MATCH_SYMBOLS) {
      return;
    }
    long hash = 0;
    for (int step = 1; step <= MATCH_SYMBOLS; step++) {
      hash = Tally.mix(hash, before(t, step));
    }
    if (match == NONE) {
      int place = places.get(hash);
      match = place == 0 ? NONE : place;
      matched = 1;
    }
    places.set(hash, t);
  }

  private void learn(int t) {
    for (int context = 0; context < CONTEXTS; context++) {
      long key = contexts[context];
      tallies[context].increment(key);
      tallies[context].increment(Tally.mix(key, target(context, t)));
    }
    if (match != NONE) {
      tries[matchBucket()]++;
      if (symbols[match] == symbols[t]) {
        hits[matchBucket()]++;
        match++;
        matched++;
      } else {
        match = NONE;
      }
    }
    if (t > 0 && symbols[t] == symbols[t - 1]) {
      run++;
    } else {
      thirdRun = previousRun;
      thirdSymbol = previousSymbol;
      previousRun = Math.min(run, LONGEST_RUN);
      previousSymbol = before(t, 1);
      run = 1;
    }
  }
}
