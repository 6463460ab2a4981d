/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.speech;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class MeetingTest {
  private static final int SECONDS = 120;

  @Test
  void sameSeedMakesTheSameMeeting() {
    List<SpeechTrack> one = Meeting.generate(7, SECONDS, talkers(3));
    List<SpeechTrack> other = Meeting.generate(7, SECONDS, talkers(3));
    for (int i = 0; i < one.size(); i++) {
      assertArrayEquals(one.get(i).samples(), other.get(i).samples());
      assertArrayEquals(one.get(i).levelsMinusDbov(), other.get(i).levelsMinusDbov());
      assertArrayEquals(one.get(i).phones(), other.get(i).phones());
      assertArrayEquals(one.get(i).words(), other.get(i).words());
    }
  }

  @Test
  void otherSeedMakesAnotherMeeting() {
    assertFalse(
        Arrays.equals(
            Meeting.generate(7, SECONDS, talkers(3)).get(0).levelsMinusDbov(),
            Meeting.generate(8, SECONDS, talkers(3)).get(0).levelsMinusDbov()));
  }

  @Test
  void allTracksAreAsLongAsTheMeeting() {
    for (SpeechTrack track : Meeting.generate(1, SECONDS, talkers(4))) {
      assertEquals(SECONDS * 50, track.packets());
      assertEquals(SECONDS * SpeechTrack.SAMPLE_RATE, track.samples().length);
      assertEquals(SECONDS * 50, track.phones().length);
      assertEquals(SECONDS * 50, track.words().length);
    }
  }

  @Test
  void everybodyIsHeardAndNoMicrophoneIsDigitallySilent() {
    for (SpeechTrack track : Meeting.generate(2, SECONDS, talkers(3))) {
      assertTrue(Arrays.stream(track.phones()).anyMatch(phone -> phone >= 0), track.voice());
      assertTrue(Arrays.stream(track.levelsMinusDbov()).allMatch(level -> level < 80));
    }
  }

  @Test
  void phonesAreWhereTheVoiceIsAndWordsCountUp() {
    for (SpeechTrack track : Meeting.generate(3, SECONDS, talkers(3))) {
      int last = 0;
      for (int packet = 0; packet < track.packets(); packet++) {
        int phone = track.phones()[packet];
        int word = track.words()[packet];
        assertEquals(phone == SpeechTrack.NONE, word == SpeechTrack.NONE);
        if (word != SpeechTrack.NONE) {
          // The last packet may begin with the voice's last samples.
          boolean isLast =
              packet + 1 == track.packets() || track.words()[packet + 1] == SpeechTrack.NONE;
          assertTrue(isLast || track.levelsMinusDbov()[packet] < 55);
          assertTrue(word == last || word == last + 1, word + " after " + last);
          last = word;
        }
      }
      assertTrue(last > 5);
    }
  }

  /**
   * Their sentences are tones of words of half a second, each of them one phone, always the same.
   */
  private static List<Talker> talkers(int count) {
    List<Talker> talkers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      talkers.add(new Talker("tone " + i, List.of(tone(2), tone(3)), List.of(tone(1))));
    }
    return talkers;
  }

  private static Utterance tone(int words) {
    int word = SpeechTrack.SAMPLE_RATE / 2;
    short[] samples = new short[words * word];
    int[] starts = new int[words];
    for (int i = 0; i < samples.length; i++) {
      samples[i] = (short) (10_000 * Math.sin(i * 0.1));
    }
    Arrays.setAll(starts, i -> i * word);
    return new Utterance(samples, starts, new int[words], starts);
  }
}
