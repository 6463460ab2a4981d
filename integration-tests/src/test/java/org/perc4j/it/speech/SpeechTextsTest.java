/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.speech;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SpeechTextsTest {
  @Test
  void phrasesAreTwoHundredDifferentOnes() throws IOException {
    List<String> phrases = Phrases.texts();
    assertEquals(200, phrases.size());
    assertEquals(200, new HashSet<>(phrases).size());
    for (String phrase : phrases) {
      int words = phrase.split(" ", -1).length;
      assertTrue(words >= 3 && words <= 14, phrase);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"en", "de", "fr", "es", "it", "pt", "nl", "pl", "sv"})
  void everyLanguageHasEnoughToSay(String language) throws IOException {
    List<String> sentences = SpeechTexts.sentences(language);
    assertTrue(new HashSet<>(sentences).size() >= 20, language);
    assertTrue(new HashSet<>(SpeechTexts.acknowledgements(language)).size() >= 5, language);
  }
}
