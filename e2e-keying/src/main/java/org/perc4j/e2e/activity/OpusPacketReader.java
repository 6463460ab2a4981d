/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.activity;

/**
 * Finds the frames and the padding of an Opus packet (RFC 6716 section 3.2), and refuses packets
 * that break a rule of section 3.4; R1 to R7 are named there.
 *
 * <p>Not thread-safe. Allocates nothing but exceptions.
 */
final class OpusPacketReader {
  /** The code, in the first octet, of packets that count their frames in the second. */
  static final int COUNTED_FRAMES = 3;

  /** In the second octet: frames have lengths of their own. */
  static final int VARIABLE = 0x80;

  /** In the second octet: there is padding. */
  static final int PADDED = 0x40;

  private static final int CODE_MASK = 0x03;
  private static final int ONE_FRAME = 0;
  private static final int TWO_EQUAL_FRAMES = 1;
  private static final int TWO_FRAMES = 2;
  private static final int COUNT_MASK = 0x3F;
  private static final int MAX_FRAME_BYTES = 1275;

  /** Units of 2.5 ms in the longest packet, 120 ms. */
  private static final int MAX_DURATION = 48;

  /** Durations in units of 2.5 ms, by the two low bits of a configuration (table 2). */
  private static final int[] SILK_DURATIONS = {4, 8, 16, 24};

  private static final int[] HYBRID_DURATIONS = {4, 8};
  private static final int[] CELT_DURATIONS = {1, 2, 4, 8};
  private static final int CONFIGURATION_SHIFT = 3;
  private static final int FIRST_HYBRID = 12;
  private static final int FIRST_CELT = 16;

  /** From here on a length has a second octet, which counts four times. */
  private static final int LONG_LENGTH = 252;

  /** A length of padding of this value stands for one less, and for another octet. */
  private static final int LENGTH_GOES_ON = 255;

  private int toc;
  private int count;
  private int framesOffset;
  private int framesEnd;
  private int paddingEnd;
  private int at;

  /** What the second octet is, or would be if there were one, without padding. */
  int count() {
    return count;
  }

  /** How long its sound is, in units of 2.5 ms, 1 to 48. */
  int duration() {
    return (count & COUNT_MASK) * duration(toc);
  }

  /** Where what follows the header begins: the lengths of frames if there are any, and frames. */
  int framesOffset() {
    return framesOffset;
  }

  /** Where the frames end and the padding begins. */
  int framesEnd() {
    return framesEnd;
  }

  /** Where the padding ends, and the packet. */
  int paddingEnd() {
    return paddingEnd;
  }

  /**
   * Reads a packet.
   *
   * @throws IllegalArgumentException if it is none
   */
  void read(byte[] buffer, int offset, int length) {
    require(length > 0, "an empty packet"); // R1
    toc = buffer[offset];
    framesOffset = offset + 1;
    framesEnd = offset + length;
    paddingEnd = framesEnd;
    switch (toc & CODE_MASK) {
      case ONE_FRAME -> {
        count = 1;
        requireFrame(framesEnd - framesOffset);
      }
      case TWO_EQUAL_FRAMES -> {
        count = 2;
        requireEqualFrames(2); // R3
      }
      case TWO_FRAMES -> {
        count = VARIABLE | 2;
        requireFrames(buffer, 2); // R4
      }
      default -> readCounted(buffer, length);
    }
  }

  private void readCounted(byte[] buffer, int length) {
    require(length > 1, "a packet without the number of its frames");
    count = buffer[framesOffset++];
    if ((count & PADDED) != 0) {
      readPadding(buffer, length);
    }
    int frames = count & COUNT_MASK;
    if (frames == 0 || frames * duration(toc) > MAX_DURATION) {
      throw new IllegalArgumentException("a packet of " + frames + " frames"); // R5
    }
    if ((count & VARIABLE) == 0) {
      requireEqualFrames(frames); // R6
    } else {
      requireFrames(buffer, frames); // R7
    }
  }

  private void readPadding(byte[] buffer, int length) {
    int padding = 0;
    int octet;
    do {
      require(framesOffset < framesEnd, "a packet that ends in the length of its padding");
      octet = buffer[framesOffset++] & 0xFF;
      padding += Math.min(octet, LENGTH_GOES_ON - 1);
    } while (octet == LENGTH_GOES_ON);
    framesEnd -= padding;
    if (framesOffset > framesEnd) {
      throw new IllegalArgumentException("padding of " + padding + " octets in " + length);
    }
  }

  private static int duration(int toc) {
    int configuration = (toc & 0xFF) >> CONFIGURATION_SHIFT;
    if (configuration < FIRST_HYBRID) {
      return SILK_DURATIONS[configuration & 3];
    }
    return configuration < FIRST_CELT
        ? HYBRID_DURATIONS[configuration & 1]
        : CELT_DURATIONS[configuration & 3];
  }

  private void requireEqualFrames(int frames) {
    int octets = framesEnd - framesOffset;
    if (octets % frames != 0) {
      throw new IllegalArgumentException(octets + " octets for " + frames + " equal frames");
    }
    requireFrame(octets / frames);
  }

  /** The lengths of all frames but the last stand before the frames. */
  private void requireFrames(byte[] buffer, int frames) {
    at = framesOffset;
    int told = 0;
    for (int i = 1; i < frames; i++) {
      int frame = length(buffer);
      requireFrame(frame);
      told += frame;
    }
    if (told > framesEnd - at) {
      throw new IllegalArgumentException("frames of " + told + " octets in " + (framesEnd - at));
    }
    requireFrame(framesEnd - at - told);
  }

  private int length(byte[] buffer) {
    int first = octet(buffer);
    return first < LONG_LENGTH ? first : first + 4 * octet(buffer);
  }

  private int octet(byte[] buffer) {
    require(at < framesEnd, "a packet that ends in the length of a frame");
    return buffer[at++] & 0xFF;
  }

  private static void requireFrame(int octets) {
    if (octets > MAX_FRAME_BYTES) {
      throw new IllegalArgumentException("a frame of " + octets + " octets"); // R2
    }
  }

  private static void require(boolean fulfilled, String otherwise) {
    if (!fulfilled) {
      throw new IllegalArgumentException(otherwise);
    }
  }
}
