/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.header.dependency;

/**
 * Writes bits, high to low, into octets that are 0 so far. Positions are in bits from an offset of
 * the array; each method returns the position behind what it wrote.
 */
final class BitWriter {

  private BitWriter() {}

  /**
   * The specification's {@code write_f(n, v)}.
   *
   * @param count bits, 0 to 32
   */
  static int write(byte[] buffer, int offset, int position, int count, int value) {
    int at = position;
    int missing = count;
    while (missing > 0) {
      int left = Byte.SIZE - at % Byte.SIZE;
      int taken = Math.min(left, missing);
      int bits = (value >>> (missing - taken)) & ((1 << taken) - 1);
      buffer[offset + at / Byte.SIZE] |= (byte) (bits << (left - taken));
      at += taken;
      missing -= taken;
    }
    return at;
  }

  /** The specification's {@code write_ns(n, v)}. */
  static int writeNonSymmetric(byte[] buffer, int offset, int position, int values, int value) {
    int width = Integer.SIZE - Integer.numberOfLeadingZeros(values);
    int shortOnes = (1 << width) - values;
    return value < shortOnes
        ? write(buffer, offset, position, width - 1, value)
        : write(buffer, offset, position, width, value + shortOnes);
  }

  /** The indications of a frame, two bits each. */
  static int writeDtis(byte[] buffer, int offset, int position, FrameDependencies frame) {
    int at = position;
    for (int dt = 0; dt < frame.decodeTargetCount(); dt++) {
      at = write(buffer, offset, at, FrameDependencies.DTI_BITS, frame.dti(dt));
    }
    return at;
  }
}
