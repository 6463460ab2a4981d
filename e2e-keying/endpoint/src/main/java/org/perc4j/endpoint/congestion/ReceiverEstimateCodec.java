/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.congestion;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * The RTCP message REMB (draft-alvestrand-rmcat-remb-03, section 2.2).
 *
 * <pre>{@code
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |V=2|P| FMT=15  |   PT=206      |             length            |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |                  SSRC of packet sender                        |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |                  SSRC of media source: 0                      |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |  'R'             'E'             'M'             'B'          |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |  Num SSRC     | BR Exp    |  BR Mantissa                      |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |   SSRC feedback, Num SSRC times                               |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * }</pre>
 *
 * <p>Other messages of the same type and format are not this one: {@link #isEstimate} tells.
 * Stateless.
 */
public final class ReceiverEstimateCodec {
  /** RTCP packet type PSFB (RFC 4585 section 6.1). */
  public static final int PACKET_TYPE = 206;

  /** Feedback message type: application layer. */
  public static final int FORMAT = 15;

  private static final int VERSION = 0x80;
  private static final int HEADER_BYTES = 20;
  private static final int IDENTIFIER_OFFSET = 12;
  private static final int IDENTIFIER = 0x52454D42;
  private static final int MANTISSA_BITS = 18;
  private static final int MAX_MANTISSA = (1 << MANTISSA_BITS) - 1;
  private static final int MAX_SSRCS = 0xFF;

  private ReceiverEstimateCodec() {}

  /** Tells whether an RTCP packet of this type and format is such a message, well formed or not. */
  public static boolean isEstimate(byte[] buffer, int offset, int length) {
    Objects.checkFromIndexSize(offset, length, buffer.length);
    return length >= IDENTIFIER_OFFSET + 4
        && ByteBuffer.wrap(buffer).getInt(offset + IDENTIFIER_OFFSET) == IDENTIFIER;
  }

  /**
   * Reads a message. Nothing is written.
   *
   * @param offset index of the first octet of the RTCP packet
   * @param length octets of the RTCP packet, as its header says
   * @return rates beyond 64 bits as {@link Long#MAX_VALUE}
   * @throws MalformedFeedbackException if it is not such a message, or has not the octets it should
   * @throws IndexOutOfBoundsException if the region is not inside the array
   */
  public static ReceiverEstimate parse(byte[] buffer, int offset, int length)
      throws MalformedFeedbackException {
    if (!isEstimate(buffer, offset, length) || length < HEADER_BYTES) {
      throw new MalformedFeedbackException("no estimate of a receiver");
    }
    ByteBuffer in = ByteBuffer.wrap(buffer, offset, length).slice();
    int count = in.get(16) & 0xFF;
    if (HEADER_BYTES + 4 * count > length) {
      throw new MalformedFeedbackException("SSRCs are missing");
    }
    int rate = in.getInt(16);
    long mantissa = rate & MAX_MANTISSA;
    int exponent = (rate >> MANTISSA_BITS) & 0x3F;
    boolean fits = Long.numberOfLeadingZeros(mantissa) > exponent;
    List<Integer> ssrcs = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      ssrcs.add(in.getInt(HEADER_BYTES + 4 * i));
    }
    return new ReceiverEstimate(in.getInt(4), fits ? mantissa << exponent : Long.MAX_VALUE, ssrcs);
  }

  /**
   * Writes a message. The rate loses what does not fit in 18 bits.
   *
   * @throws IllegalArgumentException if the rate is below zero, or there are more than 255 SSRCs
   */
  public static byte[] write(ReceiverEstimate estimate) {
    long mantissa = estimate.bitsPerSecond();
    int count = estimate.ssrcs().size();
    if (mantissa < 0 || count > MAX_SSRCS) {
      throw new IllegalArgumentException(estimate.toString());
    }
    int exponent = Math.max(0, Long.SIZE - MANTISSA_BITS - Long.numberOfLeadingZeros(mantissa));
    ByteBuffer out =
        ByteBuffer.allocate(HEADER_BYTES + 4 * count)
            .put((byte) (VERSION | FORMAT))
            .put((byte) PACKET_TYPE)
            .putShort((short) (HEADER_BYTES / 4 - 1 + count))
            .putInt(estimate.senderSsrc())
            .putInt(0)
            .putInt(IDENTIFIER)
            .putInt((count << 24) | (exponent << MANTISSA_BITS) | (int) (mantissa >> exponent));
    estimate.ssrcs().forEach(out::putInt);
    return out.array();
  }
}
