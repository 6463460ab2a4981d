/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.name;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnJre;
import org.junit.jupiter.api.condition.JRE;

class AssignedCharactersTest {
  @Test
  @EnabledOnJre(JRE.JAVA_17)
  void areThoseOfJava17() {
    for (int c = 0; c <= Character.MAX_CODE_POINT; c++) {
      assertEquals(
          Character.getType(c) != Character.UNASSIGNED,
          AssignedCharacters.contains(c),
          Integer.toHexString(c));
    }
  }

  @Test
  void areKnownToNewerOnesToo() {
    for (int c = 0; c <= Character.MAX_CODE_POINT; c++) {
      assertTrue(
          Character.getType(c) != Character.UNASSIGNED || !AssignedCharacters.contains(c),
          Integer.toHexString(c));
    }
  }

  /** The last of 13.0, and the first of 14.0 and 15.0. */
  @Test
  void endWithUnicode13() {
    assertTrue(AssignedCharacters.contains(0x1fbf9));
    assertTrue(!AssignedCharacters.contains(0x61d));
    assertTrue(!AssignedCharacters.contains(0x1fae8));
    assertEquals("a character that is not for names: U+061D", CanonicalName.fault("a\u061db"));
  }
}
