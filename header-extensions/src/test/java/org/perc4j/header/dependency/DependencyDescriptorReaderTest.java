/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.header.dependency;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
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

/** What the reader remembers and what it refuses. */
class DependencyDescriptorReaderTest {

  /** Template IDs 15 to 29. */
  private static final String OFFSET_15 = CapturedDescriptors.L3T3;

  /** Template IDs 0 to 14. */
  private static final String OFFSET_0 = CapturedDescriptors.L3T3_KEY_2;

  /** Template IDs 0 to 14 as well. */
  private static final String ALSO_OFFSET_0 = CapturedDescriptors.S3T3;

  /** Template IDs 7 to 13. */
  private static final String OFFSET_7 = CapturedDescriptors.L2T2_KEY_SHIFT;

  private static final int MANDATORY_BITS = 24;

  private final DependencyDescriptorReader reader = new DependencyDescriptorReader();

  @Test
  void knowsMandatoryFieldsWithoutStructure() throws MalformedPacketException {
    assertFalse(read("d10146401c"));
    assertTrue(reader.startOfFrame());
    assertTrue(reader.endOfFrame());
    assertEquals(17, reader.templateId());
    assertEquals(0x146, reader.frameNumber());
    assertNothingKnown();
    assertEquals(0, reader.activeDecodeTargets());

    assertFalse(read("3fffff"));
    assertFalse(reader.startOfFrame());
    assertFalse(reader.endOfFrame());
    assertEquals(63, reader.templateId());
    assertEquals(65535, reader.frameNumber());
    assertNothingKnown();
  }

  @Test
  void knowsMandatoryFieldsOfUnknownTemplate() throws MalformedPacketException {
    assertTrue(read(at(OFFSET_15, 100)));
    assertFalse(read(packet(14, 101)));
    assertNothingKnown();
    assertEquals(0b111_111_111, reader.activeDecodeTargets());
    assertFalse(read(packet(30, 101)));
    assertTrue(read(packet(29, 101)));
    assertTrue(read(packet(15, 101)));
  }

  @Test
  void understandsLatePacketsOfBeforeTheKeyFrame() throws MalformedPacketException {
    DependencyStructure before = readStructure(at(OFFSET_15, 100));
    DependencyStructure after = readStructure(at(OFFSET_0, 110));
    assertRefers(before, 2, packet(17, 109));
    assertRefers(after, 2, packet(2, 111));
    assertRefers(before, 14, packet(29, 108));
  }

  @Test
  void understandsThemHoweverLate() throws MalformedPacketException {
    DependencyStructure before = readStructure(at(OFFSET_15, 100));
    DependencyStructure after = readStructure(at(OFFSET_0, 10_000));
    assertRefers(before, 2, packet(17, 101));
    assertRefers(after, 2, packet(2, 10_001));
  }

  @Test
  void forgetsTheStructureBeforeThePrevious() throws MalformedPacketException {
    DependencyStructure first = readStructure(at(OFFSET_15, 100));
    DependencyStructure second = readStructure(at(OFFSET_0, 110));
    assertRefers(first, 0, packet(15, 101));
    DependencyStructure third = readStructure(at(CapturedDescriptors.NO_CHAINS, 120));
    assertFalse(read(packet(15, 102)));
    assertNothingKnown();
    assertRefers(second, 7, packet(7, 121));
    assertRefers(third, 6, packet(6, 121));
  }

  @Test
  void prefersTheNewestStructure() throws MalformedPacketException {
    DependencyStructure before = readStructure(at(OFFSET_0, 100));
    DependencyStructure after = readStructure(at(OFFSET_7, 110));
    assertRefers(after, 0, packet(7, 111));
    assertRefers(after, 6, packet(13, 110));
    assertRefers(before, 14, packet(14, 111));
  }

