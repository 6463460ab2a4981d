/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.speech;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Speech that espeak-ng makes of text. The same calls in the same order, with the same version of
 * it, yield the same sound. Not for several threads.
 */
public final class Speech {
  private static final int SYNTHESIS_RATE = 22_050;

  private final Programs programs;
  private final Map<String, Integer> phones = new LinkedHashMap<>();

  /** Speaks by means of a program compiled there. */
  public Speech(Programs programs) {
    this.programs = programs;
  }

  /**
   * One line to say.
   *
   * @param voice as espeak-ng names it, for example {@code en-us+f3}
   * @param rate words per minute, from 80 to 450
   * @param pitch from 0 to 99
   * @param text without tabs and line breaks
   */
  public record Line(String voice, int rate, int pitch, String text) {}

  /** Says lines, and returns an utterance for each. */
  public List<Utterance> say(List<Line> lines) throws IOException, InterruptedException {
    List<String> fields = new ArrayList<>();
    for (Line line : lines) {
      fields.add(line.voice() + "\t" + line.rate() + "\t" + line.pitch() + "\t" + line.text());
    }
    Path sound = programs.temporary(".raw");
    try {
      List<String> index = programs.synthesize(fields, sound);
      List<Utterance> said = read(index, programs.resample(sound, SYNTHESIS_RATE));
      if (said.size() != lines.size()) {
        throw new IOException(said.size() + " utterances for " + lines.size() + " lines");
      }
      return said;
    } finally {
      Files.delete(sound);
    }
  }

  private List<Utterance> read(List<String> index, short[] sound) throws IOException {
    List<Utterance> said = new ArrayList<>();
    for (int line = 0; line < index.size(); ) {
      String[] head = index.get(line++).split(" ", -1);
      if (head.length != 3 || !head[0].equals("utterance")) {
        throw new IOException("not the beginning of an utterance: " + String.join(" ", head));
      }
      long first = Long.parseLong(head[1]);
      int from = scaled(first);
      int to = Math.min(sound.length, scaled(first + Long.parseLong(head[2])));
      List<Integer> phoneStarts = new ArrayList<>();
      List<Integer> phoneIds = new ArrayList<>();
      List<Integer> wordStarts = new ArrayList<>();
      for (; line < index.size() && !index.get(line).startsWith("utterance"); line++) {
        String[] event = index.get(line).split(" ", -1);
        int at = scaled(Long.parseLong(event[1]));
        if (event[0].equals("word")) {
          wordStarts.add(at);
        } else {
          phoneStarts.add(at);
          phoneIds.add(phone(event[2]));
        }
      }
      said.add(
          new Utterance(
              Arrays.copyOfRange(sound, from, to),
              toArray(phoneStarts),
              toArray(phoneIds),
              toArray(wordStarts)));
    }
    return said;
  }

  /** All pauses, long and short, are called something that begins with an underscore. */
  private int phone(String label) {
    if (label.startsWith("_")) {
      return SpeechTrack.NONE;
    }
    return phones.computeIfAbsent(label, unknown -> phones.size());
  }

  private static int scaled(long position) {
    return Math.toIntExact(position * SpeechTrack.SAMPLE_RATE / SYNTHESIS_RATE);
  }

  private static int[] toArray(List<Integer> values) {
    return values.stream().mapToInt(Integer::intValue).toArray();
  }
}
