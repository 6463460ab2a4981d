/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.header.ohb;

import java.util.Objects;
import org.perc4j.header.MalformedPacketException;
import org.perc4j.header.MalformedPacketException.Reason;

/**
 * The Original Header Block of RFC 8723 section 4: the values that payload type, sequence number
 * and marker bit had when the packet was protected end to end, if a media distributor has changed
 * them since. It is the tail of the payload between the inner and the outer protection, 1 to 4
 * octets, and is read from its end.
 *
 * <pre>{@code
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |0| PT (only P) |     sequence number (only Q)  |R R R R B M P Q|
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * }</pre>
 *
 * <ul>
 *   <li>{@code P}: the payload type is present. {@code Q}: the sequence number is present.
 *   <li>{@code M}: the marker bit is present. {@code B}: its value.
 *   <li>{@code R}: reserved, 0.
 * </ul>
 *
 * <p>In code an OHB is an {@code int}, so that none is ever allocated: config in bits 0 to 7,
 * payload type in bits 8 to 15, sequence number in bits 16 to 31. What is not present is 0, so that
 * two OHBs are equal if and only if their {@code int}s are. {@link #EMPTY} is the OHB of a packet
 * that nobody has changed. Methods that take an OHB take those that methods here return; any other
 * {@code int} is the caller's bug, which {@link #write} refuses and the others do not look for.
 *
 * <p>Where the RFC leaves a choice:
 *
 * <ul>
 *   <li>Its sentence on the marker says that {@code C & 0x0C} must not have the value 0x80, which
 *       it cannot have; 0x08 is meant, as the sentence before says: {@code B} without {@code M}.
 *   <li>It does not say what a receiver does with reserved bits, nor with a payload type of 8 bits,
 *       which its grammar permits. No header could be restored from either in a way that its sender
 *       and receiver agree on: both are malformed here.
 * </ul>
 *
 * <p>Stateless, allocates nothing.
 */
public final class OhbCodec {

  /** Config bit B: the marker's original value. */
  public static final int MARKER_VALUE = 0x08;

  /** Config bit M: the marker is present. */
  public static final int MARKER = 0x04;

  /** Config bit P: the payload type is present. */
  public static final int PAYLOAD_TYPE = 0x02;

  /** Config bit Q: the sequence number is present. */
  public static final int SEQUENCE_NUMBER = 0x01;

  /**
   * An octet in the config's place that says that there is no OHB, as there is no inner layer: no
   * config has this value, as a reserved bit is set.
   */
  public static final int NO_INNER_LAYER = 0x80;

  /** Octets of the longest OHB. */
  public static final int MAX_LENGTH = 4;

  /** The OHB of a packet that nobody has changed: the single octet 0. */
  public static final int EMPTY = 0;

  private static final int RESERVED = 0xF0;
  private static final int CONFIG_MASK = 0xFF;
  private static final int MAX_PAYLOAD_TYPE = 0x7F;
  private static final int MAX_SEQUENCE_NUMBER = 0xFFFF;
  private static final int PAYLOAD_TYPE_SHIFT = 8;
  private static final int SEQUENCE_NUMBER_SHIFT = 16;
  private static final int CONFIG_LENGTH = 1;
  private static final int PAYLOAD_TYPE_LENGTH = 1;
  private static final int SEQUENCE_NUMBER_LENGTH = 2;

  private OhbCodec() {}

  /**
   * Reads the OHB that a region ends with. Nothing is written.
   *
   * @param buffer holds the region
   * @param offset index of the region's first octet
   * @param length octets of the region: the payload behind the outer protection, from its first
   *     octet or any later one, to its last
   * @return the OHB; it takes the last {@link #encodedLength} octets of the region
   * @throws MalformedPacketException with {@link Reason#OHB_MISSING}, {@link
   *     Reason#OHB_RESERVED_BITS}, {@link Reason#OHB_MARKER_VALUE_WITHOUT_MARKER}, {@link
   *     Reason#OHB_TRUNCATED} or {@link Reason#OHB_PAYLOAD_TYPE_RANGE}
   * @throws IndexOutOfBoundsException if the region is not inside the array, the caller's bug
   */
  public static int parse(byte[] buffer, int offset, int length) throws MalformedPacketException {
    Objects.checkFromIndexSize(offset, length, buffer.length);
    if (length < CONFIG_LENGTH) {
      throw MalformedPacketException.of(Reason.OHB_MISSING);
    }
    int end = offset + length;
    int config = buffer[end - CONFIG_LENGTH] & 0xFF;
    if ((config & RESERVED) != 0) {
      throw MalformedPacketException.of(Reason.OHB_RESERVED_BITS);
    }
    if ((config & (MARKER_VALUE | MARKER)) == MARKER_VALUE) {
      throw MalformedPacketException.of(Reason.OHB_MARKER_VALUE_WITHOUT_MARKER);
    }
    int ohbLength = encodedLength(config);
    if (length < ohbLength) {
      throw MalformedPacketException.of(Reason.OHB_TRUNCATED);
    }
    int ohb = config;
    int position = end - ohbLength;
    if (hasPayloadType(config)) {
      int payloadType = buffer[position++] & 0xFF;
      if (payloadType > MAX_PAYLOAD_TYPE) {
        throw MalformedPacketException.of(Reason.OHB_PAYLOAD_TYPE_RANGE);
      }
      ohb |= payloadType << PAYLOAD_TYPE_SHIFT;
    }
    if (hasSequenceNumber(config)) {
      int sequenceNumber = (buffer[position] & 0xFF) << 8 | (buffer[position + 1] & 0xFF);
      ohb |= sequenceNumber << SEQUENCE_NUMBER_SHIFT;
    }
    return ohb;
  }

