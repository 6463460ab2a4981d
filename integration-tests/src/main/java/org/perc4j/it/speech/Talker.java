/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.speech;

import java.util.List;

/**
 * What one participant of a meeting may say. Neither list is empty.
 *
 * @param voice whose voice, for people to read
 * @param sentences what turns are made of
 * @param acknowledgements what is said, shortly, while others speak
 */
public record Talker(String voice, List<Utterance> sentences, List<Utterance> acknowledgements) {
  /** How far below its loudest packet a voice still counts as active. */
  private static final int ACTIVE_RANGE_DB = 30;

  /** Checks and copies. */
  public Talker {
    if (sentences.isEmpty() || acknowledgements.isEmpty()) {
      throw new IllegalArgumentException("nothing to say");
    }
    sentences = List.copyOf(sentences);
    acknowledgements = List.copyOf(acknowledgements);
  }

  /** Returns the mean power of the sentences in dBov, pauses not counted. */
  double activeDbov() {
    double loudest = 0;
    for (Utterance sentence : sentences) {
      for (double power : Levels.powers(sentence.samples())) {
        loudest = Math.max(loudest, power);
      }
    }
    double least = loudest * Levels.power(-ACTIVE_RANGE_DB);
    double sum = 0;
    int count = 0;
    for (Utterance sentence : sentences) {
      for (double power : Levels.powers(sentence.samples())) {
        if (power > 0 && power >= least) {
          sum += power;
          count++;
        }
      }
    }
    return count == 0 ? -Levels.SILENCE : Levels.dbov(sum / count);
  }
}
