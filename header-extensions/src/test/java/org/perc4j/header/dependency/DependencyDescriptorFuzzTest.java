/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.header.dependency;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.perc4j.header.dependency.DependencyDescriptorWriter.ABSENT;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.perc4j.header.MalformedPacketException;

class DependencyDescriptorFuzzTest {

  private static final int GUARD = 4;

  /** All that a reader says. */
  private record Said(
      boolean start,
      boolean end,
      int templateId,
      int frameNumber,
      boolean structurePresent,
      @Nullable DependencyStructure structure,
      @Nullable FrameDependencies dependencies,
      boolean activeDecodeTargetsPresent,
      int activeDecodeTargets) {

    static Said by(DependencyDescriptorReader reader) {
      return new Said(
          reader.startOfFrame(),
          reader.endOfFrame(),
          reader.templateId(),
          reader.frameNumber(),
          reader.structurePresent(),
          reader.structure(),
          reader.dependencies(),
          reader.activeDecodeTargetsPresent(),
          reader.activeDecodeTargets());
    }
  }

  /** Descriptors of one stream, each behind an octet that says how long it is. */
  @FuzzTest
  void descriptors(byte[] input) throws MalformedPacketException {
    DependencyDescriptorReader reader = new DependencyDescriptorReader();
    int position = 0;
    while (position < input.length) {
      int length = Math.min(input[position] & 0xFF, input.length - position - 1);
      read(reader, Arrays.copyOfRange(input, position + 1, position + 1 + length));
      position += 1 + length;
    }
  }

  private static void read(DependencyDescriptorReader reader, byte[] descriptor)
      throws MalformedPacketException {
    // Between guards that are padding or flags, in case something reads too far.
    byte[] buffer = new byte[GUARD + descriptor.length + GUARD];
    Arrays.fill(buffer, (byte) 0xF0);
    System.arraycopy(descriptor, 0, buffer, GUARD, descriptor.length);
    byte[] guarded = buffer.clone();

    Said before = Said.by(reader);
    boolean known;
    try {
      known = reader.read(buffer, GUARD, descriptor.length);
    } catch (MalformedPacketException e) {
      assertSame(before.structure(), reader.structure());
      assertSame(before.dependencies(), reader.dependencies());
      assertEquals(before, Said.by(reader));
      return;
    }
    assertArrayEquals(guarded, buffer);

    assertEquals(descriptor[0] < 0, reader.startOfFrame());
    assertEquals(descriptor[0] & 0x3F, reader.templateId());
    if (!known) {
      assertNull(reader.structure());
      assertNull(reader.dependencies());
      assertFalse(reader.structurePresent());
      return;
    }
    assertNotNull(reader.structure());
    assertNotNull(reader.dependencies());
    check(reader.structure(), reader.dependencies());
    assertEquals(0, reader.activeDecodeTargets() & ~reader.structure().decodeTargetMask());
    writeAndReadAgain(reader, reader.structure(), reader.dependencies(), descriptor.length);

    // The same again says the same and is made of the same.
    Said said = Said.by(reader);
    assertTrue(reader.read(buffer, GUARD, descriptor.length));
    assertSame(said.structure(), reader.structure());
    assertSame(said.dependencies(), reader.dependencies());
    assertEquals(said, Said.by(reader));
  }

  private static void check(DependencyStructure structure, FrameDependencies dependencies) {
    assertTrue(structure.templateCount() >= 1 && structure.templateCount() <= 64);
    assertEquals(structure.decodeTargetCount(), dependencies.decodeTargetCount());
    assertEquals(structure.chainCount(), dependencies.chainCount());
    assertTrue(structure.chainCount() <= structure.decodeTargetCount());
    assertTrue(dependencies.spatialId() <= structure.maxSpatialId());
    assertTrue(dependencies.temporalId() <= structure.maxTemporalId());
    for (int dt = 0; dt < structure.decodeTargetCount(); dt++) {
      int chain = structure.protectingChain(dt);
      assertTrue(
          structure.chainCount() == 0
              ? chain == DependencyStructure.NO_CHAIN
              : chain >= 0 && chain < structure.chainCount());
    }
    for (int i = 0; i < dependencies.frameDiffCount(); i++) {
      assertTrue(dependencies.frameDiff(i) >= 1 && dependencies.frameDiff(i) <= 4096);
    }
  }

  private static void writeAndReadAgain(
      DependencyDescriptorReader reader,
      DependencyStructure structure,
      FrameDependencies dependencies,
      int length)
      throws MalformedPacketException {
    boolean masked = reader.activeDecodeTargetsPresent() && reader.activeDecodeTargets() != ABSENT;
    int mask = masked ? reader.activeDecodeTargets() : ABSENT;
    byte[] written = new byte[DependencyDescriptorWriter.MAX_LENGTH];
    DependencyDescriptorReader another = new DependencyDescriptorReader();
    if (!reader.structurePresent()) {
      int attached =
          DependencyDescriptorWriter.write(
              structure, true, ABSENT, true, true, 0, structure.template(0), written, 0);
      assertTrue(another.read(written, 0, attached));
    }
    int writtenLength =
        DependencyDescriptorWriter.write(
            structure,
            reader.structurePresent(),
            mask,
            reader.startOfFrame(),
            reader.endOfFrame(),
            reader.frameNumber(),
            dependencies,
            written,
            0);
    assertTrue(writtenLength <= length);
    assertTrue(another.read(written, 0, writtenLength));
    assertEquals(structure, another.structure());
    assertEquals(dependencies, another.dependencies());
    assertEquals(reader.startOfFrame(), another.startOfFrame());
    assertEquals(reader.endOfFrame(), another.endOfFrame());
    assertEquals(reader.frameNumber(), another.frameNumber());
    assertEquals(reader.structurePresent(), another.structurePresent());
    assertEquals(masked, another.activeDecodeTargetsPresent());
    if (masked) {
      assertEquals(mask, another.activeDecodeTargets());
    }
  }
}
