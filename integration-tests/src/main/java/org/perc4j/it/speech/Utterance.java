/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.speech;

import java.util.Arrays;

/**
 * Something said without a break by one voice. The arrays are not copied; nobody changes them.
 *
 * @param samples its sound at {@link SpeechTrack#SAMPLE_RATE}
 * @param phoneStarts the first sample of each phone, ascending; empty if not known
 * @param phones for each phone, which it is, or {@link SpeechTrack#NONE} for a pause
 * @param wordStarts the first sample of each word, ascending; empty if not known
 */
@SuppressWarnings("ArrayRecordComponent") // not compared
public record Utterance(short[] samples, int[] phoneStarts, int[] phones, int[] wordStarts) {
  /** Returns an utterance of which only the sound is known. */
  public static Utterance ofSound(short[] samples) {
    return new Utterance(samples, new int[0], new int[0], new int[0]);
  }

  /** Returns the phone that sounds at a sample, or {@link SpeechTrack#NONE}. */
  public int phoneAt(int sample) {
    int index = lastAtMost(phoneStarts, sample);
    return index < 0 ? SpeechTrack.NONE : phones[index];
  }

  /** Returns which word a sample is in, counted from 0, or {@link SpeechTrack#NONE}. */
  public int wordAt(int sample) {
    return phoneAt(sample) == SpeechTrack.NONE ? SpeechTrack.NONE : lastAtMost(wordStarts, sample);
  }

  private static int lastAtMost(int[] starts, int sample) {
    int index = Arrays.binarySearch(starts, sample);
    if (index < 0) {
      return -index - 2;
    }
    while (index + 1 < starts.length && starts[index + 1] == sample) {
      index++;
    }
    return index;
  }
}
