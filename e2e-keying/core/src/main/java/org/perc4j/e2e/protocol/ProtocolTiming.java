/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.protocol;

import java.time.Duration;

/**
 * The protocol's timers; all positive.
 *
 * @param batchDelay how long the committer waits for more joiners once somebody wants to join
 * @param committerTimeout how long each further member waits for those before it to commit
 * @param joinTimeout how long a joiner waits for a Welcome before it tries another way, doubled
 *     with each attempt up to eight times
 * @param createTimeout how long an occupant waits for others who were there before it and have no
 *     group that it accepts, until it makes one; a tenth more for each of them
 * @param publishDelay how long an epoch lasts before its GroupInfo is published
 * @param missedDelay how long a member that saw a later epoch waits before it joins anew
 * @param resendDelay how long a commit may take to come back before it is sent again
 * @param offlineLimit how long media are sent on after the room was lost
 * @param reunionLimit how long after the room was lost media go on under the keys of before, if it
 *     comes back without its occupants and a new group is made: until all members are in it again
 */
public record ProtocolTiming(
    Duration batchDelay,
    Duration committerTimeout,
    Duration joinTimeout,
    Duration createTimeout,
    Duration publishDelay,
    Duration missedDelay,
    Duration resendDelay,
    Duration offlineLimit,
    Duration reunionLimit) {

  /** When a leaf that came with a key package is renewed: half of the time that it is valid. */
  public static final Duration LEAF_RENEWAL = Duration.ofHours(12);

  /** What suits conferences over the Internet. */
  public static final ProtocolTiming DEFAULT =
      new ProtocolTiming(
          Duration.ofMillis(100),
          Duration.ofSeconds(1),
          Duration.ofSeconds(3),
          Duration.ofSeconds(15),
          Duration.ofSeconds(1),
          Duration.ofSeconds(2),
          Duration.ofSeconds(10),
          Duration.ofSeconds(60),
          Duration.ofSeconds(20));

  /** Checks the ranges. */
  public ProtocolTiming {
    for (Duration timer :
        new Duration[] {
          batchDelay,
          committerTimeout,
          joinTimeout,
          createTimeout,
          publishDelay,
          missedDelay,
          resendDelay,
          offlineLimit,
          reunionLimit
        }) {
      if (timer.isNegative() || timer.isZero()) {
        throw new IllegalArgumentException("timer of " + timer);
      }
    }
  }
}
