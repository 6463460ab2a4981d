/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.header.dependency;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.perc4j.header.dependency.CapturedDescriptors.octets;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.perc4j.header.MalformedPacketException;
import org.perc4j.header.MalformedPacketException.Reason;

/**
 * What Chrome sent is read as the specification says, and written as Chrome wrote it.
 *
 * <p>Templates are as {@link FrameDependencies#toString} has them. Those of L1T3 and L3T3 are the
 * tables of A.10.2.1 and A.10.2.2 of the AV1 RTP specification, with the decode targets from the
 * lowest up and, for L3T3, key frame templates second in their layer, as Chrome orders them. The
 * others were decoded by another program, written from the syntax in A.8.2 alone. Frame numbers,
 * layers, counts and masks are what Jitsi Videobridge's tests expect.
 */
class DependencyDescriptorCaptureTest {

  private static final List<String> L1T3_TEMPLATES =
      List.of(
          "S0T0 [] [0] SSS",
          "S0T0 [4] [4] SSS",
          "S0T1 [2] [2] -DS",
          "S0T2 [1] [1] --D",
          "S0T2 [1] [3] --D");

  private static final List<String> L3T3_TEMPLATES =
      List.of(
          "S0T0 [12] [12, 11, 10] SSSRRRRRR",
          "S0T0 [] [0, 0, 0] SSSSSSSSS",
          "S0T1 [6] [6, 5, 4] -DS-RR-RR",
          "S0T2 [3] [3, 2, 1] --D--R--R",
          "S0T2 [3] [9, 8, 7] --D--R--R",
          "S1T0 [12, 1] [1, 1, 1] ---SSSRRR",
          "S1T0 [1] [1, 1, 1] ---SSSSSS",
          "S1T1 [6, 1] [7, 6, 5] ----DS-RR",
          "S1T2 [3, 1] [4, 3, 2] -----D--R",
          "S1T2 [3, 1] [10, 9, 8] -----D--R",
          "S2T0 [12, 1] [2, 1, 1] ------SSS",
          "S2T0 [1] [2, 1, 1] ------SSS",
          "S2T1 [6, 1] [8, 7, 6] -------DS",
          "S2T2 [3, 1] [5, 4, 3] --------D",
          "S2T2 [3, 1] [11, 10, 9] --------D");

  private static final List<String> L3T3_KEY_TEMPLATES =
      List.of(
          "S0T0 [] [0, 0, 0] SSSSSSSSS",
          "S0T0 [12] [12, 11, 10] SSS------",
          "S0T1 [6] [6, 5, 4] -DS------",
          "S0T2 [3] [3, 2, 1] --D------",
          "S0T2 [3] [9, 8, 7] --D------",
          "S1T0 [1] [1, 1, 1] ---SSSSSS",
          "S1T0 [12] [1, 12, 11] ---SSS---",
          "S1T1 [6] [7, 6, 5] ----DS---",
          "S1T2 [3] [4, 3, 2] -----D---",
          "S1T2 [3] [10, 9, 8] -----D---",
          "S2T0 [1] [2, 1, 1] ------SSS",
          "S2T0 [12] [2, 1, 12] ------SSS",
          "S2T1 [6] [8, 7, 6] -------DS",
          "S2T2 [3] [5, 4, 3] --------D",
          "S2T2 [3] [11, 10, 9] --------D");

  private static final List<String> S3T3_TEMPLATES =
      List.of(
          "S0T0 [12] [12, 11, 10] SSS------",
          "S0T0 [] [0, 0, 0] SSS------",
          "S0T1 [6] [6, 5, 4] -DS------",
          "S0T2 [3] [3, 2, 1] --D------",
          "S0T2 [3] [9, 8, 7] --D------",
          "S1T0 [12] [1, 12, 11] ---SSS---",
          "S1T0 [] [1, 0, 0] ---SSS---",
          "S1T1 [6] [7, 6, 5] ----DS---",
          "S1T2 [3] [4, 3, 2] -----D---",
          "S1T2 [3] [10, 9, 8] -----D---",
          "S2T0 [12] [2, 1, 12] ------SSS",
          "S2T0 [] [2, 1, 0] ------SSS",
          "S2T1 [6] [8, 7, 6] -------DS",
          "S2T2 [3] [5, 4, 3] --------D",
          "S2T2 [3] [11, 10, 9] --------D");

