/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.header.dependency;

import static org.perc4j.header.dependency.FrameDependencies.requireRange;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.perc4j.header.BitReader;
import org.perc4j.header.MalformedPacketException;

/**
 * A template dependency structure (AV1 RTP specification, A.8.2): what frames of a coded video
 * sequence usually look like, so that their descriptors need only name a template, and which chain
 * protects which decode target. It comes with the first packet of a key frame.
 *
 * <p>Templates are numbered from {@link #templateIdOffset} on, modulo 64. They are ordered by
 * spatial layer; within one, each has the temporal layer of the one before it or the next.
 *
 * <p>Immutable. Equal if and only if the octets on the wire are.
 */
public final class DependencyStructure {

  /** How many templates there can be, as many as there are template IDs. */
  public static final int MAX_TEMPLATES = 64;

  /** What {@link #protectingChain} returns if there are no chains. */
  public static final int NO_CHAIN = -1;

  /** The greatest difference to a frame referred to in a template. */
  static final int MAX_TEMPLATE_FRAME_DIFF = 1 << 4;

  /** The greatest difference to the predecessor in a chain in a template. */
  static final int MAX_TEMPLATE_CHAIN_DIFF = 15;

  /** Where the structure begins in a descriptor: behind the mandatory fields and five flags. */
  static final int START_BIT = 29;

  /** The octet of a descriptor that the structure begins in. */
  static final int START_OCTET = START_BIT / Byte.SIZE;

  private static final int MAX_DIMENSION = 1 << 16;

  static final int SAME_LAYER = 0;
  static final int NEXT_TEMPORAL_LAYER = 1;
  static final int NEXT_SPATIAL_LAYER = 2;
  static final int NO_MORE_TEMPLATES = 3;

  static final int LAYER_BITS = 2;
  static final int TEMPLATE_ID_BITS = 6;
  private static final int TEMPLATE_ID_MASK = (1 << TEMPLATE_ID_BITS) - 1;
  static final int DECODE_TARGET_COUNT_BITS = 5;
  static final int FRAME_DIFF_BITS = 4;
  static final int CHAIN_DIFF_BITS = 4;
  static final int DIMENSION_BITS = 16;

  private static final int[] NOTHING = {};

  private final int templateIdOffset;
  private final FrameDependencies[] templates;

  /** For each decode target, or empty without chains. */
  private final int[] protectingChains;

  /** Both for each spatial layer, or empty without resolutions. */
  private final int[] widths;

  private final int[] heights;

  private final int[] decodeTargetSpatialIds;
  private final int[] decodeTargetTemporalIds;
  private final int maxTemporalId;

  /**
   * The bits of the structure, at the place within their octets that every descriptor has them at;
   * what is beside them in the first and the last octet is 0.
   */
  private final byte[] encoded;

  private final int encodedBits;

  private DependencyStructure(
      int templateIdOffset,
      FrameDependencies[] templates,
      int[] protectingChains,
      int[] widths,
      int[] heights) {
    this.templateIdOffset = templateIdOffset;
    this.templates = templates;
    this.protectingChains = protectingChains;
    this.widths = widths;
    this.heights = heights;
    int decodeTargetCount = templates[0].decodeTargetCount();
    decodeTargetSpatialIds = new int[decodeTargetCount];
    decodeTargetTemporalIds = new int[decodeTargetCount];
    int temporal = 0;
    for (FrameDependencies template : templates) {
      temporal = Math.max(temporal, template.temporalId());
      for (int dt = 0; dt < decodeTargetCount; dt++) {
        if (template.dti(dt) != FrameDependencies.NOT_PRESENT) {
          decodeTargetSpatialIds[dt] = Math.max(decodeTargetSpatialIds[dt], template.spatialId());
          decodeTargetTemporalIds[dt] =
              Math.max(decodeTargetTemporalIds[dt], template.temporalId());
        }
      }
    }
    maxTemporalId = temporal;
    encodedBits = countBits();
    encoded = new byte[(START_BIT + encodedBits + Byte.SIZE - 1) / Byte.SIZE - START_OCTET];
    encode();
  }

