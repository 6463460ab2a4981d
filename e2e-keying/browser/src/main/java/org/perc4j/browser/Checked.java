/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.browser;

/**
 * What WebAssembly traps at, checked first. A trap is no exception: nothing catches it and no
 * {@code finally} runs, so that octets from the network could end a membership where the JVM
 * refuses them. The compiler puts calls of these in place of the operations, in all classes ({@code
 * CheckedOperations}); they throw what the JVM throws.
 */
public final class Checked {
  /** No array of the core is longer; a browser would end the page for one of a gigabyte. */
  private static final int MAX_LENGTH = 1 << 24;

  private Checked() {}

  /** Divides; the least number divided by -1 is itself. */
  public static int divide(int dividend, int divisor) {
    requireNotZero(divisor);
    return divisor == -1 ? -dividend : dividend / divisor;
  }

  /** Divides; the least number divided by -1 is itself. */
  public static long divide(long dividend, long divisor) {
    requireNotZero(divisor);
    return divisor == -1 ? -dividend : dividend / divisor;
  }

  /** Returns the rest of a division. */
  public static int remainder(int dividend, int divisor) {
    requireNotZero(divisor);
    return dividend % divisor;
  }

  /** Returns the rest of a division. */
  public static long remainder(long dividend, long divisor) {
    requireNotZero(divisor);
    return dividend % divisor;
  }

  /** Returns a divisor that is not 0. */
  public static int notZero(int divisor) {
    requireNotZero(divisor);
    return divisor;
  }

  /** Returns a divisor that is not 0. */
  public static long notZero(long divisor) {
    requireNotZero(divisor);
    return divisor;
  }

  private static void requireNotZero(long divisor) {
    if (divisor == 0) {
      throw new ArithmeticException("/ by zero");
    }
  }

  /** Returns the length of a new array. */
  public static int length(int length) {
    if (length < 0) {
      throw new NegativeArraySizeException(Integer.toString(length));
    }
    if (length > MAX_LENGTH) {
      throw new OutOfMemoryError("array of " + length);
    }
    return length;
  }

  /**
   * Returns how many elements {@code System.arraycopy} is to copy. TeaVM checks the rest, but its
   * sums of position and length overflow.
   */
  public static int copied(int sourcePosition, int targetPosition, int length) {
    if (length >= 0
        && (sourcePosition > Integer.MAX_VALUE - length
            || targetPosition > Integer.MAX_VALUE - length)) {
      throw new ArrayIndexOutOfBoundsException();
    }
    return length;
  }
}
