/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.srtp;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A reusable carrier of one RTP packet on its way through the layers: a region of an array, which
 * the layers make longer or shorter at its end.
 *
 * <pre>
 *   buffer   | ...        | packet          | room            | ...
 *            0            offset   offset + length          limit    buffer.length
 * </pre>
 *
 * <p>Not thread-safe. Allocates nothing after construction.
 */
public final class MediaPacket {
  /** {@link #senderLeaf} of a packet whose sender is not known. */
  public static final int NO_LEAF = -1;

  private static final byte[] NOTHING = new byte[0];

  private byte[] buffer = NOTHING;
  private int offset;
  private int length;
  private int limit;
  private boolean receivedMarker;
  private int receivedPayloadType;
  private int receivedSequenceNumber;
  private @Nullable LeafHolder sender;
  private int senderLeaf = NO_LEAF;

  /**
   * Carries a packet, with all of the array behind it as room.
   *
   * @param offset where the packet starts
   * @param length of the packet, in octets
   * @return this
   * @throws IndexOutOfBoundsException if the region is not within the array
   */
  public MediaPacket wrap(byte[] buffer, int offset, int length) {
    return wrap(buffer, offset, length, buffer.length);
  }

  /**
   * Carries a packet, with limited room behind it. The array is not copied: the layers read and
   * write the caller's.
   *
   * @param offset where the packet starts
   * @param length of the packet, in octets
   * @param limit where the room ends: octets from here on are not touched
   * @return this
   * @throws IndexOutOfBoundsException if the region is not within the array and the limit
   */
  public MediaPacket wrap(byte[] buffer, int offset, int length, int limit) {
    Objects.checkFromToIndex(offset, limit, buffer.length);
    Objects.checkFromIndexSize(offset, length, limit);
    this.buffer = buffer;
    this.offset = offset;
    this.length = length;
    this.limit = limit;
    receivedMarker = false;
    receivedPayloadType = 0;
    receivedSequenceNumber = 0;
    clearSender();
    return this;
  }

  /** The array that was wrapped. */
  public byte[] buffer() {
    return buffer;
  }

  /** Where the packet starts in {@link #buffer}. */
  public int offset() {
    return offset;
  }

  /** How long the packet is now, in octets. */
  public int length() {
    return length;
  }

  /**
   * The marker bit that the packet arrived with, before {@link InnerReceiver} restored the
   * sender's. Meaningful only after it returned {@link DoubleSrtpResult#OK}.
   */
  public boolean receivedMarker() {
    return receivedMarker;
  }

  /**
   * The payload type that the packet arrived with, which RFC 8723 section 5.3 has a receiver use to
   * find the codec: 0 to 127. Meaningful only after {@link InnerReceiver} returned {@link
   * DoubleSrtpResult#OK}.
   */
  public int receivedPayloadType() {
    return receivedPayloadType;
  }

  /**
   * The sequence number that the packet arrived with, which RFC 8723 section 5.3 has a receiver use
   * to order packets: 0 to 65535. Meaningful only after {@link InnerReceiver} returned {@link
   * DoubleSrtpResult#OK}.
   */
  public int receivedSequenceNumber() {
    return receivedSequenceNumber;
  }

  /**
   * Who sent the packet, as {@link EpochKeyring} found out by the key under which it is authentic;
   * null unless that returned {@link DoubleSrtpResult#OK}.
   */
  public @Nullable String senderName() {
    return sender == null ? null : sender.name();
  }

  /**
   * Which occupant sent the packet, as {@link EpochKeyring} found out by the key under which it is
   * authentic: where {@link #senderName} has several devices, it is one of them. Null unless that
   * returned {@link DoubleSrtpResult#OK}.
   */
  public @Nullable String senderOccupant() {
    return sender == null ? null : sender.occupant();
  }

  /**
   * The leaf of the sender in the group, as {@link EpochKeyring} found out by the key under which
   * the packet is authentic; {@link #NO_LEAF} unless that returned {@link DoubleSrtpResult#OK}.
   */
  public int senderLeaf() {
    return senderLeaf;
  }

  void setSender(LeafHolder holder, int leaf) {
    sender = holder;
    senderLeaf = leaf;
  }

  void clearSender() {
    sender = null;
    senderLeaf = NO_LEAF;
  }

  void setReceivedHeader(boolean marker, int payloadType, int sequenceNumber) {
    receivedMarker = marker;
    receivedPayloadType = payloadType;
    receivedSequenceNumber = sequenceNumber;
  }

  boolean hasRoomFor(int octets) {
    return limit - offset - length >= octets;
  }

  void setLength(int length) {
    this.length = length;
  }
}
