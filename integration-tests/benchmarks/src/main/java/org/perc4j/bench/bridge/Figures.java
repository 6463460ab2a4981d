/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.bench.bridge;

import java.util.Collection;
import java.util.concurrent.TimeUnit;

/** What measurements are made of. */
final class Figures {
  private Figures() {}

  /** Lets time pass: what is measured is what the bridge does in it. */
  static void pass(long nanos) throws InterruptedException {
    TimeUnit.NANOSECONDS.sleep(nanos);
  }

  static double median(Collection<Double> values) {
    return percentile(values, 0.5);
  }

  /**
   * Returns the value below which a share of the others is.
   *
   * @param share from 0 to 1
   */
  static double percentile(Collection<Double> values, double share) {
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    return sorted[(int) Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
  }
}
