/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.client.options;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import org.junit.jupiter.api.Test;

class TokenExpiryTest {
  private static final Instant NOW = Instant.parse("2027-06-01T12:00:00Z");

  private static String token(String claims) {
    return "e30."
        + Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(claims.getBytes(StandardCharsets.UTF_8))
        + ".AAAA";
  }

  private static void check(String token) throws UsageException {
    TokenExpiry.check(token, Clock.fixed(NOW, ZoneOffset.UTC));
  }

  private static void assertRefused(String why, String token) {
    UsageException refused = assertThrows(UsageException.class, () -> check(token));
    assertTrue(String.valueOf(refused.getMessage()).contains(why));
  }

  @Test
  void passesWhatIsValidNow() {
    long second = NOW.getEpochSecond();
    assertDoesNotThrow(() -> check(token("{\"exp\":" + (second + 1) + ",\"nbf\":" + second + "}")));
    assertDoesNotThrow(() -> check(token("{}")));
  }

  @Test
  void refusesWhatIsOverOrHasNotBegun() {
    long second = NOW.getEpochSecond();
    assertRefused("expired at 2027-06-01T12:00:00Z", token("{\"exp\":" + second + "}"));
    assertRefused("not valid before", token("{\"nbf\":" + (second + 1) + "}"));
  }

  @Test
  void leavesToTheServerWhatCannotBeRead() {
    assertDoesNotThrow(() -> check("opaque"));
    assertDoesNotThrow(() -> check("a.b.c"));
    assertDoesNotThrow(() -> check(token("[1]")));
    assertDoesNotThrow(() -> check(token("{\"exp\":\"soon\"}")));
    assertDoesNotThrow(() -> check(token("{\"exp\":1e300}")));
  }
}