  @Test
  void lateFrameOfTemplateIdOfBothIsThePreviousStructures() throws MalformedPacketException {
    DependencyStructure before = readStructure(at(OFFSET_0, 100));
    DependencyStructure after = readStructure(at(OFFSET_7, 1000));
    assertRefers(before, 7, packet(7, 999));
    assertRefers(before, 13, packet(13, 1000 - 512));
    assertRefers(after, 6, packet(13, 1000 - 513));
    assertRefers(after, 6, packet(13, 1000));
  }

  // The specification demands that the contents be the same (A.8.3).
  @Test
  void structureOfTheSameOffsetReplacesTheOther() throws MalformedPacketException {
    DependencyStructure before = readStructure(at(OFFSET_0, 100));
    DependencyStructure after = readStructure(at(ALSO_OFFSET_0, 110, 1));
    assertNotEquals(before, after);
    assertRefers(after, 5, packet(5, 111));
    assertRefers(before, 5, packet(5, 109));
  }

  @Test
  void lateStructureDoesNotDisplaceTheNewest() throws MalformedPacketException {
    DependencyStructure newest = readStructure(at(OFFSET_0, 100));
    DependencyStructure late = readStructure(at(OFFSET_7, 90));
    assertRefers(newest, 8, packet(8, 101));
    assertRefers(late, 1, packet(8, 91));
    assertSame(late, readStructure(at(OFFSET_7, 90)));
    assertRefers(newest, 8, packet(8, 101));
  }

  @Test
  void structureOfFarBackIsANewBeginning() throws MalformedPacketException {
    DependencyStructure before = readStructure(at(OFFSET_0, 1000));
    DependencyStructure after = readStructure(at(OFFSET_7, 1000 - 513));
    assertRefers(after, 1, packet(8, 1000 - 512));
    assertRefers(before, 0, packet(0, 1001));
  }

  @Test
  void frameNumbersWrap() throws MalformedPacketException {
    DependencyStructure before = readStructure(at(OFFSET_0, 65_000));
    DependencyStructure after = readStructure(at(OFFSET_7, 3));
    assertRefers(before, 8, packet(8, 65_535));
    assertRefers(after, 1, packet(8, 4));
    DependencyStructure late = readStructure(at(ALSO_OFFSET_0, 65_530, 1));
    assertRefers(after, 1, packet(8, 5));
    assertRefers(late, 8, packet(8, 65_535));
  }

  @Test
  void repeatedStructureIsTheSameInstance() throws MalformedPacketException {
    DependencyStructure structure = readStructure(at(OFFSET_15, 100));
    FrameDependencies template = reader.dependencies();
    assertSame(structure, readStructure(at(OFFSET_15, 100)));
    assertSame(template, reader.dependencies());
    // Not the first packet, another frame, with a mask beside it and something behind it.
    assertSame(structure, readStructure(at(OFFSET_15, 200)));
    byte[] octets = at(OFFSET_15, 201);
    octets[0] &= 0x7F;
    assertSame(structure, readStructure(Arrays.copyOf(octets, octets.length + 3)));
    assertSame(structure, readStructure(masked(structure, 202)));
    assertEquals(1, reader.activeDecodeTargets());
  }

  @Test
  void previousStructureIsTheSameInstanceWhenItComesBack() throws MalformedPacketException {
    DependencyStructure first = readStructure(at(OFFSET_0, 100));
    DependencyStructure second = readStructure(at(OFFSET_7, 110));
    assertRefers(second, 1, packet(8, 111));
    assertSame(first, readStructure(at(OFFSET_0, 120)));
    assertRefers(first, 8, packet(8, 121));
    assertSame(second, readStructure(at(OFFSET_7, 130)));
    assertRefers(second, 1, packet(8, 131));
  }

