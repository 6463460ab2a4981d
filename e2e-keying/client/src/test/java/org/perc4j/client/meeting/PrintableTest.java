/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.client.meeting;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class PrintableTest {
  @Test
  void keepsNamesOfPeople() {
    assertEquals("Zoë Müller 李", Printable.of("Zoë Müller 李"));
  }

  @Test
  void takesOutWhatDoesSomethingToATerminal() {
    assertEquals("?[31mred?", Printable.of("\u001b[31mred\u0007"));
    assertEquals("a?b?c?d?e", Printable.of("a\nb\rc\u0085d\u2028e"));
    assertEquals("?2J", Printable.of("\u009b2J"));
  }

  @Test
  void takesOutWhatTurnsTheDirectionOfWriting() {
    assertEquals("a?b?c", Printable.of("a\u202eb\u2066c"));
  }

  @Test
  void takesOutPilesOfMarksAndHalvesOfPairs() {
    assertEquals("a\u0301\u0302", Printable.of("a" + "\u0301\u0302".repeat(20)));
    assertEquals("x?", Printable.of("x\ud83d"));
  }

  @Test
  void shortensWithoutCuttingAPair() {
    String shown = Printable.of("x".repeat(59) + "\ud83d\ude00".repeat(10));
    assertEquals("x".repeat(59) + "...", shown);
    assertTrue(Printable.line("y".repeat(10_000)).length() <= 300);
    assertFalse(Printable.line("one\ntwo").contains("\n"));
  }
}
