/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.activity;

import java.util.Arrays;
import java.util.Objects;

/**
 * Makes Opus packets of one stream the same size, so that their sizes tell nothing of what is said
 * (RFC 6562 sections 3 and 5): pads them by Opus' own padding, which every decoder skips (RFC 6716
 * section 3.2.5), before they are encrypted.
 *
 * <p>There is one size for all packets. Where a packet does not fit, the size grows by whole steps,
 * once and for good: it never shrinks, as a size that follows the sound again would tell of it
 * again. An encoder with a constant or a constrained bit rate makes that rare.
 *
 * <pre>
 *   0                   1
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-------+---------- - -+------- - -+
 *  |  TOC      |1 1|v|1|     M     | count | the frames    | padding   |   a padded packet
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-------+---------- - -+------- - -+
 * </pre>
 *
 * <p>Padding is zeros. What the encoder has put into a packet's padding, extensions, stays at its
 * end, as the last one may reach as far as the padding does; what is added goes before it, as
 * octets that say nothing (draft-ietf-mlcodec-opus-extension-05).
 *
 * <p>Discontinuous transmission tells by missing packets what sizes would have told. Either it is
 * off, or the sender fills the gaps: a packet of nothing but the table-of-contents octet of the
 * last one, shaped like the others, has the decoder go on by itself (RFC 6716 section 3.4, R2).
 *
 * <p>Not thread-safe. Allocates nothing after construction.
 */
public final class OpusSizeShaper {
  /** What an encoder with a constant rate of 32 kbit/s makes of 20 ms. */
  public static final int DEFAULT_SIZE_BYTES = 80;

  /** How much larger packets become at once where one does not fit. */
  public static final int DEFAULT_STEP_BYTES = 40;

  /** A length octet of this value stands for one less, and for another length octet. */
  private static final int LENGTH_GOES_ON = 255;

  /** In padding, an octet of it that says nothing; the rest may. */
  private static final byte NO_EXTENSION = 1;

  /** In padding: neither this octet nor any behind it says anything. */
  private static final byte NOTHING_FOLLOWS = 0;

  private final OpusPacketReader packet = new OpusPacketReader();
  private final int stepBytes;
  private int sizeBytes;

  /** Shapes to {@link #DEFAULT_SIZE_BYTES}. */
  public OpusSizeShaper() {
    this(DEFAULT_SIZE_BYTES, DEFAULT_STEP_BYTES);
  }

  /**
   * Shapes to a size.
   *
   * @param sizeBytes of all packets, until one does not fit; at least 1
   * @param stepBytes by which the size grows then, at least 1
   * @throws IllegalArgumentException if one of them is not positive
   */
  public OpusSizeShaper(int sizeBytes, int stepBytes) {
    if (sizeBytes < 1 || stepBytes < 1) {
      throw new IllegalArgumentException("size " + sizeBytes + ", step " + stepBytes);
    }
    this.sizeBytes = sizeBytes;
    this.stepBytes = stepBytes;
  }

  /** Returns the size of the packets, in octets, as it is now. */
  public int sizeBytes() {
    return sizeBytes;
  }

  /**
   * Pads a packet, in place: it starts where it did, and becomes longer.
   *
   * @param buffer holds the packet, and behind it what becomes part of it
   * @param offset of the packet
   * @param length of the packet as the encoder made it
   * @param limit where the room behind it ends: octets from here on are not touched
   * @return its length now, {@link #sizeBytes}
   * @throws IllegalArgumentException if it is not an Opus packet as RFC 6716 section 3.4 has them,
   *     whatever its size, or there is not enough room; nothing is written, and it must not be sent
   *     as it is
   * @throws IndexOutOfBoundsException if the region is not within the array and the limit
   */
  public int shape(byte[] buffer, int offset, int length, int limit) {
    Objects.checkFromToIndex(offset, limit, buffer.length);
    Objects.checkFromIndexSize(offset, length, limit);
    packet.read(buffer, offset, length);
    int size = sizeBytes;
    while (size < length) {
      size += stepBytes;
    }
    if (limit - offset < size) {
      throw new IllegalArgumentException(
          "room of " + (limit - offset) + " octets for a packet of " + size);
    }
    if (size > length) {
      pad(buffer, offset, size);
    }
    sizeBytes = size;
    return size;
  }

  private void pad(byte[] buffer, int offset, int size) {
    int framesLength = packet.framesEnd() - packet.framesOffset();
    int kept = hasExtensions(buffer) ? packet.paddingEnd() - packet.framesEnd() : 0;
    // What is not frames: the padding and the octets that tell its length.
    int added = size - 2 - framesLength;
    int lengthOctets = (added + LENGTH_GOES_ON - 1) / LENGTH_GOES_ON;
    int frames = offset + 2 + lengthOctets;
    // First what moves farthest, as everything moves towards the end.
    System.arraycopy(buffer, packet.framesEnd(), buffer, offset + size - kept, kept);
    System.arraycopy(buffer, packet.framesOffset(), buffer, frames, framesLength);
    Arrays.fill(
        buffer,
        frames + framesLength,
        offset + size - kept,
        kept > 0 ? NO_EXTENSION : NOTHING_FOLLOWS);
    buffer[offset] |= OpusPacketReader.COUNTED_FRAMES;
    buffer[offset + 1] =
        (byte)
            (added > 0
                ? packet.count() | OpusPacketReader.PADDED
                : packet.count() & ~OpusPacketReader.PADDED);
    if (added > 0) {
      Arrays.fill(buffer, offset + 2, frames - 1, (byte) LENGTH_GOES_ON);
      int rest = added - lengthOctets - (LENGTH_GOES_ON - 1) * (lengthOctets - 1);
      buffer[frames - 1] = (byte) rest;
    }
  }

  private boolean hasExtensions(byte[] buffer) {
    for (int i = packet.framesEnd(); i < packet.paddingEnd(); i++) {
      if (buffer[i] != NOTHING_FOLLOWS) {
        return true;
      }
    }
    return false;
  }
}
