/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.activity;

/**
 * How much time an Opus packet takes, and whether it has sound: what somebody needs who plays
 * packets but does not decode them. Not thread-safe.
 */
public final class OpusSpan {
  /** Of RTP's clock for Opus (RFC 7587, section 4.1). */
  public static final int SAMPLES_PER_SECOND = 48_000;

  /** What {@link #read} returns for what is no packet. */
  public static final int NONE = -1;

  private static final int SAMPLES_PER_UNIT = SAMPLES_PER_SECOND / 400;

  private final OpusPacketReader packet = new OpusPacketReader();
  private boolean isSilent;

  /**
   * Reads a packet (RFC 6716, section 3).
   *
   * @return how long it is, 120 to 5,760 samples, or {@link #NONE} if it breaks a rule of section
   *     3.4
   */
  public int read(byte[] buffer, int offset, int length) {
    isSilent = false;
    try {
      packet.read(buffer, offset, length);
    } catch (IllegalArgumentException e) {
      return NONE;
    }
    isSilent = packet.framesEnd() - packet.framesOffset() <= 1;
    return packet.duration() * SAMPLES_PER_UNIT;
  }

  /**
   * Tells whether what was read last has nothing to decode, as a sender makes one now and then
   * while it has nothing to say (RFC 6716, section 2.1.9), padding not counted.
   */
  public boolean isSilent() {
    return isSilent;
  }
}