  /**
   * Composes a structure without resolutions, for a sender.
   *
   * <p>A sender that replaces a structure should choose an offset with which the template IDs of
   * both do not overlap, so that receivers can tell which one a late packet refers to, and must not
   * give a different structure the same offset (A.8.3).
   *
   * @param templateIdOffset ID of the first template, 0 to 63
   * @param templates 1 to 64 that agree on the number of decode targets and of chains. The first
   *     one is of the layers 0 and 0; each other is of the same layers as the one before it, of the
   *     same spatial and the next temporal layer, or of the next spatial layer and the temporal
   *     layer 0. Differences to frames are at most 16, to predecessors in chains at most 15.
   * @param protectingChains for each decode target the chain that protects it; empty if there are
   *     none
   * @throws IllegalArgumentException if an argument is not as described, or if the structure does
   *     not fit in an extension element
   */
  public static DependencyStructure of(
      int templateIdOffset, List<FrameDependencies> templates, int[] protectingChains) {
    requireRange(templateIdOffset, 0, MAX_TEMPLATES - 1, "template ID offset");
    requireRange(templates.size(), 1, MAX_TEMPLATES, "number of templates");
    FrameDependencies first = templates.get(0);
    int spatialId = 0;
    int temporalId = 0;
    if (first.spatialId() != 0 || first.temporalId() != 0) {
      throw new IllegalArgumentException("first template not of the lowest layer: " + first);
    }
    for (FrameDependencies template : templates) {
      boolean nextLayer =
          template.spatialId() == spatialId
              ? template.temporalId() == temporalId || template.temporalId() == temporalId + 1
              : template.spatialId() == spatialId + 1 && template.temporalId() == 0;
      if (!nextLayer) {
        throw new IllegalArgumentException("template out of order: " + template);
      }
      spatialId = template.spatialId();
      temporalId = template.temporalId();
      if (template.decodeTargetCount() != first.decodeTargetCount()
          || template.chainCount() != first.chainCount()) {
        throw new IllegalArgumentException("template unlike the first: " + template);
      }
      for (int diff : template.frameDiffs()) {
        requireRange(diff, 1, MAX_TEMPLATE_FRAME_DIFF, "frame difference");
      }
      for (int diff : template.chainDiffs()) {
        requireRange(diff, 0, MAX_TEMPLATE_CHAIN_DIFF, "chain difference");
      }
    }
    int chainCount = first.chainCount();
    int protectedCount = chainCount == 0 ? 0 : first.decodeTargetCount();
    requireRange(
        protectingChains.length, protectedCount, protectedCount, "number of protected targets");
    for (int chain : protectingChains) {
      requireRange(chain, 0, chainCount - 1, "chain");
    }
    return new DependencyStructure(
            templateIdOffset,
            templates.toArray(new FrameDependencies[0]),
            protectingChains.clone(),
            NOTHING,
            NOTHING)
        .requireFits();
  }

  /**
   * Returns the same structure with the greatest resolution of each spatial layer.
   *
   * @param widths in pixels, for each spatial layer, 1 to 65536
   * @param heights in pixels, for each spatial layer, 1 to 65536
   * @throws IllegalArgumentException if an argument is not as described, or if the structure then
   *     does not fit in an extension element
   */
  public DependencyStructure withResolutions(int[] widths, int[] heights) {
    int layers = maxSpatialId() + 1;
    requireRange(widths.length, layers, layers, "number of widths");
    requireRange(heights.length, layers, layers, "number of heights");
    for (int layer = 0; layer < layers; layer++) {
      requireRange(widths[layer], 1, MAX_DIMENSION, "width");
      requireRange(heights[layer], 1, MAX_DIMENSION, "height");
    }
    return new DependencyStructure(
            templateIdOffset, templates, protectingChains, widths.clone(), heights.clone())
        .requireFits();
  }

