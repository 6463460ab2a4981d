/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.harness;

import java.time.Duration;

/**
 * What one direction of a link is like.
 *
 * @param bitsPerSecond of IP packets with their headers
 * @param queue how long a packet waits at most for those before it, where there are more than the
 *     rate allows; what would wait longer is dropped
 * @param delay of each packet that has left the queue
 * @param jitter how much longer it may take, evenly distributed; packets do not overtake each other
 * @param loss probability that a packet gets lost behind the queue, 0 to 1
 */
public record LinkConditions(
    long bitsPerSecond, Duration queue, Duration delay, Duration jitter, double loss) {
  private static final Duration DEFAULT_QUEUE = Duration.ofMillis(250);
  private static final Duration DEFAULT_DELAY = Duration.ofMillis(20);

  /** Checks the ranges. */
  public LinkConditions {
    if (bitsPerSecond <= 0
        || queue.isNegative()
        || delay.isNegative()
        || jitter.isNegative()
        || !(loss >= 0 && loss <= 1)) {
      throw new IllegalArgumentException(
          bitsPerSecond + " bit/s, " + queue + ", " + delay + ", " + jitter + ", " + loss);
    }
  }

  /** A rate, with a queue of a quarter of a second, 20 ms of delay, neither jitter nor loss. */
  public static LinkConditions ofRate(long bitsPerSecond) {
    return new LinkConditions(bitsPerSecond, DEFAULT_QUEUE, DEFAULT_DELAY, Duration.ZERO, 0);
  }

  /** The same at another rate. */
  public LinkConditions withRate(long changedBitsPerSecond) {
    return new LinkConditions(changedBitsPerSecond, queue, delay, jitter, loss);
  }

  /** The same with another delay, and with jitter. */
  public LinkConditions withDelay(Duration changedDelay, Duration changedJitter) {
    return new LinkConditions(bitsPerSecond, queue, changedDelay, changedJitter, loss);
  }

  /** The same with another probability of loss. */
  public LinkConditions withLoss(double changedLoss) {
    return new LinkConditions(bitsPerSecond, queue, delay, jitter, changedLoss);
  }
}
