/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.header.dependency;

import org.perc4j.header.MalformedPacketException;
import org.perc4j.header.MalformedPacketException.Reason;

/**
 * Reads a dependency descriptor bit by bit, high to low. Positions are in bits from the first octet
 * of the descriptor. Reusable, not thread-safe.
 */
final class BitReader {

  private static final byte[] NOTHING = {};

  private byte[] buffer = NOTHING;
  private int offset;
  private int end;
  private int position;

  /** Goes to a position of a region, which the caller has checked. */
  void wrap(byte[] buffer, int offset, int length, int position) {
    this.buffer = buffer;
    this.offset = offset;
    this.end = Byte.SIZE * length;
    this.position = position;
  }

  /** Lets go of the array. */
  void unwrap() {
    buffer = NOTHING;
    end = 0;
    position = 0;
  }

  int position() {
    return position;
  }

  /** Goes back, or forward over bits that are known to be there. */
  void moveTo(int position) {
    this.position = position;
  }

  /** Goes over bits. */
  void pass(int count) throws MalformedPacketException {
    if (count > end - position) {
      throw MalformedPacketException.of(Reason.DEPENDENCY_TRUNCATED);
    }
    position += count;
  }

  boolean readFlag() throws MalformedPacketException {
    return read(1) != 0;
  }

  /**
   * The specification's {@code f(n)}.
   *
   * @param count bits, 0 to 32
   */
  int read(int count) throws MalformedPacketException {
    if (count > end - position) {
      throw MalformedPacketException.of(Reason.DEPENDENCY_TRUNCATED);
    }
    int value = 0;
    int missing = count;
    while (missing > 0) {
      int left = Byte.SIZE - position % Byte.SIZE;
      int taken = Math.min(left, missing);
      int octet = buffer[offset + position / Byte.SIZE] & 0xFF;
      value = value << taken | ((octet >>> (left - taken)) & ((1 << taken) - 1));
      position += taken;
      missing -= taken;
    }
    return value;
  }

  /**
   * The specification's {@code ns(n)}.
   *
   * @param values how many values there are, 1 to 33
   * @return 0 to {@code values} - 1, whatever the bits
   */
  int readNonSymmetric(int values) throws MalformedPacketException {
    int width = Integer.SIZE - Integer.numberOfLeadingZeros(values);
    int shortOnes = (1 << width) - values;
    int value = read(width - 1);
    return value < shortOnes ? value : (value << 1) - shortOnes + read(1);
  }

  /**
   * Reads the indications of a frame, two bits each, packed as {@link FrameDependencies} has it.
   */
  long readDtis(int decodeTargetCount) throws MalformedPacketException {
    long dtis = 0;
    for (int dt = 0; dt < decodeTargetCount; dt++) {
      dtis |= (long) read(FrameDependencies.DTI_BITS) << (FrameDependencies.DTI_BITS * dt);
    }
    return dtis;
  }
}
