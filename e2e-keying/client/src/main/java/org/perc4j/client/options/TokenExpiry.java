/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.client.options;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * When a token (RFC 7519) is of no use any more, by its own word: servers say no more than that
 * they refuse it. Nothing is verified here.
 */
public final class TokenExpiry {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long LAST_SECOND = Instant.MAX.getEpochSecond();

  private TokenExpiry() {}

  /**
   * Checks that a token's time has come, and is not over.
   *
   * @throws UsageException if that is not so; whatever cannot be read passes
   */
  public static void check(@Nullable String token, Clock clock) throws UsageException {
    if (token == null) {
      return;
    }
    Instant now = clock.instant();
    JsonNode claims = claims(token);
    Instant expires = time(claims.path("exp"));
    Instant begins = time(claims.path("nbf"));
    if (expires != null && !now.isBefore(expires)) {
      throw new UsageException(
          "the token expired at " + expires + ", or this machine's clock is wrong");
    }
    if (begins != null && now.isBefore(begins)) {
      throw new UsageException(
          "the token is not valid before " + begins + ", or this machine's clock is wrong");
    }
  }

  private static @Nullable Instant time(JsonNode seconds) {
    return seconds.isNumber() && Math.abs(seconds.doubleValue()) < LAST_SECOND
        ? Instant.ofEpochSecond(seconds.longValue())
        : null;
  }

  private static JsonNode claims(String token) {
    String[] parts = token.split("\\.", -1);
    try {
      return JSON.readTree(Base64.getUrlDecoder().decode(parts.length == 3 ? parts[1] : ""));
    } catch (JsonProcessingException | IllegalArgumentException e) {
      return JSON.createObjectNode();
    } catch (IOException e) {
      throw new IllegalStateException("octets can be read", e);
    }
  }
}