  @Test
  void structuresThatDifferInOneBitAreNotTheSame() throws MalformedPacketException {
    byte[] octets = at(CapturedDescriptors.L1T3, 100);
    DependencyStructure structure = readStructure(octets);
    // The last bit of the height, the first one of an indication, the first one of the offset.
    for (int bit : new int[] {octets.length * 8 - 1, 24 + 5 + 11 + 10, 24 + 5}) {
      byte[] other = octets.clone();
      other[bit / 8] ^= (byte) (0x80 >>> bit % 8);
      other[0] |= (byte) (bit == 24 + 5 ? 32 : 0);
      DependencyDescriptorReader another = new DependencyDescriptorReader();
      assertTrue(another.read(octets, 0, octets.length));
      assertTrue(another.read(other, 0, other.length));
      assertNotEquals(structure, another.structure());
    }
  }

  // Of L1T1's last octet, one bit is the structure's.
  @Test
  void structuresThatDifferInTheirLastOctetAreNotTheSame() throws MalformedPacketException {
    byte[] octets = at(CapturedDescriptors.L1T1, 100);
    DependencyStructure structure = readStructure(octets);
    octets[octets.length - 1] ^= (byte) 0x80;
    assertNotEquals(structure, readStructure(octets));
    assertEquals(269, Objects.requireNonNull(reader.structure()).height(0));
  }

  @Test
  void keepsDependenciesThatRepeat() throws MalformedPacketException {
    assertTrue(read(OFFSET_0));
    List<FrameDependencies> seen = new ArrayList<>();
    for (int diff = 1; diff <= DependencyDescriptorReader.KEPT_DEPENDENCIES; diff++) {
      assertTrue(read(customChains(1000, diff)));
      seen.add(Objects.requireNonNull(reader.dependencies()));
      assertEquals(diff, seen.get(diff - 1).chainDiff(1));
    }
    for (int diff = 1; diff <= DependencyDescriptorReader.KEPT_DEPENDENCIES; diff++) {
      assertTrue(read(customChains(1001, diff)));
      assertSame(seen.get(diff - 1), reader.dependencies());
    }
    // One more displaces the oldest.
    assertTrue(read(customChains(1002, 200)));
    assertTrue(read(customChains(1003, 2)));
    assertSame(seen.get(1), reader.dependencies());
    assertTrue(read(customChains(1004, 1)));
    assertNotSame(seen.get(0), reader.dependencies());
    assertEquals(seen.get(0), reader.dependencies());
  }

  @Test
  void keepsNoneOfAStructureThatIsForgotten() throws MalformedPacketException {
    assertTrue(read(at(OFFSET_0, 100)));
    for (int diff = 1; diff <= 3; diff++) {
      assertTrue(read(customChains(101, diff)));
    }
    FrameDependencies before = reader.dependencies();
    assertTrue(read(at(OFFSET_15, 110)));
    // The same but for the last bit of a height, so that the same dependencies come again.
    byte[] octets = at(OFFSET_0, 120);
    octets[octets.length - 1] ^= 1;
    assertTrue(read(octets));
    assertTrue(read(customChains(121, 3)));
    FrameDependencies after = reader.dependencies();
    assertEquals(before, after);
    assertNotSame(before, after);
    assertTrue(read(customChains(122, 1)));
    assertTrue(read(customChains(123, 3)));
    assertSame(after, reader.dependencies());
  }

  @Test
  void readsAllThatAFrameCanHaveOfItsOwn() throws MalformedPacketException {
    assertTrue(read(OFFSET_0));
    DependencyStructure structure = Objects.requireNonNull(reader.structure());
    byte[] octets =
        BitString.octets(
            "10 001000 0000010000000000 01111 000111000",
            "00 01 10 11 00 01 10 11 10",
            "01 1111 01 0000 10 11111111 11 111111111111 00",
            "11111111 00000000 00010000");
    assertTrue(read(octets));
    assertEquals(Templates.frame("1 2; 16,1,256,4096; 255,0,16; -DSR-DSRS"), reader.dependencies());
    assertTrue(reader.activeDecodeTargetsPresent());
    assertEquals(0b000_111_000, reader.activeDecodeTargets());
    assertFalse(reader.structurePresent());
    assertSame(structure, reader.structure());
    // The template has not changed.
    assertRefers(structure, 8, packet(8, 0x401));
    assertEquals(Templates.frame("1 2; 3; 4,3,2; -----D---"), reader.dependencies());
  }

