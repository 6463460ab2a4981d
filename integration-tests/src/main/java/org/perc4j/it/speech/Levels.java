/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.speech;

import java.util.Arrays;

/** How loud sound is, relative to the overload point of 16 bit samples (RFC 6464). */
public final class Levels {
  /** What is sent as level of digital silence. */
  public static final int SILENCE = 127;

  private static final double OVERLOAD = 32_768;

  private Levels() {}

  /**
   * Returns the level of some samples in -dBov, from 0 to {@link #SILENCE}, which it is also if
   * there are none.
   */
  public static int minusDbov(short[] samples, int from, int count) {
    return minusDbov(power(samples, from, count));
  }

  /** Returns the level of each whole packet in -dBov, from 0 to {@link #SILENCE}. */
  public static int[] minusDbov(short[] samples) {
    return Arrays.stream(powers(samples)).mapToInt(Levels::minusDbov).toArray();
  }

  private static int minusDbov(double power) {
    return power == 0 ? SILENCE : (int) Math.max(0, Math.min(SILENCE, Math.round(-dbov(power))));
  }

  /** Returns the mean square of each whole packet, 1 being the overload point's. */
  static double[] powers(short[] samples) {
    double[] powers = new double[samples.length / SpeechTrack.SAMPLES_PER_PACKET];
    Arrays.setAll(
        powers,
        packet ->
            power(
                samples, packet * SpeechTrack.SAMPLES_PER_PACKET, SpeechTrack.SAMPLES_PER_PACKET));
    return powers;
  }

  private static double power(short[] samples, int from, int count) {
    double sum = 0;
    for (int i = from; i < from + count; i++) {
      sum += (double) samples[i] * samples[i];
    }
    return count == 0 ? 0 : sum / count / (OVERLOAD * OVERLOAD);
  }

  static double dbov(double power) {
    return 10 * Math.log10(power);
  }

  static double power(double dbov) {
    return Math.pow(10, dbov / 10);
  }

  static double factor(double db) {
    return Math.pow(10, db / 20);
  }

  /** Returns the root mean square, in units of a sample, of what has so many dBov. */
  static double amplitude(double dbov) {
    return OVERLOAD * factor(dbov);
  }
}