  /**
   * Reads a structure that {@link StructureScan} has found to be well formed.
   *
   * @param bits at the structure's first bit; then behind its last
   */
  static DependencyStructure parse(BitReader<MalformedPacketException> bits)
      throws MalformedPacketException {
    int templateIdOffset = bits.read(TEMPLATE_ID_BITS);
    int decodeTargetCount = bits.read(DECODE_TARGET_COUNT_BITS) + 1;

    int[] spatialIds = new int[MAX_TEMPLATES];
    int[] temporalIds = new int[MAX_TEMPLATES];
    int templateCount = 1;
    int nextLayer = bits.read(LAYER_BITS);
    while (nextLayer != NO_MORE_TEMPLATES) {
      boolean sameSpatial = nextLayer != NEXT_SPATIAL_LAYER;
      spatialIds[templateCount] = spatialIds[templateCount - 1] + (sameSpatial ? 0 : 1);
      temporalIds[templateCount] =
          sameSpatial
              ? temporalIds[templateCount - 1] + (nextLayer == NEXT_TEMPORAL_LAYER ? 1 : 0)
              : 0;
      templateCount++;
      nextLayer = bits.read(LAYER_BITS);
    }
    long[] dtis = new long[templateCount];
    for (int i = 0; i < templateCount; i++) {
      dtis[i] = FrameDependencies.readDtis(bits, decodeTargetCount);
    }
    int[][] frameDiffs = new int[templateCount][];
    int[] diffs = new int[DependencyDescriptorWriter.MAX_LENGTH * Byte.SIZE / FRAME_DIFF_BITS];
    for (int i = 0; i < templateCount; i++) {
      int count = 0;
      while (bits.readFlag()) {
        diffs[count++] = bits.read(FRAME_DIFF_BITS) + 1;
      }
      frameDiffs[i] = Arrays.copyOf(diffs, count);
    }
    int chainCount = bits.readNonSymmetric(decodeTargetCount + 1);
    int[] protectingChains = chainCount == 0 ? NOTHING : new int[decodeTargetCount];
    for (int dt = 0; dt < protectingChains.length; dt++) {
      protectingChains[dt] = bits.readNonSymmetric(chainCount);
    }
    FrameDependencies[] templates = new FrameDependencies[templateCount];
    for (int i = 0; i < templateCount; i++) {
      int[] chainDiffs = new int[chainCount];
      for (int chain = 0; chain < chainCount; chain++) {
        chainDiffs[chain] = bits.read(CHAIN_DIFF_BITS);
      }
      templates[i] =
          new FrameDependencies(
              spatialIds[i], temporalIds[i], decodeTargetCount, dtis[i], frameDiffs[i], chainDiffs);
    }
    int resolutions = bits.readFlag() ? spatialIds[templateCount - 1] + 1 : 0;
    int[] widths = new int[resolutions];
    int[] heights = new int[resolutions];
    for (int layer = 0; layer < resolutions; layer++) {
      widths[layer] = bits.read(DIMENSION_BITS) + 1;
      heights[layer] = bits.read(DIMENSION_BITS) + 1;
    }
    return new DependencyStructure(templateIdOffset, templates, protectingChains, widths, heights);
  }

  /** Returns the ID of the first template, 0 to 63. */
  public int templateIdOffset() {
    return templateIdOffset;
  }

  /** Returns how many templates there are, 1 to 64. */
  public int templateCount() {
    return templates.length;
  }

  /**
   * Returns a template.
   *
   * @param index 0 to {@link #templateCount} - 1, which is not its ID
   * @throws IndexOutOfBoundsException if there is no such template
   */
  public FrameDependencies template(int index) {
    return templates[Objects.checkIndex(index, templates.length)];
  }

  /**
   * Returns the ID of a template, 0 to 63.
   *
   * @param index 0 to {@link #templateCount} - 1
   * @throws IndexOutOfBoundsException if there is no such template
   */
  public int templateId(int index) {
    return (templateIdOffset + Objects.checkIndex(index, templates.length)) & TEMPLATE_ID_MASK;
  }

  /** Returns the index of the template of an ID, or -1 if no template has this ID. */
  public int templateIndex(int templateId) {
    return templateIndex(templateIdOffset, templates.length, templateId);
  }

