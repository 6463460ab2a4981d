/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.congestion;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Objects;

/**
 * The RTCP message that tells of arrivals (draft-holmer-rmcat-transport-wide-cc-extensions-01,
 * section 3.1; RFC 4585 section 6.1).
 *
 * <pre>{@code
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |V=2|P|  FMT=15 |    PT=205     |           length              |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |                     SSRC of packet sender                     |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |                      SSRC of media source                     |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |      base sequence number     |      packet status count      |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |                 reference time                | fb pkt. count |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |          packet chunk         |  ...  | recv delta |  ...     |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *
 * run length   |0| S |       run length        |   S: symbol
 * one bit      |1|0|     14 symbols            |   0 not received, 1 small delta
 * two bits     |1|1|      7 symbols            |
 * }</pre>
 *
 * <p>Symbols: 0 not received; 1 received, delta of one octet, 0 to 255; 2 received, delta of two
 * octets with a sign. Symbol 3 is reserved and refused, as libwebrtc does, so that each packet that
 * is said to have arrived takes at least an octet of what the peer had to send. Runs of what did
 * not arrive take next to none, and no room here either.
 *
 * <p>Stateless.
 */
public final class TransportFeedbackCodec {
  /** RTCP packet type RTPFB (RFC 4585 section 6.1). */
  public static final int PACKET_TYPE = 205;

  /** Feedback message type. */
  public static final int FORMAT = 15;

  private static final int VERSION = 0x80;
  private static final int PADDING = 0x20;
  private static final int FORMAT_MASK = 0x1F;
  private static final int HEADER_BYTES = 20;
  private static final int CHUNK_BYTES = 2;
  private static final int MAX_STATUS_COUNT = 0xFFFF;

  private static final int LOST = 0;
  private static final int SMALL = 1;
  private static final int LARGE = 2;
  private static final int RESERVED = 3;
  private static final int MAX_SMALL_DELTA = 0xFF;

  private static final int VECTOR = 0x8000;
  private static final int TWO_BITS = 0x4000;
  private static final int RUN_SYMBOL_SHIFT = 13;
  private static final int MAX_RUN = 0x1FFF;
  private static final int ONE_BIT_SYMBOLS = 14;
  private static final int TWO_BIT_SYMBOLS = 7;

  private TransportFeedbackCodec() {}

  /**
   * Reads a message. Work and memory are bound by its octets. Nothing is written.
   *
   * @param offset index of the first octet of the RTCP packet
   * @param length octets of the RTCP packet, as its header says
   * @throws MalformedFeedbackException if it is not such a message, or chunks or deltas are missing
   * @throws IndexOutOfBoundsException if the region is not inside the array
   */
  public static TransportFeedback parse(byte[] buffer, int offset, int length)
      throws MalformedFeedbackException {
    Objects.checkFromIndexSize(offset, length, buffer.length);
    ByteBuffer in = ByteBuffer.wrap(buffer, offset, length).slice();
    int end = requireMessage(in);
    int statusCount = in.getShort(14) & 0xFFFF;
    if (statusCount == 0) {
      throw new MalformedFeedbackException("feedback on no packet");
    }
    // Each packet that arrived takes an octet at least.
    int[] offsets = new int[end - HEADER_BYTES];
    byte[] sizes = new byte[offsets.length];
    int received = 0;
    int at = HEADER_BYTES;
    for (int status = 0; status < statusCount; at += CHUNK_BYTES) {
      if (end - at < CHUNK_BYTES) {
        throw new MalformedFeedbackException("packet chunks are missing");
      }
      int chunk = in.getShort(at) & 0xFFFF;
      int symbols = symbols(chunk);
      int count = Math.min(symbols, statusCount - status);
      if (symbols == 0) {
        throw new MalformedFeedbackException("an empty run");
      }
      if ((chunk & VECTOR) != 0 || symbol(chunk, 0) != LOST) {
        for (int i = 0; i < count; i++) {
          int symbol = symbol(chunk, i);
          if (symbol == RESERVED) {
            throw new MalformedFeedbackException("a reserved symbol");
          }
          if (symbol != LOST) {
            if (received == offsets.length) {
              throw new MalformedFeedbackException("receive deltas are missing");
            }
            offsets[received] = status + i;
            sizes[received++] = (byte) symbol;
          }
        }
      }
      status += count;
    }
    int[] deltas = new int[received];
    for (int i = 0; i < received; i++) {
      if (end - at < sizes[i]) {
        throw new MalformedFeedbackException("receive deltas are missing");
      }
      deltas[i] = sizes[i] == SMALL ? in.get(at) & 0xFF : in.getShort(at);
      at += sizes[i];
    }
    return new TransportFeedback(
        in.getInt(4),
        in.getInt(8),
        in.getShort(12) & 0xFFFF,
        statusCount,
        in.getInt(16) >> 8,
        in.get(19) & 0xFF,
        Arrays.copyOf(offsets, received),
        deltas);
  }