  /**
   * Writes an OHB.
   *
   * @param buffer where to write; {@link #encodedLength} octets are overwritten
   * @param offset index of the first of them
   * @return octets written, 1 to 4
   * @throws IllegalArgumentException if the {@code int} is not an OHB; nothing is written
   * @throws IndexOutOfBoundsException if the octets are not inside the array; nothing is written
   */
  public static int write(int ohb, byte[] buffer, int offset) {
    requireOhb(ohb);
    int ohbLength = encodedLength(ohb);
    Objects.checkFromIndexSize(offset, ohbLength, buffer.length);
    int position = offset;
    if (hasPayloadType(ohb)) {
      buffer[position++] = (byte) (ohb >>> PAYLOAD_TYPE_SHIFT);
    }
    if (hasSequenceNumber(ohb)) {
      buffer[position++] = (byte) (ohb >>> (SEQUENCE_NUMBER_SHIFT + 8));
      buffer[position++] = (byte) (ohb >>> SEQUENCE_NUMBER_SHIFT);
    }
    buffer[position] = (byte) ohb;
    return ohbLength;
  }

  /** Returns the octets of an OHB, 1 to 4. */
  public static int encodedLength(int ohb) {
    return CONFIG_LENGTH
        + (hasPayloadType(ohb) ? PAYLOAD_TYPE_LENGTH : 0)
        + (hasSequenceNumber(ohb) ? SEQUENCE_NUMBER_LENGTH : 0);
  }

  /** Tells whether an OHB has the marker bit. */
  public static boolean hasMarker(int ohb) {
    return (ohb & MARKER) != 0;
  }

  /** Returns the original marker bit; {@code false} if the OHB does not have it. */
  public static boolean marker(int ohb) {
    return (ohb & MARKER_VALUE) != 0;
  }

  /** Tells whether an OHB has the payload type. */
  public static boolean hasPayloadType(int ohb) {
    return (ohb & PAYLOAD_TYPE) != 0;
  }

  /** Returns the original payload type, 0 to 127; 0 if the OHB does not have it. */
  public static int payloadType(int ohb) {
    return (ohb >>> PAYLOAD_TYPE_SHIFT) & MAX_PAYLOAD_TYPE;
  }

  /** Tells whether an OHB has the sequence number. */
  public static boolean hasSequenceNumber(int ohb) {
    return (ohb & SEQUENCE_NUMBER) != 0;
  }

  /** Returns the original sequence number, 0 to 65535; 0 if the OHB does not have it. */
  public static int sequenceNumber(int ohb) {
    return ohb >>> SEQUENCE_NUMBER_SHIFT;
  }

  /** Returns an OHB that has this original marker bit, and else what the given one has. */
  public static int withMarker(int ohb, boolean marker) {
    return withoutMarker(ohb) | MARKER | (marker ? MARKER_VALUE : 0);
  }

  /**
   * Returns an OHB that has this original payload type, and else what the given one has.
   *
   * @param payloadType 0 to 127
   * @throws IllegalArgumentException if it is not in that range
   */
  public static int withPayloadType(int ohb, int payloadType) {
    requirePayloadType(payloadType);
    return withoutPayloadType(ohb) | PAYLOAD_TYPE | (payloadType << PAYLOAD_TYPE_SHIFT);
  }

  /**
   * Returns an OHB that has this original sequence number, and else what the given one has.
   *
   * @param sequenceNumber 0 to 65535
   * @throws IllegalArgumentException if it is not in that range
   */
  public static int withSequenceNumber(int ohb, int sequenceNumber) {
    requireSequenceNumber(sequenceNumber);
    return withoutSequenceNumber(ohb) | SEQUENCE_NUMBER | (sequenceNumber << SEQUENCE_NUMBER_SHIFT);
  }

  /** Returns an OHB without the marker bit, and else what the given one has. */
  public static int withoutMarker(int ohb) {
    return ohb & ~(MARKER | MARKER_VALUE);
  }

