/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.name;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.text.Normalizer;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CanonicalNameTest {
  /** Unicode 17, DerivedCoreProperties.txt: Default_Ignorable_Code_Point. */
  private static final int[][] SHOWN_AS_NOTHING = {
    {0x00ad, 0x00ad}, {0x034f, 0x034f}, {0x061c, 0x061c}, {0x115f, 0x1160}, {0x17b4, 0x17b5},
    {0x180b, 0x180f}, {0x200b, 0x200f}, {0x202a, 0x202e}, {0x2060, 0x206f}, {0x3164, 0x3164},
    {0xfe00, 0xfe0f}, {0xfeff, 0xfeff}, {0xffa0, 0xffa0}, {0xfff0, 0xfff8}, {0x1bca0, 0x1bca3},
    {0x1d173, 0x1d17a}, {0xe0000, 0xe0fff},
  };

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a",
        "alice@example.org",
        "Alice Smith",
        "a1b2c3d4",
        "o'neill (work)",
        "Zo\u00eb",
        "\u0410\u043b\u0438\u0441\u0430",
        "\u05d0\u05dc\u05d9\u05e1",
        "\u0e2d\u0e25\u0e34\u0e0b",
        "\u30a2\u30ea\u30b9",
        "Bob \u2603 \ud83d\ude00",
      })
  void namesOfAllScriptsAreCanonical(String name) {
    assertNull(CanonicalName.fault(name));
  }

  @Test
  void whatIsShownAsNothingIsRefusedWhereverItStands() {
    for (int[] range : SHOWN_AS_NOTHING) {
      for (int c = range[0]; c <= range[1]; c++) {
        refusedAnywhere(c);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      ints = {
        0x0000, 0x0009, 0x000a, 0x007f, 0x0085, // controls
        0x2028, 0x2029, // ends of lines and paragraphs
        0xfff9, 0xfffa, 0xfffb, // annotations
        0xfffc, 0x2800, 0x1d159, 0x16fe4, // blank, though symbols
        0x0378, 0xe000, 0xf0000, 0xfdd0, 0xffff, 0x10ffff, // nobody's, or anybody's
      })
  void whatIsNotForNamesIsRefusedWhereverItStands(int c) {
    refusedAnywhere(c);
  }

  @ParameterizedTest
  @ValueSource(
      ints = {0x00a0, 0x1680, 0x2000, 0x2003, 0x2007, 0x2009, 0x200a, 0x202f, 0x205f, 0x3000})
  void otherSpacesAreRefusedWhereverTheyStand(int c) {
    refusedAnywhere(c);
  }

  @ParameterizedTest
  @CsvSource(
      ignoreLeadingAndTrailingWhitespace = false,
      value = {
        "'',empty",
        "' ',a space at the start",
        "' alice',a space at the start",
        "'alice ',a space at the end",
        "'alice  smith',two spaces in a row",
        "'alice\u00a0smith',a space other than U+0020: U+00A0",
        "'al\u200bice',a character that is not for names: U+200B",
        "'\u0301alice',a combining mark without a character before it: U+0301",
        "'alice \u0301',a combining mark without a character before it: U+0301",
        "'Zoe\u0308',not normalised (NFKC)",
      })
  void saysWhatIsWrong(String name, String fault) {
    assertEquals(fault, CanonicalName.fault(name));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "e\u0301", // decomposed
        "\u212b", // Angstrom sign
        "\uff21", // fullwidth
        "\ufb01", // ligature
        "\u2126", // Ohm sign
        "a\u2026", // ellipsis
      })
  void otherFormsOfTheSameCharactersAreRefused(String name) {
    assertEquals("not normalised (NFKC)", CanonicalName.fault(name));
  }

  @ParameterizedTest
  @ValueSource(strings = {"\ud800", "a\udc00", "\ude00\ud83d"})
  void halvesOfSurrogatePairsAreRefused(String name) {
    assertNotNull(CanonicalName.fault(name));
  }

  /** Whatever the library thinks of next: no category of what is not seen gets through. */
  @Test
  void noFormatControlOrUnassignedCharacterIsCanonical() {
    // beyond the planes with characters, some will do
    for (int c = 0; c <= Character.MAX_CODE_POINT; c += c < 0x34000 ? 1 : 0x101) {
      switch (Character.getType(c)) {
        case Character.CONTROL,
            Character.FORMAT,
            Character.SURROGATE,
            Character.PRIVATE_USE,
            Character.UNASSIGNED,
            Character.LINE_SEPARATOR,
            Character.PARAGRAPH_SEPARATOR ->
            refused("a" + Character.toString(c) + "b", c);
        default -> {
          String name = "a" + Character.toString(c);
          if (CanonicalName.fault(name) == null) {
            assertEquals(name, Normalizer.normalize(name, Normalizer.Form.NFKC));
          }
        }
      }
    }
  }

  private static void refusedAnywhere(int c) {
    String text = Character.toString(c);
    refused(text, c);
    refused(text + "alice", c);
    refused("al" + text + "ice", c);
    refused("alice" + text, c);
    refused("alice " + text + " smith", c);
  }

  private static void refused(String name, int c) {
    assertNotNull(CanonicalName.fault(name), String.format(Locale.ROOT, "U+%04X", c));
  }
}
