/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.room;

import java.nio.charset.StandardCharsets;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.util.encoders.Hex;
import org.jspecify.annotations.Nullable;
import org.perc4j.e2e.name.CanonicalName;

/**
 * What an occupant is called in events. Most nicknames are that themselves. A nickname that is too
 * long, or not canonical, is told as its first characters, of which all but printable ASCII is
 * escaped, U+2026 (an ellipsis), and 40 hexadecimal digits of its SHA-256. No two nicknames are
 * told alike: an ellipsis is never in a canonical name.
 *
 * @param told at most {@link #MAX_TOLD_CHARS} characters
 * @param maySpeak whether the occupant can be a member of a group: nobody else's credential could
 *     name it
 */
public record OccupantName(String told, boolean maySpeak) {
  /** The most characters of a nickname that is told as it is. */
  public static final int MAX_NICKNAME_CHARS = 128;

  /** In the place of what is left out; never in the name of an occupant that may speak. */
  static final String ELLIPSIS = "\u2026";

  private static final int MAX_ESCAPED_CHARS = 10; // \\u{10ffff}
  private static final int START_CHARACTERS = 24;
  private static final int HASH_BYTES = 20;

  /** The most characters that anybody is told as. */
  public static final int MAX_TOLD_CHARS =
      Math.max(MAX_NICKNAME_CHARS, START_CHARACTERS * MAX_ESCAPED_CHARS + 1 + 2 * HASH_BYTES);

  /** Names an occupant by its nickname. */
  public static OccupantName of(String nickname) {
    return fault(nickname) == null
        ? new OccupantName(nickname, true)
        : new OccupantName(shortened(nickname), false);
  }

  /** Says why an occupant of this nickname can't be a member of a group; null if it can. */
  public static @Nullable String fault(String nickname) {
    return nickname.length() > MAX_NICKNAME_CHARS
        ? "longer than " + MAX_NICKNAME_CHARS
        : CanonicalName.fault(nickname);
  }

  private static String shortened(String nickname) {
    StringBuilder told = new StringBuilder();
    nickname
        .codePoints()
        .limit(START_CHARACTERS)
        .forEach(
            c -> {
              if (c >= ' ' && c < 0x7f) {
                told.append((char) c);
              } else {
                told.append("\\u{").append(Integer.toHexString(c)).append('}');
              }
            });
    byte[] hash = sha256(nickname.getBytes(StandardCharsets.UTF_8));
    return told.append(ELLIPSIS).append(Hex.toHexString(hash, 0, HASH_BYTES)).toString();
  }

  private static byte[] sha256(byte[] octets) {
    SHA256Digest digest = new SHA256Digest();
    digest.update(octets, 0, octets.length);
    byte[] hash = new byte[digest.getDigestSize()];
    int unused = digest.doFinal(hash, 0);
    return hash;
  }
}