  static int templateIndex(int templateIdOffset, int templateCount, int templateId) {
    int index = (templateId - templateIdOffset) & TEMPLATE_ID_MASK;
    return index < templateCount ? index : -1;
  }

  /** Returns how many decode targets there are, 1 to 32. */
  public int decodeTargetCount() {
    return decodeTargetSpatialIds.length;
  }

  /** Returns all decode targets, target 0 in the lowest bit: as many ones as there are targets. */
  public int decodeTargetMask() {
    return -1 >>> (Integer.SIZE - decodeTargetCount());
  }

  /**
   * Returns the spatial layer of a decode target: the highest that it has a template of.
   *
   * @param dt 0 to {@link #decodeTargetCount} - 1
   * @throws IndexOutOfBoundsException if there is no such decode target
   */
  public int decodeTargetSpatialId(int dt) {
    return decodeTargetSpatialIds[Objects.checkIndex(dt, decodeTargetSpatialIds.length)];
  }

  /**
   * Returns the temporal layer of a decode target: the highest that it has a template of.
   *
   * @param dt 0 to {@link #decodeTargetCount} - 1
   * @throws IndexOutOfBoundsException if there is no such decode target
   */
  public int decodeTargetTemporalId(int dt) {
    return decodeTargetTemporalIds[Objects.checkIndex(dt, decodeTargetTemporalIds.length)];
  }

  /** Returns how many chains there are, 0 to 32. */
  public int chainCount() {
    return templates[0].chainCount();
  }

  /**
   * Returns the chain that protects a decode target, or {@link #NO_CHAIN} if there are no chains.
   *
   * @param dt 0 to {@link #decodeTargetCount} - 1
   * @throws IndexOutOfBoundsException if there is no such decode target
   */
  public int protectingChain(int dt) {
    Objects.checkIndex(dt, decodeTargetSpatialIds.length);
    return protectingChains.length == 0 ? NO_CHAIN : protectingChains[dt];
  }

  /** Returns the highest spatial layer, 0 to 3. */
  public int maxSpatialId() {
    return templates[templates.length - 1].spatialId();
  }

  /** Returns the highest temporal layer of any spatial layer, 0 to 7. */
  public int maxTemporalId() {
    return maxTemporalId;
  }

  /** Tells whether the structure says how large the frames of each spatial layer are at most. */
  public boolean hasResolutions() {
    return widths.length != 0;
  }

  /**
   * Returns the greatest width of a spatial layer's frames in pixels, 1 to 65536.
   *
   * @param spatialId 0 to {@link #maxSpatialId}
   * @throws IndexOutOfBoundsException if there is no such layer, or if there are no resolutions
   */
  public int width(int spatialId) {
    return widths[Objects.checkIndex(spatialId, widths.length)];
  }

  /**
   * Returns the greatest height of a spatial layer's frames in pixels, 1 to 65536.
   *
   * @param spatialId 0 to {@link #maxSpatialId}
   * @throws IndexOutOfBoundsException if there is no such layer, or if there are no resolutions
   */
  public int height(int spatialId) {
    return heights[Objects.checkIndex(spatialId, heights.length)];
  }

  /** Returns how many bits the structure has on the wire. */
  int encodedBits() {
    return encodedBits;
  }

  /** Tells whether a descriptor that a structure comes with has this one. */
  boolean isIn(byte[] buffer, int offset, int length) {
    int endBit = START_BIT + encodedBits;
    if (endBit > Byte.SIZE * length) {
      return false;
    }
    int firstMask = 0xFF >>> (START_BIT % Byte.SIZE);
    if (((buffer[offset + START_OCTET] ^ encoded[0]) & firstMask) != 0) {
      return false;
    }
    int whole = endBit / Byte.SIZE - START_OCTET;
    int from = offset + START_OCTET;
    if (!Arrays.equals(buffer, from + 1, from + whole, encoded, 1, whole)) {
      return false;
    }
    int rest = endBit % Byte.SIZE;
    return rest == 0 || ((buffer[from + whole] ^ encoded[whole]) & 0xFF & ~(0xFF >>> rest)) == 0;
  }

