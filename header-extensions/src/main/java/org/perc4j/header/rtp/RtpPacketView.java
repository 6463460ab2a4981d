/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.header.rtp;

import java.util.Objects;
import org.perc4j.header.MalformedPacketException;
import org.perc4j.header.MalformedPacketException.Reason;

/**
 * A reusable view of the RTP packet in a region of a byte array (RFC 3550 section 5.1).
 *
 * <pre>{@code
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |V=2|P|X|  CC   |M|     PT      |       sequence number         |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |                           timestamp                           |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |           synchronization source (SSRC) identifier            |
 * +=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+
 * |     contributing source (CSRC) identifiers, CC times 32 bits  |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |      defined by profile       |  length of body in 32 bits    |  if X
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |                     header extension body                     |  if X
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |                  payload, padding included                    |
 * }</pre>
 *
 * <p>{@link #wrap} checks everything that the header says about its own length, once; the accessors
 * then read fields without allocating. The octets stay where they are: the setters write through to
 * the array, and a view must be wrapped anew after anything else has changed the V, X or CC fields
 * or the extension length. Whether the octets are RTP or RTCP (RFC 5761) is for the caller to know.
 *
 * <p>The padding count is not looked at. It is the last octet of the payload only after every layer
 * of SRTP is off: in a double packet (RFC 8723) that octet is part of the Original Header Block and
 * the padding count is encrypted end to end.
 *
 * <p>Every accessor and setter throws {@link IllegalStateException} while the view is not wrapped,
 * that is before the first {@link #wrap}, after one that threw, and after {@link #unwrap}. Not
 * thread-safe.
 */
public final class RtpPacketView {

  /** Octets of an RTP header without CSRCs and extension. */
  public static final int FIXED_HEADER_LENGTH = 12;

  /** Octets of the header of an extension block: profile and length. */
  public static final int EXTENSION_HEADER_LENGTH = 4;

  /** The highest payload type; the field has 7 bits. */
  public static final int MAX_PAYLOAD_TYPE = 0x7F;

  /** The highest sequence number; the field has 16 bits. */
  public static final int MAX_SEQUENCE_NUMBER = 0xFFFF;

  static final int EXTENSION_BIT = 0x10;

  private static final int VERSION_MASK = 0xC0;
  private static final int VERSION_2 = 0x80;
  private static final int PADDING_BIT = 0x20;
  private static final int CSRC_COUNT_MASK = 0x0F;
  private static final int MARKER_BIT = 0x80;
  private static final int PAYLOAD_TYPE_MASK = 0x7F;

  private static final int MARKER_AND_PAYLOAD_TYPE_OFFSET = 1;
  private static final int SEQUENCE_NUMBER_OFFSET = 2;
  private static final int TIMESTAMP_OFFSET = 4;
  private static final int SSRC_OFFSET = 8;
  private static final int CSRC_OFFSET = FIXED_HEADER_LENGTH;
  private static final int CSRC_LENGTH = 4;

  private static final byte[] NOTHING = {};

  private byte[] buffer = NOTHING;
  private int offset;
  private int length;
  private int fixedHeaderLength;
  private int headerLength;

  /** Makes a view of nothing; {@link #wrap} gives it a packet. */
  public RtpPacketView() {}

