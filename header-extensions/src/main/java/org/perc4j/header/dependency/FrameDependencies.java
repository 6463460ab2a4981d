/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.header.dependency;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.perc4j.header.BitReader;
import org.perc4j.header.MalformedPacketException;

/**
 * What a frame belongs to and what it needs (AV1 RTP specification, A.8.1): its layer, its relation
 * to each decode target, the frames that it refers to, and its predecessors in each chain. A
 * template of a {@link DependencyStructure} is the same with smaller numbers.
 *
 * <p>A <em>decode target</em> is what a receiver decodes: one spatial and temporal fidelity. A
 * <em>chain</em> is a sequence of frames that must not be missed for a decode target that the chain
 * protects. A <em>difference</em> is how many frame numbers ago the other frame was, modulo 65536.
 *
 * <p>Immutable.
 */
public final class FrameDependencies {

  /** A decode target indication (table A.1): the frame is not part of the decode target. */
  public static final int NOT_PRESENT = 0;

  /** A decode target indication: no frame of the decode target refers to this one. */
  public static final int DISCARDABLE = 1;

  /**
   * A decode target indication: if this frame can be decoded, so can all later ones of the decode
   * target. A receiver can go over to it here.
   */
  public static final int SWITCH = 2;

  /** A decode target indication: part of the decode target and none of the others. */
  public static final int REQUIRED = 3;

  /** The greatest spatial layer, by the two bits that AV1 has for it. */
  public static final int MAX_SPATIAL_ID = 3;

  /** The greatest temporal layer, by the three bits that AV1 has for it. */
  public static final int MAX_TEMPORAL_ID = 7;

  /** How many decode targets there can be, and so how many chains. */
  public static final int MAX_DECODE_TARGETS = 32;

  /** The greatest difference to a frame referred to. */
  public static final int MAX_FRAME_DIFF = 1 << 12;

  /** The greatest difference to the predecessor in a chain. */
  public static final int MAX_CHAIN_DIFF = 255;

  static final int DTI_BITS = 2;

  private static final int DTI_MASK = (1 << DTI_BITS) - 1;

  private final int spatialId;
  private final int temporalId;
  private final int decodeTargetCount;

  /** Two bits for each decode target, target 0 in the lowest. */
  private final long dtis;

  private final int presentMask;
  private final int switchMask;
  private final int[] frameDiffs;
  private final int[] chainDiffs;
  private final int hash;

  /** Takes the arrays as they are. */
  FrameDependencies(
      int spatialId,
      int temporalId,
      int decodeTargetCount,
      long dtis,
      int[] frameDiffs,
      int[] chainDiffs) {
    this.spatialId = spatialId;
    this.temporalId = temporalId;
    this.decodeTargetCount = decodeTargetCount;
    this.dtis = dtis;
    this.frameDiffs = frameDiffs;
    this.chainDiffs = chainDiffs;
    int present = 0;
    int switches = 0;
    for (int dt = 0; dt < decodeTargetCount; dt++) {
      int dti = (int) (dtis >>> (DTI_BITS * dt)) & DTI_MASK;
      present |= dti != NOT_PRESENT ? 1 << dt : 0;
      switches |= dti == SWITCH ? 1 << dt : 0;
    }
    presentMask = present;
    switchMask = switches;
    hash =
        hash(
            spatialId,
            temporalId,
            dtis,
            frameDiffs,
            frameDiffs.length,
            chainDiffs,
            chainDiffs.length);
  }

  /** Reads the indications of a frame, two bits each; packs target 0 in the lowest. */
  static long readDtis(BitReader<MalformedPacketException> bits, int decodeTargetCount)
      throws MalformedPacketException {
    long dtis = 0;
    for (int dt = 0; dt < decodeTargetCount; dt++) {
      dtis |= (long) bits.read(DTI_BITS) << (DTI_BITS * dt);
    }
    return dtis;
  }

  /**
   * Composes the dependencies of a frame or a template.
   *
   * @param spatialId 0 to 3
   * @param temporalId 0 to 7
   * @param dtis one indication for each decode target, of which there are 1 to 32
   * @param frameDiffs differences to the frames referred to, 1 to 4096, or to 16 in a template;
   *     none if the frame refers to no other
   * @param chainDiffs difference to the predecessor in each chain, 0 to 255, or to 15 in a
   *     template; 0 if the chain begins here; none if there are no chains, and no more than decode
   *     targets
   * @throws IllegalArgumentException if an argument is not in its range
   */
  public static FrameDependencies of(
      int spatialId, int temporalId, int[] dtis, int[] frameDiffs, int[] chainDiffs) {
    requireRange(spatialId, 0, MAX_SPATIAL_ID, "spatial ID");
    requireRange(temporalId, 0, MAX_TEMPORAL_ID, "temporal ID");
    requireRange(dtis.length, 1, MAX_DECODE_TARGETS, "number of decode targets");
    requireRange(chainDiffs.length, 0, dtis.length, "number of chains");
    long packed = 0;
    for (int dt = 0; dt < dtis.length; dt++) {
      requireRange(dtis[dt], NOT_PRESENT, REQUIRED, "decode target indication");
      packed |= (long) dtis[dt] << (DTI_BITS * dt);
    }
    for (int diff : frameDiffs) {
      requireRange(diff, 1, MAX_FRAME_DIFF, "frame difference");
    }
    for (int diff : chainDiffs) {
      requireRange(diff, 0, MAX_CHAIN_DIFF, "chain difference");
    }
    return new FrameDependencies(
        spatialId, temporalId, dtis.length, packed, frameDiffs.clone(), chainDiffs.clone());
  }

