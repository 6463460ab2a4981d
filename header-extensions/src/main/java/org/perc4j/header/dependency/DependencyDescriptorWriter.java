/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.header.dependency;

import static org.perc4j.header.dependency.FrameDependencies.requireRange;

import java.util.Arrays;
import java.util.Objects;

/**
 * Writes dependency descriptors (AV1 RTP specification, A.8.2); {@link DependencyDescriptorReader}
 * draws and explains them.
 *
 * <p>Of the templates that have the frame's layer, the one is chosen that leaves the fewest bits to
 * be said of the frame itself, the first of equals. Frames that are as their template says take
 * three octets.
 *
 * <p>Stateless, allocates nothing.
 */
public final class DependencyDescriptorWriter {

  /** Octets of the descriptor of a frame that is as its template says. */
  public static final int MANDATORY_LENGTH = 3;

  /**
   * Octets of the longest descriptor, as long as an extension element with a two-byte header can be
   * (RFC 8285 section 4.3). Those of more than 16 octets do not fit in one with a one-byte header.
   */
  public static final int MAX_LENGTH = 255;

  /** In place of a mask: the descriptor does not say which decode targets are active. */
  public static final int ABSENT = -1;

  static final int START_OF_FRAME = 0x80;
  static final int END_OF_FRAME = 0x40;
  static final int TEMPLATE_ID_MASK = 0x3F;
  static final int STRUCTURE_PRESENT = 0x80;
  static final int ACTIVE_TARGETS_PRESENT = 0x40;
  static final int CUSTOM_DTIS = 0x20;
  static final int CUSTOM_FRAME_DIFFS = 0x10;
  static final int CUSTOM_CHAIN_DIFFS = 0x08;

  static final int NEXT_FRAME_DIFF_SIZE_BITS = 2;
  static final int FRAME_DIFF_UNIT_BITS = 4;
  static final int CHAIN_DIFF_BITS = 8;

  private static final int MAX_FRAME_NUMBER = 0xFFFF;

  private DependencyDescriptorWriter() {}

  /**
   * Returns how long the descriptor will be that {@link #write} writes with the same arguments.
   *
   * @return 3 to 255
   * @throws IllegalArgumentException as there
   */
  public static int encodedLength(
      DependencyStructure structure,
      boolean attachStructure,
      int activeTargets,
      FrameDependencies dependencies) {
    requireMask(structure, activeTargets);
    FrameDependencies template = structure.template(bestTemplate(structure, dependencies));
    return encodedLength(structure, attachStructure, activeTargets, dependencies, template);
  }

  /**
   * Writes the descriptor of a packet.
   *
   * @param structure the one that the frame refers to
   * @param attachStructure whether it is sent along, as it has to be with the first packet of a
   *     coded video sequence and with no other (A.8.3)
   * @param activeTargets a mask of the decode targets that are active from now on, target 0 in the
   *     lowest bit, or {@link #ABSENT} if those are still active that were, or all with a structure
   *     that is sent along. Of a structure with 32 decode targets the mask of them all cannot be
   *     told from {@code ABSENT}; sending the structure along says the same.
   * @param start whether this is the first packet of the frame
   * @param end whether this is the last packet of the frame
   * @param frameNumber 0 to 65535
   * @param dependencies of the frame
   * @param buffer where to write; {@link #encodedLength} octets are overwritten
   * @param offset index of the first of them
   * @return octets written, 3 to 255
   * @throws IllegalArgumentException if the structure has no template of the frame's layer, or not
   *     as many decode targets or chains as the frame, if the mask has bits of none of its decode
   *     targets, if the frame number is not in its range, or if the descriptor would be longer than
   *     an extension element can be; nothing is written
   * @throws IndexOutOfBoundsException if the octets are not inside the array; nothing is written
   */
  public static int write(
      DependencyStructure structure,
      boolean attachStructure,
      int activeTargets,
      boolean start,
      boolean end,
      int frameNumber,
      FrameDependencies dependencies,
      byte[] buffer,
      int offset) {
    requireMask(structure, activeTargets);
    int index = bestTemplate(structure, dependencies);
    FrameDependencies template = structure.template(index);
    int length = encodedLength(structure, attachStructure, activeTargets, dependencies, template);
    Objects.checkFromIndexSize(offset, length, buffer.length);
    int mandatory =
        writeMandatory(start, end, structure.templateId(index), frameNumber, buffer, offset);
    if (length == mandatory) {
      return length;
    }
    boolean customDtis = !dependencies.sameDtis(template);
    boolean customFrameDiffs = !dependencies.sameFrameDiffs(template);
    boolean customChainDiffs = !dependencies.sameChainDiffs(template);
    Arrays.fill(buffer, offset + mandatory, offset + length, (byte) 0);
    buffer[offset + mandatory] =
        (byte)
            ((attachStructure ? STRUCTURE_PRESENT : 0)
                | (activeTargets != ABSENT ? ACTIVE_TARGETS_PRESENT : 0)
                | (customDtis ? CUSTOM_DTIS : 0)
                | (customFrameDiffs ? CUSTOM_FRAME_DIFFS : 0)
                | (customChainDiffs ? CUSTOM_CHAIN_DIFFS : 0));
    int at = DependencyStructure.START_BIT;
    if (attachStructure) {
      structure.copyTo(buffer, offset);
      at += structure.encodedBits();
    }
    if (activeTargets != ABSENT) {
      at = BitWriter.write(buffer, offset, at, structure.decodeTargetCount(), activeTargets);
    }
    if (customDtis) {
      at = BitWriter.writeDtis(buffer, offset, at, dependencies);
    }
    if (customFrameDiffs) {
      at = writeFrameDiffs(buffer, offset, at, dependencies);
    }
    if (customChainDiffs) {
      for (int diff : dependencies.chainDiffs()) {
        at = BitWriter.write(buffer, offset, at, CHAIN_DIFF_BITS, diff);
      }
    }
    return length;
  }

