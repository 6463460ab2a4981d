/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.video;

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

  FrameDependencies dependencies() {
    return dependencies;
  }

  DecodeTargets targets() {
    return targets;
  }

  /** The decode targets that the frame belongs to, ascending; what the bridge calls layer ids. */
  public List<Integer> decodeTargets() {
    return decodeTargets;
  }

  int spatialId() {
    return dependencies.spatialId();
  }

  int temporalId() {
    return dependencies.temporalId();
  }

  /** Whether the frame refers to no other frame at all. */
  boolean independent() {
    return dependencies.frameDiffCount() == 0;
  }

  boolean presentIn(int target) {
    return target < targets.count() && dependencies.dti(target) != FrameDependencies.NOT_PRESENT;
  }

  /** Whether whoever can decode this frame can go on with a decode target from here. */
  boolean switchesTo(int target) {
    return target < targets.count() && dependencies.dti(target) == FrameDependencies.SWITCH;
  }
}