  /**
   * Makes this the view of a packet, after checking that it has version 2 and that its fixed
   * header, CSRC list and header extension lie inside it.
   *
   * <p>The array is kept, not copied. Nothing is written. Allocates nothing.
   *
   * @param buffer holds the packet
   * @param offset index of the packet's first octet
   * @param length octets of the packet, which ends with its payload: no SRTP tag, MKI or the like,
   *     unless the caller wants to see them as payload
   * @throws MalformedPacketException with {@link Reason#RTP_TOO_SHORT}, {@link Reason#RTP_VERSION},
   *     {@link Reason#RTP_CSRC_OVERRUN}, {@link Reason#RTP_EXTENSION_HEADER_OVERRUN} or {@link
   *     Reason#RTP_EXTENSION_OVERRUN}; the view is then not wrapped
   * @throws IndexOutOfBoundsException if the region is not inside the array, which is the caller's
   *     bug; the view is then not wrapped
   */
  public void wrap(byte[] buffer, int offset, int length) throws MalformedPacketException {
    unwrap();
    Objects.checkFromIndexSize(offset, length, buffer.length);
    if (length < FIXED_HEADER_LENGTH) {
      throw MalformedPacketException.of(Reason.RTP_TOO_SHORT);
    }
    int first = buffer[offset];
    if ((first & VERSION_MASK) != VERSION_2) {
      throw MalformedPacketException.of(Reason.RTP_VERSION);
    }
    int withCsrcs = FIXED_HEADER_LENGTH + CSRC_LENGTH * (first & CSRC_COUNT_MASK);
    if (length < withCsrcs) {
      throw MalformedPacketException.of(Reason.RTP_CSRC_OVERRUN);
    }
    int withExtension = withCsrcs;
    if ((first & EXTENSION_BIT) != 0) {
      if (length - withCsrcs < EXTENSION_HEADER_LENGTH) {
        throw MalformedPacketException.of(Reason.RTP_EXTENSION_HEADER_OVERRUN);
      }
      int bodyLength = 4 * readUnsigned16(buffer, offset + withCsrcs + 2);
      withExtension += EXTENSION_HEADER_LENGTH + bodyLength;
      if (length < withExtension) {
        throw MalformedPacketException.of(Reason.RTP_EXTENSION_OVERRUN);
      }
    }
    this.buffer = buffer;
    this.offset = offset;
    this.length = length;
    this.fixedHeaderLength = withCsrcs;
    this.headerLength = withExtension;
  }

  /** Lets go of the array, for instance because it goes back to a pool. */
  public void unwrap() {
    buffer = NOTHING;
    length = 0;
  }

  /** Returns the array that holds the packet. */
  public byte[] buffer() {
    requireWrapped();
    return buffer;
  }

  /** Returns the index of the packet's first octet. */
  public int offset() {
    requireWrapped();
    return offset;
  }

  /** Returns the octets of the packet. */
  public int length() {
    requireWrapped();
    return length;
  }

  /** Returns the P bit. What it says is for the innermost layer of SRTP only. */
  public boolean hasPadding() {
    return (octet(0) & PADDING_BIT) != 0;
  }

  /** Returns the X bit. */
  public boolean hasExtension() {
    return (octet(0) & EXTENSION_BIT) != 0;
  }

  /** Returns the number of CSRCs, 0 to 15. */
  public int csrcCount() {
    return octet(0) & CSRC_COUNT_MASK;
  }

  /**
   * Returns a CSRC, all 32 bits of it as a signed number. While cryptex (RFC 9335) is on, these are
   * encrypted.
   *
   * @param i counts from 0
   * @throws IndexOutOfBoundsException if there is no such CSRC
   */
  public int csrc(int i) {
    return int32(CSRC_OFFSET + CSRC_LENGTH * Objects.checkIndex(i, csrcCount()));
  }

  /** Returns the M bit. */
  public boolean marker() {
    return (octet(MARKER_AND_PAYLOAD_TYPE_OFFSET) & MARKER_BIT) != 0;
  }

  /** Returns the payload type, 0 to 127. */
  public int payloadType() {
    return octet(MARKER_AND_PAYLOAD_TYPE_OFFSET) & PAYLOAD_TYPE_MASK;
  }

  /** Returns the sequence number, 0 to 65535. */
  public int sequenceNumber() {
    requireWrapped();
    return readUnsigned16(buffer, offset + SEQUENCE_NUMBER_OFFSET);
  }

  /** Returns the timestamp in units of the media clock, 0 to 2^32-1. */
  public long timestamp() {
    return Integer.toUnsignedLong(int32(TIMESTAMP_OFFSET));
  }

  /** Returns the SSRC, all 32 bits of it as a signed number. */
  public int ssrc() {
    return int32(SSRC_OFFSET);
  }

  /**
   * Returns the octets of the header without its extension, that is 12 + 4 * CC. This much of the
   * header is protected end to end by double SRTP (RFC 8723 section 5.1).
   */
  public int fixedHeaderLength() {
    requireWrapped();
    return fixedHeaderLength;
  }

  /** Returns the octets of the header with its extension, if any. */
  public int headerLength() {
    requireWrapped();
    return headerLength;
  }

