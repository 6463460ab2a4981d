/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.relay;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Data to or from a peer (RFC 8656, section 12.4): the channel's number, the length, the data; in
 * streams, padded.
 */
final class ChannelData {
  static final int FIRST_NUMBER = 0x4000;
  static final int HEADER_BYTES = 4;

  private static final int LAST_FIRST_OCTET = 0x4F;

  private ChannelData() {}

  /** Whether octets begin like ChannelData. */
  static boolean isChannelData(byte[] octets, int length) {
    return length >= HEADER_BYTES && octets[0] >= 0x40 && octets[0] <= LAST_FIRST_OCTET;
  }

  /** Returns the channel's number of what {@link #isChannelData is ChannelData}. */
  static int number(byte[] octets) {
    return Short.toUnsignedInt(ByteBuffer.wrap(octets).getShort(0));
  }

  /**
   * Returns the data of what {@link #isChannelData is ChannelData}.
   *
   * @throws MalformedStunException if there are less octets than told
   */
  static byte[] data(byte[] octets, int length) throws MalformedStunException {
    int told = Short.toUnsignedInt(ByteBuffer.wrap(octets).getShort(2));
    if (told > length - HEADER_BYTES) {
      throw new MalformedStunException("data beyond the end");
    }
    return Arrays.copyOfRange(octets, HEADER_BYTES, HEADER_BYTES + told);
  }

  static byte[] write(int number, byte[] data, int offset, int length) {
    return ByteBuffer.allocate(HEADER_BYTES + length)
        .putShort((short) number)
        .putShort((short) length)
        .put(data, offset, length)
        .array();
  }
}
