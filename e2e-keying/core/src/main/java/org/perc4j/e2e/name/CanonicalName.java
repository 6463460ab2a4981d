/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.name;

import java.util.Locale;
import org.jspecify.annotations.Nullable;
import rocks.xmpp.precis.PrecisProfiles;

/**
 * Tells names from texts that only look like one. A canonical name is what the Nickname profile of
 * PRECIS (RFC 8266 section 2, on the FreeformClass of RFC 8264) leaves exactly as it is. So it has
 * no invisible characters, such as zero-width spaces, joiners, fillers, soft hyphens, variation
 * selectors, tags, annotations, controls of lines and of direction; none that is unassigned or for
 * private use; no space but single U+0020 between other characters; and each character in its one
 * normalised form (NFKC). Besides, it has no characters that are blank though they are symbols, and
 * no combining mark without a character that it belongs to. Letters in both cases, digits, symbols
 * and punctuation of all scripts may be in it.
 *
 * <p>Names are compared octet by octet. Nothing is changed to make a name canonical, as whoever
 * uses it elsewhere would not find it again.
 *
 * <p>Characters of different scripts that look alike, such as Latin and Cyrillic "a", are different
 * and allowed: PRECIS leaves them to people (RFC 8264 section 12.5). What is assigned is what
 * Unicode 13.0 assigns, whatever the platform knows: all have to agree about a name.
 */
public final class CanonicalName {
  private CanonicalName() {}

  /**
   * Says what keeps a text from being a canonical name.
   *
   * @return words that name no character of the text as such; null if it is one
   */
  public static @Nullable String fault(String text) {
    if (text.isEmpty()) {
      return "empty";
    }
    int before = ' ';
    for (int i = 0; i < text.length(); i += Character.charCount(before)) {
      int c = text.codePointAt(i);
      if (c == ' ' && before == ' ') {
        return i == 0 ? "a space at the start" : "two spaces in a row";
      }
      if (c != ' ' && Character.getType(c) == Character.SPACE_SEPARATOR) {
        return "a space other than U+0020: " + codePoint(c);
      }
      if (isBlank(c) || !AssignedCharacters.contains(c)) {
        return notForNames(c);
      }
      if (isMark(c) && before == ' ') {
        return "a combining mark without a character before it: " + codePoint(c);
      }
      before = c;
    }
    return before == ' ' ? "a space at the end" : faultByProfile(text);
  }

  private static @Nullable String faultByProfile(String text) {
    try {
      return PrecisProfiles.NICKNAME.enforce(text).equals(text) ? null : "not normalised (NFKC)";
    } catch (IllegalArgumentException e) {
      return notForNames(text.codePoints().filter(c -> !isAllowed(c)).findFirst().orElse(0));
    }
  }

  /** Whether a character may be in a name, in this form or another. */
  private static boolean isAllowed(int c) {
    try {
      return !PrecisProfiles.NICKNAME
          .enforce(new StringBuilder("a").appendCodePoint(c).toString())
          .isEmpty();
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static String notForNames(int c) {
    return "a character that is not for names: " + codePoint(c);
  }

  /**
   * What PRECIS allows as a symbol or a mark, and shows as nothing: the blank Braille pattern, the
   * place of an object, a note without a head, a filler; and the variation selectors from U+E0100,
   * which rocks.xmpp:precis 1.1.0 takes for marks like others.
   */
  private static boolean isBlank(int c) {
    return c == 0x2800
        || c == 0xfffc
        || c == 0x1d159
        || c == 0x16fe4
        || (c >= 0xe0100 && c <= 0xe01ef);
  }

  private static boolean isMark(int c) {
    return switch (Character.getType(c)) {
      case Character.NON_SPACING_MARK, Character.COMBINING_SPACING_MARK, Character.ENCLOSING_MARK ->
          true;
      default -> false;
    };
  }

  private static String codePoint(int c) {
    return String.format(Locale.ROOT, "U+%04X", c);
  }
}
