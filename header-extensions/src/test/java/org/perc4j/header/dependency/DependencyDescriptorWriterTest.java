/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.header.dependency;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.perc4j.header.dependency.DependencyDescriptorWriter.ABSENT;

import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DependencyDescriptorWriterTest {

  private static final int[] NONE = {};

  /** Two decode targets and chains and one template, as libwebrtc's tests of its writer have. */
  private static final DependencyStructure ONE_TEMPLATE =
      DependencyStructure.of(0, Templates.frames("0 0; 1; 2,2; SR"), new int[] {0, 1});

  // The first way of A.10.1.3. Its table has neither indications, which are those of Chrome's
  // structures of two spatial layers here, nor the second chain, which is left out.
  private static final DependencyStructure TWO_QUALITIES =
      DependencyStructure.of(
          0,
          Templates.frames("0 0; ; 0; SS", "0 0; 2; 2; SR", "1 0; 1; 1; -S", "1 0; 1,2; 1; -S"),
          new int[] {0, 0});

  // A.10.1.3: which template each frame refers to, and which differences it has of its own. The
  // octets were put together by hand: S and E, template, frame number; then D F C behind two zeros.
  @ParameterizedTest
  @CsvSource({
    "1, '0 0; ; 0; SS', c00001",
    "2, '1 0; 1; 1; -S', c20002",
    "101, '0 0; 2; 2; SR', c10065",
    "102, '1 0; 1,2; 1; -S', c30066",
    // chain 2: 00001 00000010 000
    "105, '1 0; 1; 2; -S', c200690810",
    // chain 3: 00001 00000011 000
    "106, '1 0; 1; 3; -S', c2006a0818",
    // chain 4: 00001 00000100 000
    "107, '1 0; 1; 4; -S', c2006b0820",
    // frame 5, chain 5: 00011 01 0100 00 00000101 000
    "108, '0 0; 5; 5; SR', c1006c1a8028",
    "109, '1 0; 1,2; 1; -S', c3006d",
  })
  void choosesTemplatesAsTheSpecificationsExample(int frameNumber, String frame, String hex) {
    assertWrites(hex, TWO_QUALITIES, ABSENT, frameNumber, Templates.frame(frame));
  }

  // Writer3BytesForPerfectTemplate of libwebrtc's rtp_dependency_descriptor_extension_unittest.cc.
  @Test
  void frameAsItsTemplateTakesThreeOctets() {
    assertWrites("c00000", ONE_TEMPLATE, ABSENT, 0, ONE_TEMPLATE.template(0));
  }

  // WriteZeroInUnusedBits of the same; assertWrites begins with an array of ones.
  // 00010 01 0001 00, three bits left
  @Test
  void unusedBitsAreZero() {
    assertWrites("c000001220", ONE_TEMPLATE, ABSENT, 0, Templates.frame("0 0; 2; 2,2; SR"));
  }

  // FailsToWriteInvalidDescriptor of the same.
  @Test
  void refusesFrameOfLayerWithoutTemplate() {
    assertRefuses(ONE_TEMPLATE, false, ABSENT, 0, Templates.frame("0 1; 1; 2,2; SR"));
    assertRefuses(ONE_TEMPLATE, false, ABSENT, 0, Templates.frame("1 0; 1; 2,2; SR"));
  }

  // FailsToWriteWhenNumberOfChainsMismatch and ...OfDecodeTargetsMismatch of the same.
  @Test
  void refusesFrameUnlikeTheStructure() {
    assertRefuses(ONE_TEMPLATE, false, ABSENT, 0, Templates.frame("0 0; 1; 2; SR"));
    assertRefuses(ONE_TEMPLATE, false, ABSENT, 0, Templates.frame("0 0; 1; ; S"));
  }

  // 00100 then 01 for D and 10 for S
  @Test
  void writesIndicationsOfItsOwn() {
    assertWrites("c0000023 00", ONE_TEMPLATE, ABSENT, 0, Templates.frame("0 0; 1; 2,2; DS"));
  }

  // 01000 then 0 for target 1 and 1 for target 0
  @Test
  void writesMask() {
    assertWrites("c0000042", ONE_TEMPLATE, 0b01, 0, ONE_TEMPLATE.template(0));
  }

  // 01111, mask 11, dtis 00 01, differences 01 1111, 10 11111111, 11 111111111111, 00 (size then
  // value minus 1), chains 11111111 00000000
  @Test
  void writesEverythingOfItsOwn() {
    byte[] expected =
        BitString.octets(
            "11 000000 1111111111111111 01111 11 0001",
            "01 1111 10 11111111 11 111111111111 00",
            "11111111 00000000");
    assertWrites(
        HexFormat.of().formatHex(expected),
        ONE_TEMPLATE,
        0b11,
        0xFFFF,
        Templates.frame("0 0; 16,256,4096; 255,0; -D"));
  }

  // 10, then 00010000 for 17 is one more than four bits hold; 11, 000100000000 for 257.
  @Test
  void writesDifferencesInTheFewestUnits() {
    byte[] expected =
        BitString.octets("11 000000 0000000000000001 00010 10 00010000 11 000100000000 00");
    assertWrites(
        HexFormat.of().formatHex(expected),
        ONE_TEMPLATE,
        ABSENT,
        1,
        Templates.frame("0 0; 17,257; 2,2; SR"));
  }

  @Test
  void writesFrameThatRefersToNoneInPlaceOfItsTemplates() {
    byte[] expected = BitString.octets("11 000000 0000000000000001 00010 00");
    assertWrites(
        HexFormat.of().formatHex(expected),
        ONE_TEMPLATE,
        ABSENT,
        1,
        Templates.frame("0 0; ; 2,2; SR"));
  }

  @Test
  void ofEqualTemplatesTakesTheFirst() {
    DependencyStructure twice =
        DependencyStructure.of(63, Templates.frames("0 0; 1; ; S", "0 0; 1; ; S"), NONE);
    assertWrites("ff0000", twice, ABSENT, 0, twice.template(1));
  }

  @Test
  void writesFlagsAndOffsetModulo64() {
    DependencyStructure structure =
        DependencyStructure.of(63, Templates.frames("0 0; ; ; S", "0 0; 1; ; S"), NONE);
    byte[] written = new byte[3];
    assertEquals(
        3,
        DependencyDescriptorWriter.write(
            structure, false, ABSENT, false, false, 0x1234, structure.template(1), written, 0));
    assertEquals("001234", HexFormat.of().formatHex(written));
    assertEquals(
        3,
        DependencyDescriptorWriter.write(
            structure, false, ABSENT, true, false, 0x1234, structure.template(0), written, 0));
    assertEquals("bf1234", HexFormat.of().formatHex(written));
  }

  @Test
  void writesMandatoryFieldsAlone() {
    byte[] written = {0x55, 0, 0, 0, 0x55};
    assertEquals(3, DependencyDescriptorWriter.writeMandatory(false, true, 17, 0x146, written, 1));
    assertEquals("5551014655", HexFormat.of().formatHex(written));
  }

  @ParameterizedTest
  @CsvSource({"-1, 0", "64, 0", "0, -1", "0, 65536"})
  void refusesMandatoryFieldsOutOfRange(int templateId, int frameNumber) {
    byte[] written = {7, 7, 7};
    assertThrows(
        IllegalArgumentException.class,
        () ->
            DependencyDescriptorWriter.writeMandatory(
                true, true, templateId, frameNumber, written, 0));
    assertArrayEquals(new byte[] {7, 7, 7}, written);
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 65536})
  void refusesFrameNumbersOutOfRange(int frameNumber) {
    byte[] written = new byte[10];
    assertThrows(
        IllegalArgumentException.class,
        () ->
            DependencyDescriptorWriter.write(
                ONE_TEMPLATE,
                true,
                ABSENT,
                true,
                true,
                frameNumber,
                ONE_TEMPLATE.template(0),
                written,
                0));
    assertArrayEquals(new byte[10], written);
  }

  @ParameterizedTest
  @ValueSource(ints = {0b100, -2, Integer.MIN_VALUE})
  void refusesMasksOfOtherTargets(int mask) {
    assertRefuses(ONE_TEMPLATE, false, mask, 0, ONE_TEMPLATE.template(0));
  }

  @Test
  void masksUpTo32Targets() {
    DependencyStructure structure =
        DependencyStructure.of(0, Templates.frames("0 0; ; ; " + "S".repeat(32)), NONE);
    byte[] expected = BitString.octets("11 000000 0000000000000000 01000", "1".repeat(31) + "0");
    assertWrites(HexFormat.of().formatHex(expected), structure, -2, 0, structure.template(0));
  }

  @Test
  void refusesWhatDoesNotFitInAnExtensionElement() {
    String diffs = IntStream.range(0, 143).mapToObj(i -> "4096").collect(Collectors.joining(","));
    // 29 + 143 * 14 + 2 bits
    assertEquals(
        255,
        DependencyDescriptorWriter.encodedLength(
            ONE_TEMPLATE, false, ABSENT, Templates.frame("0 0; " + diffs + "; 2,2; SR")));
    assertRefuses(
        ONE_TEMPLATE, false, ABSENT, 0, Templates.frame("0 0; " + diffs + ",17; 2,2; SR"));
    DependencyStructure great =
        DependencyStructure.of(
            0, Collections.nCopies(29, Templates.frame("0 0; ; ; " + "S".repeat(32))), NONE);
    assertRefuses(great, true, 1, 0, Templates.frame("0 0; 1,2; ; " + "D".repeat(32)));
  }

  @Test
  void refusesRegionsOutsideTheArray() {
    byte[] buffer = {7, 7, 7, 7, 7};
    FrameDependencies custom = Templates.frame("0 0; 2; 2,2; SR");
    for (int offset : new int[] {-1, 1, 5}) {
      assertThrows(
          IndexOutOfBoundsException.class,
          () ->
              DependencyDescriptorWriter.write(
                  ONE_TEMPLATE, false, ABSENT, true, true, 0, custom, buffer, offset));
    }
    assertThrows(
        IndexOutOfBoundsException.class,
        () -> DependencyDescriptorWriter.writeMandatory(true, true, 0, 0, buffer, 3));
    assertArrayEquals(new byte[] {7, 7, 7, 7, 7}, buffer);
  }

  private static void assertWrites(
      String hex,
      DependencyStructure structure,
      int mask,
      int frameNumber,
      FrameDependencies dependencies) {
    String expected = hex.replace(" ", "");
    int length = DependencyDescriptorWriter.encodedLength(structure, false, mask, dependencies);
    byte[] written = new byte[length + 2];
    Arrays.fill(written, (byte) 0xFF);
    assertEquals(
        length,
        DependencyDescriptorWriter.write(
            structure, false, mask, true, true, frameNumber, dependencies, written, 1));
    assertEquals("ff" + expected + "ff", HexFormat.of().formatHex(written));
  }

  private static void assertRefuses(
      DependencyStructure structure,
      boolean attachStructure,
      int mask,
      int frameNumber,
      FrameDependencies dependencies) {
    byte[] buffer = new byte[400];
    assertThrows(
        IllegalArgumentException.class,
        () ->
            DependencyDescriptorWriter.write(
                structure,
                attachStructure,
                mask,
                true,
                true,
                frameNumber,
                dependencies,
                buffer,
                0));
    assertArrayEquals(new byte[400], buffer);
    assertThrows(
        IllegalArgumentException.class,
        () ->
            DependencyDescriptorWriter.encodedLength(
                structure, attachStructure, mask, dependencies));
  }
}