  /** Returns an OHB without the payload type, and else what the given one has. */
  public static int withoutPayloadType(int ohb) {
    return ohb & ~(PAYLOAD_TYPE | (0xFF << PAYLOAD_TYPE_SHIFT));
  }

  /** Returns an OHB without the sequence number, and else what the given one has. */
  public static int withoutSequenceNumber(int ohb) {
    return ohb & ~(SEQUENCE_NUMBER | (MAX_SEQUENCE_NUMBER << SEQUENCE_NUMBER_SHIFT));
  }

  /**
   * Returns the OHB that a media distributor sends with a packet that it received with an OHB and
   * whose header it changes (RFC 8723 section 5.2 step 3). For each of the three fields:
   *
   * <ul>
   *   <li>not changed: the OHB says of it what it said;
   *   <li>changed and not in the OHB: its value before is added;
   *   <li>changed to what the OHB says was its original value: it is dropped from the OHB;
   *   <li>changed to anything else: the original value stays, which an earlier distributor added.
   * </ul>
   *
   * @param ohb as received with the packet
   * @param markerBefore in the header as received
   * @param markerAfter in the header to be sent
   * @param payloadTypeBefore in the header as received, 0 to 127
   * @param payloadTypeAfter in the header to be sent, 0 to 127
   * @param sequenceNumberBefore in the header as received, 0 to 65535
   * @param sequenceNumberAfter in the header to be sent, 0 to 65535
   * @throws IllegalArgumentException if an argument is out of its range
   */
  public static int afterChange(
      int ohb,
      boolean markerBefore,
      boolean markerAfter,
      int payloadTypeBefore,
      int payloadTypeAfter,
      int sequenceNumberBefore,
      int sequenceNumberAfter) {
    requirePayloadType(payloadTypeBefore);
    requirePayloadType(payloadTypeAfter);
    requireSequenceNumber(sequenceNumberBefore);
    requireSequenceNumber(sequenceNumberAfter);
    int result = ohb;
    if (markerBefore != markerAfter) {
      if (!hasMarker(ohb)) {
        result = withMarker(result, markerBefore);
      } else if (marker(ohb) == markerAfter) {
        result = withoutMarker(result);
      }
    }
    if (payloadTypeBefore != payloadTypeAfter) {
      if (!hasPayloadType(ohb)) {
        result = withPayloadType(result, payloadTypeBefore);
      } else if (payloadType(ohb) == payloadTypeAfter) {
        result = withoutPayloadType(result);
      }
    }
    if (sequenceNumberBefore != sequenceNumberAfter) {
      if (!hasSequenceNumber(ohb)) {
        result = withSequenceNumber(result, sequenceNumberBefore);
      } else if (sequenceNumber(ohb) == sequenceNumberAfter) {
        result = withoutSequenceNumber(result);
      }
    }
    return result;
  }

  /**
   * Returns the marker bit that was protected end to end (RFC 8723 section 5.3 step 4).
   *
   * @param current in the header as received
   */
  public static boolean originalMarker(int ohb, boolean current) {
    return hasMarker(ohb) ? marker(ohb) : current;
  }

  /**
   * Returns the payload type that was protected end to end (RFC 8723 section 5.3 step 4).
   *
   * @param current in the header as received, 0 to 127
   */
  public static int originalPayloadType(int ohb, int current) {
    return hasPayloadType(ohb) ? payloadType(ohb) : current;
  }

  /**
   * Returns the sequence number that was protected end to end (RFC 8723 section 5.3 step 4).
   *
   * @param current in the header as received, 0 to 65535
   */
  public static int originalSequenceNumber(int ohb, int current) {
    return hasSequenceNumber(ohb) ? sequenceNumber(ohb) : current;
  }

  private static void requireOhb(int ohb) {
    int config = ohb & CONFIG_MASK;
    if ((config & RESERVED) != 0
        || (config & (MARKER_VALUE | MARKER)) == MARKER_VALUE
        || ((ohb >>> PAYLOAD_TYPE_SHIFT) & 0xFF) > MAX_PAYLOAD_TYPE
        || (!hasPayloadType(ohb) && payloadType(ohb) != 0)
        || (!hasSequenceNumber(ohb) && sequenceNumber(ohb) != 0)) {
      throw new IllegalArgumentException("not an OHB: 0x" + Integer.toHexString(ohb));
    }
  }

  private static void requirePayloadType(int payloadType) {
    if (payloadType < 0 || payloadType > MAX_PAYLOAD_TYPE) {
      throw new IllegalArgumentException("payload type " + payloadType);
    }
  }

  private static void requireSequenceNumber(int sequenceNumber) {
    if (sequenceNumber < 0 || sequenceNumber > MAX_SEQUENCE_NUMBER) {
      throw new IllegalArgumentException("sequence number " + sequenceNumber);
    }
  }
}