  @Test
  void frameCanReferToNoneUnlikeItsTemplate() throws MalformedPacketException {
    assertTrue(read(OFFSET_0));
    assertTrue(read(BitString.octets("10 001000 0000010000000000 00010 00")));
    assertEquals(Templates.frame("1 2; ; 4,3,2; -----D---"), reader.dependencies());
  }

  @Test
  void activeTargetsStayUntilTheyChange() throws MalformedPacketException {
    DependencyStructure structure = readStructure(at(OFFSET_15, 100));
    assertActive(false, 0b111_111_111);
    assertTrue(read(packet(17, 101)));
    assertActive(false, 0b111_111_111);
    assertTrue(read(mask(17, 102, 0b111)));
    assertActive(true, 0b111);
    assertTrue(read(packet(17, 103)));
    assertActive(false, 0b111);
    assertTrue(read(mask(17, 104, 0)));
    assertActive(true, 0);
    assertTrue(read(packet(17, 105)));
    assertActive(false, 0);
    // A structure without a mask makes all active, even one that is known.
    assertSame(structure, readStructure(at(OFFSET_15, 106)));
    assertActive(false, 0b111_111_111);
    assertTrue(read(packet(17, 107)));
    assertActive(false, 0b111_111_111);
    assertSame(structure, readStructure(masked(structure, 108)));
    assertActive(true, 1);
    assertTrue(read(packet(17, 109)));
    assertActive(false, 1);
  }

  @Test
  void lateMaskDoesNotTakeBackALaterOne() throws MalformedPacketException {
    assertTrue(read(at(OFFSET_15, 100)));
    assertTrue(read(mask(17, 105, 0b111)));
    assertTrue(read(mask(17, 104, 0b1)));
    assertActive(true, 0b1);
    assertTrue(read(packet(17, 106)));
    assertActive(false, 0b111);
    assertTrue(read(at(OFFSET_15, 100)));
    assertActive(false, 0b111_111_111);
    assertTrue(read(packet(17, 106)));
    assertActive(false, 0b111);
    // Of the same frame, the one that comes later is taken.
    assertTrue(read(mask(17, 105, 0b11)));
    assertTrue(read(packet(17, 106)));
    assertActive(false, 0b11);
  }

  @Test
  void eachStructureHasItsActiveTargets() throws MalformedPacketException {
    assertTrue(read(at(OFFSET_15, 100)));
    assertTrue(read(mask(17, 101, 0b111)));
    assertTrue(read(at(OFFSET_0, 110)));
    assertActive(false, 0b111_111_111);
    assertTrue(read(packet(17, 102)));
    assertActive(false, 0b111);
    assertTrue(read(mask(18, 103, 0b11)));
    assertTrue(read(packet(2, 111)));
    assertActive(false, 0b111_111_111);
    assertTrue(read(packet(17, 104)));
    assertActive(false, 0b11);
  }

  // Distances are known modulo 65536: a mask must not be late because the key frame was that long
  // ago, nor a structure, nor a frame that only the newest structure can explain.
  @Test
  void longStreamsStayReadable() throws MalformedPacketException {
    assertTrue(read(at(OFFSET_0, 100)));
    DependencyStructure structure = readStructure(at(OFFSET_7, 200));
    for (int frame = 201; frame < 201 + 3 * 65_536; frame++) {
      int mask = 1 + frame % 15;
      if (frame % 1_000 == 0) {
        assertTrue(
            read(at(BitString.octets("10 001000", "0".repeat(16), "01000", bits(mask, 4)), frame)));
        assertActive(true, mask);
        assertTrue(read(packet(8, frame)));
        assertActive(false, mask);
      }
      assertTrue(read(packet(8, frame)));
      assertSame(structure, reader.structure());
    }
    DependencyStructure next = readStructure(at(OFFSET_0, 190));
    assertRefers(next, 8, packet(8, 191));
  }