  /**
   * Returns the 16 bits that say of which kind the extension is, 0 to 65535, or -1 without
   * extension. {@link ExtensionProfile} knows some.
   */
  public int extensionProfile() {
    return hasExtension() ? readUnsigned16(buffer, offset + fixedHeaderLength) : -1;
  }

  /**
   * Returns the index, in the array, of the first octet of the extension's body, or -1 without
   * extension. This may be the index of the payload, if the body is empty.
   */
  public int extensionOffset() {
    return hasExtension() ? offset + fixedHeaderLength + EXTENSION_HEADER_LENGTH : -1;
  }

  /** Returns the octets of the extension's body, a multiple of 4; 0 without extension. */
  public int extensionLength() {
    return hasExtension() ? headerLength - fixedHeaderLength - EXTENSION_HEADER_LENGTH : 0;
  }

  /** Returns the index, in the array, of the first octet of the payload. */
  public int payloadOffset() {
    requireWrapped();
    return offset + headerLength;
  }

  /** Returns the octets of the payload, any padding included. */
  public int payloadLength() {
    requireWrapped();
    return length - headerLength;
  }

  /** Writes the M bit into the packet. */
  public void setMarker(boolean marker) {
    int octet = octet(MARKER_AND_PAYLOAD_TYPE_OFFSET);
    buffer[offset + MARKER_AND_PAYLOAD_TYPE_OFFSET] =
        (byte) (marker ? octet | MARKER_BIT : octet & ~MARKER_BIT);
  }

  /**
   * Writes the payload type into the packet.
   *
   * @param payloadType 0 to 127
   * @throws IllegalArgumentException if it is not in that range; nothing is written
   */
  public void setPayloadType(int payloadType) {
    int octet = octet(MARKER_AND_PAYLOAD_TYPE_OFFSET);
    if (payloadType < 0 || payloadType > MAX_PAYLOAD_TYPE) {
      throw new IllegalArgumentException("payload type " + payloadType);
    }
    buffer[offset + MARKER_AND_PAYLOAD_TYPE_OFFSET] = (byte) ((octet & MARKER_BIT) | payloadType);
  }

  /**
   * Writes the sequence number into the packet.
   *
   * @param sequenceNumber 0 to 65535
   * @throws IllegalArgumentException if it is not in that range; nothing is written
   */
  public void setSequenceNumber(int sequenceNumber) {
    requireWrapped();
    if (sequenceNumber < 0 || sequenceNumber > MAX_SEQUENCE_NUMBER) {
      throw new IllegalArgumentException("sequence number " + sequenceNumber);
    }
    buffer[offset + SEQUENCE_NUMBER_OFFSET] = (byte) (sequenceNumber >> 8);
    buffer[offset + SEQUENCE_NUMBER_OFFSET + 1] = (byte) sequenceNumber;
  }

  /**
   * Changes the octets of the header behind the CSRC list: moves the payload, sets or clears the X
   * bit and follows suit. The caller fills the space that the extension then has, header included.
   *
   * @param newExtensionLength octets of the extension with its header, 0 for none
   */
  void resizeExtension(int newExtensionLength) {
    int newHeaderLength = fixedHeaderLength + newExtensionLength;
    int newLength = newHeaderLength + payloadLength();
    Objects.checkFromIndexSize(offset, newLength, buffer.length);
    System.arraycopy(buffer, payloadOffset(), buffer, offset + newHeaderLength, payloadLength());
    buffer[offset] =
        (byte) (newExtensionLength == 0 ? octet(0) & ~EXTENSION_BIT : octet(0) | EXTENSION_BIT);
    headerLength = newHeaderLength;
    length = newLength;
  }

  static int readUnsigned16(byte[] buffer, int index) {
    return (buffer[index] & 0xFF) << 8 | (buffer[index + 1] & 0xFF);
  }

  private int octet(int at) {
    requireWrapped();
    return buffer[offset + at] & 0xFF;
  }

  private int int32(int at) {
    requireWrapped();
    return (readUnsigned16(buffer, offset + at) << 16) | readUnsigned16(buffer, offset + at + 2);
  }

  private void requireWrapped() {
    if (length == 0) {
      throw new IllegalStateException("no packet wrapped");
    }
  }
}
