/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.mls;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.perc4j.e2e.mls.RefusedException.Reason;

class GroupMarkTest {
  /** Written by hand from the layout that {@link GroupMark} describes. */
  private static final byte[] MARK =
      HexFormat.of()
          .parseHex(
              ("01 04 61626364 0000000000000102 20"
                      + " 000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f")
                  .replace(" ", ""));

  private static void assertRefused(Reason reason, byte[] octets) {
    RefusedException refusal = assertThrows(RefusedException.class, () -> GroupMark.parse(octets));
    assertEquals(reason, refusal.reason());
  }

  @Test
  void readsAndWritesWhatIsDescribed() throws RefusedException {
    GroupMark mark = GroupMark.parse(MARK);
    assertArrayEquals(new byte[] {'a', 'b', 'c', 'd'}, mark.moment().groupId());
    assertEquals(0x102, mark.moment().epoch());
    assertEquals(32, mark.transcriptHash().length);
    assertArrayEquals(MARK, mark.octets());
  }

  @Test
  void theFirstEpochHasNoTranscript() throws RefusedException {
    byte[] first = HexFormat.of().parseHex("010161000000000000000000");
    assertArrayEquals(first, GroupMark.parse(first).octets());
  }

  @Test
  void anotherHashIsAnotherMark() throws RefusedException {
    byte[] other = MARK.clone();
    other[other.length - 1] ^= 1;
    assertFalse(GroupMark.parse(MARK).isSame(GroupMark.parse(other)));
    assertTrue(GroupMark.parse(MARK).isSame(GroupMark.parse(MARK)));
  }

  @Test
  void whatIsCutShortOrLongerIsRefused() {
    for (int length = 1; length < MARK.length; length++) {
      assertRefused(Reason.MALFORMED, Arrays.copyOf(MARK, length));
    }
    assertRefused(Reason.MALFORMED, Arrays.copyOf(MARK, MARK.length + 1));
  }

  @Test
  void otherVersionsAndLengthsAreRefused() {
    assertRefused(Reason.UNSUPPORTED, new byte[0]);
    byte[] version = MARK.clone();
    version[0] = 2;
    assertRefused(Reason.UNSUPPORTED, version);
    byte[] noGroup = HexFormat.of().parseHex("0100000000000000000000");
    assertRefused(Reason.MALFORMED, noGroup);
    byte[] longGroup = new byte[2 + 65 + 8 + 1];
    longGroup[0] = 1;
    longGroup[1] = 65;
    assertRefused(Reason.MALFORMED, longGroup);
    byte[] halfHash = Arrays.copyOf(HexFormat.of().parseHex("010161000000000000000010"), 12 + 16);
    assertRefused(Reason.MALFORMED, halfHash);
  }
}