  @Test
  void firstMaskAfterLongIsNotLate() throws MalformedPacketException {
    assertTrue(read(at(OFFSET_15, 100)));
    for (int frame = 101; frame < 95 + 65_536; frame += 100) {
      assertTrue(read(packet(17, frame)));
    }
    assertTrue(read(mask(17, 95, 0b111)));
    assertTrue(read(packet(17, 96)));
    assertActive(false, 0b111);
  }

  @Test
  void newStructureAfterLongRepetitionOfAnotherIsNotLate() throws MalformedPacketException {
    for (int frame = 100; frame < 95 + 65_536; frame += 100) {
      assertTrue(read(at(OFFSET_0, frame)));
    }
    DependencyStructure structure = readStructure(at(OFFSET_7, 95));
    assertRefers(structure, 1, packet(8, 96));
    assertRefers(structure, 1, packet(8, 101));
  }

  @Test
  void comingBackAfterLongIsNotLate() throws MalformedPacketException {
    assertTrue(read(at(OFFSET_0, 1_000)));
    assertTrue(read(at(OFFSET_7, 1_001)));
    for (int frame = 1_002; frame < 900 + 65_536; frame++) {
      assertTrue(read(packet(8, frame)));
    }
    DependencyStructure structure = readStructure(at(OFFSET_0, 900));
    assertActive(false, 0b111_111_111);
    assertRefers(structure, 8, packet(8, 901));
    assertTrue(read(mask(8, 902, 0b1)));
    assertTrue(read(packet(8, 903)));
    assertActive(false, 0b1);
  }

  @Test
  void ignoresWhatFollows() throws MalformedPacketException {
    assertTrue(read(CapturedDescriptors.L1T1 + "ff".repeat(242)));
    DependencyStructure structure = Objects.requireNonNull(reader.structure());
    assertSame(structure, readStructure(octets(CapturedDescriptors.L1T1)));
    // five flags that say no, then ones
    assertTrue(read("410002" + "07ffff"));
    assertSame(structure.template(1), reader.dependencies());
    // bits beside the structure in its last octet
    byte[] octets = octets(CapturedDescriptors.L1T1);
    octets[octets.length - 1] |= 0x7F;
    assertSame(structure, readStructure(octets));
  }

  @Test
  void readsAsManyTemplatesAsThereCanBe() throws MalformedPacketException {
    // 64 templates of one target, no difference, no chain, no resolution
    byte[] octets =
        BitString.octets(
            "10 111110 0000000000000001 10000 111111 00000",
            "00".repeat(63) + "11",
            "10".repeat(64),
            "0".repeat(64),
            "0 0");
    DependencyStructure structure = readStructure(octets);
    assertEquals(64, structure.templateCount());
    assertEquals(63, structure.templateIdOffset());
    assertSame(structure.template(63), reader.dependencies());
    assertEquals(1, reader.activeDecodeTargets());
    for (int id = 0; id < 64; id++) {
      assertRefers(structure, (id + 1) % 64, packet(id, 2));
    }
  }

  @Test
  void readsAsManyTargetsChainsAndLayersAsThereCanBe() throws MalformedPacketException {
    // Two templates, the second one layer up each way; ns(33) of 32 is 111111, ns(32) has five
    // bits.
    StringBuilder protectedBy = new StringBuilder();
    for (int dt = 0; dt < 32; dt++) {
      protectedBy.append(bits(31 - dt, 5));
    }
    byte[] octets =
        BitString.octets(
            "10 000000 0000000000000001 11000 000000 11111",
            "11",
            "11".repeat(31) + "10",
            "0",
            "111111" + protectedBy,
            "1111".repeat(32),
            "1 1111111111111111 0000000000000000",
            "1" + "0".repeat(31));
    DependencyStructure structure = readStructure(octets);
    assertEquals(32, structure.decodeTargetCount());
    assertEquals(32, structure.chainCount());
    assertEquals(31, structure.protectingChain(0));
    assertEquals(0, structure.protectingChain(31));
    assertEquals(-1, structure.template(0).presentMask());
    assertEquals(1 << 31, structure.template(0).switchMask());
    assertEquals(15, structure.template(0).chainDiff(31));
    assertEquals(65_536, structure.width(0));
    assertEquals(1, structure.height(0));
    assertActive(true, 1 << 31);
    assertSame(structure, readStructure(octets));
  }

