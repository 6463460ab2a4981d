/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.activity;

/**
 * When an {@link ActivityShaper} changes what it tells. All times are in milliseconds, 0 to 60,000;
 * each edge gets a random part, from 0 to its jitter, of its own.
 *
 * @param attackMillis how long somebody has to speak before it shows; keeps clicks and coughs to
 *     oneself
 * @param attackJitterMillis random part of that
 * @param bridgeMillis pauses that are no longer than this do not start the attack again
 * @param yieldMillis minimal: how long somebody has to be quiet, while others speak, before it
 *     shows
 * @param yieldJitterMillis random part of that
 * @param othersMillis minimal: for how long others count as speaking after their last voice
 * @param holdMillis minimal: how long somebody has to be quiet, while nobody speaks, before it
 *     shows
 * @param holdJitterMillis random part of that
 * @param windowMillis coarse: how long a level lasts at least, unless a louder one begins
 */
public record ActivityTiming(
    int attackMillis,
    int attackJitterMillis,
    int bridgeMillis,
    int yieldMillis,
    int yieldJitterMillis,
    int othersMillis,
    int holdMillis,
    int holdJitterMillis,
    int windowMillis) {

  /** No time is longer. */
  public static final int MAX_MILLIS = 60_000;

  /**
   * Chosen by measurement against Jitsi's dominant speaker identification, on meetings: the
   * decisions of that come at the same time, in the median, as with exact levels. A longer attack,
   * yield or jitter of these delays them; a shorter one lets noises and the pauses within a
   * sentence through. Nothing hangs on the hold for as long as others are not waiting, so that it
   * is long enough to hide the pauses of a speech and how long it took.
   */
  public static final ActivityTiming DEFAULT =
      new ActivityTiming(80, 40, 40, 100, 80, 500, 3000, 2000, 100);

  /**
   * Checks the times.
   *
   * @throws IllegalArgumentException if one of them is out of its range
   */
  public ActivityTiming {
    int[] all = {
      attackMillis,
      attackJitterMillis,
      bridgeMillis,
      yieldMillis,
      yieldJitterMillis,
      othersMillis,
      holdMillis,
      holdJitterMillis,
      windowMillis
    };
    for (int millis : all) {
      if (millis < 0 || millis > MAX_MILLIS) {
        throw new IllegalArgumentException("a time of " + millis + " ms");
      }
    }
  }
}
