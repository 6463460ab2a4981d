/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.congestion;

import java.util.Arrays;

/**
 * The Kalman filter that finds the mean of the inter-group delay variation in its noise
 * (draft-ietf-rmcat-gcc-02, section 5.3). Not thread-safe.
 */
final class ArrivalTimeFilter {
  /** Q of section 5.6. */
  private static final double STATE_NOISE = 1e-3;

  /** E(0) of section 5.6. */
  private static final double INITIAL_ERROR = 0.1;

  /** Chi of section 5.6. */
  private static final double CHI = 0.01;

  /** K of section 5.3, for f_max. */
  private static final int GROUPS = 60;

  private static final double OUTLIER = 3;

  private final double[] departures = new double[GROUPS];
  private int nextDeparture;
  private double mean;
  private double error = INITIAL_ERROR;
  private double noise = 1;

  ArrivalTimeFilter() {
    Arrays.fill(departures, Double.POSITIVE_INFINITY);
  }

  /**
   * Takes the variation of a group.
   *
   * @param variationMillis d(i)
   * @param interDepartureMillis T(i) - T(i-1)
   * @return m_hat(i), in milliseconds
   */
  double update(double variationMillis, double interDepartureMillis) {
    departures[nextDeparture] = Math.max(interDepartureMillis, 1);
    nextDeparture = (nextDeparture + 1) % GROUPS;
    // 1 / f_max, in milliseconds
    double shortest = Arrays.stream(departures).min().orElseThrow();
    double innovation = variationMillis - mean;
    double alpha = Math.pow(1 - CHI, 30 * shortest / 1000);
    double bound = OUTLIER * Math.sqrt(noise);
    double bounded = Math.max(-bound, Math.min(bound, innovation));
    noise = Math.max(alpha * noise + (1 - alpha) * bounded * bounded, 1);
    double predicted = error + STATE_NOISE;
    double gain = predicted / (noise + predicted);
    mean += innovation * gain;
    error = (1 - gain) * predicted;
    return mean;
  }
}
