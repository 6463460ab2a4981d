/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.header;

/**
 * Reads a region bit by bit, the highest of an octet first, as specifications of video write it
 * down. Positions are in bits from the first octet of the region. Reusable, not thread-safe.
 *
 * @param <E> what is thrown where the region ends
 */
public final class BitReader<E extends Exception> {
  private static final byte[] NOTHING = {};

  private final E truncated;
  private byte[] buffer = NOTHING;
  private int offset;
  private int end;
  private int position;

  /**
   * A reader of nothing yet.
   *
   * @param truncated thrown whenever there are too few bits: one without stack trace, immutable
   */
  public BitReader(E truncated) {
    this.truncated = truncated;
  }

  /** Goes to the beginning of a region, which the caller has checked. */
  public void wrap(byte[] buffer, int offset, int length) {
    this.buffer = buffer;
    this.offset = offset;
    end = Byte.SIZE * length;
    position = 0;
  }

  /** Lets go of the array. */
  public void unwrap() {
    buffer = NOTHING;
    end = 0;
    position = 0;
  }

  /** Returns where the next bit is. */
  public int position() {
    return position;
  }

  /** Goes back, or forward over bits that are known to be there. */
  public void moveTo(int position) {
    this.position = position;
  }

  /** Goes over bits. */
  public void skip(int count) throws E {
    require(count);
    position += count;
  }

  /** Reads one bit. */
  public boolean readFlag() throws E {
    return read(1) != 0;
  }

  /**
   * The specifications' {@code f(n)}.
   *
   * @param count bits, 0 to 32
   */
  public int read(int count) throws E {
    require(count);
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
   * AV1's {@code ns(n)}.
   *
   * @param values how many values there are, 1 to 33
   * @return 0 to {@code values} - 1, whatever the bits
   */
  public int readNonSymmetric(int values) throws E {
    int width = Integer.SIZE - Integer.numberOfLeadingZeros(values);
    int shortOnes = (1 << width) - values;
    int value = read(width - 1);
    return value < shortOnes ? value : (value << 1) - shortOnes + read(1);
  }

  private void require(int count) throws E {
    if (count > end - position) {
      throw truncated;
    }
  }
}
