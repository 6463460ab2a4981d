/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.soak;

import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * A figure over time, which is not to grow. What is kept for repair and what is compiled needs some
 * time to settle: the first fifth does not count, and of the rest the second half is compared with
 * the first. Immutable.
 */
final class Series {
  private static final double WARM_UP_SHARE = 0.2;

  /** Memory that two readings may differ by, of a process that does not grow. */
  private static final double MEMORY_TOLERANCE = 1.15;

  private static final int COUNT_TOLERANCE = 3;

  private final double firstMean;
  private final double secondMean;

  private Series(double firstMean, double secondMean) {
    this.firstMean = firstMean;
    this.secondMean = secondMean;
  }

  /** A series of samples, in the order of their times; at least three minutes of them. */
  static <T> Series of(List<T> samples, ToDoubleFunction<T> minutes, ToDoubleFunction<T> figure) {
    double end = minutes.applyAsDouble(samples.get(samples.size() - 1));
    double warm = end * WARM_UP_SHARE;
    double middle = (warm + end) / 2;
    return new Series(
        mean(samples, minutes, figure, warm, middle),
        mean(samples, minutes, figure, middle, Double.MAX_VALUE));
  }

  private static <T> double mean(
      List<T> samples,
      ToDoubleFunction<T> minutes,
      ToDoubleFunction<T> figure,
      double from,
      double before) {
    return samples.stream()
        .filter(one -> minutes.applyAsDouble(one) >= from && minutes.applyAsDouble(one) < before)
        .mapToDouble(figure)
        .average()
        .orElseThrow();
  }

  /** Returns how many times the first half the second one has. */
  double growth() {
    return secondMean / firstMean;
  }

  /** Whether memory does not grow. */
  boolean isFlat() {
    return secondMean <= MEMORY_TOLERANCE * firstMean;
  }

  /** Whether the number of something does not grow. */
  boolean isSteady() {
    return secondMean <= firstMean + COUNT_TOLERANCE;
  }
}
