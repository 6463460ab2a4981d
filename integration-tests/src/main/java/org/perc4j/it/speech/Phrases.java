/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.speech;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Short phrases in English, as they are said in meetings: what somebody may listen for. */
public final class Phrases {
  private static final int BEFORE = SpeechTrack.SAMPLE_RATE;
  private static final int AFTER = 6 * SpeechTrack.SAMPLE_RATE;

  private Phrases() {}

  /** Returns all of them, no two the same. */
  public static List<String> texts() throws IOException {
    return SpeechTexts.phrases();
  }

  /**
   * Records each phrase, in the order of {@link #texts}, with one second of the room's noise before
   * and six after it. Level, stresses and noise follow the seed, everything else the voice.
   *
   * @param voice as espeak-ng names it, for English
   */
  public static List<SpeechTrack> render(
      Speech speech, String voice, int rate, int pitch, long seed)
      throws IOException, InterruptedException {
    List<Speech.Line> lines =
        texts().stream().map(text -> new Speech.Line(voice, rate, pitch, text)).toList();
    List<Utterance> said = speech.say(lines);
    SplittableRandom random = new SplittableRandom(seed);
    double speechDbov = random.nextDouble(-34, -20);
    double noiseDbov = random.nextDouble(-72, -62);
    double gainDb = speechDbov - new Talker(voice, said, said).activeDbov();
    List<SpeechTrack> tracks = new ArrayList<>();
    for (Utterance utterance : said) {
      int size = utterance.samples().length;
      int packets = (BEFORE + size + AFTER) / SpeechTrack.SAMPLES_PER_PACKET;
      Microphone microphone = new Microphone(voice, packets, gainDb, noiseDbov, random.split());
      microphone.say(utterance, BEFORE, size, random.nextGaussian());
      tracks.add(microphone.record());
    }
    return tracks;
  }
}
