/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.media;

/**
 * The short form of frame marking, for streams that do not scale (RFC 9626 section 3.2), as a
 * sender writes it.
 *
 * <pre>
 *    0 1 2 3 4 5 6 7
 *   +-+-+-+-+-+-+-+-+
 *   |S|E|I|D|0 0 0 0|
 *   +-+-+-+-+-+-+-+-+
 * </pre>
 */
public final class FrameMarking {
  private static final int START = 0x80;
  private static final int END = 0x40;
  private static final int INDEPENDENT = 0x20;

  private FrameMarking() {}

  /**
   * Returns the octet.
   *
   * @param start whether this is a frame's first packet
   * @param end whether it is its last
   * @param independent whether the frame can be decoded by itself
   */
  public static byte of(boolean start, boolean end, boolean independent) {
    return (byte) ((start ? START : 0) | (end ? END : 0) | (independent ? INDEPENDENT : 0));
  }
}
