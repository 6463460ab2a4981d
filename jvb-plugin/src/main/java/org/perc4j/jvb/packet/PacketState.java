/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.packet;

import org.jspecify.annotations.Nullable;

/**
 * A packet that remembers, while it is inside the bridge, the header fields its sender protected
 * and what its extensions say of its frame.
 *
 * <p>The agent adds this interface, and a field for each of its properties, to the bridge's RTP
 * packet class, so that the state follows the packet through every copy, cache and retransmission.
 *
 * <p>There is one interface for everything. The JDK remembers for each class the one interface that
 * it was tested for last, and writes that down where all threads see it: testing one class for
 * several interfaces by turns has the processors take the cache line from each other, for every
 * packet (JDK-8180450).
 */
public interface PacketState {
  /** The header as it was sent, as {@link OriginalHeaders} packs it. */
  int perc4jOriginalHeader();

  /** Replaces it. */
  void perc4jOriginalHeader(int state);

  /** What is said of the frame, as {@link Frame} packs it; {@link Frame#UNMARKED} for nothing. */
  int perc4jFrame();

  /** Replaces it. */
  void perc4jFrame(int frame);

  /** The frame's dependencies; null if there is no descriptor or its structure is not known. */
  @Nullable LayerFrame perc4jLayers();

  /** Replaces them. */
  void perc4jLayers(@Nullable LayerFrame layers);

  /** The decode targets that are active, as {@link ActiveTargets} packs them. */
  long perc4jActiveTargets();

  /** Replaces them. */
  void perc4jActiveTargets(long targets);

  /** Whether something is a packet with an inner layer, whose payload nobody here can read. */
  static boolean isDouble(@Nullable Object packet) {
    return packet instanceof PacketState original
        && OriginalHeaders.present(original.perc4jOriginalHeader());
  }
}
