/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.packet;

import org.perc4j.header.ohb.OhbCodec;

/**
 * The state behind {@link PacketState#perc4jOriginalHeader}: payload type, sequence number and
 * marker as the sending endpoint protected them, packed into one int so that copying it costs
 * nothing.
 *
 * <pre>
 *  31 30 29 28 27 26 25 24 23 22 ....... 7 6 .... 0
 * +--+--+--+--+--+--+--+--+--+------------+--------+
 * |P |F |rM|rS|rT|eM|eS|eT| M|  SEQ (16)  | PT (7) |
 * +--+--+--+--+--+--+--+--+--+------------+--------+
 * </pre>
 *
 * <p>P: present. F: frozen, the original header block was decided already (a retransmission's own
 * header says nothing about the packet inside it). eM, eS, eT: the field came from, or when frozen
 * belongs into, an original header block. rM, rS, rT: it came from one, although the header said
 * the same.
 *
 * <p>Stateless and thread-safe; allocates nothing.
 */
public final class OriginalHeaders {
  /** The packet is not a double packet. */
  public static final int NONE = 0;

  /** The packet is the bridge's own padding: it has no inner layer and carries nothing. */
  public static final int PADDING = 1;

  private static final int PRESENT = 1 << 31;
  private static final int FROZEN = 1 << 30;
  private static final int MARKER_REDUNDANT = 1 << 29;
  private static final int SEQUENCE_NUMBER_REDUNDANT = 1 << 28;
  private static final int PAYLOAD_TYPE_REDUNDANT = 1 << 27;
  private static final int MARKER_FROM_OHB = 1 << 26;
  private static final int SEQUENCE_NUMBER_FROM_OHB = 1 << 25;
  private static final int PAYLOAD_TYPE_FROM_OHB = 1 << 24;
  private static final int MARKER = 1 << 23;
  private static final int SEQUENCE_NUMBER_SHIFT = 7;
  private static final int PAYLOAD_TYPE_MASK = 0x7f;

  private OriginalHeaders() {}

  /** Whether the state belongs to a double packet. */
  public static boolean present(int state) {
    return (state & PRESENT) != 0;
  }

  /**
   * The state of a packet that was just received.
   *
   * @param ohb its original header block, as {@link OhbCodec#parse} packs it
   * @param marker its header's marker bit
   * @param payloadType its header's payload type, 0 to 127
   * @param sequenceNumber its header's sequence number, 0 to 65535
   */
  public static int received(int ohb, boolean marker, int payloadType, int sequenceNumber) {
    int flags = PRESENT;
    flags |= OhbCodec.hasMarker(ohb) ? MARKER_FROM_OHB : 0;
    flags |= OhbCodec.hasPayloadType(ohb) ? PAYLOAD_TYPE_FROM_OHB : 0;
    flags |= OhbCodec.hasSequenceNumber(ohb) ? SEQUENCE_NUMBER_FROM_OHB : 0;
    return packReceived(
        flags,
        OhbCodec.marker(ohb),
        OhbCodec.payloadType(ohb),
        OhbCodec.sequenceNumber(ohb),
        marker,
        payloadType,
        sequenceNumber);
  }

  /**
   * The state after an incoming retransmission (RFC 4588) was turned back into the packet it
   * carries: what its original header block does not say is what the restored header says.
   */
  public static int restored(int state, boolean marker, int payloadType, int sequenceNumber) {
    if (!present(state)) {
      return state;
    }
    return packReceived(
        state & (PRESENT | MARKER_FROM_OHB | PAYLOAD_TYPE_FROM_OHB | SEQUENCE_NUMBER_FROM_OHB),
        originalMarker(state),
        originalPayloadType(state),
        originalSequenceNumber(state),
        marker,
        payloadType,
        sequenceNumber);
  }

  private static int packReceived(
      int flags,
      boolean ohbMarker,
      int ohbPayloadType,
      int ohbSequenceNumber,
      boolean marker,
      int payloadType,
      int sequenceNumber) {
    boolean hasMarker = (flags & MARKER_FROM_OHB) != 0;
    boolean hasPayloadType = (flags & PAYLOAD_TYPE_FROM_OHB) != 0;
    boolean hasSequenceNumber = (flags & SEQUENCE_NUMBER_FROM_OHB) != 0;
    int redundant = 0;
    redundant |= hasMarker && ohbMarker == marker ? MARKER_REDUNDANT : 0;
    redundant |= hasPayloadType && ohbPayloadType == payloadType ? PAYLOAD_TYPE_REDUNDANT : 0;
    redundant |=
        hasSequenceNumber && ohbSequenceNumber == sequenceNumber ? SEQUENCE_NUMBER_REDUNDANT : 0;
    return pack(
        flags | redundant,
        hasMarker ? ohbMarker : marker,
        hasPayloadType ? ohbPayloadType : payloadType,
        hasSequenceNumber ? ohbSequenceNumber : sequenceNumber);
  }

  /**
   * Decides the original header block now, for the header given; later changes of the header (the
   * packet being wrapped into a retransmission) do not count any more.
   */
  public static int frozen(int state, boolean marker, int payloadType, int sequenceNumber) {
    if (!present(state) || (state & FROZEN) != 0) {
      return state;
    }
    int flags = PRESENT | FROZEN;
    if (originalMarker(state) != marker || (state & MARKER_REDUNDANT) != 0) {
      flags |= MARKER_FROM_OHB;
    }
    if (originalPayloadType(state) != payloadType || (state & PAYLOAD_TYPE_REDUNDANT) != 0) {
      flags |= PAYLOAD_TYPE_FROM_OHB;
    }
    if (originalSequenceNumber(state) != sequenceNumber
        || (state & SEQUENCE_NUMBER_REDUNDANT) != 0) {
      flags |= SEQUENCE_NUMBER_FROM_OHB;
    }
    return pack(
        flags, originalMarker(state), originalPayloadType(state), originalSequenceNumber(state));
  }

  /**
   * The original header block to send with the header given (RFC 8723 section 5.2): every field
   * that differs from its original, whoever changed it; no field that this bridge put back to it;
   * and an entry that an earlier bridge sent needlessly, as it may not be touched.
   *
   * @return the block as {@link OhbCodec#write} takes it
   */
  public static int ohb(int state, boolean marker, int payloadType, int sequenceNumber) {
    int decided = frozen(state, marker, payloadType, sequenceNumber);
    int ohb = OhbCodec.EMPTY;
    if ((decided & MARKER_FROM_OHB) != 0) {
      ohb = OhbCodec.withMarker(ohb, originalMarker(decided));
    }
    if ((decided & PAYLOAD_TYPE_FROM_OHB) != 0) {
      ohb = OhbCodec.withPayloadType(ohb, originalPayloadType(decided));
    }
    if ((decided & SEQUENCE_NUMBER_FROM_OHB) != 0) {
      ohb = OhbCodec.withSequenceNumber(ohb, originalSequenceNumber(decided));
    }
    return ohb;
  }

  private static boolean originalMarker(int state) {
    return (state & MARKER) != 0;
  }

  private static int originalPayloadType(int state) {
    return state & PAYLOAD_TYPE_MASK;
  }

  private static int originalSequenceNumber(int state) {
    return (state >>> SEQUENCE_NUMBER_SHIFT) & 0xffff;
  }

  private static int pack(int flags, boolean marker, int payloadType, int sequenceNumber) {
    return flags | (marker ? MARKER : 0) | sequenceNumber << SEQUENCE_NUMBER_SHIFT | payloadType;
  }
}
