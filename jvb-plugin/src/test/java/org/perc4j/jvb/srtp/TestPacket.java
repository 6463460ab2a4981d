/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.srtp;

import java.util.Arrays;
import java.util.HexFormat;
import org.jitsi.utils.ByteArrayBuffer;
import org.jspecify.annotations.Nullable;
import org.perc4j.jvb.packet.LayerFrame;
import org.perc4j.jvb.packet.PacketState;

/** A packet as the bridge has them: a region of a buffer, and the state that the agent adds. */
class TestPacket implements ByteArrayBuffer, PacketState {
  private byte[] buffer;
  private int offset;
  private int length;
  private int state;
  private int frame;
  private @Nullable LayerFrame layers;
  private long activeTargets;

  TestPacket(byte[] octets, int offset, int roomAtEnd) {
    this.buffer = new byte[offset + octets.length + roomAtEnd];
    this.offset = offset;
    this.length = octets.length;
    System.arraycopy(octets, 0, buffer, offset, octets.length);
  }

  static TestPacket ofHex(String hex) {
    return new TestPacket(HexFormat.of().parseHex(hex), 10, 20);
  }

  byte[] octets() {
    return Arrays.copyOfRange(buffer, offset, offset + length);
  }

  String hex() {
    return HexFormat.of().formatHex(octets());
  }

  @Override
  public int perc4jOriginalHeader() {
    return state;
  }

  @Override
  public void perc4jOriginalHeader(int state) {
    this.state = state;
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

  @Override
  public byte[] getBuffer() {
    return buffer;
  }

  @Override
  public int getOffset() {
    return offset;
  }

  @Override
  public int getLength() {
    return length;
  }

  @Override
  public void setLength(int length) {
    this.length = length;
  }

  @Override
  public void setOffset(int offset) {
    this.offset = offset;
  }

  @Override
  public boolean isInvalid() {
    return false;
  }

  @Override
  public void readRegionToBuff(int from, int count, byte[] out) {
    System.arraycopy(buffer, offset + from, out, 0, count);
  }

  /**
   * As the bridge's packets do: room for so many octets behind, if there is less, and none before.
   */
  @Override
  public void grow(int delta) {
    if (length + delta > buffer.length - offset) {
      buffer = Arrays.copyOf(octets(), length + delta);
      offset = 0;
    }
  }

  @Override
  public void append(byte[] data, int count) {
    grow(count);
    System.arraycopy(data, 0, buffer, offset + length, count);
    length += count;
  }

  @Override
  public void shrink(int count) {
    length -= count;
  }
}
