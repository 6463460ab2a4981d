/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.congestion;

/**
 * Compares the mean of the delay variation with a threshold that follows it
 * (draft-ietf-rmcat-gcc-02, section 5.4).
 *
 * <p>The draft compares m(i) itself, in milliseconds for each group. A rate that is a tenth above
 * what the link carries makes m(i) half a millisecond where groups are 5 ms apart, which is below
 * any threshold in [6, 600] for ever. Implementations therefore compare the sum over the last 60
 * groups or as many as there are, which is what the thresholds are for. That was when groups were
 * pictures; with bursts of 5 ms it lets a queue grow by 3 % of all that is sent, for ever as well.
 * The sum here is over 120 groups. For the same reason a mean that is a little less than that of
 * the group before is no sign yet that the queue becomes shorter, as the draft has it. Not
 * thread-safe.
 */
final class OveruseDetector {
  /** Del_var_th(0) of section 5.6. */
  private static final double INITIAL_THRESHOLD = 12.5;

  private static final double MIN_THRESHOLD = 6;
  private static final double MAX_THRESHOLD = 600;

  /** K_u of section 5.6. */
  private static final double GAIN_UP = 0.01;

  /** K_d of section 5.6. */
  private static final double GAIN_DOWN = 0.00018;

  /** What is so far above the threshold does not move it. */
  private static final double OUTLIER = 15;

  /** Overuse_time_th of section 5.6. */
  private static final double OVERUSE_MILLIS = 10;

  /** Of the highest mean since it was too high. */
  private static final double FALLING = 0.9;

  private static final int GROUPS = 120;

  /** An interval without packets moves the threshold no more than so long a one. */
  private static final double MAX_INTERVAL_MILLIS = 100;

  private double threshold = INITIAL_THRESHOLD;
  private int groups;
  private double peak;
  private double overMillis;
  private int overGroups;
  private LinkUsage usage = LinkUsage.NORMAL;

  /**
   * Takes the mean as it is after a group.
   *
   * @param mean m(i), in milliseconds
   * @param intervalMillis t(i) - t(i-1)
   */
  LinkUsage update(double mean, double intervalMillis) {
    groups = Math.min(groups + 1, GROUPS);
    double sum = groups * mean;
    if (sum > threshold) {
      overMillis += overGroups == 0 ? intervalMillis / 2 : intervalMillis;
      overGroups++;
      boolean lasts = overMillis > OVERUSE_MILLIS && overGroups > 1;
      peak = Math.max(peak, mean);
      usage = lasts && mean >= FALLING * peak ? LinkUsage.OVERUSE : LinkUsage.NORMAL;
    } else {
      overMillis = 0;
      overGroups = 0;
      peak = 0;
      usage = sum < -threshold ? LinkUsage.UNDERUSE : LinkUsage.NORMAL;
    }
    adapt(Math.abs(sum), Math.min(intervalMillis, MAX_INTERVAL_MILLIS));
    return usage;
  }

  private void adapt(double sum, double intervalMillis) {
    if (sum - threshold <= OUTLIER) {
      double gain = sum < threshold ? GAIN_DOWN : GAIN_UP;
      threshold += intervalMillis * gain * (sum - threshold);
      threshold = Math.max(MIN_THRESHOLD, Math.min(MAX_THRESHOLD, threshold));
    }
  }

  LinkUsage usage() {
    return usage;
  }
}
