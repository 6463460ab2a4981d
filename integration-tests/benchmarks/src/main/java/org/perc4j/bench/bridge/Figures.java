/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.bench.bridge;

import java.util.Collection;
import java.util.concurrent.TimeUnit;
import org.perc4j.bench.Samples;

/** What measurements are made of. */
final class Figures {
  private Figures() {}

  /** Lets time pass: what is measured is what the bridge does in it. */
  static void pass(long nanos) throws InterruptedException {
    TimeUnit.NANOSECONDS.sleep(nanos);
  }

  static double median(Collection<Double> values) {
    return Samples.quantile(values, 0.5);
  }
}
