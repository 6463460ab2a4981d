/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.video;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.perc4j.jvb.packet.DecodeTargets;

/**
 * Which layers of one encoding were forwarded when: a frame that comes late is judged by its own
 * time.
 *
 * <p>Not thread-safe. Allocates nothing after construction.
 */
final class LayerHistory {
  /** No layer at all. */
  static final int NOTHING = -1;

  private static final int CHANGES = 16;

  private final long[] since = new long[CHANGES];
  private final int[] layers = new int[CHANGES];
  private final @Nullable DecodeTargets[] targets = new DecodeTargets[CHANGES];
  private int newest;

  /** Nothing was ever forwarded. */
  LayerHistory() {
    Arrays.fill(since, Long.MIN_VALUE);
    Arrays.fill(layers, NOTHING);
  }

  /**
   * Notes what is forwarded from a packet on; later packets only.
   *
   * @param index the packet's, as {@link SequenceProjection#index} has it
   * @param nowLayers whatever stands for the layers, or {@link #NOTHING}
   * @param structure what gives that its meaning, if anything does
   */
  void note(long index, int nowLayers, @Nullable DecodeTargets structure) {
    if (layers[newest] == nowLayers && targets[newest] == structure) {
      return;
    }
    newest = (newest + 1) % CHANGES;
    since[newest] = index;
    layers[newest] = nowLayers;
    targets[newest] = structure;
  }

  /** What was forwarded when a packet was due; {@link #NOTHING} if that is not remembered. */
  int layersAt(long index, @Nullable DecodeTargets structure) {
    for (int i = 0; i < CHANGES; i++) {
      int slot = Math.floorMod(newest - i, CHANGES);
      if (since[slot] <= index) {
        return targets[slot] == structure ? layers[slot] : NOTHING;
      }
    }
    return NOTHING;
  }
}