  /** Writes the structure into a descriptor, beside what is in its first octet already. */
  void copyTo(byte[] buffer, int offset) {
    buffer[offset + START_OCTET] |= encoded[0];
    System.arraycopy(encoded, 1, buffer, offset + START_OCTET + 1, encoded.length - 1);
  }

  private DependencyStructure requireFits() {
    int octets = START_OCTET + encoded.length;
    requireRange(octets, 0, DependencyDescriptorWriter.MAX_LENGTH, "octets of a descriptor");
    return this;
  }

  private int countBits() {
    int chainCount = chainCount();
    int decodeTargetCount = decodeTargetCount();
    int bits = TEMPLATE_ID_BITS + DECODE_TARGET_COUNT_BITS;
    for (FrameDependencies template : templates) {
      bits += LAYER_BITS + FrameDependencies.DTI_BITS * decodeTargetCount;
      bits += (1 + FRAME_DIFF_BITS) * template.frameDiffCount() + 1;
      bits += CHAIN_DIFF_BITS * chainCount;
    }
    bits += nonSymmetricBits(decodeTargetCount + 1, chainCount);
    for (int chain : protectingChains) {
      bits += nonSymmetricBits(chainCount, chain);
    }
    return bits + 1 + 2 * DIMENSION_BITS * widths.length;
  }

  private static int nonSymmetricBits(int values, int value) {
    int width = Integer.SIZE - Integer.numberOfLeadingZeros(values);
    return value < (1 << width) - values ? width - 1 : width;
  }

  private void encode() {
    int at = START_BIT - Byte.SIZE * START_OCTET;
    at = put(at, TEMPLATE_ID_BITS, templateIdOffset);
    at = put(at, DECODE_TARGET_COUNT_BITS, decodeTargetCount() - 1);
    for (int i = 0; i < templates.length; i++) {
      at = put(at, LAYER_BITS, layerAfter(i));
    }
    for (FrameDependencies template : templates) {
      at = BitWriter.writeDtis(encoded, 0, at, template);
    }
    for (FrameDependencies template : templates) {
      for (int diff : template.frameDiffs()) {
        at = put(at, 1, 1);
        at = put(at, FRAME_DIFF_BITS, diff - 1);
      }
      at = put(at, 1, 0);
    }
    int chainCount = chainCount();
    at = BitWriter.writeNonSymmetric(encoded, 0, at, decodeTargetCount() + 1, chainCount);
    for (int chain : protectingChains) {
      at = BitWriter.writeNonSymmetric(encoded, 0, at, chainCount, chain);
    }
    for (FrameDependencies template : templates) {
      for (int diff : template.chainDiffs()) {
        at = put(at, CHAIN_DIFF_BITS, diff);
      }
    }
    at = put(at, 1, hasResolutions() ? 1 : 0);
    for (int layer = 0; layer < widths.length; layer++) {
      at = put(at, DIMENSION_BITS, widths[layer] - 1);
      at = put(at, DIMENSION_BITS, heights[layer] - 1);
    }
  }

  private int put(int position, int count, int value) {
    return BitWriter.write(encoded, 0, position, count, value);
  }

  private int layerAfter(int index) {
    if (index + 1 == templates.length) {
      return NO_MORE_TEMPLATES;
    }
    if (templates[index + 1].spatialId() != templates[index].spatialId()) {
      return NEXT_SPATIAL_LAYER;
    }
    return templates[index + 1].temporalId() == templates[index].temporalId()
        ? SAME_LAYER
        : NEXT_TEMPORAL_LAYER;
  }

  @Override
  public boolean equals(@Nullable Object object) {
    return object instanceof DependencyStructure other
        && encodedBits == other.encodedBits
        && Arrays.equals(encoded, other.encoded);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(encoded);
  }

  @Override
  public String toString() {
    return templateIdOffset + ": " + Arrays.toString(templates);
  }
}