  /** Returns where chunks and deltas end, before RTCP's padding. */
  private static int requireMessage(ByteBuffer in) throws MalformedFeedbackException {
    int length = in.limit();
    if (length < HEADER_BYTES + CHUNK_BYTES
        || (in.get(0) & 0xC0) != VERSION
        || (in.get(0) & FORMAT_MASK) != FORMAT
        || (in.get(1) & 0xFF) != PACKET_TYPE
        || 4 * ((in.getShort(2) & 0xFFFF) + 1) != length) {
      throw new MalformedFeedbackException("no transport-wide feedback");
    }
    if ((in.get(0) & PADDING) == 0) {
      return length;
    }
    int padding = in.get(length - 1) & 0xFF;
    if (padding == 0 || padding > length - HEADER_BYTES) {
      throw new MalformedFeedbackException("padding of " + padding + " octets");
    }
    return length - padding;
  }

  private static int symbols(int chunk) {
    if ((chunk & VECTOR) == 0) {
      return chunk & MAX_RUN;
    }
    return (chunk & TWO_BITS) == 0 ? ONE_BIT_SYMBOLS : TWO_BIT_SYMBOLS;
  }

  private static int symbol(int chunk, int i) {
    if ((chunk & VECTOR) == 0) {
      return (chunk >> RUN_SYMBOL_SHIFT) & 3;
    }
    return (chunk & TWO_BITS) == 0
        ? (chunk >> (ONE_BIT_SYMBOLS - 1 - i)) & 1
        : (chunk >> (2 * (TWO_BIT_SYMBOLS - 1 - i))) & 3;
  }

  /** Writes a message, filled up with zeros to a multiple of 4 octets. */
  public static byte[] write(TransportFeedback feedback) {
    byte[] symbols = symbols(feedback);
    byte[] chunks = new byte[2 * symbols.length];
    int chunksLength = writeChunks(symbols, chunks);
    int deltasLength = 0;
    for (byte symbol : symbols) {
      deltasLength += symbol;
    }
    int length = (HEADER_BYTES + chunksLength + deltasLength + 3) & ~3;
    ByteBuffer out =
        ByteBuffer.allocate(length)
            .put((byte) (VERSION | FORMAT))
            .put((byte) PACKET_TYPE)
            .putShort((short) (length / 4 - 1))
            .putInt(feedback.senderSsrc())
            .putInt(feedback.mediaSsrc())
            .putShort((short) feedback.baseSequenceNumber())
            .putShort((short) feedback.statusCount())
            .putInt(feedback.referenceTime() << 8 | (feedback.feedbackCount() & 0xFF))
            .put(chunks, 0, chunksLength);
    for (int i = 0; i < feedback.received(); i++) {
      if (symbols[feedback.offset(i)] == SMALL) {
        out.put((byte) feedback.deltaTicks(i));
      } else {
        out.putShort((short) feedback.deltaTicks(i));
      }
    }
    return out.array();
  }

  private static byte[] symbols(TransportFeedback feedback) {
    if (feedback.statusCount() < 1 || feedback.statusCount() > MAX_STATUS_COUNT) {
      throw new IllegalArgumentException(feedback.statusCount() + " packets");
    }
    byte[] symbols = new byte[feedback.statusCount()];
    for (int i = 0; i < feedback.received(); i++) {
      int delta = feedback.deltaTicks(i);
      if (delta != (short) delta) {
        throw new IllegalArgumentException("a delta of " + delta);
      }
      symbols[feedback.offset(i)] = (byte) (delta >= 0 && delta <= MAX_SMALL_DELTA ? SMALL : LARGE);
    }
    return symbols;
  }

  /** Takes for each place the chunk that covers most from there on. */
  private static int writeChunks(byte[] symbols, byte[] chunks) {
    int length = 0;
    for (int at = 0; at < symbols.length; length += CHUNK_BYTES) {
      int run = run(symbols, at);
      int ones = withoutLarge(symbols, at);
      int chunk;
      int covered;
      if (run >= Math.max(ones, Math.min(TWO_BIT_SYMBOLS, symbols.length - at))) {
        chunk = symbols[at] << RUN_SYMBOL_SHIFT | run;
        covered = run;
      } else if (ones >= Math.min(TWO_BIT_SYMBOLS, symbols.length - at)) {
        chunk = VECTOR | vector(symbols, at, ones, ONE_BIT_SYMBOLS, 1);
        covered = ones;
      } else {
        covered = Math.min(TWO_BIT_SYMBOLS, symbols.length - at);
        chunk = VECTOR | TWO_BITS | vector(symbols, at, covered, TWO_BIT_SYMBOLS, 2);
      }
      chunks[length] = (byte) (chunk >> 8);
      chunks[length + 1] = (byte) chunk;
      at += covered;
    }
    return length;
  }

  private static int run(byte[] symbols, int at) {
    int end = at;
    while (end < symbols.length && end - at < MAX_RUN && symbols[end] == symbols[at]) {
      end++;
    }
    return end - at;
  }

  /** How many symbols a vector of one bit each could have here: all of its 14, or none follow. */
  private static int withoutLarge(byte[] symbols, int at) {
    int end = Math.min(symbols.length, at + ONE_BIT_SYMBOLS);
    for (int i = at; i < end; i++) {
      if (symbols[i] == LARGE) {
        return 0;
      }
    }
    return end - at;
  }

  private static int vector(byte[] symbols, int at, int count, int places, int bits) {
    int vector = 0;
    for (int i = 0; i < count; i++) {
      vector |= symbols[at + i] << (bits * (places - 1 - i));
    }
    return vector;
  }
}
