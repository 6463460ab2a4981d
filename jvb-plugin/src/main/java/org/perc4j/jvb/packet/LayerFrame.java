/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.packet;

import java.util.ArrayList;
import java.util.List;
import org.perc4j.header.dependency.FrameDependencies;

/**
 * A frame's dependencies together with the structure that gives them their meaning. Immutable;
 * shared by all packets of all frames that say the same.
 */
public final class LayerFrame {
  private final FrameDependencies dependencies;
  private final DecodeTargets targets;
  private final List<Integer> decodeTargets;

  LayerFrame(FrameDependencies dependencies, DecodeTargets targets) {
    this.dependencies = dependencies;
    this.targets = targets;
    List<Integer> present = new ArrayList<>();
    for (int target = 0; target < targets.count(); target++) {
      if (dependencies.dti(target) != FrameDependencies.NOT_PRESENT) {
        present.add(target);
      }
    }
    this.decodeTargets = List.copyOf(present);
  }

  /** The dependencies alone. */
  public FrameDependencies dependencies() {
    return dependencies;
  }

  /** What gives them their meaning. */
  public DecodeTargets targets() {
    return targets;
  }

  /** The decode targets that the frame belongs to, ascending; what the bridge calls layer ids. */
  public List<Integer> decodeTargets() {
    return decodeTargets;
  }

  /** The frame's spatial layer. */
  public int spatialId() {
    return dependencies.spatialId();
  }

  /** The frame's temporal layer. */
  public int temporalId() {
    return dependencies.temporalId();
  }

  /** Whether the frame refers to no other frame at all. */
  public boolean independent() {
    return dependencies.frameDiffCount() == 0;
  }

  /** Whether the frame belongs to a decode target. */
  public boolean presentIn(int target) {
    return target < targets.count() && dependencies.dti(target) != FrameDependencies.NOT_PRESENT;
  }

  /** Whether whoever can decode this frame can go on with a decode target from here. */
  public boolean switchesTo(int target) {
    return target < targets.count() && dependencies.dti(target) == FrameDependencies.SWITCH;
  }
}
