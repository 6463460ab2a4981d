/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.congestion;

import java.util.Objects;

/**
 * The header extension that says when a packet was sent, for receivers that estimate
 * (http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time): seconds of any clock, modulo 64, as
 * a fixed-point number with 18 bits behind the point.
 *
 * <pre>{@code
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |  ID   | L=2   |  seconds  |             fraction              |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * }</pre>
 *
 * <p>Only the element's data is read and written here. Stateless, allocates nothing.
 */
public final class AbsoluteSendTimeCodec {
  /** What negotiates it (RFC 8285). */
  public static final String URI = "http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time";

  /** Octets of the element's data. */
  public static final int LENGTH_BYTES = 3;

  /** Bits of a time, which wraps. */
  static final int BITS = 24;

  private static final int FRACTION_BITS = 18;
  private static final long NANOS_PER_SECOND = 1_000_000_000;

  private AbsoluteSendTimeCodec() {}

  /**
   * Reads a time.
   *
   * @param offset index of the first octet of the element's data
   * @param length octets of the element's data
   * @return 24 bits
   * @throws MalformedFeedbackException if the element has another length
   * @throws IndexOutOfBoundsException if the region is not inside the array
   */
  public static int parse(byte[] buffer, int offset, int length) throws MalformedFeedbackException {
    Objects.checkFromIndexSize(offset, length, buffer.length);
    if (length != LENGTH_BYTES) {
      throw new MalformedFeedbackException("a send time of " + length + " octets");
    }
    return (buffer[offset] & 0xFF) << 16
        | (buffer[offset + 1] & 0xFF) << 8
        | (buffer[offset + 2] & 0xFF);
  }

  /**
   * Writes a time.
   *
   * @param nanos of any clock
   * @param offset index of the first of {@link #LENGTH_BYTES} octets
   * @throws IndexOutOfBoundsException if they are not inside the array; nothing is written
   */
  public static void write(long nanos, byte[] buffer, int offset) {
    Objects.checkFromIndexSize(offset, LENGTH_BYTES, buffer.length);
    long seconds = Math.floorDiv(nanos, NANOS_PER_SECOND);
    long fraction = (Math.floorMod(nanos, NANOS_PER_SECOND) << FRACTION_BITS) / NANOS_PER_SECOND;
    int time = (int) ((seconds << FRACTION_BITS) | fraction);
    buffer[offset] = (byte) (time >> 16);
    buffer[offset + 1] = (byte) (time >> 8);
    buffer[offset + 2] = (byte) time;
  }

  /** Returns so many units in nanoseconds. */
  static long nanos(long units) {
    return (units * NANOS_PER_SECOND) >> FRACTION_BITS;
  }
}
