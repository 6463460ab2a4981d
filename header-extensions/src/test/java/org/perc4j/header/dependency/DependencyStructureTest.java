/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.header.dependency;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.perc4j.header.dependency.CapturedDescriptors.octets;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class DependencyStructureTest {

  private static final int[] NONE = {};

  // Table of A.10.2.1, with the decode targets from the lowest up.
  private static DependencyStructure l1t3() {
    return DependencyStructure.of(
        0,
        Templates.frames(
            "0 0; ; 0; SSS",
            "0 0; 4; 4; SSS",
            "0 1; 2; 2; -DS",
            "0 2; 1; 1; --D",
            "0 2; 1; 3; --D"),
        new int[] {0, 0, 0});
  }

  // Table of A.10.2.2, with the decode targets from the lowest up, and in each spatial layer the
  // key
  // frame's template second, as Chrome has it.
  private static DependencyStructure l3t3() {
    return DependencyStructure.of(
        15,
        Templates.frames(
            "0 0; 12; 12,11,10; SSSRRRRRR",
            "0 0; ; 0,0,0; SSSSSSSSS",
            "0 1; 6; 6,5,4; -DS-RR-RR",
            "0 2; 3; 3,2,1; --D--R--R",
            "0 2; 3; 9,8,7; --D--R--R",
            "1 0; 12,1; 1,1,1; ---SSSRRR",
            "1 0; 1; 1,1,1; ---SSSSSS",
            "1 1; 6,1; 7,6,5; ----DS-RR",
            "1 2; 3,1; 4,3,2; -----D--R",
            "1 2; 3,1; 10,9,8; -----D--R",
            "2 0; 12,1; 2,1,1; ------SSS",
            "2 0; 1; 2,1,1; ------SSS",
            "2 1; 6,1; 8,7,6; -------DS",
            "2 2; 3,1; 5,4,3; --------D",
            "2 2; 3,1; 11,10,9; --------D"),
        new int[] {0, 0, 0, 1, 1, 1, 2, 2, 2});
  }

  @Test
  void composesTemporalLayersAsChromeDoes() {
    DependencyStructure structure = l1t3().withResolutions(new int[] {480}, new int[] {270});
    assertWrites(CapturedDescriptors.L1T3, structure, true, false, 1, 0);
  }

  @Test
  void composesSpatialLayersAsChromeDoes() {
    DependencyStructure structure =
        l3t3().withResolutions(new int[] {320, 640, 1280}, new int[] {180, 360, 720});
    assertWrites(CapturedDescriptors.L3T3, structure, true, true, 0x134, 1);
  }

  @Test
  void composesStructureWithoutChainsAsChromeDoes() {
    DependencyStructure structure =
        DependencyStructure.of(
                0,
                Templates.frames(
                    "0 0; ; ; SSS",
                    "0 0; 4; ; SSS",
                    "0 0; 4; ; SRR",
                    "0 1; 2; ; -SS",
                    "0 1; 4,2; ; -DS",
                    "0 2; 1; ; --D",
                    "0 2; 3,1; ; --D"),
                NONE)
            .withResolutions(new int[] {1280}, new int[] {720});
    assertWrites(CapturedDescriptors.NO_CHAINS, structure, true, false, 0x13, 0);
    assertEquals(DependencyStructure.NO_CHAIN, structure.protectingChain(0));
  }

  @Test
  void holdsWhatItWasComposedOf() {
    DependencyStructure structure = l3t3();
    assertEquals(15, structure.templateIdOffset());
    assertEquals(15, structure.templateCount());
    assertEquals(Templates.frame("1 2; 3,1; 10,9,8; -----D--R"), structure.template(9));
    assertEquals(9, structure.decodeTargetCount());
    assertEquals(0b111_111_111, structure.decodeTargetMask());
    assertEquals(1, structure.decodeTargetSpatialId(5));
    assertEquals(2, structure.decodeTargetTemporalId(5));
    assertEquals(3, structure.chainCount());
    assertEquals(2, structure.protectingChain(6));
    assertEquals(2, structure.maxSpatialId());
    assertEquals(2, structure.maxTemporalId());
    assertFalse(structure.hasResolutions());
  }

  // decode_target_layers() of A.8.2: the highest of each, not those of the last template.
  @Test
  void targetHasTheHighestLayersOfItsTemplates() {
    DependencyStructure structure =
        DependencyStructure.of(
            0,
            Templates.frames("0 0; ; ; SSS", "0 1; 1; ; -SS", "0 2; 1; ; --D", "1 0; 1; ; S-S"),
            NONE);
    assertEquals(1, structure.decodeTargetSpatialId(0));
    assertEquals(0, structure.decodeTargetTemporalId(0));
    assertEquals(0, structure.decodeTargetSpatialId(1));
    assertEquals(1, structure.decodeTargetTemporalId(1));
    assertEquals(1, structure.decodeTargetSpatialId(2));
    assertEquals(2, structure.decodeTargetTemporalId(2));
    assertEquals(1, structure.maxSpatialId());
    assertEquals(2, structure.maxTemporalId());
  }

  @Test
  void numbersTemplatesModulo64() {
    DependencyStructure structure =
        DependencyStructure.of(
            62, Templates.frames("0 0; ; ; S", "0 0; 1; ; S", "0 0; 2; ; S"), NONE);
    assertEquals(62, structure.templateId(0));
    assertEquals(63, structure.templateId(1));
    assertEquals(0, structure.templateId(2));
    assertEquals(0, structure.templateIndex(62));
    assertEquals(1, structure.templateIndex(63));
    assertEquals(2, structure.templateIndex(0));
    assertEquals(-1, structure.templateIndex(1));
    assertEquals(-1, structure.templateIndex(61));
  }

  @Test
  void isEqualIfTheOctetsAre() {
    assertEquals(l3t3(), l3t3());
    assertEquals(l3t3().hashCode(), l3t3().hashCode());
    assertNotEquals(l3t3(), l1t3());
    assertNotEquals(l1t3(), l1t3().withResolutions(new int[] {1}, new int[] {1}));
    assertNotEquals(
        l1t3().withResolutions(new int[] {1}, new int[] {2}),
        l1t3().withResolutions(new int[] {1}, new int[] {1}));
    assertNotEquals(l1t3(), new Object());
    assertTrue(l1t3().toString().startsWith("0: [S0T0 [] [0] SSS, "));
  }

  @Test
  void refusesOffsetsThatAreNoTemplateId() {
    List<FrameDependencies> templates = Templates.frames("0 0; ; ; S");
    assertRefuses(-1, templates, NONE);
    assertRefuses(64, templates, NONE);
  }

  @Test
  void refusesNoneAndTooManyTemplates() {
    FrameDependencies template = Templates.frame("0 0; ; ; S");
    assertRefuses(0, List.of(), NONE);
    assertRefuses(0, Collections.nCopies(65, template), NONE);
    assertEquals(
        64, DependencyStructure.of(0, Collections.nCopies(64, template), NONE).templateCount());
  }

  @Test
  void refusesTemplatesOutOfOrder() {
    assertRefuses(0, Templates.frames("0 1; ; ; S"), NONE);
    assertRefuses(0, Templates.frames("1 0; ; ; S"), NONE);
    assertRefuses(0, Templates.frames("0 0; ; ; S", "0 2; ; ; S"), NONE);
    assertRefuses(0, Templates.frames("0 0; ; ; S", "0 1; ; ; S", "0 0; ; ; S"), NONE);
    assertRefuses(0, Templates.frames("0 0; ; ; S", "2 0; ; ; S"), NONE);
    assertRefuses(0, Templates.frames("0 0; ; ; S", "1 1; ; ; S"), NONE);
    assertRefuses(0, Templates.frames("0 0; ; ; S", "1 0; ; ; S", "0 0; ; ; S"), NONE);
  }

  @Test
  void refusesTemplatesThatDisagree() {
    assertRefuses(0, Templates.frames("0 0; ; ; S", "0 0; ; ; SS"), NONE);
    assertRefuses(0, Templates.frames("0 0; ; 0; S", "0 0; ; ; S"), new int[] {0});
  }

  @Test
  void refusesDifferencesThatDoNotFitInTemplates() {
    assertRefuses(0, Templates.frames("0 0; 17; ; S"), NONE);
    assertRefuses(0, Templates.frames("0 0; ; 16; S"), new int[] {0});
    DependencyStructure greatest =
        DependencyStructure.of(0, Templates.frames("0 0; 16; 15; S"), new int[] {0});
    assertEquals(16, greatest.template(0).frameDiff(0));
    assertEquals(15, greatest.template(0).chainDiff(0));
  }

  @Test
  void refusesChainsThatProtectNothingOrDoNotExist() {
    List<FrameDependencies> withChain = Templates.frames("0 0; ; 0; SS");
    assertRefuses(0, withChain, NONE);
    assertRefuses(0, withChain, new int[] {0});
    assertRefuses(0, withChain, new int[] {0, 1});
    assertRefuses(0, withChain, new int[] {0, -1});
    assertRefuses(0, Templates.frames("0 0; ; ; SS"), new int[] {0, 0});
  }

  @Test
  void refusesResolutionsThatAreNot() {
    assertRefusesResolutions(new int[] {1, 1}, new int[] {1});
    assertRefusesResolutions(new int[] {1}, new int[] {1, 1});
    assertRefusesResolutions(new int[] {0}, new int[] {1});
    assertRefusesResolutions(new int[] {1}, new int[] {0});
    assertRefusesResolutions(new int[] {65537}, new int[] {1});
    assertRefusesResolutions(new int[] {1}, new int[] {65537});
    DependencyStructure greatest = l1t3().withResolutions(new int[] {65536}, new int[] {65536});
    assertEquals(65536, greatest.width(0));
    assertEquals(65536, greatest.height(0));
  }

  @Test
  void refusesWhatDoesNotFitInAnExtensionElement() {
    String symbols = "S".repeat(32);
    // 64 bits of indications each, so that 30 templates take all but a few octets.
    assertRefuses(0, Collections.nCopies(31, Templates.frame("0 0; ; ; " + symbols)), NONE);
    DependencyStructure greatest =
        DependencyStructure.of(
            0, Collections.nCopies(29, Templates.frame("0 0; ; ; " + symbols)), NONE);
    FrameDependencies frame = greatest.template(0);
    int length =
        DependencyDescriptorWriter.encodedLength(
            greatest, true, DependencyDescriptorWriter.ABSENT, frame);
    // 29 + 6 + 5 bits, 29 times 2 + 64 + 1, 5 for no chains and 1 for no resolutions
    assertEquals((46 + 29 * 67 + 7) / 8, length);
    assertThrows(
        IllegalArgumentException.class,
        () -> greatest.withResolutions(new int[] {1}, new int[] {1, 1}));
  }

  @Test
  void refusesIndicesOfNothing() {
    DependencyStructure structure = l1t3();
    assertThrows(IndexOutOfBoundsException.class, () -> structure.template(-1));
    assertThrows(IndexOutOfBoundsException.class, () -> structure.template(5));
    assertThrows(IndexOutOfBoundsException.class, () -> structure.templateId(5));
    assertThrows(IndexOutOfBoundsException.class, () -> structure.decodeTargetSpatialId(3));
    assertThrows(IndexOutOfBoundsException.class, () -> structure.decodeTargetTemporalId(3));
    assertThrows(IndexOutOfBoundsException.class, () -> structure.protectingChain(3));
    assertThrows(IndexOutOfBoundsException.class, () -> structure.protectingChain(-1));
    assertThrows(IndexOutOfBoundsException.class, () -> structure.width(0));
    assertThrows(IndexOutOfBoundsException.class, () -> structure.height(0));
  }

  private static void assertWrites(
      String hex,
      DependencyStructure structure,
      boolean start,
      boolean end,
      int frameNumber,
      int template) {
    byte[] expected = octets(hex);
    byte[] written = new byte[expected.length];
    assertEquals(
        expected.length,
        DependencyDescriptorWriter.write(
            structure,
            true,
            DependencyDescriptorWriter.ABSENT,
            start,
            end,
            frameNumber,
            structure.template(template),
            written,
            0));
    assertArrayEquals(expected, written);
  }

  private static void assertRefuses(
      int templateIdOffset, List<FrameDependencies> templates, int[] protectingChains) {
    assertThrows(
        IllegalArgumentException.class,
        () -> DependencyStructure.of(templateIdOffset, templates, protectingChains));
  }

  private static void assertRefusesResolutions(int[] widths, int[] heights) {
    DependencyStructure structure = l1t3();
    assertThrows(IllegalArgumentException.class, () -> structure.withResolutions(widths, heights));
  }
}
