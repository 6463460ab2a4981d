/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.transport;

import java.util.Arrays;
import org.jitsi.utils.ByteArrayBuffer;

/** A packet in an array that grows, as jitsi-srtp wants it. Not thread-safe. */
public class OctetBuffer implements ByteArrayBuffer {
  private static final int RTP_SSRC_OFFSET = 8;
  private static final int RTCP_SSRC_OFFSET = 4;

  private byte[] buffer;
  private int offset;
  private int length;

  /** A packet that starts as a copy of a region. */
  public OctetBuffer(byte[] source, int sourceOffset, int length, int room) {
    this.buffer = new byte[length + room];
    System.arraycopy(source, sourceOffset, buffer, 0, length);
    this.length = length;
  }

  /** Carries no packet yet. */
  public OctetBuffer() {
    this(new byte[0], 0, 0, 0);
  }

  /**
   * Carries another packet from now on.
   *
   * @param octets that the packet is at the start of; not copied, and changed in place as long as
   *     there is room
   */
  public final void wrap(byte[] octets, int packetLength) {
    buffer = octets;
    offset = 0;
    length = packetLength;
  }

  /** The SSRC of an RTP packet, which is to have a whole header. */
  public final int rtpSsrc() {
    return int32(RTP_SSRC_OFFSET);
  }

  /** The SSRC of an RTCP packet's sender; it is to have a whole header. */
  public final int rtcpSsrc() {
    return int32(RTCP_SSRC_OFFSET);
  }

  private int int32(int at) {
    int first = offset + at;
    return ((buffer[first] & 0xFF) << 24)
        | ((buffer[first + 1] & 0xFF) << 16)
        | ((buffer[first + 2] & 0xFF) << 8)
        | (buffer[first + 3] & 0xFF);
  }

  @Override
  public final byte[] getBuffer() {
    return buffer;
  }

  @Override
  public final int getOffset() {
    return offset;
  }

  @Override
  public final int getLength() {
    return length;
  }

  @Override
  public final void setLength(int length) {
    this.length = length;
  }

  @Override
  public final void setOffset(int offset) {
    this.offset = offset;
  }

  @Override
  public final boolean isInvalid() {
    return false;
  }

  @Override
  public final void readRegionToBuff(int regionOffset, int regionLength, byte[] out) {
    System.arraycopy(buffer, offset + regionOffset, out, 0, regionLength);
  }

  @Override
  public final void grow(int octets) {
    if (offset + length + octets > buffer.length) {
      buffer = Arrays.copyOf(buffer, offset + length + octets);
    }
  }

  @Override
  public final void append(byte[] octets, int count) {
    grow(count);
    System.arraycopy(octets, 0, buffer, offset + length, count);
    length += count;
  }

  @Override
  public final void shrink(int octets) {
    length = Math.max(0, length - octets);
  }
}
