/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.header;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.perc4j.header.MalformedPacketException.Reason;

class MalformedPacketExceptionTest {

  @ParameterizedTest
  @EnumSource
  void hasOneInstancePerReason(Reason reason) {
    MalformedPacketException exception = MalformedPacketException.of(reason);
    assertSame(reason, exception.reason());
    assertSame(exception, MalformedPacketException.of(reason));
    assertEquals(reason.name(), exception.getMessage());
  }

  @ParameterizedTest
  @EnumSource
  void cannotBeChangedByWhoeverCatchesIt(Reason reason) {
    MalformedPacketException exception = MalformedPacketException.of(reason);
    exception.addSuppressed(new IllegalStateException());
    exception.setStackTrace(new StackTraceElement[] {new StackTraceElement("A", "b", "A.java", 1)});
    assertThrows(
        IllegalStateException.class, () -> exception.initCause(new IllegalStateException()));
    assertEquals(0, exception.getSuppressed().length);
    assertEquals(0, exception.getStackTrace().length);
    assertNull(exception.getCause());
  }
}
