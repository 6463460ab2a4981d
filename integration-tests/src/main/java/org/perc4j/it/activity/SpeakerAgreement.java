/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.activity;

import java.util.Arrays;

/**
 * How well two observers agree on who speaks. A timeline has one entry for each 20 ms: the index of
 * the speaker, or something negative for none.
 */
public final class SpeakerAgreement {
  private static final int PACKET_MILLIS = 20;

  /** How much earlier than the reference a switch may come and still be the same one. */
  private static final int EARLY_PACKETS = 50;

  /** A speaker is false if the reference does not have him at any time so near. */
  private static final int NEAR_PACKETS = 75;

  private static final double PACKETS_PER_HOUR = 3_600_000.0 / PACKET_MILLIS;

  private int[] delays = new int[64];
  private int delayCount;
  private long agreeing;
  private long packets;
  private int switches;
  private int falseSwitches;

  private SpeakerAgreement() {}

  /** Compares one timeline with a reference of the same length. */
  public static SpeakerAgreement of(int[] reference, int[] other) {
    return of(new int[][] {reference}, new int[][] {other});
  }

  /** Compares several timelines, each with its reference, and takes all together. */
  public static SpeakerAgreement of(int[][] references, int[][] others) {
    SpeakerAgreement agreement = new SpeakerAgreement();
    for (int i = 0; i < references.length; i++) {
      if (references[i].length != others[i].length) {
        throw new IllegalArgumentException(references[i].length + " and " + others[i].length);
      }
      agreement.add(references[i], others[i]);
    }
    Arrays.sort(agreement.delays, 0, agreement.delayCount);
    return agreement;
  }

  private void add(int[] reference, int[] other) {
    packets += reference.length;
    for (int t = 0; t < reference.length; t++) {
      agreeing += reference[t] == other[t] ? 1 : 0;
      if (isSwitch(reference, t)) {
        switches++;
        int found = find(other, reference[t], Math.max(0, t - EARLY_PACKETS), end(reference, t));
        if (found >= 0) {
          addDelay((found - t) * PACKET_MILLIS);
        }
      }
      if (isSwitch(other, t)) {
        int from = Math.max(0, t - NEAR_PACKETS);
        int to = Math.min(reference.length, t + NEAR_PACKETS + 1);
        falseSwitches += find(reference, other[t], from, to) < 0 ? 1 : 0;
      }
    }
  }

  private void addDelay(int millis) {
    if (delayCount == delays.length) {
      delays = Arrays.copyOf(delays, 2 * delayCount);
    }
    delays[delayCount++] = millis;
  }

  /** The first speaker of all is no switch. */
  private static boolean isSwitch(int[] timeline, int t) {
    return t > 0 && timeline[t] != timeline[t - 1] && timeline[t] >= 0 && timeline[t - 1] >= 0;
  }

  private static int end(int[] timeline, int t) {
    int end = t;
    while (end < timeline.length && timeline[end] == timeline[t]) {
      end++;
    }
    return end;
  }

  private static int find(int[] timeline, int speaker, int from, int to) {
    for (int t = from; t < to; t++) {
      if (timeline[t] == speaker) {
        return t;
      }
    }
    return -1;
  }

  /** Returns for which share of the time they agree, 0 to 1. */
  public double share() {
    return (double) agreeing / packets;
  }

  /** Returns how often the reference goes from one speaker to another. */
  public int switches() {
    return switches;
  }

  /** Returns how many of these the other does not follow before the reference's next one. */
  public int missed() {
    return switches - delayCount;
  }

  /**
   * Returns by how much the other follows later, in milliseconds; negative if it is earlier.
   *
   * @param share of the switches that are at most so late, 0 to 1; the nearest rank counts
   */
  public int delayMillis(double share) {
    if (delayCount == 0) {
      throw new IllegalStateException("no switch was followed");
    }
    int rank = (int) Math.ceil(share * delayCount);
    return delays[Math.max(1, rank) - 1];
  }

  /** Returns how often in an hour the other goes to a speaker whom the reference does not have. */
  public double falsePerHour() {
    return falseSwitches * PACKETS_PER_HOUR / packets;
  }
}
