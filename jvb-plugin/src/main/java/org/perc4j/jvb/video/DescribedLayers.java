/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.video;

import org.jspecify.annotations.Nullable;
import org.perc4j.header.dependency.FrameDependencies;
import org.perc4j.jvb.packet.ActiveTargets;
import org.perc4j.jvb.packet.DecodeTargets;
import org.perc4j.jvb.packet.LayerFrame;

/**
 * Which decode target of one encoding goes to a receiver, by dependency descriptors (AV1 RTP
 * specification, appendix A).
 *
 * <p>Up is possible at a frame that its descriptor calls a switch to the target, if all frames that
 * it refers to were forwarded. Down is possible at once to a target whose frames are all part of
 * what is being forwarded; where the structure has no such target, as up.
 *
 * <p>Not thread-safe. Allocates when something is forwarded, and nothing more until {@link #rest}.
 */
final class DescribedLayers {
  /** Nothing is forwarded. */
  static final int NO_TARGET = LayerHistory.NOTHING;

  private final FrameHistory forwarded = new FrameHistory();
  private final LayerHistory history = new LayerHistory();
  private @Nullable DecodeTargets targets;
  private int current = NO_TARGET;

  /** Which targets the receiver takes for active, of {@link #targets}; 0 if that is not known. */
  private int told;

  /**
   * Starts anew at a frame that refers to no other, if the target or one below it can be decoded
   * from there.
   *
   * @param index the place of the frame's packet in the order of sending
   * @return whether to forward the frame
   */
  boolean start(LayerFrame frame, int number, long index, int wantedTarget) {
    DecodeTargets structure = frame.targets();
    int wanted = existing(structure, wantedTarget);
    int best = NO_TARGET;
    for (int target = 0; target < structure.count(); target++) {
      if (frame.switchesTo(target)
          && (target == wanted || (isBelow(structure, target, wanted) && best != wanted))) {
        best = better(structure, target, best) || target == wanted ? target : best;
      }
    }
    if (best == NO_TARGET) {
      return false;
    }
    begin(structure);
    current = best;
    history.note(index, best, structure);
    forwarded.clear();
    forwarded.add(number);
    return true;
  }

  @SuppressWarnings("ReferenceEquality") // a reader hands out one instance for equal structures
  private void begin(DecodeTargets structure) {
    if (targets != structure) {
      targets = structure;
      told = 0;
    }
  }

  private static boolean isBelow(DecodeTargets structure, int target, int other) {
    return structure.spatialId(target) <= structure.spatialId(other)
        && structure.temporalId(target) <= structure.temporalId(other);
  }

  private static boolean better(DecodeTargets structure, int target, int than) {
    return than == NO_TARGET
        || structure.spatialId(target) > structure.spatialId(than)
        || (structure.spatialId(target) == structure.spatialId(than)
            && structure.temporalId(target) > structure.temporalId(than));
  }

  /** The target that the bridge names, or the last one if it names one that is gone by now. */
  private static int existing(DecodeTargets structure, int target) {
    return Math.min(target, structure.count() - 1);
  }

  /** Decides on a frame that comes in its order; returns whether to forward it. */
  boolean accept(LayerFrame frame, int number, long index, int wantedTarget) {
    DecodeTargets structure = targets;
    if (structure == null || frame.targets() != structure) {
      return frame.independent() && start(frame, number, index, wantedTarget);
    }
    int wanted = existing(structure, wantedTarget);
    if (frame.independent() && frame.switchesTo(wanted)) {
      return start(frame, number, index, wantedTarget);
    }
    if (current != wanted) {
      current =
          frame.switchesTo(wanted) && canDecode(frame, number)
              ? wanted
              : onTheWay(structure, wanted);
    }
    history.note(index, current, structure);
    boolean accepted = frame.presentIn(current);
    if (accepted) {
      forwarded.add(number);
    }
    return accepted;
  }

  private int onTheWay(DecodeTargets structure, int wanted) {
    int lower = structure.bestOnTheWay(current, wanted);
    return lower == NO_TARGET ? current : lower;
  }

  private boolean canDecode(LayerFrame frame, int number) {
    FrameDependencies dependencies = frame.dependencies();
    for (int i = 0; i < dependencies.frameDiffCount(); i++) {
      if (!forwarded.contains((number - dependencies.frameDiff(i)) & 0xffff)) {
        return false;
      }
    }
    return true;
  }

  /** The target that is forwarded. */
  int current() {
    return current;
  }

  /**
   * Whether the receiver is to be told with a frame that is forwarded which targets are active: of
   * those of the sender the ones that can be decoded from what is forwarded. It is taken to be told
   * then.
   *
   * @param sent what the sender says, as {@link ActiveTargets} packs it
   */
  boolean changesActive(long sent) {
    DecodeTargets structure = targets;
    int active = structure == null ? 0 : ActiveTargets.mask(sent) & structure.included(current);
    if (active == 0) {
      return false;
    }
    int before = ActiveTargets.described(sent) ? ActiveTargets.mask(sent) : told;
    told = active;
    return active != before;
  }

  /** The target of which frames were forwarded when this one should have come, if it has it. */
  int targetAt(LayerFrame frame, long index) {
    int then = history.layersAt(index, frame.targets());
    return then != NO_TARGET && frame.presentIn(then) ? then : NO_TARGET;
  }

  /** Whether neither a frame nor what follows of its picture is forwarded. */
  boolean dropsRestOf(LayerFrame frame) {
    DecodeTargets structure = targets;
    return structure != null
        && frame.targets() == structure
        && !frame.presentIn(current)
        && (frame.spatialId() >= structure.spatialId(current)
            || frame.temporalId() > structure.temporalId(current));
  }

  /** Nothing is forwarded from a packet on. */
  void stop(long index) {
    history.note(index, LayerHistory.NOTHING, null);
  }

  /** Nothing is forwarded, nor will anything come any more that was due when something was. */
  void rest() {
    history.rest();
    forwarded.rest();
    targets = null;
    current = NO_TARGET;
    told = 0;
  }

  /** Notes that a frame that came late was forwarded after all. */
  void forwardedLate(int number) {
    forwarded.add(number);
  }

  /** What it takes to reach a target. */
  KeyFrameRequests.Need need(int wantedTarget) {
    DecodeTargets structure = targets;
    if (structure == null) {
      return KeyFrameRequests.Need.NOW;
    }
    int wanted = existing(structure, wantedTarget);
    if (current == wanted) {
      return KeyFrameRequests.Need.NONE;
    }
    return structure.reachableWithoutKeyFrame(current, wanted)
        ? KeyFrameRequests.Need.IF_IT_LASTS
        : KeyFrameRequests.Need.NOW;
  }

  /** Whether a frame is the highest layer of its picture that is being forwarded, of several. */
  boolean isTop(LayerFrame frame) {
    DecodeTargets structure = targets;
    return structure != null
        && structure.maxSpatialId() > 0
        && frame.targets() == structure
        && frame.spatialId() == structure.spatialId(current);
  }

  /** For the debug page. */
  @Override
  public String toString() {
    DecodeTargets structure = targets;
    return structure == null || current == NO_TARGET
        ? "none"
        : "DT"
            + current
            + "/S"
            + structure.spatialId(current)
            + "T"
            + structure.temporalId(current);
  }
}