  private static final List<String> L2T2_KEY_SHIFT_TEMPLATES =
      List.of(
          "S0T0 [] [0, 0] SSSS",
          "S0T0 [2] [2, 1] SS--",
          "S0T0 [4] [4, 1] SS--",
          "S0T1 [2] [2, 3] -D--",
          "S1T0 [1] [1, 1] --SS",
          "S1T0 [4] [3, 4] --SS",
          "S1T1 [2] [1, 2] ---D");

  private static final List<String> NO_CHAINS_TEMPLATES =
      List.of(
          "S0T0 [] [] SSS",
          "S0T0 [4] [] SSS",
          "S0T0 [4] [] SRR",
          "S0T1 [2] [] -SS",
          "S0T1 [4, 2] [] -DS",
          "S0T2 [1] [] --D",
          "S0T2 [3, 1] [] --D");

  private final DependencyDescriptorReader reader = new DependencyDescriptorReader();

  @Test
  void readsStreamWithoutLayers() throws MalformedPacketException {
    DependencyStructure structure = readStructure(CapturedDescriptors.L1T1, true, false, 1);
    assertEquals(List.of("S0T0 [] [0] S", "S0T0 [1] [1] S"), templates(structure));
    assertStructure(structure, 0, 1, 0, 0, 1);
    assertEquals("480x270", resolutions(structure));
    assertSame(structure.template(0), reader.dependencies());

    assertTrue(read(CapturedDescriptors.L1T1_LAST_PACKET));
    assertFalse(reader.startOfFrame());
    assertTrue(reader.endOfFrame());
    assertEquals(1, reader.frameNumber());
    assertFalse(reader.structurePresent());
    assertSame(structure, reader.structure());
    assertSame(structure.template(0), reader.dependencies());
    assertFalse(reader.activeDecodeTargetsPresent());
    assertEquals(1, reader.activeDecodeTargets());
  }

  @Test
  void readsTemporalLayers() throws MalformedPacketException {
    DependencyStructure structure = readStructure(CapturedDescriptors.L1T3, true, false, 1);
    assertEquals(L1T3_TEMPLATES, templates(structure));
    assertStructure(structure, 0, 3, 0, 2, 1);
    assertEquals("480x270", resolutions(structure));
    assertEquals(0b111, reader.activeDecodeTargets());
    assertEquals("001 011 111", containedTargets(structure));
    assertLayers(structure, "00 01 02");
    assertChains(structure, 0, 0, 0);
  }

  @Test
  void readsSpatialLayers() throws MalformedPacketException {
    DependencyStructure structure = readStructure(CapturedDescriptors.L3T3, true, true, 0x134);
    assertEquals(L3T3_TEMPLATES, templates(structure));
    assertStructure(structure, 15, 9, 2, 2, 3);
    assertEquals("320x180 640x360 1280x720", resolutions(structure));
    assertEquals(0b111_111_111, reader.activeDecodeTargets());
    assertEquals(
        "000000001 000000011 000000111 000001001 000011011 000111111 001001001 011011011 111111111",
        containedTargets(structure));
    assertLayers(structure, "00 01 02 10 11 12 20 21 22");
    assertChains(structure, 0, 0, 0, 1, 1, 1, 2, 2, 2);
    // The key frame's template is the second one, with ID 16.
    assertEquals(16, reader.templateId());
    assertSame(structure.template(1), reader.dependencies());

    assertTrue(read(CapturedDescriptors.L3T3_LOWEST));
    assertTrue(reader.startOfFrame());
    assertTrue(reader.endOfFrame());
    assertEquals(0x146, reader.frameNumber());
    assertFalse(reader.structurePresent());
    assertSame(structure, reader.structure());
    assertSame(structure.template(2), reader.dependencies());
    assertTrue(reader.activeDecodeTargetsPresent());
    assertEquals(0b111, reader.activeDecodeTargets());
  }

