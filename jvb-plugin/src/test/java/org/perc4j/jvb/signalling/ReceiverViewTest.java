/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.signalling;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class ReceiverViewTest {
  private final ReceiverView<String> view = new ReceiverView<>();

  @Test
  void hasEverybodyAtFirst() {
    List<String> all = List.of("a", "b");

    assertSame(all, view.of(all));
  }

  @Test
  void leavesOutWhomItCannotBeSentAndKeepsTheOrder() {
    assertTrue(view.exclude("b"));
    assertFalse(view.exclude("b"));

    assertEquals(List.of("c", "a"), view.of(List.of("c", "b", "a")));
  }

  @Test
  void forgetsThoseWhoLeft() {
    assertTrue(view.exclude("b"));
    assertEquals(List.of("a"), view.of(List.of("a")));

    assertTrue(view.exclude("b"));
  }
}
