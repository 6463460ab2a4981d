/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.header.rtp;

import java.util.Objects;

/**
 * Writes RTP header extensions (RFC 8285 section 4): a header of 4 octets, elements without gaps,
 * and up to 3 octets of padding.
 *
 * <pre>{@code
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |       0xBEDE or 0x1000        |  length of body in 32 bits    |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |                   elements, then zero octets                  |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * }</pre>
 *
 * <p>A block is {@linkplain #begin begun}, given {@linkplain #add elements} and {@linkplain #end
 * ended}. One block has one form: whoever begins it asks {@link #needsTwoByte} about each element
 * that is to come. The appbits are 0. A finished block is put into a packet by {@link #insert}.
 *
 * <p>Wrong arguments and calls out of order are bugs of the caller and throw {@link
 * IllegalArgumentException}, {@link IllegalStateException} or, for regions that are not inside
 * their array, {@link IndexOutOfBoundsException}; the octets of the block are then undefined unless
 * a method says more. Allocates nothing otherwise. Not thread-safe.
 */
public final class HeaderExtensionWriter {

  private static final int MAX_ONE_BYTE_ID = 14;
  private static final int MAX_ONE_BYTE_LENGTH = 16;
  private static final int MAX_ID = 255;
  private static final int MAX_LENGTH = 255;
  private static final int MAX_BODY_LENGTH = 4 * 0xFFFF;

  private static final byte[] NOTHING = {};

  private byte[] buffer = NOTHING;
  private boolean begun;
  private boolean twoByte;
  private int start;
  private int position;

  /** Makes a writer; {@link #begin} gives it room to write to. */
  public HeaderExtensionWriter() {}

  /**
   * Tells whether an element fits only a block with two-byte headers.
   *
   * @param id 1 to 255
   * @param dataLength octets of the element's data, 0 to 255
   */
  public static boolean needsTwoByte(int id, int dataLength) {
    requireElement(true, id, dataLength);
    return id > MAX_ONE_BYTE_ID || dataLength == 0 || dataLength > MAX_ONE_BYTE_LENGTH;
  }

  /**
   * Returns the octets of an element with its header, before padding.
   *
   * @param twoByte whether it has a two-byte header
   * @param dataLength octets of the element's data
   */
  public static int elementLength(boolean twoByte, int dataLength) {
    requireElement(twoByte, 1, dataLength);
    return (twoByte ? 2 : 1) + dataLength;
  }

  /**
   * Returns the octets of a block with its header and its padding.
   *
   * @param elementsLength sum of the {@link #elementLength}s, 0 to 262140
   */
  public static int encodedLength(int elementsLength) {
    if (elementsLength < 0 || elementsLength > MAX_BODY_LENGTH) {
      throw new IllegalArgumentException("elements of " + elementsLength + " octets");
    }
    return RtpPacketView.EXTENSION_HEADER_LENGTH + roundUpTo4(elementsLength);
  }

  /**
   * Begins a block, giving up one that was begun and not ended.
   *
   * @param buffer where to write; octets from the offset on are overwritten as far as needed
   * @param offset index of the block's first octet
   * @param twoByte whether elements have two-byte headers
   */
  public void begin(byte[] buffer, int offset, boolean twoByte) {
    begun = false;
    Objects.checkFromIndexSize(offset, RtpPacketView.EXTENSION_HEADER_LENGTH, buffer.length);
    this.buffer = buffer;
    this.twoByte = twoByte;
    start = offset;
    position = offset + RtpPacketView.EXTENSION_HEADER_LENGTH;
    begun = true;
  }

  /**
   * Appends an element.
   *
   * @param id 1 to 14, or to 255 with two-byte headers
   * @param data holds the element's data; not the array that the block is written to
   * @param dataOffset index of the first octet of the data
   * @param dataLength 1 to 16 octets, or 0 to 255 with two-byte headers
   * @throws IllegalArgumentException if ID or length do not fit the form, or the element does not
   *     fit the array; the block is then as before and can be continued
   * @throws IllegalStateException if no block is begun
   */
  public void add(int id, byte[] data, int dataOffset, int dataLength) {
    requireBegun();
    requireElement(twoByte, id, dataLength);
    Objects.checkFromIndexSize(dataOffset, dataLength, data.length);
    int newPosition = position + elementLength(twoByte, dataLength);
    int newBodyLength = newPosition - start - RtpPacketView.EXTENSION_HEADER_LENGTH;
    if (newPosition > buffer.length || newBodyLength > MAX_BODY_LENGTH) {
      throw new IllegalArgumentException("no room for an element of " + dataLength + " octets");
    }
    if (twoByte) {
      buffer[position++] = (byte) id;
      buffer[position++] = (byte) dataLength;
    } else {
      buffer[position++] = (byte) ((id << 4) | (dataLength - 1));
    }
    System.arraycopy(data, dataOffset, buffer, position, dataLength);
    position = newPosition;
  }