  /**
   * Writes the three mandatory octets of a descriptor and no more. That is the whole descriptor of
   * a packet only of a frame that is as its template says in everything. The specification lets no
   * packet of another frame leave out what the frame has of its own, whether or not it is the
   * first: a receiver that misses the others would take the template's word for it.
   *
   * @param start whether this is the first packet of the frame
   * @param end whether this is the last packet of the frame
   * @param templateId 0 to 63, as {@link DependencyStructure#templateId} returns it
   * @param frameNumber 0 to 65535
   * @param buffer where to write; three octets are overwritten
   * @param offset index of the first of them
   * @return octets written, always 3
   * @throws IllegalArgumentException if an argument is not in its range; nothing is written
   * @throws IndexOutOfBoundsException if the octets are not inside the array; nothing is written
   */
  public static int writeMandatory(
      boolean start, boolean end, int templateId, int frameNumber, byte[] buffer, int offset) {
    requireRange(templateId, 0, TEMPLATE_ID_MASK, "template ID");
    requireRange(frameNumber, 0, MAX_FRAME_NUMBER, "frame number");
    Objects.checkFromIndexSize(offset, MANDATORY_LENGTH, buffer.length);
    buffer[offset] = (byte) ((start ? START_OF_FRAME : 0) | (end ? END_OF_FRAME : 0) | templateId);
    buffer[offset + 1] = (byte) (frameNumber >>> Byte.SIZE);
    buffer[offset + 2] = (byte) frameNumber;
    return MANDATORY_LENGTH;
  }

  private static int encodedLength(
      DependencyStructure structure,
      boolean attachStructure,
      int activeTargets,
      FrameDependencies dependencies,
      FrameDependencies template) {
    int custom = customBits(dependencies, template);
    if (!attachStructure && activeTargets == ABSENT && custom == 0) {
      return MANDATORY_LENGTH;
    }
    int bits =
        DependencyStructure.START_BIT
            + (attachStructure ? structure.encodedBits() : 0)
            + (activeTargets != ABSENT ? structure.decodeTargetCount() : 0)
            + custom;
    int length = (bits + Byte.SIZE - 1) / Byte.SIZE;
    requireRange(length, MANDATORY_LENGTH, MAX_LENGTH, "octets of a descriptor");
    return length;
  }

  private static int bestTemplate(DependencyStructure structure, FrameDependencies dependencies) {
    if (dependencies.decodeTargetCount() != structure.decodeTargetCount()
        || dependencies.chainCount() != structure.chainCount()) {
      throw new IllegalArgumentException("frame unlike the structure: " + dependencies);
    }
    int best = -1;
    int fewestBits = Integer.MAX_VALUE;
    for (int i = 0; i < structure.templateCount(); i++) {
      FrameDependencies template = structure.template(i);
      if (template.spatialId() == dependencies.spatialId()
          && template.temporalId() == dependencies.temporalId()) {
        int bits = customBits(dependencies, template);
        if (bits < fewestBits) {
          best = i;
          fewestBits = bits;
        }
      }
    }
    if (best < 0) {
      throw new IllegalArgumentException("no template of the layer of " + dependencies);
    }
    return best;
  }

  private static int customBits(FrameDependencies dependencies, FrameDependencies template) {
    int bits = 0;
    if (!dependencies.sameDtis(template)) {
      bits += FrameDependencies.DTI_BITS * dependencies.decodeTargetCount();
    }
    if (!dependencies.sameFrameDiffs(template)) {
      for (int diff : dependencies.frameDiffs()) {
        bits += NEXT_FRAME_DIFF_SIZE_BITS + FRAME_DIFF_UNIT_BITS * frameDiffSize(diff);
      }
      bits += NEXT_FRAME_DIFF_SIZE_BITS;
    }
    if (!dependencies.sameChainDiffs(template)) {
      bits += CHAIN_DIFF_BITS * dependencies.chainCount();
    }
    return bits;
  }

  private static int writeFrameDiffs(
      byte[] buffer, int offset, int position, FrameDependencies dependencies) {
    int at = position;
    for (int diff : dependencies.frameDiffs()) {
      int size = frameDiffSize(diff);
      at = BitWriter.write(buffer, offset, at, NEXT_FRAME_DIFF_SIZE_BITS, size);
      at = BitWriter.write(buffer, offset, at, FRAME_DIFF_UNIT_BITS * size, diff - 1);
    }
    return BitWriter.write(buffer, offset, at, NEXT_FRAME_DIFF_SIZE_BITS, 0);
  }

  /** How many units of four bits hold a difference minus 1: 1, 2 or 3. */
  private static int frameDiffSize(int diff) {
    return diff <= 1 << FRAME_DIFF_UNIT_BITS ? 1 : diff <= 1 << (2 * FRAME_DIFF_UNIT_BITS) ? 2 : 3;
  }

  private static void requireMask(DependencyStructure structure, int activeTargets) {
    if (activeTargets != ABSENT && (activeTargets & ~structure.decodeTargetMask()) != 0) {
      throw new IllegalArgumentException("decode targets 0x" + Integer.toHexString(activeTargets));
    }
  }
}