  /** Returns the spatial layer, 0 to 3. */
  public int spatialId() {
    return spatialId;
  }

  /** Returns the temporal layer, 0 to 7. */
  public int temporalId() {
    return temporalId;
  }

  /** Returns how many decode targets there are, 1 to 32. */
  public int decodeTargetCount() {
    return decodeTargetCount;
  }

  /**
   * Returns the relation to a decode target.
   *
   * @param dt 0 to {@link #decodeTargetCount} - 1
   * @return {@link #NOT_PRESENT}, {@link #DISCARDABLE}, {@link #SWITCH} or {@link #REQUIRED}
   * @throws IndexOutOfBoundsException if there is no such decode target
   */
  public int dti(int dt) {
    Objects.checkIndex(dt, decodeTargetCount);
    return (int) (dtis >>> (DTI_BITS * dt)) & DTI_MASK;
  }

  /** Returns the decode targets that the frame is part of, target 0 in the lowest bit. */
  public int presentMask() {
    return presentMask;
  }

  /** Returns the decode targets that a receiver can go over to here, target 0 in the lowest bit. */
  public int switchMask() {
    return switchMask;
  }

  /** Returns how many frames this one refers to. */
  public int frameDiffCount() {
    return frameDiffs.length;
  }

  /**
   * Returns the difference to a frame referred to, 1 to 4096.
   *
   * @param i 0 to {@link #frameDiffCount} - 1
   * @throws IndexOutOfBoundsException if there is no such frame
   */
  public int frameDiff(int i) {
    return frameDiffs[Objects.checkIndex(i, frameDiffs.length)];
  }

  /** Returns how many chains there are, 0 to 32. */
  public int chainCount() {
    return chainDiffs.length;
  }

  /**
   * Returns the difference to the predecessor in a chain, 0 to 255; 0 if the chain begins here.
   *
   * @param chain 0 to {@link #chainCount} - 1
   * @throws IndexOutOfBoundsException if there is no such chain
   */
  public int chainDiff(int chain) {
    return chainDiffs[Objects.checkIndex(chain, chainDiffs.length)];
  }

  long dtis() {
    return dtis;
  }

  /** The array itself, not to be changed. */
  int[] frameDiffs() {
    return frameDiffs;
  }

  /** The array itself, not to be changed. */
  int[] chainDiffs() {
    return chainDiffs;
  }

  boolean sameDtis(FrameDependencies other) {
    return dtis == other.dtis;
  }

  boolean sameFrameDiffs(FrameDependencies other) {
    return Arrays.equals(frameDiffs, other.frameDiffs);
  }

  boolean sameChainDiffs(FrameDependencies other) {
    return Arrays.equals(chainDiffs, other.chainDiffs);
  }

  /**
   * Compares with dependencies that are not composed yet; arrays may be longer than their count.
   */
  boolean isOf(
      int spatialId,
      int temporalId,
      long dtis,
      int[] frameDiffs,
      int frameDiffCount,
      int[] chainDiffs,
      int chainCount) {
    return this.dtis == dtis
        && this.spatialId == spatialId
        && this.temporalId == temporalId
        && Arrays.equals(this.frameDiffs, 0, this.frameDiffs.length, frameDiffs, 0, frameDiffCount)
        && Arrays.equals(this.chainDiffs, 0, this.chainDiffs.length, chainDiffs, 0, chainCount);
  }

  /** The hash code of dependencies that are not composed yet. */
  static int hash(
      int spatialId,
      int temporalId,
      long dtis,
      int[] frameDiffs,
      int frameDiffCount,
      int[] chainDiffs,
      int chainCount) {
    int result = 31 * (8 * spatialId + temporalId) + Long.hashCode(dtis);
    for (int i = 0; i < frameDiffCount; i++) {
      result = 31 * result + frameDiffs[i];
    }
    for (int i = 0; i < chainCount; i++) {
      result = 31 * result + chainDiffs[i];
    }
    return result;
  }

  @Override
  public boolean equals(@Nullable Object object) {
    return object instanceof FrameDependencies other
        && decodeTargetCount == other.decodeTargetCount
        && isOf(
            other.spatialId,
            other.temporalId,
            other.dtis,
            other.frameDiffs,
            other.frameDiffs.length,
            other.chainDiffs,
            other.chainDiffs.length);
  }

  @Override
  public int hashCode() {
    return hash;
  }

  /** Returns it as the specification's tables have it, such as {@code S1T0 [12, 1] [1, 1] RS-}. */
  @Override
  public String toString() {
    StringBuilder symbols = new StringBuilder();
    for (int dt = 0; dt < decodeTargetCount; dt++) {
      symbols.append("-DSR".charAt(dti(dt)));
    }
    return "S"
        + spatialId
        + "T"
        + temporalId
        + " "
        + Arrays.toString(frameDiffs)
        + " "
        + Arrays.toString(chainDiffs)
        + " "
        + symbols;
  }

  static void requireRange(int value, int min, int max, String name) {
    if (value < min || value > max) {
      throw new IllegalArgumentException(name + " " + value);
    }
  }
}
