/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.client.recording;

/**
 * The size of a VP8 key picture (RFC 6386, section 9.1), behind three octets of frame tag and three
 * of start code.
 *
 * <pre>
 *   octets 6, 7   width, the lower octet first: 14 bits; 2 bits of scale above
 *   octets 8, 9   height, the same
 * </pre>
 *
 * @param width in pixels
 * @param height in pixels
 */
record Vp8Size(int width, int height) {
  private static final int WIDTH = 6;
  private static final int HEIGHT = 8;
  private static final int HEADER_BYTES = 10;
  private static final int SIZE_MASK = 0x3FFF;

  /** Reads it; 1 by 1 of what is too short to have one, which nothing can be decoded of. */
  static Vp8Size of(byte[] key) {
    if (key.length < HEADER_BYTES) {
      return new Vp8Size(1, 1);
    }
    return new Vp8Size(Math.max(1, number(key, WIDTH)), Math.max(1, number(key, HEIGHT)));
  }

  private static int number(byte[] octets, int at) {
    return ((octets[at] & 0xFF) | (octets[at + 1] & 0xFF) << 8) & SIZE_MASK;
  }

  String caps() {
    return "video/x-vp8,width=%d,height=%d".formatted(width, height);
  }
}
