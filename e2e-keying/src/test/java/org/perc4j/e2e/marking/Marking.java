/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.marking;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.HexFormat;
import org.perc4j.e2e.marking.PayloadFormatException.Reason;

/** Marks payloads given in hex, with guards around them that would make sense as part of them. */
final class Marking {
  private static final int GUARD = 3;

  private Marking() {}

  static int mark(FrameMarker marker, String hex, boolean lastOfFrame, long timestamp)
      throws PayloadFormatException {
    byte[] payload = octets(hex);
    byte[] buffer = new byte[GUARD + payload.length + GUARD];
    System.arraycopy(payload, 0, buffer, GUARD, payload.length);
    return marker.mark(buffer, GUARD, payload.length, lastOfFrame, timestamp);
  }

  static void look(FrameMarker marker, String hex, long timestamp) throws PayloadFormatException {
    byte[] payload = octets(hex);
    marker.look(payload, 0, payload.length, timestamp);
  }

  static void assertRefused(Reason reason, FrameMarker marker, String hex) {
    PayloadFormatException refusal =
        assertThrows(PayloadFormatException.class, () -> mark(marker, hex, true, 90_000));
    assertEquals(reason, refusal.reason());
    assertEquals(0, refusal.getStackTrace().length);
  }

  /** Returns the descriptor of the packet that was marked last. */
  static byte[] descriptorOf(FrameMarker marker) {
    byte[] buffer = new byte[GUARD + FrameMarker.MAX_DESCRIPTOR_BYTES];
    int length = marker.writeDescriptor(buffer, GUARD);
    return Arrays.copyOfRange(buffer, GUARD, GUARD + length);
  }

  static byte[] octets(String hex) {
    return HexFormat.of().parseHex(hex.replace(" ", ""));
  }
}
