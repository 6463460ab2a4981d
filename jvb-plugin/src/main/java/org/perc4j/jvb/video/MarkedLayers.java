/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.video;

import org.perc4j.jvb.packet.Frame;

/**
 * Which layers of one encoding go to a receiver, by frame markings (RFC 9626).
 *
 * <p>Down is possible at any frame. Up in time is possible at a frame that depends on the base
 * layer only, up in space at a frame of the base layer in time that needs no earlier one; neither
 * above a frame of the same picture that was not forwarded. A frame that was not forwarded closes
 * the temporal layers above it, as they may depend on it.
 *
 * <p>Not thread-safe. Allocates when something is forwarded, and nothing more until {@link #rest}.
 */
final class MarkedLayers {
  private static final int LAYER_BITS = 3;
  private static final int LAYER_MASK = 0x7;

  private static final int NOTHING = -1;

  private final LayerHistory history = new LayerHistory();
  private int spatial;
  private int openTemporal = 1;
  private int highestSeen;
  private int top;
  private int lackingSpatial = NOTHING;
  private int lackingTemporal = NOTHING;

  /** Of what follows in a picture nothing above this spatial layer can be decoded. */
  private int decodable;

  /**
   * Decides on a frame that comes in its order.
   *
   * @param index the place of its packet in the order of sending
   * @param targetLayer spatial layer times 8 plus temporal layer
   * @return whether to forward it
   */
  boolean accept(int frame, long index, int targetLayer) {
    int targetSpatial = targetLayer >> LAYER_BITS & LAYER_MASK;
    int targetTemporal = targetLayer & LAYER_MASK;
    highestSeen = Math.max(highestSeen, Frame.spatialId(frame));
    if (Frame.startsStream(frame)) {
      spatial = 0;
      openTemporal = upTo(targetTemporal);
      top = Math.min(targetSpatial, highestSeen);
    } else {
      spatial = Math.min(spatial, targetSpatial);
      openTemporal &= upTo(targetTemporal);
      if (isWithin(frame, targetSpatial, targetTemporal)) {
        openOrClose(frame);
      }
      top = Frame.spatialId(frame) == 0 ? spatial : Math.max(spatial, Math.min(top, targetSpatial));
    }
    history.note(index, openTemporal << LAYER_BITS | spatial, null);
    boolean forward = isForwarded(frame, spatial, openTemporal);
    judge(frame, forward, targetSpatial, targetTemporal);
    decodable = forward ? Integer.MAX_VALUE : Frame.spatialId(frame);
    return forward;
  }

  private static int upTo(int temporalId) {
    return (2 << temporalId) - 1;
  }

  private static boolean isWithin(int frame, int spatialId, int temporalId) {
    return Frame.spatialId(frame) <= spatialId && Frame.temporalId(frame) <= temporalId;
  }

  private void openOrClose(int frame) {
    int temporalBit = 1 << Frame.temporalId(frame);
    boolean canOpen = Frame.spatialId(frame) <= decodable;
    if (canOpen && Frame.sync(frame)) {
      openTemporal |= temporalBit;
    } else if ((openTemporal & temporalBit) == 0) {
      openTemporal &= temporalBit - 1;
    }
    if (canOpen
        && Frame.temporalId(frame) == 0
        && Frame.spatialId(frame) == spatial + 1
        && Frame.independent(frame)) {
      spatial++;
    }
  }

  /** Notes whether a layer that the receiver is to have is kept from it. */
  private void judge(int frame, boolean forward, int targetSpatial, int targetTemporal) {
    int spatialId = Frame.spatialId(frame);
    int temporalId = Frame.temporalId(frame);
    boolean has = forward && spatialId >= lackingSpatial && temporalId >= lackingTemporal;
    if (has || lackingSpatial > targetSpatial || lackingTemporal > targetTemporal) {
      lackingSpatial = NOTHING;
      lackingTemporal = NOTHING;
    }
    if (!forward && isWithin(frame, targetSpatial, targetTemporal)) {
      lackingSpatial = spatialId;
      lackingTemporal = temporalId;
    }
  }

  private static boolean isForwarded(int frame, int spatial, int openTemporal) {
    return Frame.spatialId(frame) <= spatial && (openTemporal & 1 << Frame.temporalId(frame)) != 0;
  }

  /** Whether frames of this one's layers were forwarded when it should have come. */
  boolean forwardedAt(int frame, long index) {
    int then = history.layersAt(index, null);
    return then != LayerHistory.NOTHING
        && isForwarded(frame, then & LAYER_MASK, then >> LAYER_BITS);
  }

  /** Whether neither a frame nor what follows of its picture is forwarded. */
  boolean dropsRestOf(int frame) {
    return !isForwarded(frame, spatial, openTemporal);
  }

  /** Nothing is forwarded from a packet on. */
  void stop(long index) {
    history.note(index, LayerHistory.NOTHING, null);
  }

  /** Nothing is forwarded, nor will anything come any more that was due when something was. */
  void rest() {
    history.rest();
  }

  /** What it takes to forward the layers that the receiver is to have. */
  KeyFrameRequests.Need need() {
    if (lackingSpatial == NOTHING) {
      return KeyFrameRequests.Need.NONE;
    }
    return lackingSpatial > spatial ? KeyFrameRequests.Need.NOW : KeyFrameRequests.Need.IF_IT_LASTS;
  }

  /** Whether a frame is the highest layer of its picture that is forwarded, of several. */
  boolean isTop(int frame) {
    return highestSeen > 0 && Frame.spatialId(frame) == top;
  }

  /** For the debug page. */
  @Override
  public String toString() {
    return "S" + spatial + "T" + (Integer.SIZE - 1 - Integer.numberOfLeadingZeros(openTemporal));
  }
}
