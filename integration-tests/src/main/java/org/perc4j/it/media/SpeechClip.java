/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.media;

import java.util.List;

/** Opus packets of 20 ms, each with its audio level; played in a loop. */
public final class SpeechClip {
  /** Samples of a packet at 48 kHz. */
  public static final int SAMPLES_PER_PACKET = 960;

  /** What is softer is no voice: RFC 6464 leaves the choice of a detector to the sender. */
  private static final int VOICE_MINUS_DBOV = 50;

  private final List<byte[]> packets;
  private final int[] levels;

  SpeechClip(List<byte[]> packets, int[] levels) {
    if (packets.isEmpty() || levels.length == 0) {
      throw new IllegalArgumentException("an empty clip");
    }
    this.packets = List.copyOf(packets);
    this.levels = levels.clone();
  }

  /**
   * Returns a packet, not a copy.
   *
   * @param position counts from 0 without end
   */
  public byte[] packet(long position) {
    return packets.get((int) (position % packets.size()));
  }

  /** Returns its level, 0 to 127 in -dBov. */
  public int levelMinusDbov(long position) {
    // The encoder's last packet may have no measured samples of its own.
    return levels[Math.min((int) (position % packets.size()), levels.length - 1)];
  }

  /** Tells whether somebody speaks in it. */
  public boolean voice(long position) {
    return isVoice(levelMinusDbov(position));
  }

  /** Tells whether sound of a level, 0 to 127 in -dBov, is taken for a voice. */
  public static boolean isVoice(int levelMinusDbov) {
    return levelMinusDbov < VOICE_MINUS_DBOV;
  }
}
