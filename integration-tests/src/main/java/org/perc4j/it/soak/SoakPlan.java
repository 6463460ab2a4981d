/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.soak;

import java.time.Duration;

/**
 * What is to happen.
 *
 * @param duration of the whole conference
 * @param endpoints who are in at any time, but for moments
 * @param founders of them stay from the beginning to the end
 * @param tick after which one of the others goes and somebody new comes, each time
 * @param deathEvery so many ticks the one who goes dies, instead of leaving
 * @param sample after which the processes are looked at, each time
 * @param loss probability, from 0 to 1, on each way that a packet of media is lost
 * @param reordering probability that it comes behind later ones
 * @param duplication probability that it comes twice
 * @param seed of all that is random
 */
public record SoakPlan(
    Duration duration,
    int endpoints,
    int founders,
    Duration tick,
    int deathEvery,
    Duration sample,
    double loss,
    double reordering,
    double duplication,
    long seed) {

  /** Ten endpoints, two of a hundred packets late and twice, 5 in a hundred lost. */
  public static SoakPlan lasting(Duration duration) {
    return new SoakPlan(
        duration, 10, 3, Duration.ofSeconds(20), 3, Duration.ofMinutes(1), 0.05, 0.02, 0.02, 1);
  }

  /** The same, of more or fewer. */
  public SoakPlan withEndpoints(int others) {
    return new SoakPlan(
        duration, others, founders, tick, deathEvery, sample, loss, reordering, duplication, seed);
  }

  /** The same, in which more happens in the same time. */
  public SoakPlan withTick(Duration otherTick, Duration otherSample) {
    return new SoakPlan(
        duration,
        endpoints,
        founders,
        otherTick,
        deathEvery,
        otherSample,
        loss,
        reordering,
        duplication,
        seed);
  }
}
