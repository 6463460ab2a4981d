/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.activity;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * How well two observers of the same meeting agree on who is the speaker. What each of them thinks
 * is a timeline: for every 20 ms the index of the speaker, or {@link #NOBODY}. A switch is where a
 * timeline changes to a speaker, the first one included.
 *
 * @param share of the time in which both think the same, 0 to 1
 * @param switches how often the reference changes to a speaker
 * @param delaysMillis in ascending order, for each switch of the reference that the other has too,
 *     how much later it has that speaker; negative if it is earlier. It is looked for from one
 *     second before, but not before the reference's previous switch, until the next switch
 * @param missed how many switches of the reference the other does not have in that time
 * @param falsePerHour how often the other changes to somebody who is not the reference's speaker at
 *     any time within one and a half seconds before and after
 */
public record SpeakerAgreement(
    double share, int switches, List<Integer> delaysMillis, int missed, double falsePerHour) {
  /** Nobody has spoken yet, or it is not known who. */
  public static final int NOBODY = -1;

  /** What one entry of a timeline stands for. */
  public static final int STEP_MILLIS = 20;

  private static final int EARLIEST_STEPS = 1000 / STEP_MILLIS;
  private static final int AROUND_STEPS = 1500 / STEP_MILLIS;
  private static final double STEPS_PER_HOUR = 3_600_000.0 / STEP_MILLIS;

  /** Sorts and copies the delays. */
  public SpeakerAgreement {
    delaysMillis = delaysMillis.stream().sorted().toList();
  }

  /**
   * Compares two timelines.
   *
   * @throws IllegalArgumentException if they are not of the same length, or empty
   */
  public static SpeakerAgreement of(int[] reference, int[] other) {
    int length = reference.length;
    if (length == 0 || length != other.length) {
      throw new IllegalArgumentException(length + " and " + other.length + " steps");
    }
    int same = 0;
    for (int i = 0; i < length; i++) {
      same += reference[i] == other[i] ? 1 : 0;
    }
    List<Integer> switches = switches(reference);
    List<Integer> delays = new ArrayList<>();
    for (int i = 0; i < switches.size(); i++) {
      int at = switches.get(i);
      int previous = i == 0 ? 0 : switches.get(i - 1);
      int next = i + 1 == switches.size() ? length : switches.get(i + 1);
      int found = find(other, reference[at], Math.max(previous, at - EARLIEST_STEPS), next);
      if (found < next) {
        delays.add((found - at) * STEP_MILLIS);
      }
    }
    int wrong = 0;
    for (int at : switches(other)) {
      int to = Math.min(length, at + AROUND_STEPS + 1);
      if (find(reference, other[at], Math.max(0, at - AROUND_STEPS), to) == to) {
        wrong++;
      }
    }
    return new SpeakerAgreement(
        (double) same / length,
        switches.size(),
        delays,
        switches.size() - delays.size(),
        wrong * STEPS_PER_HOUR / length);
  }

  /**
   * Compares several pairs of timelines and takes them together: means of shares, sums of counts.
   */
  public static SpeakerAgreement of(int[][] references, int[][] others) {
    List<SpeakerAgreement> all = new ArrayList<>();
    for (int i = 0; i < references.length; i++) {
      all.add(of(references[i], others[i]));
    }
    return new SpeakerAgreement(
        all.stream().mapToDouble(SpeakerAgreement::share).average().orElse(0),
        all.stream().mapToInt(SpeakerAgreement::switches).sum(),
        all.stream().flatMap(each -> each.delaysMillis.stream()).toList(),
        all.stream().mapToInt(SpeakerAgreement::missed).sum(),
        all.stream().mapToDouble(SpeakerAgreement::falsePerHour).average().orElse(0));
  }

  /** Returns where a timeline changes to a speaker. */
  public static List<Integer> switches(int[] timeline) {
    List<Integer> switches = new ArrayList<>();
    int before = NOBODY;
    for (int i = 0; i < timeline.length; i++) {
      if (timeline[i] != before && timeline[i] != NOBODY) {
        switches.add(i);
      }
      before = timeline[i];
    }
    return Collections.unmodifiableList(switches);
  }

  /** Returns the first place of a speaker, or {@code to}. */
  private static int find(int[] timeline, int speaker, int from, int to) {
    int at = from;
    while (at < to && timeline[at] != speaker) {
      at++;
    }
    return at;
  }

  /**
   * Returns a percentile of the delays, by nearest rank.
   *
   * @param rank above 0 to 1; 0.5 for the median
   * @throws IllegalStateException if there are no delays
   */
  public int delayMillis(double rank) {
    if (!(rank > 0 && rank <= 1)) {
      throw new IllegalArgumentException("rank " + rank);
    }
    if (delaysMillis.isEmpty()) {
      throw new IllegalStateException("no delays");
    }
    return delaysMillis.get((int) Math.ceil(rank * delaysMillis.size()) - 1);
  }
}
