/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.embedded;

import org.jspecify.annotations.Nullable;
import org.perc4j.it.transport.OctetBuffer;
import org.perc4j.jvb.packet.LayerFrame;
import org.perc4j.jvb.packet.PacketState;

/** A packet inside the bridge, with what its sender protected of its header. */
final class ForwardedPacket extends OctetBuffer implements PacketState {
  private static final int ROOM_BYTES = 64;

  private int originalHeader;
  private int frame;
  private @Nullable LayerFrame layers;
  private long activeTargets;

  ForwardedPacket(byte[] source, int offset, int length) {
    super(source, offset, length, ROOM_BYTES);
  }

  ForwardedPacket copy() {
    ForwardedPacket copy = new ForwardedPacket(getBuffer(), getOffset(), getLength());
    copy.originalHeader = originalHeader;
    return copy;
  }

  @Override
  public int perc4jOriginalHeader() {
    return originalHeader;
  }

  @Override
  public void perc4jOriginalHeader(int state) {
    originalHeader = state;
  }

  @Override
  public int perc4jFrame() {
    return frame;
  }

  @Override
  public void perc4jFrame(int said) {
    frame = said;
  }

  @Override
  public @Nullable LayerFrame perc4jLayers() {
    return layers;
  }

  @Override
  public void perc4jLayers(@Nullable LayerFrame said) {
    layers = said;
  }

  @Override
  public long perc4jActiveTargets() {
    return activeTargets;
  }

  @Override
  public void perc4jActiveTargets(long targets) {
    activeTargets = targets;
  }
}
