/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.harness;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
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
    ThrownRecording.Thrown expected =
        new ThrownRecording.Thrown(
            Special.class.getName(), "on purpose", ThrownRecordingTest.class.getName() + ".fail");
    assertEquals(List.of(expected, expected), special);
    assertEquals(expected.type() + " in " + expected.method(), expected.kind());
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
