/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.speech;

/**
 * What one microphone hears, in packets of 20 ms. All arrays but the samples have one entry for
 * each packet. The arrays are not copied; nobody changes them.
 *
 * @param voice who speaks, for people to read
 * @param samples {@link #SAMPLES_PER_PACKET} for each packet, at {@link #SAMPLE_RATE}
 * @param levelsMinusDbov root mean square of each packet in -dBov, 0 to 127 (RFC 6464), measured on
 *     the samples
 * @param phones which phone sounds at the beginning of the packet, from 0; {@link #NONE} if the
 *     speaker is silent or it is not known
 * @param words which word it is in, counted from 0 through the track; {@link #NONE} as above
 */
@SuppressWarnings("ArrayRecordComponent") // not compared
public record SpeechTrack(
    String voice, short[] samples, int[] levelsMinusDbov, int[] phones, int[] words) {
  /** Samples per second. */
  public static final int SAMPLE_RATE = 16_000;

  /** Samples in 20 ms. */
  public static final int SAMPLES_PER_PACKET = SAMPLE_RATE / 50;

  /** Neither a phone nor a word. */
  public static final int NONE = -1;

  /** Returns how many packets there are. */
  public int packets() {
    return levelsMinusDbov.length;
  }
}
