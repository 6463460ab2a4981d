/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.header.dependency;

import static org.perc4j.header.dependency.DependencyStructure.CHAIN_DIFF_BITS;
import static org.perc4j.header.dependency.DependencyStructure.DECODE_TARGET_COUNT_BITS;
import static org.perc4j.header.dependency.DependencyStructure.DIMENSION_BITS;
import static org.perc4j.header.dependency.DependencyStructure.FRAME_DIFF_BITS;
import static org.perc4j.header.dependency.DependencyStructure.LAYER_BITS;
import static org.perc4j.header.dependency.DependencyStructure.MAX_TEMPLATES;
import static org.perc4j.header.dependency.DependencyStructure.NEXT_SPATIAL_LAYER;
import static org.perc4j.header.dependency.DependencyStructure.NEXT_TEMPORAL_LAYER;
import static org.perc4j.header.dependency.DependencyStructure.NO_MORE_TEMPLATES;
import static org.perc4j.header.dependency.DependencyStructure.SAME_LAYER;
import static org.perc4j.header.dependency.DependencyStructure.TEMPLATE_ID_BITS;
import static org.perc4j.header.dependency.FrameDependencies.MAX_SPATIAL_ID;
import static org.perc4j.header.dependency.FrameDependencies.MAX_TEMPORAL_ID;

import org.perc4j.header.BitReader;
import org.perc4j.header.MalformedPacketException;
import org.perc4j.header.MalformedPacketException.Reason;

/**
 * Goes over a structure to find out whether it is well formed and where it ends, so that nothing is
 * allocated for one that is not. Reusable, not thread-safe.
 */
final class StructureScan {

  private int templateIdOffset;
  private int templateCount;
  private int decodeTargetCount;
  private int chainCount;

  /**
   * Goes over a structure.
   *
   * @param bits at its first bit; then behind its last
   */
  void over(BitReader<MalformedPacketException> bits) throws MalformedPacketException {
    templateIdOffset = bits.read(TEMPLATE_ID_BITS);
    decodeTargetCount = bits.read(DECODE_TARGET_COUNT_BITS) + 1;
    int maxSpatialId = overLayers(bits);
    bits.skip(FrameDependencies.DTI_BITS * decodeTargetCount * templateCount);
    for (int i = 0; i < templateCount; i++) {
      while (bits.readFlag()) {
        bits.skip(FRAME_DIFF_BITS);
      }
    }
    chainCount = bits.readNonSymmetric(decodeTargetCount + 1);
    if (chainCount != 0) {
      for (int dt = 0; dt < decodeTargetCount; dt++) {
        var unused = bits.readNonSymmetric(chainCount);
      }
    }
    bits.skip(CHAIN_DIFF_BITS * chainCount * templateCount);
    if (bits.readFlag()) {
      bits.skip(2 * DIMENSION_BITS * (maxSpatialId + 1));
    }
  }

  private int overLayers(BitReader<MalformedPacketException> bits) throws MalformedPacketException {
    templateCount = 0;
    int spatialId = 0;
    int temporalId = 0;
    int nextLayer = SAME_LAYER;
    while (nextLayer != NO_MORE_TEMPLATES) {
      if (templateCount == MAX_TEMPLATES) {
        throw MalformedPacketException.of(Reason.DEPENDENCY_TOO_MANY_TEMPLATES);
      }
      if (nextLayer == NEXT_TEMPORAL_LAYER) {
        temporalId++;
      } else if (nextLayer == NEXT_SPATIAL_LAYER) {
        temporalId = 0;
        spatialId++;
      }
      if (spatialId > MAX_SPATIAL_ID) {
        throw MalformedPacketException.of(Reason.DEPENDENCY_SPATIAL_ID_RANGE);
      }
      if (temporalId > MAX_TEMPORAL_ID) {
        throw MalformedPacketException.of(Reason.DEPENDENCY_TEMPORAL_ID_RANGE);
      }
      templateCount++;
      nextLayer = bits.read(LAYER_BITS);
    }
    return spatialId;
  }

  /** Tells whether the structure has a template of an ID. */
  boolean has(int templateId) {
    return DependencyStructure.templateIndex(templateIdOffset, templateCount, templateId) >= 0;
  }

  int decodeTargetCount() {
    return decodeTargetCount;
  }

  int chainCount() {
    return chainCount;
  }
}
