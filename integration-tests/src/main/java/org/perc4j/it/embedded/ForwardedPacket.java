/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.embedded;

import org.jspecify.annotations.Nullable;
import org.perc4j.endpoint.transport.OctetBuffer;
import org.perc4j.jvb.packet.LayerFrame;
import org.perc4j.jvb.packet.PacketState;

/** A packet inside a bridge, with the state that follows it there. Not thread-safe. */
public class ForwardedPacket extends OctetBuffer implements PacketState {
  private static final int ROOM_BYTES = 64;

  private int originalHeader;
  private int frame;
  private @Nullable LayerFrame layers;
  private long activeTargets;

  /** Carries no packet yet. */
  public ForwardedPacket() {}

  /** A packet that starts as a copy of a region. */
  ForwardedPacket(byte[] source, int offset, int length) {
    super(source, offset, length, ROOM_BYTES);
  }

  final ForwardedPacket copy() {
    ForwardedPacket copy = new ForwardedPacket(getBuffer(), getOffset(), getLength());
    copy.originalHeader = originalHeader;
    return copy;
  }

  @Override
  public final int perc4jOriginalHeader() {
    return originalHeader;
  }

  @Override
  public final void perc4jOriginalHeader(int state) {
    originalHeader = state;
  }

  @Override
  public final int perc4jFrame() {
    return frame;
  }

  @Override
  public final void perc4jFrame(int said) {
    frame = said;
  }

  @Override
  public final @Nullable LayerFrame perc4jLayers() {
    return layers;
  }

  @Override
  public final void perc4jLayers(@Nullable LayerFrame said) {
    layers = said;
  }

  @Override
  public final long perc4jActiveTargets() {
    return activeTargets;
  }

  @Override
  public final void perc4jActiveTargets(long targets) {
    activeTargets = targets;
  }
}
