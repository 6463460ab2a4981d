/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.packet;

import org.jspecify.annotations.Nullable;
import org.perc4j.header.dependency.DependencyStructure;
import org.perc4j.header.dependency.FrameDependencies;

/**
 * What a template dependency structure says of its decode targets, worked out once.
 *
 * <p>Immutable to others; {@link #frame} is for the thread that reads the stream only.
 */
public final class DecodeTargets {
  /** A power of two. A structure has at most 64 templates; the rest is for frames that differ. */
  private static final int INTERNED = 256;

  private final DependencyStructure structure;
  private final int[] includes;
  private final int[] reachable;
  private final @Nullable LayerFrame[] interned = new LayerFrame[INTERNED];

  /** Works it out. */
  public DecodeTargets(DependencyStructure structure) {
    this.structure = structure;
    int count = structure.decodeTargetCount();
    includes = new int[count];
    reachable = new int[count];
    for (int from = 0; from < count; from++) {
      for (int to = 0; to < count; to++) {
        includes[from] |= isIncluded(from, to) ? 1 << to : 0;
        reachable[from] |= isReachable(from, to) ? 1 << to : 0;
      }
    }
  }

  private boolean isIncluded(int from, int to) {
    for (int i = 0; i < structure.templateCount(); i++) {
      FrameDependencies template = structure.template(i);
      if (template.dti(to) != FrameDependencies.NOT_PRESENT
          && template.dti(from) == FrameDependencies.NOT_PRESENT) {
        return false;
      }
    }
    return true;
  }

  private boolean isReachable(int from, int to) {
    for (int i = 0; i < structure.templateCount(); i++) {
      FrameDependencies template = structure.template(i);
      if (refersToEarlierPicture(template)
          && template.dti(from) != FrameDependencies.NOT_PRESENT
          && template.dti(to) == FrameDependencies.SWITCH) {
        return true;
      }
    }
    return false;
  }

  private static boolean refersToEarlierPicture(FrameDependencies template) {
    for (int i = 0; i < template.frameDiffCount(); i++) {
      if (template.frameDiff(i) > template.spatialId()) {
        return true;
      }
    }
    return false;
  }

  /** The structure itself. */
  public DependencyStructure structure() {
    return structure;
  }

  /** Whether this was worked out from that very structure. */
  @SuppressWarnings("ReferenceEquality") // a reader hands out one instance for equal structures
  public boolean isOf(DependencyStructure other) {
    return structure == other;
  }

  /** How many decode targets there are. */
  public int count() {
    return structure.decodeTargetCount();
  }

  /** A decode target's spatial layer. */
  public int spatialId(int target) {
    return structure.decodeTargetSpatialId(target);
  }

  /** A decode target's temporal layer. */
  public int temporalId(int target) {
    return structure.decodeTargetTemporalId(target);
  }

  /** The highest spatial layer. */
  public int maxSpatialId() {
    return structure.maxSpatialId();
  }

  /** The highest temporal layer. */
  public int maxTemporalId() {
    return structure.maxTemporalId();
  }

  /** Whether all frames of one target are frames of another, so that one may go over at once. */
  public boolean includes(int from, int to) {
    return (includes[from] & 1 << to) != 0;
  }

  /** The targets that {@link #includes} is true of: what can be decoded with the frames of one. */
  public int included(int from) {
    return includes[from];
  }

  /** Whether frames other than key frames may lead from one target to another. */
  public boolean reachableWithoutKeyFrame(int from, int to) {
    return (reachable[from] & 1 << to) != 0;
  }

  /**
   * The best target that is not above another in any dimension, and to which one may go over at
   * once: at least {@code from} itself if that is not above it, else -1 if there is none.
   */
  public int bestOnTheWay(int from, int to) {
    int best = -1;
    for (int target = 0; target < count(); target++) {
      if (includes(from, target)
          && spatialId(target) <= spatialId(to)
          && temporalId(target) <= temporalId(to)
          && (best < 0 || rank(target) > rank(best))) {
        best = target;
      }
    }
    return best;
  }

  private int rank(int target) {
    return spatialId(target) << 3 | temporalId(target);
  }

  /** The one instance for these dependencies, or a new one if others took its place. */
  @SuppressWarnings("ReferenceEquality") // equal ones merely make one more instance
  public LayerFrame frame(FrameDependencies dependencies) {
    int slot = System.identityHashCode(dependencies) & (INTERNED - 1);
    LayerFrame frame = interned[slot];
    if (frame == null || frame.dependencies() != dependencies) {
      frame = new LayerFrame(dependencies, this);
      interned[slot] = frame;
    }
    return frame;
  }
}