  @Test
  void readsSpatialLayersOfKeyFrames() throws MalformedPacketException {
    DependencyStructure structure = readStructure(CapturedDescriptors.L3T3_KEY, true, false, 0x85);
    assertEquals(L3T3_KEY_TEMPLATES, templates(structure));
    assertStructure(structure, 15, 9, 2, 2, 3);
    assertEquals("320x180 640x360 1280x720", resolutions(structure));
    assertEquals(0b111_111_111, reader.activeDecodeTargets());
    assertEquals(
        "000000001 000000011 000000111 000001000 000011000 000111000 001000000 011000000 111000000",
        containedTargets(structure));
    assertChains(structure, 0, 0, 0, 1, 1, 1, 2, 2, 2);
  }

  @Test
  void readsFramesUnlikeTheirTemplate() throws MalformedPacketException {
    DependencyStructure structure =
        readStructure(CapturedDescriptors.L3T3_KEY_2, true, false, 0x3CA);
    assertEquals(L3T3_KEY_TEMPLATES, templates(structure));
    assertStructure(structure, 0, 9, 2, 2, 3);

    assertTrue(read(CapturedDescriptors.L3T3_KEY_2_LOWEST));
    assertEquals(0x3CD, reader.frameNumber());
    assertEquals(0b111, reader.activeDecodeTargets());
    assertSame(structure.template(3), reader.dependencies());

    assertTrue(read(CapturedDescriptors.L3T3_KEY_2_CUSTOM));
    assertTrue(reader.startOfFrame());
    assertTrue(reader.endOfFrame());
    assertEquals(0x3CE, reader.frameNumber());
    assertEquals(2, reader.templateId());
    assertTrue(reader.activeDecodeTargetsPresent());
    assertEquals(0b111, reader.activeDecodeTargets());
    assertEquals("S0T1 [4] [4, 0, 0] -DS------", String.valueOf(reader.dependencies()));
  }

  @Test
  void readsSimulcast() throws MalformedPacketException {
    DependencyStructure structure = readStructure(CapturedDescriptors.S3T3, true, true, 1);
    assertEquals(S3T3_TEMPLATES, templates(structure));
    assertStructure(structure, 0, 9, 2, 2, 3);
    assertEquals("120x67 240x135 480x270", resolutions(structure));
    assertEquals(0b111_111_111, reader.activeDecodeTargets());
    assertEquals(
        "000000001 000000011 000000111 000001000 000011000 000111000 001000000 011000000 111000000",
        containedTargets(structure));
  }

  @Test
  void readsShiftedSpatialLayers() throws MalformedPacketException {
    DependencyStructure structure =
        readStructure(CapturedDescriptors.L2T2_KEY_SHIFT, true, false, 0xED);
    assertEquals(L2T2_KEY_SHIFT_TEMPLATES, templates(structure));
    assertStructure(structure, 7, 4, 1, 1, 2);
    assertEquals("640x360 1280x720", resolutions(structure));
    assertEquals(0b1111, reader.activeDecodeTargets());
    assertEquals("0001 0011 0100 1100", containedTargets(structure));
    assertChains(structure, 0, 0, 1, 1);
  }

  @Test
  void readsStructureWithoutChains() throws MalformedPacketException {
    DependencyStructure structure = readStructure(CapturedDescriptors.NO_CHAINS, true, false, 0x13);
    assertEquals(NO_CHAINS_TEMPLATES, templates(structure));
    assertStructure(structure, 0, 3, 0, 2, 0);
    assertEquals("1280x720", resolutions(structure));
    assertEquals(0b111, reader.activeDecodeTargets());
    assertEquals("001 011 111", containedTargets(structure));
    assertEquals(DependencyStructure.NO_CHAIN, structure.protectingChain(2));
  }

