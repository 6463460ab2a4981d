/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.speech;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What is said in meetings, in resource files with one text on each line. */
final class SpeechTexts {
  private SpeechTexts() {}

  /** Returns some sentences in a language. */
  static List<String> sentences(String language) throws IOException {
    return lines("sentences-" + language);
  }

  /** Returns what a listener says shortly, in a language. */
  static List<String> acknowledgements(String language) throws IOException {
    return lines("acknowledgements-" + language);
  }

  /** Returns phrases in English, all different. */
  static List<String> phrases() throws IOException {
    return lines("phrases");
  }

  private static List<String> lines(String name) throws IOException {
    String resource = "/speech/" + name + ".txt";
    try (InputStream stream = SpeechTexts.class.getResourceAsStream(resource)) {
      if (stream == null) {
        throw new IOException("no resource " + resource);
      }
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    }
  }
}
