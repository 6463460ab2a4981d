/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.congestion;

import java.util.Objects;

/**
 * The header extension that numbers all packets of a transport, whatever their SSRC
 * (draft-holmer-rmcat-transport-wide-cc-extensions-01, section 2). It is between the two ends of a
 * hop.
 *
 * <pre>{@code
 *  0                   1                   2
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |  ID   | L=1   | transport-wide sequence number|
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * }</pre>
 *
 * <p>Only the element's data is read and written here. Stateless, allocates nothing.
 */
public final class TransportSequenceCodec {
  /** What negotiates it (RFC 8285). */
  public static final String URI =
      "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01";

  /** Octets of the element's data. */
  public static final int LENGTH_BYTES = 2;

  private TransportSequenceCodec() {}

  /**
   * Reads a number.
   *
   * @param offset index of the first octet of the element's data
   * @param length octets of the element's data
   * @return 0 to 65535
   * @throws MalformedFeedbackException if the element has another length
   * @throws IndexOutOfBoundsException if the region is not inside the array
   */
  public static int parse(byte[] buffer, int offset, int length) throws MalformedFeedbackException {
    Objects.checkFromIndexSize(offset, length, buffer.length);
    if (length != LENGTH_BYTES) {
      throw new MalformedFeedbackException("a transport-wide number of " + length + " octets");
    }
    return (buffer[offset] & 0xFF) << 8 | (buffer[offset + 1] & 0xFF);
  }

  /**
   * Writes a number.
   *
   * @param sequenceNumber of which the lower 16 bits are written
   * @param offset index of the first of {@link #LENGTH_BYTES} octets
   * @throws IndexOutOfBoundsException if they are not inside the array; nothing is written
   */
  public static void write(int sequenceNumber, byte[] buffer, int offset) {
    Objects.checkFromIndexSize(offset, LENGTH_BYTES, buffer.length);
    buffer[offset] = (byte) (sequenceNumber >> 8);
    buffer[offset + 1] = (byte) sequenceNumber;
  }
}
