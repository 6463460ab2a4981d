/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.mls;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.perc4j.e2e.mls.RefusedException.Reason;

class ShownMarkTest {
  private static final String FINGERPRINT =
      "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";

  /** Group "ab" at epoch 0, written by hand from the layout that {@link GroupMark} describes. */
  private static final String MARK = "01026162000000000000000000";

  private static byte[] hex(String octets) {
    return HexFormat.of().parseHex(octets);
  }

  private static void assertRefused(Reason reason, byte[] octets) {
    RefusedException refusal = assertThrows(RefusedException.class, () -> ShownMark.parse(octets));
    assertEquals(reason, refusal.reason());
  }

  @Test
  void readsAndWritesBoth() throws RefusedException {
    byte[] octets = hex("0120" + FINGERPRINT + MARK);
    ShownMark shown = ShownMark.parse(octets);
    assertEquals(FINGERPRINT, shown.notAccepted());
    assertNotNull(shown.mark());
    assertArrayEquals(hex(MARK), shown.mark().octets());
    assertArrayEquals(octets, shown.octets());
  }

  @Test
  void readsAndWritesOneOfThem() throws RefusedException {
    ShownMark mark = ShownMark.parse(hex("0100" + MARK));
    assertNull(mark.notAccepted());
    assertArrayEquals(hex("0100" + MARK), mark.octets());
    ShownMark refusal = ShownMark.parse(hex("0120" + FINGERPRINT));
    assertNull(refusal.mark());
    assertArrayEquals(hex("0120" + FINGERPRINT), refusal.octets());
  }

  @Test
  void nothingIsNoOctets() throws RefusedException {
    assertEquals(ShownMark.NOTHING, ShownMark.parse(new byte[0]));
    assertEquals(0, ShownMark.NOTHING.octets().length);
  }

  @Test
  void whatIsCutShortOrOfAnotherKindIsRefused() {
    byte[] both = hex("0120" + FINGERPRINT + MARK);
    for (int length = 1; length < both.length; length++) {
      if (length != 34) { // where the mark begins
        assertRefused(Reason.MALFORMED, Arrays.copyOf(both, length));
      }
    }
    assertRefused(Reason.MALFORMED, Arrays.copyOf(both, both.length + 1));
    assertRefused(Reason.MALFORMED, hex("0110" + FINGERPRINT + MARK));
    assertRefused(Reason.MALFORMED, hex("01ff" + FINGERPRINT + MARK));
    assertRefused(Reason.UNSUPPORTED, hex("0220" + FINGERPRINT + MARK));
    assertRefused(Reason.UNSUPPORTED, hex("0100" + "02" + MARK.substring(2)));
  }
}
