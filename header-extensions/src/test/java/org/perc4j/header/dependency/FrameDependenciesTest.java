/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.header.dependency;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.perc4j.header.dependency.FrameDependencies.DISCARDABLE;
import static org.perc4j.header.dependency.FrameDependencies.NOT_PRESENT;
import static org.perc4j.header.dependency.FrameDependencies.REQUIRED;
import static org.perc4j.header.dependency.FrameDependencies.SWITCH;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class FrameDependenciesTest {

  private static final int[] NONE = {};
  private static final int[] ONE_TARGET = {SWITCH};

  // Table A.1 of the AV1 RTP specification.
  @Test
  void indicationsHaveTheValuesOfTheTable() {
    assertEquals(0, NOT_PRESENT);
    assertEquals(1, DISCARDABLE);
    assertEquals(2, SWITCH);
    assertEquals(3, REQUIRED);
  }

  // Frame 5 of the example A.10.1.1 in its four decode targets; its chains' last frames are 1 and
  // 2.
  @Test
  void holdsWhatItWasComposedOf() {
    FrameDependencies frame =
        FrameDependencies.of(
            0,
            1,
            new int[] {NOT_PRESENT, DISCARDABLE, SWITCH, REQUIRED},
            new int[] {4},
            new int[] {4, 3});
    assertEquals(0, frame.spatialId());
    assertEquals(1, frame.temporalId());
    assertEquals(4, frame.decodeTargetCount());
    assertEquals(NOT_PRESENT, frame.dti(0));
    assertEquals(DISCARDABLE, frame.dti(1));
    assertEquals(SWITCH, frame.dti(2));
    assertEquals(REQUIRED, frame.dti(3));
    assertEquals(0b1110, frame.presentMask());
    assertEquals(0b0100, frame.switchMask());
    assertEquals(1, frame.frameDiffCount());
    assertEquals(4, frame.frameDiff(0));
    assertEquals(2, frame.chainCount());
    assertEquals(4, frame.chainDiff(0));
    assertEquals(3, frame.chainDiff(1));
    assertEquals("S0T1 [4] [4, 3] -DSR", frame.toString());
  }

  @Test
  void holdsAsMuchAsThereCanBe() {
    int[] dtis = new int[32];
    int[] chainDiffs = new int[32];
    Arrays.fill(dtis, REQUIRED);
    Arrays.fill(chainDiffs, 255);
    dtis[31] = SWITCH;
    FrameDependencies frame = FrameDependencies.of(3, 7, dtis, new int[] {1, 4096}, chainDiffs);
    assertEquals(-1, frame.presentMask());
    assertEquals(1 << 31, frame.switchMask());
    assertEquals(SWITCH, frame.dti(31));
    assertEquals(REQUIRED, frame.dti(30));
    assertEquals(4096, frame.frameDiff(1));
    assertEquals(255, frame.chainDiff(31));
  }

  @Test
  void copiesItsArrays() {
    int[] frameDiffs = {1};
    int[] chainDiffs = {1};
    FrameDependencies frame = FrameDependencies.of(0, 0, ONE_TARGET, frameDiffs, chainDiffs);
    frameDiffs[0] = 2;
    chainDiffs[0] = 2;
    assertEquals(1, frame.frameDiff(0));
    assertEquals(1, frame.chainDiff(0));
  }

  @Test
  void refusesWhatIsOutOfRange() {
    assertRefuses(-1, 0, ONE_TARGET, NONE, NONE);
    assertRefuses(4, 0, ONE_TARGET, NONE, NONE);
    assertRefuses(0, -1, ONE_TARGET, NONE, NONE);
    assertRefuses(0, 8, ONE_TARGET, NONE, NONE);
    assertRefuses(0, 0, NONE, NONE, NONE);
    assertRefuses(0, 0, new int[33], NONE, NONE);
    assertRefuses(0, 0, new int[] {-1}, NONE, NONE);
    assertRefuses(0, 0, new int[] {4}, NONE, NONE);
    assertRefuses(0, 0, ONE_TARGET, new int[] {0}, NONE);
    assertRefuses(0, 0, ONE_TARGET, new int[] {4097}, NONE);
    assertRefuses(0, 0, ONE_TARGET, NONE, new int[] {-1});
    assertRefuses(0, 0, ONE_TARGET, NONE, new int[] {256});
    assertRefuses(0, 0, ONE_TARGET, NONE, new int[] {0, 0});
  }

  @Test
  void refusesIndicesOfNothing() {
    FrameDependencies frame = FrameDependencies.of(0, 0, ONE_TARGET, new int[] {1}, new int[] {1});
    assertThrows(IndexOutOfBoundsException.class, () -> frame.dti(-1));
    assertThrows(IndexOutOfBoundsException.class, () -> frame.dti(1));
    assertThrows(IndexOutOfBoundsException.class, () -> frame.frameDiff(-1));
    assertThrows(IndexOutOfBoundsException.class, () -> frame.frameDiff(1));
    assertThrows(IndexOutOfBoundsException.class, () -> frame.chainDiff(-1));
    assertThrows(IndexOutOfBoundsException.class, () -> frame.chainDiff(1));
  }

  @Test
  void isEqualIfEverythingIs() {
    FrameDependencies frame = of(1, 2, 3, 4, 5);
    assertEquals(frame, of(1, 2, 3, 4, 5));
    assertEquals(frame.hashCode(), of(1, 2, 3, 4, 5).hashCode());
    List<FrameDependencies> others =
        List.of(
            of(2, 2, 3, 4, 5),
            of(1, 3, 3, 4, 5),
            of(1, 2, 2, 4, 5),
            of(1, 2, 3, 5, 5),
            of(1, 2, 3, 4, 6),
            FrameDependencies.of(1, 2, new int[] {3, 0}, new int[] {4}, new int[] {5}),
            FrameDependencies.of(1, 2, new int[] {3}, new int[] {4, 4}, new int[] {5}),
            FrameDependencies.of(1, 2, new int[] {3}, new int[] {4}, NONE));
    for (FrameDependencies other : others) {
      assertNotEquals(frame, other);
    }
    assertNotEquals(frame, new Object());
  }

  private static FrameDependencies of(
      int spatialId, int temporalId, int dti, int frameDiff, int chainDiff) {
    return FrameDependencies.of(
        spatialId, temporalId, new int[] {dti}, new int[] {frameDiff}, new int[] {chainDiff});
  }

  private static void assertRefuses(
      int spatialId, int temporalId, int[] dtis, int[] frameDiffs, int[] chainDiffs) {
    assertThrows(
        IllegalArgumentException.class,
        () -> FrameDependencies.of(spatialId, temporalId, dtis, frameDiffs, chainDiffs));
  }
}
