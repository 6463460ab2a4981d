/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.harness;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Waiting for a condition, never longer than a deadline. */
public final class Await {
  private static final long POLL_MILLIS = 5;

  private Await() {}

  /**
   * Waits until a condition holds.
   *
   * @param what is waited for, for the message
   * @throws TimedOutException if it did not hold in time
   */
  public static void until(String what, Duration timeout, BooleanSupplier condition)
      throws TimedOutException, InterruptedException {
    if (!holdsWithin(timeout, condition)) {
      throw new TimedOutException(what + ": not within " + timeout.toMillis() + " ms");
    }
  }

  /** Waits until a condition holds, and tells whether it did in time. */
  public static boolean holdsWithin(Duration timeout, BooleanSupplier condition)
      throws InterruptedException {
    long deadlineNanos = System.nanoTime() + timeout.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - deadlineNanos > 0) {
        return false;
      }
      Thread.sleep(POLL_MILLIS);
    }
    return true;
  }
}
