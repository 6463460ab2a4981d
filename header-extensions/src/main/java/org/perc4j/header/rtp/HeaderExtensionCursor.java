/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.header.rtp;

import org.perc4j.header.MalformedPacketException;
import org.perc4j.header.MalformedPacketException.Reason;

/**
 * A reusable cursor over the elements of an RTP header extension (RFC 8285 section 4), with
 * one-byte headers (left) or two-byte headers (right).
 *
 * <pre>{@code
 *  0                                0                   1
 *  0 1 2 3 4 5 6 7                  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5
 * +-+-+-+-+-+-+-+-+--------------  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+--------------
 * |  ID   | len-1 | len octets     |      ID       |      len      | len octets
 * +-+-+-+-+-+-+-+-+--------------  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+--------------
 *  ID 1..14, len 1..16              ID 1..255, len 0..255
 * }</pre>
 *
 * <ul>
 *   <li>An octet 0 between elements is padding and is skipped, in both forms.
 *   <li>With one-byte headers, ID 15 ends the extension, and so does ID 0 with a length field that
 *       is not 0 (sections 4.2 and 4.1.2). Neither is an error: the elements before count, and
 *       whatever follows is not looked at.
 *   <li>The appbits of the two-byte profile are ignored (section 4.3).
 *   <li>An extension of a profile that {@link ExtensionProfile} does not know has no elements, and
 *       neither has one that cryptex has encrypted. Neither is an error.
 * </ul>
 *
 * <p>{@link #wrap} walks over the whole extension, so that a packet is either well formed or not,
 * no matter which element is looked for. Nothing is copied, written or allocated. A cursor keeps
 * the array and the region of the extension: it does not follow when the view wraps another packet,
 * nor when the extension is replaced. Not thread-safe.
 */
public final class HeaderExtensionCursor {

  private static final int ONE_BYTE_ID_PADDING = 0;
  private static final int ONE_BYTE_ID_STOP = 15;
  private static final int MAX_ID = 255;

  private static final byte[] NOTHING = {};

  private byte[] buffer = NOTHING;
  private boolean twoByte;
  private int start;
  private int end;
  private int position;

  /** The element's ID, or 0 if the cursor is not on an element. */
  private int id;

  private int dataOffset;
  private int dataLength;

  /** Makes a cursor over no elements; {@link #wrap} gives it some. */
  public HeaderExtensionCursor() {}

  /**
   * Puts this cursor before the first element of a packet's extension, after checking that every
   * element lies inside the extension.
   *
   * @throws MalformedPacketException with {@link Reason#EXTENSION_ELEMENT_OVERRUN} or {@link
   *     Reason#EXTENSION_ELEMENT_LENGTH_MISSING}; the cursor then has no elements
   * @throws IllegalStateException if the view is not wrapped
   */
  public void wrap(RtpPacketView packet) throws MalformedPacketException {
    unwrap();
    int profile = packet.extensionProfile();
    boolean isTwoByte = ExtensionProfile.isTwoByte(profile);
    if (!isTwoByte && !ExtensionProfile.isOneByte(profile)) {
      return;
    }
    buffer = packet.buffer();
    twoByte = isTwoByte;
    start = packet.extensionOffset();
    end = start + packet.extensionLength();
    rewind();
    try {
      boolean more = true;
      while (more) {
        more = next();
      }
    } catch (MalformedPacketException e) {
      unwrap();
      throw e;
    }
    rewind();
  }

  /** Lets go of the array; the cursor then has no elements. */
  public void unwrap() {
    buffer = NOTHING;
    start = 0;
    end = 0;
    rewind();
  }

  /** Puts the cursor back before the first element. */
  public void rewind() {
    position = start;
    id = 0;
  }

  /**
   * Goes to the next element.
   *
   * @return whether there is one; if not, the cursor is on no element and stays there
   * @throws MalformedPacketException with {@link Reason#EXTENSION_ELEMENT_OVERRUN} or {@link
   *     Reason#EXTENSION_ELEMENT_LENGTH_MISSING}. As {@link #wrap} has checked the octets, this is
   *     so only if someone changed them since. The cursor is then on no element.
   */
  public boolean next() throws MalformedPacketException {
    id = 0;
    while (position < end) {
      int octet = buffer[position++] & 0xFF;
      if (octet != 0) {
        return twoByte ? enterTwoByte(octet) : enterOneByte(octet);
      }
    }
    return false;
  }

  /**
   * Rewinds, then goes to the first element that has an ID.
   *
   * @param id 1 to 255
   * @return whether there is one; if not, the cursor is on no element
   * @throws MalformedPacketException as for {@link #next}
   * @throws IllegalArgumentException if the ID is out of its range
   */
  public boolean find(int id) throws MalformedPacketException {
    if (id < 1 || id > MAX_ID) {
      throw new IllegalArgumentException("extension ID " + id);
    }
    rewind();
    while (next()) {
      if (this.id == id) {
        return true;
      }
    }
    return false;
  }

  /**
   * Returns the ID of the element, 1 to 255.
   *
   * @throws IllegalStateException if the cursor is on no element
   */
  public int id() {
    requireElement();
    return id;
  }

  /**
   * Returns the index, in the packet's array, of the first octet of the element's data.
   *
   * @throws IllegalStateException if the cursor is on no element
   */
  public int dataOffset() {
    requireElement();
    return dataOffset;
  }

  /**
   * Returns the octets of the element's data, 0 to 255; never 0 with one-byte headers.
   *
   * @throws IllegalStateException if the cursor is on no element
   */
  public int dataLength() {
    requireElement();
    return dataLength;
  }

  private boolean enterOneByte(int octet) throws MalformedPacketException {
    int elementId = octet >> 4;
    if (elementId == ONE_BYTE_ID_STOP || elementId == ONE_BYTE_ID_PADDING) {
      position = end;
      return false;
    }
    return enter(elementId, (octet & 0x0F) + 1);
  }

  private boolean enterTwoByte(int elementId) throws MalformedPacketException {
    if (position == end) {
      throw MalformedPacketException.of(Reason.EXTENSION_ELEMENT_LENGTH_MISSING);
    }
    int elementLength = buffer[position++] & 0xFF;
    return enter(elementId, elementLength);
  }

  private boolean enter(int elementId, int elementLength) throws MalformedPacketException {
    if (elementLength > end - position) {
      position = end;
      throw MalformedPacketException.of(Reason.EXTENSION_ELEMENT_OVERRUN);
    }
    id = elementId;
    dataOffset = position;
    dataLength = elementLength;
    position += elementLength;
    return true;
  }

  private void requireElement() {
    if (id == 0) {
      throw new IllegalStateException("on no element");
    }
  }
}
