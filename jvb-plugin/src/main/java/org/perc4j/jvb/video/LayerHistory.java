/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.video;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.perc4j.jvb.packet.DecodeTargets;

/**
 * Which layers of one encoding were forwarded when: a frame that comes late is judged by its own
 * time.
 *
 * <p>Not thread-safe. Allocates when something is forwarded, and nothing more until {@link #rest}.
 */
final class LayerHistory {
  /** No layer at all. */
  static final int NOTHING = -1;

  private static final int CHANGES = 16;

  /** The latest changes, in a ring. */
  private static final class Changes {
    final long[] since = new long[CHANGES];
    final int[] layers = new int[CHANGES];
    final @Nullable DecodeTargets[] targets = new @Nullable DecodeTargets[CHANGES];
    int newest;

    Changes() {
      Arrays.fill(since, Long.MIN_VALUE);
      Arrays.fill(layers, NOTHING);
    }
  }

  private @Nullable Changes changes;

  /** Forgets all, and gives the memory back: nothing was ever forwarded. */
  void rest() {
    changes = null;
  }

  /**
   * Notes what is forwarded from a packet on; later packets only.
   *
   * @param index the packet's, as {@link SequenceProjection#index} has it
   * @param nowLayers whatever stands for the layers, or {@link #NOTHING}
   * @param structure what gives that its meaning, if anything does
   */
  void note(long index, int nowLayers, @Nullable DecodeTargets structure) {
    Changes known = changes;
    if (known == null) {
      if (nowLayers == NOTHING) {
        return;
      }
      known = new Changes();
      changes = known;
    }
    if (known.layers[known.newest] == nowLayers && known.targets[known.newest] == structure) {
      return;
    }
    known.newest = (known.newest + 1) % CHANGES;
    known.since[known.newest] = index;
    known.layers[known.newest] = nowLayers;
    known.targets[known.newest] = structure;
  }

  /** What was forwarded when a packet was due; {@link #NOTHING} if that is not remembered. */
  int layersAt(long index, @Nullable DecodeTargets structure) {
    Changes known = changes;
    if (known == null) {
      return NOTHING;
    }
    for (int i = 0; i < CHANGES; i++) {
      int slot = Math.floorMod(known.newest - i, CHANGES);
      if (known.since[slot] <= index) {
        return known.targets[slot] == structure ? known.layers[slot] : NOTHING;
      }
    }
    return NOTHING;
  }
}
