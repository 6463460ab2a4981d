/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.scenario;

/** Colours that nothing but pictures of others has on a client's window. */
enum Colour {
  RED(16),
  GREEN(8),
  BLUE(0);

  private static final int BRIGHT = 200;
  private static final int DARK = 70;

  private final int shift;

  Colour(int shift) {
    this.shift = shift;
  }

  /** Whether a pixel is of this colour, and of no other. */
  boolean is(int pixel) {
    int own = pixel >> shift & 0xFF;
    int others = pixel & 0xFFFFFF & ~(0xFF << shift);
    return own > BRIGHT
        && (others & 0xFF) < DARK
        && (others >> 8 & 0xFF) < DARK
        && others >> 16 < DARK;
  }
}
