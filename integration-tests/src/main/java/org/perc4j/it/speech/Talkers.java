/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.speech;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Synthetic talkers, each with a voice of its own, who know what people say in meetings. */
public final class Talkers {
  /** How many there are with different voices at most. */
  public static final int MAX_COUNT = 12;

  /** Voices of espeak-ng, and the language of their texts. */
  private static final List<List<String>> LANGUAGES =
      List.of(
          List.of("en-us", "en"),
          List.of("en", "en"),
          List.of("de", "de"),
          List.of("fr", "fr"),
          List.of("es", "es"),
          List.of("it", "it"),
          List.of("pt", "pt"),
          List.of("nl", "nl"),
          List.of("pl", "pl"),
          List.of("sv", "sv"));

  private Talkers() {}

  /**
   * Chooses some. In every other meeting all speak the same language, in the others any. Each says
   * every sentence in three ways, not equally fast and high.
   */
  public static List<Talker> choose(long seed, int count, Speech speech)
      throws IOException, InterruptedException {
    if (count < 1 || count > MAX_COUNT) {
      throw new IllegalArgumentException(count + " voices");
    }
    SplittableRandom random = new SplittableRandom(seed);
    List<String> variants = new ArrayList<>();
    for (int i = 1; i <= MAX_COUNT; i++) {
      variants.add(i <= 7 ? "+m" + i : "+f" + (i - 7));
    }
    boolean isMixed = random.nextBoolean();
    List<String> language = LANGUAGES.get(random.nextInt(LANGUAGES.size()));
    List<Talker> talkers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      if (isMixed) {
        language = LANGUAGES.get(random.nextInt(LANGUAGES.size()));
      }
      String voice = language.get(0) + variants.remove(random.nextInt(variants.size()));
      int rate = random.nextInt(140, 191);
      int pitch = random.nextInt(30, 71);
      talkers.add(
          new Talker(
              voice + " at " + rate,
              say(speech, voice, rate, pitch, SpeechTexts.sentences(language.get(1))),
              say(speech, voice, rate, pitch, SpeechTexts.acknowledgements(language.get(1)))));
    }
    return talkers;
  }

  private static List<Utterance> say(
      Speech speech, String voice, int rate, int pitch, List<String> texts)
      throws IOException, InterruptedException {
    List<Speech.Line> lines = new ArrayList<>();
    for (int manner = -1; manner <= 1; manner++) {
      for (String text : texts) {
        lines.add(new Speech.Line(voice, rate + 14 * manner, pitch - 7 * manner, text));
      }
    }
    return speech.say(lines);
  }
}
