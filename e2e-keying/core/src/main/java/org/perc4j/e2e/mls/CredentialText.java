/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.mls;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.perc4j.e2e.name.CanonicalName;

/**
 * Text in credentials: UTF-8 of limited length, compared octet by octet. Nothing is changed: what
 * is not as it has to be is refused.
 */
enum CredentialText {
  /** Who somebody is, such as {@code alice@example.org}; a {@link CanonicalName}. */
  NAME("name", 255),
  /** A nickname in the room: a JID's resource (RFC 7622 section 3.4); a {@link CanonicalName}. */
  OCCUPANT("occupant", 1023),
  /** A room: a bare JID (RFC 7622 section 3.1). */
  ROOM("room", 2047);

  private final String what;
  private final int maxBytes;

  CredentialText(String what, int maxBytes) {
    this.what = what;
    this.maxBytes = maxBytes;
  }

  /**
   * Encodes what we made.
   *
   * @throws IllegalArgumentException if it is none
   */
  byte[] encode(String text) {
    byte[] octets;
    try {
      ByteBuffer encoded = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
      octets = new byte[encoded.remaining()];
      encoded.get(octets);
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException(what + ": half a surrogate pair", e);
    }
    @Nullable String fault = fault(text, octets.length);
    if (fault != null) {
      throw new IllegalArgumentException(what + ": " + fault);
    }
    return octets;
  }

  /**
   * Decodes what came from elsewhere.
   *
   * @throws RefusedException if it is none
   */
  String decode(byte[] octets) throws RefusedException {
    @Nullable String fault;
    try {
      String text =
          StandardCharsets.UTF_8
              .newDecoder()
              .onMalformedInput(CodingErrorAction.REPORT)
              .onUnmappableCharacter(CodingErrorAction.REPORT)
              .decode(ByteBuffer.wrap(octets))
              .toString();
      fault = fault(text, octets.length);
      if (fault == null) {
        return text;
      }
    } catch (CharacterCodingException e) {
      fault = "not UTF-8";
    }
    throw new RefusedException(RefusedException.Reason.MALFORMED, what + ": " + fault);
  }

  private @Nullable String fault(String text, int lengthBytes) {
    if (lengthBytes == 0 || lengthBytes > maxBytes) {
      return lengthBytes + " octets";
    }
    if (this == ROOM) {
      return text.codePoints().anyMatch(Character::isISOControl) ? "a control character" : null;
    }
    return CanonicalName.fault(text);
  }
}