  @Test
  void allOf32TargetsAreActiveWithoutMask() throws MalformedPacketException {
    assertTrue(
        read(
            BitString.octets(
                "10 000000 0000000000000001 10000 000000 11111 11", "1".repeat(64), "0 00000 0")));
    assertActive(false, -1);
  }

  @Test
  void readsAsManyLayersAsThereCanBe() throws MalformedPacketException {
    DependencyStructure structure =
        readStructure(
            BitString.octets(
                "10 000000 0000000000000001 10000 000000 00000",
                ("01".repeat(7) + "10").repeat(3) + "01".repeat(7) + "11",
                "10".repeat(32),
                "0".repeat(32),
                "0 0"));
    assertEquals(32, structure.templateCount());
    assertEquals(3, structure.maxSpatialId());
    assertEquals(7, structure.maxTemporalId());
    assertEquals(3, structure.template(31).spatialId());
    assertEquals(7, structure.template(31).temporalId());
    assertEquals(3, structure.decodeTargetSpatialId(0));
    assertEquals(7, structure.decodeTargetTemporalId(0));
    assertFalse(structure.hasResolutions());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "80", "8000"})
  void rejectsLessThanTheMandatoryFields(String hex) {
    assertRejects(Reason.DEPENDENCY_TOO_SHORT, octets(hex));
  }

  @Test
  void rejectsMoreThanAnExtensionElementHas() throws MalformedPacketException {
    assertRejects(Reason.DEPENDENCY_TOO_LONG, Arrays.copyOf(octets(CapturedDescriptors.L1T1), 256));
    assertTrue(read(Arrays.copyOf(octets(CapturedDescriptors.L1T1), 255)));
  }

  @Test
  void rejectsMoreTemplatesThanIds() {
    assertRejects(
        Reason.DEPENDENCY_TOO_MANY_TEMPLATES,
        BitString.octets(
            "10 000000 0000000000000001 10000 000000 00000",
            "00".repeat(64) + "11",
            "10".repeat(65),
            "0".repeat(65),
            "0 0"));
  }

  @Test
  void rejectsSpatialLayersThatAv1DoesNotHave() {
    assertRejects(
        Reason.DEPENDENCY_SPATIAL_ID_RANGE,
        BitString.octets(
            "10 000000 0000000000000001 10000 000000 00000",
            "10 10 10 10 11",
            "10".repeat(5),
            "0".repeat(5),
            "0 0"));
  }

  @Test
  void rejectsTemporalLayersThatAv1DoesNotHave() {
    assertRejects(
        Reason.DEPENDENCY_TEMPORAL_ID_RANGE,
        BitString.octets(
            "10 000000 0000000000000001 10000 000000 00000",
            "01".repeat(8) + "11",
            "10".repeat(9),
            "0".repeat(9),
            "0 0"));
  }

  // Offset 0 and two templates, and offset 15 and fifteen templates.
  @ParameterizedTest
  @CsvSource({
    CapturedDescriptors.L1T1 + ", 2",
    CapturedDescriptors.L1T1 + ", 63",
    CapturedDescriptors.L3T3 + ", 14",
    CapturedDescriptors.L3T3 + ", 30",
  })
  void rejectsTemplateOfAnotherStructureThanItsOwn(String hex, int templateId) {
    byte[] octets = octets(hex);
    octets[0] = (byte) (0x80 | templateId);
    assertRejects(Reason.DEPENDENCY_TEMPLATE_ID_RANGE, octets);
  }

  @Test
  void rejectsItEvenIfAnotherKnownStructureHasTheTemplate() throws MalformedPacketException {
    assertTrue(read(OFFSET_0));
    byte[] octets = octets(OFFSET_15);
    octets[0] = (byte) 0x80;
    assertRejects(Reason.DEPENDENCY_TEMPLATE_ID_RANGE, octets);
  }

  // Whole octets, so that nothing is there that is not listed.
  @ParameterizedTest
  @ValueSource(
      strings = {
        // mask of nine bits, three of which are there
        "01000 000",
        // nine indications
        "00100 000 00000000",
        // a difference without its value, half the size of the next, a third of twelve bits missing
        "00010 010",
        "00010 10 00000000 0",
        "00010 11 00000000 0",
        // three chains
        "00001 000 00000000 00000000",
      })
  void rejectsFieldsThatAreNotAllThere(String bits) throws MalformedPacketException {
    assertTrue(read(OFFSET_0));
    assertRejects(
        Reason.DEPENDENCY_TRUNCATED, BitString.octets("10 000000 0000010000000000", bits));
  }

  @Test
  void rejectsStructureThatIsNotThere() {
    assertRejects(Reason.DEPENDENCY_TRUNCATED, octets("80000180"));
  }

  @Test
  void malformedDescriptorChangesNothing() throws MalformedPacketException {
    DependencyStructure before = readStructure(at(OFFSET_15, 100));
    DependencyStructure newest = readStructure(at(OFFSET_0, 110));
    assertTrue(read(mask(2, 111, 0b111)));
    assertTrue(read(customChains(112, 9)));
    FrameDependencies kept = reader.dependencies();

    byte[] structure = at(OFFSET_7, 120);
    assertRejects(Reason.DEPENDENCY_TRUNCATED, Arrays.copyOf(structure, structure.length - 1));
    // A known structure, a mask and nothing of the mask.
    byte[] known = at(OFFSET_15, 120);
    known[3] |= 0x40;
    assertRejects(Reason.DEPENDENCY_TRUNCATED, known);
    byte[] templateId = at(OFFSET_7, 120);
    templateId[0] = 0;
    assertRejects(Reason.DEPENDENCY_TEMPLATE_ID_RANGE, templateId);
    // A mask that is there and chains that are not.
    assertRejects(
        Reason.DEPENDENCY_TRUNCATED,
        at(BitString.octets("10 000010", "0".repeat(16), "01001 000000001 00"), 120));

    assertTrue(reader.startOfFrame());
    assertEquals(112, reader.frameNumber());
    assertEquals(1, reader.templateId());
    assertSame(newest, reader.structure());
    assertSame(kept, reader.dependencies());
    assertFalse(reader.structurePresent());
    assertActive(false, 0b111);
    assertRefers(newest, 8, packet(8, 121));
    assertActive(false, 0b111);
    assertRefers(before, 1, packet(16, 101));
    assertTrue(read(customChains(122, 9)));
    assertSame(kept, reader.dependencies());
  }

  @Test
  void readsOnlyItsRegion() throws MalformedPacketException {
    byte[] octets = octets("ffff" + CapturedDescriptors.L1T3 + "ffff");
    byte[] before = octets.clone();
    assertTrue(reader.read(octets, 2, octets.length - 4));
    assertArrayEquals(before, octets);
    DependencyStructure structure = Objects.requireNonNull(reader.structure());
    // As a known structure, at another place, and not from an array that has changed since.
    Arrays.fill(octets, (byte) 0);
    assertSame(structure, readStructure(octets(CapturedDescriptors.L1T3)));
    byte[] cut = octets("ffff" + CapturedDescriptors.L1T3);
    assertSame(
        Reason.DEPENDENCY_TRUNCATED,
        assertThrows(MalformedPacketException.class, () -> reader.read(cut, 2, cut.length - 3))
            .reason());
  }

  @Test
  void refusesRegionsOutsideTheArray() {
    byte[] buffer = new byte[10];
    assertThrows(IndexOutOfBoundsException.class, () -> reader.read(buffer, -1, 3));
    assertThrows(IndexOutOfBoundsException.class, () -> reader.read(buffer, 8, 3));
    assertThrows(IndexOutOfBoundsException.class, () -> reader.read(buffer, 0, -1));
  }

  @Test
  void isCalledWhatTheSpecificationCallsIt() {
    assertEquals(
        "https://aomediacodec.github.io/av1-rtp-spec/#dependency-descriptor-rtp-header-extension",
        DependencyDescriptorReader.URI);
  }

  private void assertNothingKnown() {
    assertNull(reader.structure());
    assertNull(reader.dependencies());
    assertFalse(reader.structurePresent());
    assertFalse(reader.activeDecodeTargetsPresent());
  }

  private void assertActive(boolean present, int mask) {
    assertEquals(present, reader.activeDecodeTargetsPresent());
    assertEquals(mask, reader.activeDecodeTargets());
  }

  private void assertRefers(DependencyStructure structure, int index, byte[] packet)
      throws MalformedPacketException {
    assertTrue(read(packet));
    assertSame(structure, reader.structure());
    assertSame(structure.template(index), reader.dependencies());
    assertFalse(reader.structurePresent());
  }

  private void assertRejects(Reason reason, byte[] octets) {
    assertSame(reason, assertThrows(MalformedPacketException.class, () -> read(octets)).reason());
  }

  private boolean read(String hex) throws MalformedPacketException {
    return read(octets(hex));
  }

  private boolean read(byte[] octets) throws MalformedPacketException {
    return reader.read(octets, 0, octets.length);
  }

  private DependencyStructure readStructure(byte[] octets) throws MalformedPacketException {
    assertTrue(read(octets));
    assertTrue(reader.structurePresent());
    return Objects.requireNonNull(reader.structure());
  }

  /** A descriptor with another frame number. */
  private static byte[] at(String hex, int frameNumber) {
    return at(octets(hex), frameNumber);
  }

  private static byte[] at(byte[] octets, int frameNumber) {
    octets[1] = (byte) (frameNumber >> 8);
    octets[2] = (byte) frameNumber;
    return octets;
  }

  /** A descriptor with another frame number and template. */
  private static byte[] at(String hex, int frameNumber, int templateId) {
    byte[] octets = at(hex, frameNumber);
    octets[0] = (byte) (0x80 | templateId);
    return octets;
  }

  /** The three mandatory octets. */
  private static byte[] packet(int templateId, int frameNumber) {
    return at(new byte[] {(byte) (0x80 | templateId), 0, 0}, frameNumber);
  }

  /** A mask of nine targets. */
  private static byte[] mask(int templateId, int frameNumber, int mask) {
    byte[] octets =
        BitString.octets(
            "10", bits(templateId, 6), "0".repeat(MANDATORY_BITS - 8), "01000", bits(mask, 9));
    return at(octets, frameNumber);
  }

  /** Three chains of its own. */
  private static byte[] customChains(int frameNumber, int diff) {
    byte[] octets =
        BitString.octets(
            "10 000001",
            "0".repeat(MANDATORY_BITS - 8),
            "00001",
            "00000001",
            bits(diff, 8),
            "00000011");
    return at(octets, frameNumber);
  }

  /** A structure and the mask of its first target alone. */
  private static byte[] masked(DependencyStructure structure, int frameNumber) {
    FrameDependencies template = structure.template(0);
    byte[] octets =
        new byte[DependencyDescriptorWriter.encodedLength(structure, true, 1, template)];
    assertEquals(
        octets.length,
        DependencyDescriptorWriter.write(
            structure, true, 1, true, true, frameNumber, template, octets, 0));
    return octets;
  }

  private static String bits(int value, int count) {
    String bits = Integer.toBinaryString(value);
    return "0".repeat(count - bits.length()) + bits;
  }
}
