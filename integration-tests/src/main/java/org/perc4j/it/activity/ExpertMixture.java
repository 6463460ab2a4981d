/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.activity;

import java.util.Arrays;

/**
 * Bayesian mixture of predictors whose best one may change: fixed share (Herbster and Warmuth,
 * "Tracking the best expert", 1998), once for each of several situations. For one thread.
 */
final class ExpertMixture {
  private final int experts;
  private final double leastShare;
  private final double[] weights;
  private final int[] visits;

  /**
   * A mixture that trusts all alike.
   *
   * @param leastShare what part of the trust is dealt out anew at each step; less than 1 by the
   *     number of steps so far has no effect. With 0 the whole cost of switching grows as the
   *     logarithm of time only.
   */
  ExpertMixture(int experts, int situations, double leastShare) {
    this.experts = experts;
    this.leastShare = leastShare;
    weights = new double[experts * situations];
    Arrays.fill(weights, 1.0 / experts);
    visits = new int[situations];
  }

  /**
   * Returns the probability that the mixture gave to what came, then learns from it.
   *
   * @param probabilities what each expert gave to it; all above 0
   */
  double observe(int situation, double[] probabilities) {
    int from = situation * experts;
    double sum = 0;
    for (int i = 0; i < experts; i++) {
      sum += weights[from + i] * probabilities[i];
    }
    double share = Math.max(leastShare, 1.0 / (visits[situation]++ + 2));
    for (int i = 0; i < experts; i++) {
      weights[from + i] =
          (1 - share) * weights[from + i] * probabilities[i] / sum + share / experts;
    }
    return sum;
  }
}
