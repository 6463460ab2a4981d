/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.harness;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ThrownRecordingTest {
  /** Known to nobody else. */
  private static final class Special extends RuntimeException {
    private static final long serialVersionUID = 1;

    Special(String message) {
      super(message);
    }
  }

  @Test
  void tellsWhatWasThrownThoughItWasCaught(@TempDir Path folder) throws Exception {
    ThrownRecording recording =
        ThrownRecording.start(ProcessHandle.current().pid(), folder.resolve("thrown.jfr"));
    for (int i = 0; i < 2; i++) {
      assertThrows(Special.class, ThrownRecordingTest::fail);
    }
    List<ThrownRecording.Thrown> special =
        recording.stop().stream()
            .filter(one -> one.type().equals(Special.class.getName()))
            .toList();
    assertEquals(2, special.size(), special.toString());
    for (ThrownRecording.Thrown one : special) {
      assertEquals("on purpose", one.message());
      assertEquals(
          Special.class.getName() + " in " + ThrownRecordingTest.class.getName() + ".fail",
          one.kind());
      assertTrue(one.passedThrough(Set.of("org.nobody", "org.perc4j")), one.toString());
      assertTrue(one.passedThrough(Set.of("org.junit.jupiter.api")), one.toString());
    }
  }

  @Test
  void passesThroughPackagesClassesAndMethodsByTheirWholeNames() {
    ThrownRecording.Thrown thrown =
        new ThrownRecording.Thrown(
            "a.Special", null, List.of("org.web.Parser.parse", "org.web.server.Worker.run"));
    assertEquals("a.Special in org.web.Parser.parse", thrown.kind());
    for (String name : List.of("org.web.server", "org.web.Parser", "org.web.server.Worker.run")) {
      assertTrue(thrown.passedThrough(Set.of("org.nobody", name)), name);
    }
    assertFalse(thrown.passedThrough(Set.of("org.web.serve", "web", "org.web.server.Worker.ru")));
    assertFalse(thrown.passedThrough(Set.of()));
  }

  private static void fail() {
    throw new Special("on purpose");
  }

  @Test
  void saysWhatIsWrongWhereNothingCanBeRecorded(@TempDir Path folder) {
    assertThrows(
        IOException.class, () -> ThrownRecording.start(Long.MAX_VALUE, folder.resolve("no.jfr")));
  }
}
