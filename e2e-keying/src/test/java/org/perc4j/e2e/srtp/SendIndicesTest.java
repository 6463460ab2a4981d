/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.srtp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.perc4j.header.index.PacketIndex;

class SendIndicesTest {
  private static final int SSRC = 0x11223344;

  private final SendIndices indices = new SendIndices(Layer.INNER, 2, 0);

  @Test
  void countsWraps() {
    assertEquals(65534, indices.reserve(SSRC, 65534));
    assertEquals(65535, indices.reserve(SSRC, 65535));
    assertEquals(65536, indices.reserve(SSRC, 0));
    assertEquals(65537, indices.reserve(SSRC, 1));
  }

  @Test
  void givesOutNoIndexTwice() {
    assertEquals(100, indices.reserve(SSRC, 100));

    refuses(DoubleSrtpResult.INNER_INDEX_REUSED, SSRC, 100);
    assertEquals(101, indices.reserve(SSRC, 101));
    refuses(DoubleSrtpResult.INNER_INDEX_REUSED, SSRC, 100);
  }

  @Test
  void takesUnusedIndicesWithinTheWindowOnly() {
    assertEquals(5000, indices.reserve(SSRC, 5000));

    int oldest = 5000 - SendIndices.WINDOW + 1;
    assertEquals(oldest, indices.reserve(SSRC, oldest));
    refuses(DoubleSrtpResult.INNER_INDEX_REUSED, SSRC, oldest);
    refuses(DoubleSrtpResult.INNER_INDEX_REUSED, SSRC, oldest - 1);
  }

  @Test
  void takesLatePacketAcrossAWrap() {
    assertEquals(65535, indices.reserve(SSRC, 65535));
    assertEquals(65537, indices.reserve(SSRC, 1));
    assertEquals(65534, indices.reserve(SSRC, 65534));
    assertEquals(65536, indices.reserve(SSRC, 0));
  }

  @Test
  void refusesWhatWouldComeBeforeTheFirstRollover() {
    assertEquals(3, indices.reserve(SSRC, 3));

    refuses(DoubleSrtpResult.INNER_INDEX_REUSED, SSRC, 65535);
  }

  @Test
  void refusesLeapBackwards() {
    assertEquals(40_000, indices.reserve(SSRC, 40_000));

    refuses(DoubleSrtpResult.INNER_INDEX_REUSED, SSRC, 10_000);
  }

  @Test
  void followsAJumpForwardBeforeTheFirstRollover() {
    assertEquals(29, indices.reserve(SSRC, 29));

    assertEquals(40_010, indices.reserve(SSRC, 40_010));
    assertEquals(40_011, indices.reserve(SSRC, 40_011));
    assertEquals(65_536 + 30, indices.reserve(SSRC, 30));
  }

  @Test
  void followsASenderThatNumbersOnFromElsewhereAtItsSecondPacket() {
    SendIndices later = new SendIndices(Layer.INNER, 1, 5);
    assertEquals(5 * 65_536 + 29, later.reserve(SSRC, 29));

    assertEquals(SendIndices.REFUSED, later.reserve(SSRC, 40_010));
    assertEquals(DoubleSrtpResult.INNER_INDEX_REUSED, later.refusal());
    assertEquals(5 * 65_536 + 40_011, later.reserve(SSRC, 40_011));
    assertEquals(5 * 65_536 + 40_012, later.reserve(SSRC, 40_012));
    assertEquals(SendIndices.REFUSED, later.reserve(SSRC, 10_000));
    assertEquals(6 * 65_536 + 10_001, later.reserve(SSRC, 10_001));
  }

  @Test
  void isNotLedAstrayBySinglePacketsFromFarBehind() {
    assertEquals(40_000, indices.reserve(SSRC, 40_000));

    refuses(DoubleSrtpResult.INNER_INDEX_REUSED, SSRC, 10_000);
    assertEquals(40_001, indices.reserve(SSRC, 40_001));
    refuses(DoubleSrtpResult.INNER_INDEX_REUSED, SSRC, 10_001);
    assertEquals(40_002, indices.reserve(SSRC, 40_002));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2047, 2048, 32_767, 32_768, 32_769, 40_000, 63_487, 63_488})
  void sendsOnAfterAJumpOfAnyLength(int jump) {
    int before = 29;
    assertEquals(before, indices.reserve(SSRC, before));

    assertEquals(before + jump, indices.reserve(SSRC, (before + jump) & 0xFFFF));
    assertEquals(before + jump + 1, indices.reserve(SSRC, (before + jump + 1) & 0xFFFF));
  }

  @Test
  void endsWithTheLastIndex() {
    SendIndices last = new SendIndices(Layer.OUTER, 1, -1);
    assertEquals(PacketIndex.MAX, last.reserve(SSRC, 65535));

    assertEquals(SendIndices.REFUSED, last.reserve(SSRC, 0));
    assertEquals(DoubleSrtpResult.OUTER_INDEX_EXHAUSTED, last.refusal());
    assertEquals(PacketIndex.MAX - 1, last.reserve(SSRC, 65534));
  }

  @Test
  void countsEachSsrcForItself() {
    assertEquals(7, indices.reserve(SSRC, 7));
    assertEquals(7, indices.reserve(SSRC + 1, 7));

    refuses(DoubleSrtpResult.INNER_TOO_MANY_STREAMS, SSRC + 2, 7);
    assertEquals(8, indices.reserve(SSRC, 8));
  }

  @Test
  void givesOutNoIndexTwiceWhateverIsAsked() {
    Set<Long> given = new HashSet<>();
    Random random = new Random(3);
    int sequenceNumber = 0;
    for (int i = 0; i < 500_000; i++) {
      sequenceNumber =
          random.nextInt(2000) == 0
              ? random.nextInt(65536)
              : (sequenceNumber + random.nextInt(8) - 3) & 0xFFFF;
      long index = indices.reserve(SSRC, sequenceNumber);
      if (index != SendIndices.REFUSED) {
        assertTrue(given.add(index), "index " + index);
        assertEquals(sequenceNumber, index & 0xFFFF);
      }
    }
    assertNotEquals(0, given.size());
  }

  private void refuses(DoubleSrtpResult why, int ssrc, int sequenceNumber) {
    assertEquals(SendIndices.REFUSED, indices.reserve(ssrc, sequenceNumber));
    assertEquals(why, indices.refusal());
  }
}