  @Test
  void readsPortrait() throws MalformedPacketException {
    assertEquals(
        "720x1280",
        resolutions(readStructure(CapturedDescriptors.NO_CHAINS_PORTRAIT, true, false, 0x23C5)));
  }

  @Test
  void readsMaskBesideStructure() throws MalformedPacketException {
    assertTrue(read(CapturedDescriptors.L3T3_KEY_PORTRAIT));
    assertTrue(reader.structurePresent());
    assertTrue(reader.activeDecodeTargetsPresent());
    assertEquals(0b111, reader.activeDecodeTargets());
    DependencyStructure structure = Objects.requireNonNull(reader.structure());
    assertEquals(L3T3_KEY_TEMPLATES, templates(structure));
    assertEquals("180x320 360x640 720x1280", resolutions(structure));
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        CapturedDescriptors.L1T1 + ", -",
        CapturedDescriptors.L1T1 + ", " + CapturedDescriptors.L1T1_LAST_PACKET,
        CapturedDescriptors.L1T3 + ", -",
        CapturedDescriptors.L3T3 + ", -",
        CapturedDescriptors.L3T3 + ", " + CapturedDescriptors.L3T3_LOWEST,
        CapturedDescriptors.L3T3_KEY + ", -",
        CapturedDescriptors.L3T3_KEY_2 + ", " + CapturedDescriptors.L3T3_KEY_2_LOWEST,
        CapturedDescriptors.L3T3_KEY_2 + ", " + CapturedDescriptors.L3T3_KEY_2_CUSTOM,
        CapturedDescriptors.S3T3 + ", -",
        CapturedDescriptors.L2T2_KEY_SHIFT + ", -",
        CapturedDescriptors.NO_CHAINS + ", -",
        CapturedDescriptors.NO_CHAINS_PORTRAIT + ", -",
        CapturedDescriptors.L3T3_KEY_PORTRAIT + ", -",
      })
  void writesWhatChromeWrote(String keyFrame, String next) throws MalformedPacketException {
    assertTrue(read(keyFrame));
    String hex = keyFrame;
    if (next != null) {
      assertTrue(read(next));
      hex = next;
    }
    DependencyStructure structure = Objects.requireNonNull(reader.structure());
    FrameDependencies dependencies = Objects.requireNonNull(reader.dependencies());
    int mask =
        reader.activeDecodeTargetsPresent()
            ? reader.activeDecodeTargets()
            : DependencyDescriptorWriter.ABSENT;
    int length =
        DependencyDescriptorWriter.encodedLength(
            structure, reader.structurePresent(), mask, dependencies);
    byte[] written = new byte[length + 2];
    Arrays.fill(written, (byte) 0xFF);
    assertEquals(
        length,
        DependencyDescriptorWriter.write(
            structure,
            reader.structurePresent(),
            mask,
            reader.startOfFrame(),
            reader.endOfFrame(),
            reader.frameNumber(),
            dependencies,
            written,
            1));
    assertArrayEquals(octets("ff" + hex + "ff"), written);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        CapturedDescriptors.L1T1,
        CapturedDescriptors.L1T3,
        CapturedDescriptors.L3T3,
        CapturedDescriptors.L3T3_KEY,
        CapturedDescriptors.S3T3,
        CapturedDescriptors.L2T2_KEY_SHIFT,
        CapturedDescriptors.NO_CHAINS,
        CapturedDescriptors.L3T3_KEY_PORTRAIT,
      })
  void rejectsEveryCut(String hex) throws MalformedPacketException {
    byte[] octets = octets(hex);
    for (int length = 4; length < octets.length; length++) {
      int cut = length;
      assertSame(
          Reason.DEPENDENCY_TRUNCATED,
          assertThrows(MalformedPacketException.class, () -> reader.read(octets, 0, cut)).reason());
    }
    assertTrue(reader.read(octets, 0, octets.length));
    for (int length = 4; length < octets.length; length++) {
      int cut = length;
      assertSame(
          Reason.DEPENDENCY_TRUNCATED,
          assertThrows(MalformedPacketException.class, () -> reader.read(octets, 0, cut)).reason());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {CapturedDescriptors.L3T3_KEY_2_CUSTOM, CapturedDescriptors.L3T3_KEY_2_LOWEST})
  void rejectsEveryCutOfLaterFrames(String hex) throws MalformedPacketException {
    assertTrue(read(CapturedDescriptors.L3T3_KEY_2));
    byte[] octets = octets(hex);
    for (int length = 4; length < octets.length; length++) {
      int cut = length;
      assertSame(
          Reason.DEPENDENCY_TRUNCATED,
          assertThrows(MalformedPacketException.class, () -> reader.read(octets, 0, cut)).reason());
    }
  }

  private boolean read(String hex) throws MalformedPacketException {
    byte[] octets = octets(hex);
    byte[] before = octets.clone();
    boolean known = reader.read(octets, 0, octets.length);
    assertArrayEquals(before, octets);
    return known;
  }

  private DependencyStructure readStructure(String hex, boolean start, boolean end, int frameNumber)
      throws MalformedPacketException {
    assertTrue(read(hex));
    assertEquals(start, reader.startOfFrame());
    assertEquals(end, reader.endOfFrame());
    assertEquals(frameNumber, reader.frameNumber());
    assertTrue(reader.structurePresent());
    assertFalse(reader.activeDecodeTargetsPresent());
    FrameDependencies dependencies = Objects.requireNonNull(reader.dependencies());
    assertEquals(0, dependencies.spatialId());
    assertEquals(0, dependencies.temporalId());
    DependencyStructure structure = reader.structure();
    assertNotNull(structure);
    return structure;
  }

  private static void assertStructure(
      DependencyStructure structure,
      int templateIdOffset,
      int decodeTargetCount,
      int maxSpatialId,
      int maxTemporalId,
      int chainCount) {
    assertEquals(templateIdOffset, structure.templateIdOffset());
    assertEquals(decodeTargetCount, structure.decodeTargetCount());
    assertEquals(maxSpatialId, structure.maxSpatialId());
    assertEquals(maxTemporalId, structure.maxTemporalId());
    assertEquals(chainCount, structure.chainCount());
    assertTrue(structure.hasResolutions());
  }

  private static void assertLayers(DependencyStructure structure, String layers) {
    List<String> actual = new ArrayList<>();
    for (int dt = 0; dt < structure.decodeTargetCount(); dt++) {
      actual.add("" + structure.decodeTargetSpatialId(dt) + structure.decodeTargetTemporalId(dt));
    }
    assertEquals(layers, String.join(" ", actual));
  }

  private static void assertChains(DependencyStructure structure, int... chains) {
    assertEquals(chains.length, structure.decodeTargetCount());
    for (int dt = 0; dt < chains.length; dt++) {
      assertEquals(chains[dt], structure.protectingChain(dt));
    }
  }

  private static List<String> templates(DependencyStructure structure) {
    List<String> templates = new ArrayList<>();
    for (int i = 0; i < structure.templateCount(); i++) {
      templates.add(structure.template(i).toString());
    }
    return templates;
  }

  private static String resolutions(DependencyStructure structure) {
    List<String> resolutions = new ArrayList<>();
    for (int layer = 0; layer <= structure.maxSpatialId(); layer++) {
      resolutions.add(structure.width(layer) + "x" + structure.height(layer));
    }
    return String.join(" ", resolutions);
  }

  /** For each decode target those that it contains, which Jitsi Videobridge's tests list. */
  private static String containedTargets(DependencyStructure structure) {
    List<String> masks = new ArrayList<>();
    for (int dt = 0; dt < structure.decodeTargetCount(); dt++) {
      int mask = structure.decodeTargetMask();
      for (int i = 0; i < structure.templateCount(); i++) {
        int present = structure.template(i).presentMask();
        mask &= (present & (1 << dt)) == 0 ? ~present : -1;
      }
      String bits = Integer.toBinaryString(mask);
      masks.add("0".repeat(structure.decodeTargetCount() - bits.length()) + bits);
    }
    return String.join(" ", masks);
  }
}
