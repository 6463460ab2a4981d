/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.speech;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import javax.sound.sampled.AudioFormat;
import javax.sound.sampled.AudioInputStream;
import javax.sound.sampled.AudioSystem;
import javax.sound.sampled.UnsupportedAudioFileException;

/**
 * Voices of people: the announcements that come with Asterisk, as Debian's packages
 * asterisk-core-sounds-LANG-wav install them. Of these neither phones nor words are known.
 */
public final class RecordedSpeech {
  /** Folders of the voices. Who speaks English speaks Spanish as well. */
  public static final List<String> VOICES =
      List.of(
          "en_US_f_Allison",
          "it_IT_m_Carlo",
          "fr_CA_f_June",
          "ru_RU_f_IvrvoiceRU",
          "es_MX_f_Allison");

  private static final Path SOUNDS = Path.of("/usr/share/asterisk/sounds");
  private static final int RECORDED_RATE = 8000;
  private static final double MIN_SENTENCE_SECONDS = 1.2;
  private static final double MAX_SENTENCE_SECONDS = 12;
  private static final double MIN_ACKNOWLEDGEMENT_SECONDS = 0.25;
  private static final double MAX_ACKNOWLEDGEMENT_SECONDS = 0.7;
  private static final int SENTENCES = 150;
  private static final int ACKNOWLEDGEMENTS = 20;

  /** What is quieter than this below the loudest packet is no speech, at either end. */
  private static final int RANGE_DB = 45;

  private RecordedSpeech() {}

  /** Tells whether all voices are installed. */
  public static boolean isInstalled() {
    return VOICES.stream().allMatch(voice -> Files.isDirectory(SOUNDS.resolve(voice)));
  }

  /** Returns one talker for each of the first voices, with a choice of what they recorded. */
  public static List<Talker> talkers(long seed, int count, Programs programs)
      throws IOException, InterruptedException {
    if (count < 1 || count > VOICES.size()) {
      throw new IllegalArgumentException(count + " voices");
    }
    List<Talker> talkers = new ArrayList<>();
    for (String voice : VOICES.subList(0, count)) {
      List<Utterance> all = load(voice, programs);
      Collections.shuffle(all, new Random(seed));
      talkers.add(
          new Talker(
              voice,
              lasting(all, MIN_SENTENCE_SECONDS, MAX_SENTENCE_SECONDS, SENTENCES),
              lasting(
                  all,
                  MIN_ACKNOWLEDGEMENT_SECONDS,
                  MAX_ACKNOWLEDGEMENT_SECONDS,
                  ACKNOWLEDGEMENTS)));
    }
    return talkers;
  }

  private static List<Utterance> lasting(
      List<Utterance> all, double minSeconds, double maxSeconds, int most) {
    return all.stream()
        .filter(
            one -> {
              double seconds = one.samples().length / (double) SpeechTrack.SAMPLE_RATE;
              return seconds >= minSeconds && seconds <= maxSeconds;
            })
        .limit(most)
        .toList();
  }

  private static List<Utterance> load(String voice, Programs programs)
      throws IOException, InterruptedException {
    List<Path> files;
    try (Stream<Path> found = Files.walk(SOUNDS.resolve(voice))) {
      files = found.filter(RecordedSpeech::isSpeech).sorted().toList();
    }
    List<Integer> ends = new ArrayList<>();
    Path sound = programs.temporary(".raw");
    try {
      int samples = 0;
      try (OutputStream stream = Files.newOutputStream(sound)) {
        for (Path file : files) {
          byte[] octets = read(file);
          stream.write(octets);
          samples += octets.length / Short.BYTES;
          ends.add(samples * (SpeechTrack.SAMPLE_RATE / RECORDED_RATE));
        }
      }
      short[] resampled = programs.resample(sound, RECORDED_RATE);
      List<Utterance> utterances = new ArrayList<>();
      int begin = 0;
      for (int end : ends) {
        int last = Math.min(end, resampled.length);
        utterances.add(Utterance.ofSound(trimmed(Arrays.copyOfRange(resampled, begin, last))));
        begin = last;
      }
      return utterances;
    } finally {
      Files.delete(sound);
    }
  }

  private static boolean isSpeech(Path file) {
    String name = file.toString();
    return name.endsWith(".wav")
        && !name.contains("/silence/")
        && !name.contains("beep")
        && !name.contains("tone")
        && !name.contains("monkeys.")
        && !name.contains("binaural")
        && !name.contains("weasels");
  }

  private static byte[] read(Path file) throws IOException {
    try (AudioInputStream stream = AudioSystem.getAudioInputStream(file.toFile())) {
      AudioFormat format = stream.getFormat();
      if (!format.matches(new AudioFormat(RECORDED_RATE, Short.SIZE, 1, true, false))) {
        throw new IOException(file + " is " + format);
      }
      return stream.readAllBytes();
    } catch (UnsupportedAudioFileException e) {
      throw new IOException(file.toString(), e);
    }
  }

  private static short[] trimmed(short[] samples) {
    double[] powers = Levels.powers(samples);
    double least = Arrays.stream(powers).max().orElse(0) * Levels.power(-RANGE_DB);
    int from = 0;
    int to = powers.length;
    while (from < to && powers[from] <= least) {
      from++;
    }
    while (to > from && powers[to - 1] <= least) {
      to--;
    }
    return Arrays.copyOfRange(
        samples, from * SpeechTrack.SAMPLES_PER_PACKET, to * SpeechTrack.SAMPLES_PER_PACKET);
  }
}
