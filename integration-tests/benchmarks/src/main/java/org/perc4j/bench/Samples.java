/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.bench;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Figures of several rounds by what was measured. On a machine that others use as well, the lower
 * quartile says more than the mean: what disturbs makes slower, never faster.
 */
public final class Samples {
  private final Map<String, List<Double>> figures = new LinkedHashMap<>();

  /** Adds a figure. */
  public void add(String what, double figure) {
    figures.computeIfAbsent(what, key -> new ArrayList<>()).add(figure);
  }

  /** What was measured, in the order in which it was first. */
  public Set<String> measured() {
    return Collections.unmodifiableSet(figures.keySet());
  }

  /** All figures, in the order in which they came. */
  public Map<String, List<Double>> all() {
    return Collections.unmodifiableMap(figures);
  }

  /**
   * The least figure; NaN if there is none. What a machine does that is left alone for a moment.
   */
  public double least(String what) {
    return quantile(what, 0);
  }

  /** The greatest figure; NaN if there is none. */
  public double most(String what) {
    return quantile(what, 1);
  }

  /** The figure below which a quarter of them is; NaN if there is none. */
  public double lowerQuartile(String what) {
    return quantile(what, 0.25);
  }

  /** The figure above which a quarter of them is; NaN if there is none. */
  public double upperQuartile(String what) {
    return quantile(what, 0.75);
  }

  /** The figure below which half of them is; NaN if there is none. */
  public double median(String what) {
    return quantile(what, 0.5);
  }

  private double quantile(String what, double share) {
    return quantile(figures.getOrDefault(what, List.of()), share);
  }

  /**
   * The least of the figures that a share of them does not exceed; not a number if there are none.
   *
   * @param share from 0 to 1
   */
  public static double quantile(Collection<Double> values, double share) {
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    return sorted.length == 0
        ? Double.NaN
        : sorted[Math.max(0, (int) Math.ceil(share * sorted.length) - 1)];
  }
}
