/* SPDX-License-Identifier: Apache-2.0 */
package org.jitsi.rtp;

import org.jitsi.utils.ByteArrayBuffer;

/** Signature only. Upstream: rtp/src/main/java/org/jitsi/rtp/ByteArrayBufferImpl.java */
public abstract class ByteArrayBufferImpl implements ByteArrayBuffer {
  public ByteArrayBufferImpl(byte[] buffer, int offset, int length) {
    throw new AssertionError("stub");
  }

  @Override
  public byte[] getBuffer() {
    throw new AssertionError("stub");
  }

  @Override
  public int getOffset() {
    throw new AssertionError("stub");
  }

  @Override
  public void setOffset(int offset) {
    throw new AssertionError("stub");
  }

  @Override
  public int getLength() {
    throw new AssertionError("stub");
  }

  @Override
  public void setLength(int length) {
    throw new AssertionError("stub");
  }

  @Override
  public void readRegionToBuff(int offset, int length, byte[] outBuffer) {
    throw new AssertionError("stub");
  }

  @Override
  public void append(byte[] data, int length) {
    throw new AssertionError("stub");
  }

  @Override
  public void grow(int delta) {
    throw new AssertionError("stub");
  }

  @Override
  public void shrink(int length) {
    throw new AssertionError("stub");
  }

  @Override
  public boolean isInvalid() {
    throw new AssertionError("stub");
  }
}
