/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.srtp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.perc4j.header.index.PacketIndex;

class SentIndicesTest {
  /** Ticks of an Opus packet of 20 ms. */
  private static final int TICKS = 960;

  private final SentIndices sent = new SentIndices();

  /** With a timestamp that goes with the number. */
  private long reserve(long number) {
    return sent.reserve(0, (int) number & 0xffff, (int) (number * TICKS));
  }

  @Test
  void refusesARepetition() {
    assertEquals(10, reserve(10));
    assertEquals(SentIndices.REFUSED, reserve(10));
    assertEquals(11, reserve(11));
    assertEquals(SentIndices.REFUSED, reserve(10));
  }

  @Test
  void acceptsLatePacketsOnce() {
    assertEquals(100, reserve(100));
    assertEquals(98, reserve(98));
    assertEquals(SentIndices.REFUSED, reserve(98));
    assertEquals(99, reserve(99));
  }

  @Test
  void countsWraps() {
    assertEquals(65535, reserve(65535));
    assertEquals(65536, reserve(65536));
    assertEquals(65534, reserve(65534));
    assertEquals(SentIndices.REFUSED, reserve(65535));
  }

  @Test
  void beginsAtTheRolloverThatItIsTold() {
    assertEquals((7L << 16) | 65535, sent.reserve(7, 65535, 0));
    assertEquals(8L << 16, sent.reserve(7, 0, TICKS));
  }

  @Test
  void hasNoIndexBeforeTheFirstRollover() {
    assertEquals(3, reserve(3));
    assertEquals(SentIndices.REFUSED, sent.reserve(0, 65535, -4 * TICKS));
    assertEquals(4, reserve(4));
  }

  @Test
  void endsWithTheLastIndex() {
    assertEquals(PacketIndex.MAX, sent.reserve(-1, 65535, 0));
    assertEquals(SentIndices.REFUSED, sent.reserve(-1, 0, TICKS));
    assertEquals(SentIndices.REFUSED, sent.reserve(-1, 1, 2 * TICKS));
    assertEquals(PacketIndex.MAX - 1, sent.reserve(-1, 65534, -TICKS));
  }

  @Test
  void takesUnusedIndicesWithinTheWindow() {
    assertEquals(5000, reserve(5000));
    assertEquals(5000 - 2047, reserve(5000 - 2047));
    assertEquals(SentIndices.REFUSED, reserve(5000 - 2047));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 63, 64, 65, 2047, 2048, 2049, 2112, 20_000, 28_672})
  void clearsWhatItJumpsOver(int jump) {
    for (int i = 0; i < 3000; i++) {
      assertEquals(i, reserve(i));
    }
    assertEquals(2999 + jump, reserve(2999 + jump));
    for (int i = 2999 + jump - 1; i > 2999 + jump - 2048; i--) {
      assertEquals(i > 2999 ? i : SentIndices.REFUSED, reserve(i), "" + i);
    }
  }

  /** A gap that is longer than receivers can follow; all the numbers that it may lead to. */
  @ParameterizedTest
  @ValueSource(
      ints = {
        28_673, 32_767, 32_768, 32_769, 40_000, 61_440, 63_487, 63_488, 63_489, 65_000, 65_535,
        65_536, 94_209, 98_304, 131_071
      })
  void goesOnWithTheNextNumberAfterALongGap(int gap) {
    for (int start : new int[] {0, 1, 20_000, 40_000, 65_535}) {
      SentIndices stream = new SentIndices();
      long last = 0;
      for (int i = 0; i < 3000; i++) {
        last = stream.reserve(0, (start + i) & 0xffff, i * TICKS);
      }
      assertEquals(start + 2999, last);
      for (int i = 0; i < 3000; i++) {
        int number = start + 2999 + gap + i;
        long index = stream.reserve(0, number & 0xffff, (2999 + gap + i) * TICKS);
        long expected = gap == 65_536 ? last + i : last + i + 1;
        if (gap == 65_536 && i == 0) {
          // The number is that of the last packet that was sent: so is what is one further.
          expected = last + 1;
        }
        assertEquals(expected, index, "gap " + gap + " from " + start + ", packet " + i);
        if (gap == 65_536) {
          return;
        }
      }
    }
  }

  @Test
  void takesALatePacketOfTheNumbersAfterAGap() {
    assertEquals(100, reserve(100));
    assertEquals(101, reserve(40_000));
    assertEquals(103, reserve(40_002));
    assertEquals(102, reserve(40_001));
    assertEquals(SentIndices.REFUSED, reserve(40_001));
  }

  /** Pictures that are not sent in the order of their display: 90,000 ticks are a second. */
  @ParameterizedTest
  @CsvSource({"-3000, true", "0, true", "90000, true", "900000, true", "1100000, false"})
  void tellsLatePacketsByTheirTime(int aheadInTime, boolean late) {
    assertEquals(1000, sent.reserve(0, 1000, 500_000));
    assertEquals(late ? 990 : 1001, sent.reserve(0, 990, 500_000 + aheadInTime));
  }

  @Test
  void neverGivesOutAnIndexTwiceWhateverIsAsked() {
    Random random = new Random(7);
    Set<Long> used = new HashSet<>();
    int number = 0;
    int timestamp = 0;
    for (int i = 0; i < 300_000; i++) {
      number =
          random.nextInt(500) == 0 ? random.nextInt(65536) : number + random.nextInt(300) - 140;
      timestamp = random.nextInt(50) == 0 ? random.nextInt() : timestamp + random.nextInt(2000);
      long index = sent.reserve(0, number & 0xffff, timestamp);
      if (index != SentIndices.REFUSED) {
        assertTrue(used.add(index), "twice: " + index);
      }
    }
    assertTrue(used.size() > 100_000, used.size() + " sent");
  }

  @Test
  void countsControlPacketsAndEnds() {
    assertEquals(0, sent.reserveControl());
    assertEquals(1, sent.reserveControl());
  }
}
