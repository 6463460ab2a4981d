/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.mls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.perc4j.e2e.mls.CredentialVectors.credential;

import com.fasterxml.jackson.databind.JsonNode;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Known answers are those of {@link CredentialVectors}. */
class VerificationCodeTest {
  @Test
  void epochCodesAreThoseOfAnotherImplementation() {
    for (JsonNode expected : CredentialVectors.CODES.get("epochs")) {
      byte[] authenticator = CredentialVectors.hex(expected.get("authenticator").asText());
      matches(expected, VerificationCode.ofEpoch(authenticator), 8);
    }
  }

  @Test
  void pairCodesAreThoseOfAnotherImplementationInEitherOrder() throws RefusedException {
    for (JsonNode expected : CredentialVectors.CODES.get("pairs")) {
      LeafCredential a = credential(expected.get("a").asText());
      LeafCredential b = credential(expected.get("b").asText());
      matches(expected, VerificationCode.ofPair(a, b), 16);
      matches(expected, VerificationCode.ofPair(b, a), 16);
    }
  }

  @Test
  void bothSidesSeeOneCode() throws RefusedException {
    SecureRandom random = new SecureRandom();
    EndpointIdentity alice = EndpointIdentity.generate("alice", random);
    EndpointIdentity bob = EndpointIdentity.generate("bob", random);
    String code = VerificationCode.ofPair(alice, inRoom(bob, "one")).digits();

    assertEquals(code, VerificationCode.ofPair(bob, inRoom(alice, "two")).digits());
    assertEquals(code, VerificationCode.ofPair(alice, bob).digits());
    EndpointIdentity mallory = EndpointIdentity.generate("bob", random);
    assertNotEquals(code, VerificationCode.ofPair(alice, mallory).digits());
  }

  @Test
  void rejectsAuthenticatorsOfOtherLengths() {
    for (int length : new int[] {0, 65}) {
      assertThrows(
          IllegalArgumentException.class, () -> VerificationCode.ofEpoch(new byte[length]));
    }
  }

  @Test
  void everyEmojiIsOneCodePointWithAWordOfItsOwn() {
    Set<String> words = new HashSet<>();
    Set<String> symbols = new HashSet<>();
    for (int i = 0; i < 64; i++) {
      String symbol = VerificationEmoji.symbol(i);
      assertEquals(1, symbol.codePointCount(0, symbol.length()));
      assertTrue(symbols.add(symbol));
      assertTrue(VerificationEmoji.word(i).matches("[a-z]+"));
      assertTrue(words.add(VerificationEmoji.word(i)));
    }
    assertEquals(64, VerificationEmoji.SYMBOLS_AND_WORDS.size());
  }

  private static void matches(JsonNode expected, VerificationCode code, int emoji) {
    assertEquals(expected.get("digits").asText(), code.digits());
    assertTrue(code.digits().matches("[0-9]{5}( [0-9]{5}){5}"));
    List<String> words = new ArrayList<>();
    expected.get("words").forEach(word -> words.add(word.asText()));
    assertEquals(words, code.words());
    assertEquals(emoji, code.emoji().size());
    for (int i = 0; i < emoji; i++) {
      assertTrue(
          VerificationEmoji.SYMBOLS_AND_WORDS.contains(
              code.emoji().get(i) + " " + code.words().get(i)));
    }
    assertTrue(code.toString().contains(code.digits()));
  }

  private static LeafCredential inRoom(EndpointIdentity identity, String room)
      throws RefusedException {
    byte[] leafKey = new byte[] {1, 2, 3};
    return LeafCredential.verify(identity.vouchFor(room, "somebody", leafKey), room, leafKey);
  }
}
