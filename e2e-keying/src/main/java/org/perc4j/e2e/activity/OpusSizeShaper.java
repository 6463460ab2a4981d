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
 *  |  TOC      |1 1|v|1|     M     | count | the frames    | zeros     |   a padded packet
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-------+---------- - -+------- - -+
 * </pre>
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

  private static final int CODE_MASK = 0x03;
  private static final int ONE_FRAME = 0;
  private static final int TWO_EQUAL_FRAMES = 1;
  private static final int TWO_FRAMES = 2;
  private static final int COUNTED_FRAMES = 3;
  private static final int VARIABLE = 0x80;
  private static final int PADDED = 0x40;

  /** A length octet of this value stands for one less, and for another length octet. */
  private static final int LENGTH_GOES_ON = 255;

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
   * @param length of the packet as the encoder made it, at least 1
   * @param limit where the room behind it ends: octets from here on are not touched
   * @return its length now, {@link #sizeBytes}
   * @throws IllegalArgumentException if it is not an Opus packet, or there is not enough room;
   *     nothing is written, and it must not be sent as it is
   * @throws IndexOutOfBoundsException if the region is not within the array and the limit
   */
  public int shape(byte[] buffer, int offset, int length, int limit) {
    Objects.checkFromToIndex(offset, limit, buffer.length);
    Objects.checkFromIndexSize(offset, length, limit);
    int size = sizeBytes;
    while (size < length) {
      size += stepBytes;
    }
    if (limit - offset < size) {
      throw new IllegalArgumentException(
          "room of " + (limit - offset) + " octets for a packet of " + size);
    }
    if (size > length) {
      pad(buffer, offset, length, size);
    }
    sizeBytes = size;
    return size;
  }

  private static void pad(byte[] buffer, int offset, int length, int size) {
    if (length < 1) {
      throw new IllegalArgumentException("an empty packet");
    }
    int toc = buffer[offset];
    int count;
    int frames = offset + 1;
    int end = offset + length;
    switch (toc & CODE_MASK) {
      case ONE_FRAME -> count = 1;
      case TWO_EQUAL_FRAMES -> count = 2;
      case TWO_FRAMES -> count = VARIABLE | 2;
      default -> {
        if (length < 2) {
          throw new IllegalArgumentException("a packet without the number of its frames");
        }
        count = buffer[frames++];
        if ((count & PADDED) != 0) {
          int padding = 0;
          int octet;
          do {
            if (frames == end) {
              throw new IllegalArgumentException("a packet that ends in the length of its padding");
            }
            octet = buffer[frames++] & 0xFF;
            padding += Math.min(octet, LENGTH_GOES_ON - 1);
          } while (octet == LENGTH_GOES_ON);
          end -= padding;
          if (end < frames) {
            throw new IllegalArgumentException("padding of " + padding + " octets in " + length);
          }
        }
      }
    }
    // What is not frames: the padding and the octets that tell its length.
    int added = size - 2 - (end - frames);
    int lengthOctets = (added + LENGTH_GOES_ON - 1) / LENGTH_GOES_ON;
    int newFrames = offset + 2 + lengthOctets;
    int newEnd = newFrames + end - frames;
    System.arraycopy(buffer, frames, buffer, newFrames, end - frames);
    buffer[offset] = (byte) (toc | COUNTED_FRAMES);
    buffer[offset + 1] = (byte) (added > 0 ? count | PADDED : count & ~PADDED);
    if (added > 0) {
      Arrays.fill(buffer, offset + 2, newFrames - 1, (byte) LENGTH_GOES_ON);
      int rest = added - lengthOctets - (LENGTH_GOES_ON - 1) * (lengthOctets - 1);
      buffer[newFrames - 1] = (byte) rest;
    }
    Arrays.fill(buffer, newEnd, offset + size, (byte) 0);
  }
}
