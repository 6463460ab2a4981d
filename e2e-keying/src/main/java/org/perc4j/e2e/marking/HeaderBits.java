/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.marking;

import org.perc4j.e2e.marking.PayloadFormatException.Reason;

/** Reads the bits of a frame's header, the highest of an octet first. */
final class HeaderBits {
  private static final byte[] NOTHING = {};

  private byte[] buffer = NOTHING;
  private int position;
  private int end;

  void wrap(byte[] buffer, int from, int to) {
    this.buffer = buffer;
    position = Byte.SIZE * from;
    end = Byte.SIZE * to;
  }

  /** Forgets the array. */
  void unwrap() {
    buffer = NOTHING;
    position = 0;
    end = 0;
  }

  /** Reads 0 to 32 bits. */
  int read(int count) throws PayloadFormatException {
    if (count > end - position) {
      throw PayloadFormatException.of(Reason.FRAME_HEADER_TRUNCATED);
    }
    int value = 0;
    for (int i = 0; i < count; i++) {
      int bit = buffer[position / Byte.SIZE] >> (Byte.SIZE - 1 - position % Byte.SIZE) & 1;
      value = value << 1 | bit;
      position++;
    }
    return value;
  }

  boolean readFlag() throws PayloadFormatException {
    return read(1) != 0;
  }

  void skip(int count) throws PayloadFormatException {
    if (count > end - position) {
      throw PayloadFormatException.of(Reason.FRAME_HEADER_TRUNCATED);
    }
    position += count;
  }
}
