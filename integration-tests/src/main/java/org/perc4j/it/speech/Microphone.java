/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.speech;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.SplittableRandom;

/**
 * One participant's own microphone in a room of its own: collects what it hears, then records it.
 */
final class Microphone {
  private static final int PACKET = SpeechTrack.SAMPLES_PER_PACKET;
  private static final int FADE = SpeechTrack.SAMPLE_RATE * 3 / 100;
  private static final double STRESS_DB = 1.5;
  private static final double FALL_DB = 4;

  /** Pink noise of white noise of variance 1 by {@link #addNoise} is so much more powerful. */
  private static final double PINK_GAIN_DB = 9.6;

  private final String voice;
  private final double gainDb;
  private final double noiseDbov;
  private final SplittableRandom random;
  private final int[] phones;
  private final int[] words;
  private final BitSet busy = new BitSet();
  private final List<Sound> sounds = new ArrayList<>();
  private int uttered;

  @FunctionalInterface
  private interface Sound {
    void addTo(float[] track);
  }

  /**
   * @param gainDb what the voice is amplified by
   * @param noiseDbov power of the room's noise
   */
  Microphone(String voice, int packets, double gainDb, double noiseDbov, SplittableRandom random) {
    this.voice = voice;
    this.gainDb = gainDb;
    this.noiseDbov = noiseDbov;
    this.random = random;
    this.phones = new int[packets];
    this.words = new int[packets];
    Arrays.fill(phones, SpeechTrack.NONE);
    Arrays.fill(words, SpeechTrack.NONE);
  }

  /** Tells whether nothing is heard from one sample to another but the room. */
  boolean isFree(int from, int to) {
    int next = busy.nextSetBit(Math.max(0, from / PACKET));
    return next < 0 || next > to / PACKET;
  }

  /**
   * Hears an utterance. As people do, and espeak-ng hardly does, the voice stresses some words and
   * not others, and falls towards the end.
   *
   * @param at the sample at which it begins
   * @param length how many samples are said before the speaker stops
   * @param loudnessDb how much louder than usual
   */
  void say(Utterance utterance, int at, int length, double loudnessDb) {
    busy.set(at / PACKET, (at + length) / PACKET + 1);
    int stride = utterance.wordStarts().length + 1;
    int last = Math.min(phones.length, (at + length + PACKET - 1) / PACKET);
    for (int packet = (at + PACKET - 1) / PACKET; packet < last; packet++) {
      int sample = packet * PACKET - at;
      phones[packet] = utterance.phoneAt(sample);
      int word = utterance.wordAt(sample);
      words[packet] = word == SpeechTrack.NONE ? SpeechTrack.NONE : uttered + word;
    }
    uttered += stride;
    double[] gains = new double[stride];
    for (int i = 0; i < stride; i++) {
      gains[i] = Levels.factor(gainDb + loudnessDb + random.nextGaussian() * STRESS_DB);
    }
    sounds.add(track -> addUtterance(track, utterance, at, length, gains));
  }

  /** Hears laughter: no voice, only its rhythm. */
  void laugh(int at, int length, double dbov) {
    busy.set(at / PACKET, (at + length) / PACKET + 1);
    SplittableRandom own = random.split();
    sounds.add(track -> addLaughter(track, at, length, dbov, own));
  }

  /** Hears a key of the keyboard. */
  void click(int at, int length, double dbov) {
    SplittableRandom own = random.split();
    sounds.add(track -> addClick(track, at, length, dbov, own));
  }

  /** Records what was heard, and with it the room. */
  SpeechTrack record() {
    float[] track = new float[phones.length * PACKET];
    addNoise(track);
    sounds.forEach(sound -> sound.addTo(track));
    short[] samples = new short[track.length];
    for (int i = 0; i < samples.length; i++) {
      samples[i] =
          (short) Math.max(Short.MIN_VALUE, Math.min(Short.MAX_VALUE, Math.round(track[i])));
    }
    return new SpeechTrack(voice, samples, Levels.minusDbov(samples), phones, countedWords());
  }

  private int[] countedWords() {
    int[] counted = new int[words.length];
    int count = 0;
    int previous = SpeechTrack.NONE;
    for (int packet = 0; packet < words.length; packet++) {
      int word = words[packet];
      if (word != SpeechTrack.NONE && word != previous) {
        previous = word;
        count++;
      }
      counted[packet] = word == SpeechTrack.NONE ? SpeechTrack.NONE : count - 1;
    }
    return counted;
  }

  private static void addUtterance(
      float[] track, Utterance utterance, int at, int length, double[] gains) {
    short[] samples = utterance.samples();
    int[] wordStarts = utterance.wordStarts();
    int end = Math.min(length, track.length - at);
    int word = 0;
    double gain = gains[0];
    double fall = Levels.factor(FALL_DB / 2);
    double fallStep = Levels.factor(-FALL_DB / samples.length);
    for (int i = 0; i < end; i++) {
      while (word < wordStarts.length && wordStarts[word] <= i) {
        word++;
      }
      gain += (gains[word] - gain) * 0.004;
      fall *= fallStep;
      double fade = length < samples.length ? Math.min(1, (length - i) / (double) FADE) : 1;
      track[at + i] += (float) (samples[i] * gain * fall * fade);
    }
  }

  private static void addLaughter(
      float[] track, int at, int length, double dbov, SplittableRandom random) {
    double period = SpeechTrack.SAMPLE_RATE / random.nextDouble(4, 5);
    double smooth = 0;
    for (int i = 0; i < length && at + i < track.length; i++) {
      double phase = (i % period) / period;
      double envelope =
          phase < 0.6 ? Math.sin(Math.PI * phase / 0.6) * (1 - 0.6 * i / length) : 0.03;
      // A first order low pass of white noise; it keeps a fourth of the power.
      smooth += (random.nextGaussian() - smooth) * 0.4;
      track[at + i] += (float) (smooth * 2 * envelope * Levels.amplitude(dbov));
    }
  }

  private static void addClick(
      float[] track, int at, int length, double dbov, SplittableRandom random) {
    for (int i = 0; i < length && at + i < track.length; i++) {
      // The mean square of this envelope is 1.
      double envelope = 2 * Math.exp(-2.0 * i / length);
      track[at + i] += (float) (random.nextGaussian() * envelope * Levels.amplitude(dbov));
    }
  }

  /** Adds noise whose power falls by some 3 dB an octave: low passes at three corners, summed. */
  private void addNoise(float[] track) {
    double scale = Levels.amplitude(noiseDbov - PINK_GAIN_DB);
    double low = 0;
    double middle = 0;
    double high = 0;
    for (int i = 0; i < track.length; i++) {
      double white = random.nextGaussian();
      low = 0.99 * low + 0.20 * white;
      middle = 0.93 * middle + 0.40 * white;
      high = 0.60 * high + 0.80 * white;
      track[i] += (float) ((low + middle + high + 0.2 * white) * scale);
    }
  }
}
