/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.call;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class OutsiderNoticeTest {
  private static final long PATIENCE = OutsiderNotice.PATIENCE.toNanos();
  private static final long BEGIN = Long.MAX_VALUE - 5;

  private final OutsiderNotice first = new OutsiderNotice("first");
  private final OutsiderNotice second = new OutsiderNotice("second");

  private void shown(String nickname, long nanos) {
    first.shown(nickname, BEGIN + nanos);
    second.shown(nickname, BEGIN + nanos);
  }

  private List<String> due(long nanos, String... members) {
    return first.due(List.of(members), BEGIN + nanos);
  }

  @Test
  void tellsOnceWhoStaysOutside() {
    shown("plain", 0);
    assertEquals(List.of(), due(PATIENCE - 1, "first"));
    assertEquals(List.of("plain"), due(PATIENCE, "first"));
    shown("plain", PATIENCE + 1);
    assertEquals(List.of(), due(3 * PATIENCE, "first"));
  }

  @Test
  void tellsNobodyWhoBecameAMember() {
    shown("second", 0);
    assertEquals(List.of(), due(1, "first", "second"));
    assertEquals(List.of(), due(2 * PATIENCE, "first", "second"));
  }

  @Test
  void tellsNobodyWhoLeft() {
    shown("plain", 0);
    first.gone("plain");
    assertEquals(List.of(), due(2 * PATIENCE, "first"));
  }

  @Test
  void tellsWhoComesAgain() {
    shown("plain", 0);
    assertEquals(List.of("plain"), due(PATIENCE, "first"));
    first.gone("plain");
    shown("plain", 2 * PATIENCE);
    assertEquals(List.of("plain"), due(3 * PATIENCE, "first"));
  }

  @Test
  void oneMemberTells() {
    shown("plain", 0);
    List<String> members = List.of("first", "second");
    assertEquals(List.of(), second.due(members, BEGIN + PATIENCE));
    assertEquals(List.of("plain"), first.due(members, BEGIN + PATIENCE));
    assertEquals(List.of(), second.due(List.of("second"), BEGIN + 2 * PATIENCE), "after the first");
  }

  @Test
  void tellsNobodyWithoutAGroup() {
    shown("plain", 0);
    assertEquals(List.of(), due(2 * PATIENCE));
    assertEquals(List.of("plain"), due(2 * PATIENCE, "first"));
  }

  @Test
  void tellsACrowdAFewAtATime() {
    int crowd = 3 * OutsiderNotice.MAX_AT_ONCE - 1;
    for (int i = 0; i < crowd; i++) {
      shown("plain" + i, 0);
    }
    Set<String> told = new HashSet<>();
    for (int i = 0; i < 3; i++) {
      List<String> due = due(PATIENCE + i, "first");
      assertEquals(i < 2 ? OutsiderNotice.MAX_AT_ONCE : OutsiderNotice.MAX_AT_ONCE - 1, due.size());
      told.addAll(due);
    }
    assertEquals(crowd, told.size());
  }
}