  /**
   * Pads the block and writes its header. A block without elements is legal.
   *
   * @return octets of the block, header and padding included: a multiple of 4
   * @throws IllegalArgumentException if the padding does not fit the array
   * @throws IllegalStateException if no block is begun
   */
  public int end() {
    requireBegun();
    int bodyStart = start + RtpPacketView.EXTENSION_HEADER_LENGTH;
    int bodyLength = roundUpTo4(position - bodyStart);
    if (bodyLength > buffer.length - bodyStart) {
      throw new IllegalArgumentException("no room for padding");
    }
    while (position < bodyStart + bodyLength) {
      buffer[position++] = 0;
    }
    int profile = twoByte ? ExtensionProfile.TWO_BYTE : ExtensionProfile.ONE_BYTE;
    writeUnsigned16(buffer, start, profile);
    writeUnsigned16(buffer, start + 2, bodyLength / 4);
    begun = false;
    buffer = NOTHING;
    return RtpPacketView.EXTENSION_HEADER_LENGTH + bodyLength;
  }

  /**
   * Makes a block the extension of a packet, in place of the one that it has, if any: moves the
   * payload within the packet's array, copies the block in, sets the X bit. The view afterwards
   * shows the changed packet; its offset is the same.
   *
   * @param packet whose array must have room for the changed packet at the same offset; octets that
   *     followed the packet are overwritten when it grows
   * @param block holds a block with its header, of any profile
   * @param blockOffset index of the first octet of the block
   * @param blockLength octets of the block; must be what its header says
   * @return octets of the changed packet
   * @throws IllegalArgumentException if the block does not have the length that its header says, or
   *     overlaps the packet or the octets that the packet grows into; nothing is written
   * @throws IndexOutOfBoundsException if the packet's array has no room; nothing is written
   */
  public static int insert(RtpPacketView packet, byte[] block, int blockOffset, int blockLength) {
    Objects.checkFromIndexSize(blockOffset, blockLength, block.length);
    if (blockLength < RtpPacketView.EXTENSION_HEADER_LENGTH
        || blockLength
            != RtpPacketView.EXTENSION_HEADER_LENGTH
                + 4 * RtpPacketView.readUnsigned16(block, blockOffset + 2)) {
      throw new IllegalArgumentException("not a block of " + blockLength + " octets");
    }
    if (block == packet.buffer()) {
      int grown = packet.fixedHeaderLength() + blockLength + packet.payloadLength();
      int touchedEnd = packet.offset() + Math.max(packet.length(), grown);
      if (blockOffset < touchedEnd && packet.offset() < blockOffset + blockLength) {
        throw new IllegalArgumentException("block and packet overlap");
      }
    }
    packet.resizeExtension(blockLength);
    int extensionHeader = packet.offset() + packet.fixedHeaderLength();
    System.arraycopy(block, blockOffset, packet.buffer(), extensionHeader, blockLength);
    return packet.length();
  }

  /**
   * Takes the extension, if any, out of a packet: moves the payload, clears the X bit. The view
   * afterwards shows the changed packet; octets behind its new end are undefined.
   *
   * @return octets of the changed packet
   */
  public static int remove(RtpPacketView packet) {
    packet.resizeExtension(0);
    return packet.length();
  }

  private static void requireElement(boolean twoByte, int id, int dataLength) {
    int maxId = twoByte ? MAX_ID : MAX_ONE_BYTE_ID;
    if (id < 1 || id > maxId) {
      throw new IllegalArgumentException("extension ID " + id);
    }
    int minLength = twoByte ? 0 : 1;
    int maxLength = twoByte ? MAX_LENGTH : MAX_ONE_BYTE_LENGTH;
    if (dataLength < minLength || dataLength > maxLength) {
      throw new IllegalArgumentException("extension element of " + dataLength + " octets");
    }
  }

  private static int roundUpTo4(int octets) {
    return (octets + 3) & ~3;
  }

  private static void writeUnsigned16(byte[] buffer, int index, int value) {
    buffer[index] = (byte) (value >> 8);
    buffer[index + 1] = (byte) value;
  }

  private void requireBegun() {
    if (!begun) {
      throw new IllegalStateException("no block begun");
    }
  }
}
