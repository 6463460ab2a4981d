/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.srtp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MediaPacketTest {
  @Test
  void knowsItsRoom() {
    byte[] buffer = new byte[100];
    MediaPacket packet = new MediaPacket().wrap(buffer, 10, 20, 50);

    assertSame(buffer, packet.buffer());
    assertEquals(10, packet.offset());
    assertEquals(20, packet.length());
    assertTrue(packet.hasRoomFor(20));
    assertFalse(packet.hasRoomFor(21));
    assertTrue(packet.wrap(buffer, 10, 20).hasRoomFor(70));
  }

  @ParameterizedTest
  @CsvSource({"-1, 5, 10", "0, -1, 10", "0, 11, 10", "5, 6, 10", "0, 5, 101", "8, 1, 7"})
  void rejectsRegionsOutsideTheArray(int offset, int length, int limit) {
    assertThrows(
        IndexOutOfBoundsException.class,
        () -> {
          MediaPacket unused = new MediaPacket().wrap(new byte[100], offset, length, limit);
        });
  }
}
