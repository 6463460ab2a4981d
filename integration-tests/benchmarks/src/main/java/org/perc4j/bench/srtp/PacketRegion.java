/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.bench.srtp;

import org.jitsi.utils.ByteArrayBuffer;

/** A packet at the start of an array that has room behind it, as jitsi-srtp takes them. */
public class PacketRegion implements ByteArrayBuffer {
  private byte[] buffer = new byte[0];
  private int length;

  /** Carries another packet. */
  public final void wrap(byte[] buffer, int length) {
    this.buffer = buffer;
    this.length = length;
  }

  @Override
  public byte[] getBuffer() {
    return buffer;
  }

  @Override
  public int getOffset() {
    return 0;
  }

  @Override
  public void setOffset(int offset) {
    throw new UnsupportedOperationException();
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
  public boolean isInvalid() {
    return false;
  }

  @Override
  public void readRegionToBuff(int offset, int count, byte[] out) {
    System.arraycopy(buffer, offset, out, 0, count);
  }

  @Override
  public void grow(int added) {
    // there is room
  }

  @Override
  public void append(byte[] data, int count) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void shrink(int removed) {
    length -= removed;
  }
}
