/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.media;

import io.github.jaredmdobson.concentus.OpusApplication;
import io.github.jaredmdobson.concentus.OpusEncoder;
import io.github.jaredmdobson.concentus.OpusException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.perc4j.it.speech.SpeechTrack;

/** Opus packets of 20 ms, each with its audio level; played in a loop. */
public final class SpeechClip {
  /** Samples of a packet at 48 kHz. */
  public static final int SAMPLES_PER_PACKET = 960;

  /** What is softer is no voice: RFC 6464 leaves the choice of a detector to the sender. */
  private static final int VOICE_MINUS_DBOV = 50;

  private static final int BITS_PER_SECOND = 28_000;

  /** Quick, and good enough to be understood. */
  private static final int COMPLEXITY = 1;

  /** The longest frame there is (RFC 6716 section 3.2.1), and its octet before it. */
  private static final int MAX_PACKET_BYTES = 1276;

  private final List<byte[]> packets;
  private final int[] levels;

  SpeechClip(List<byte[]> packets, int[] levels) {
    if (packets.isEmpty() || levels.length == 0) {
      throw new IllegalArgumentException("an empty clip");
    }
    this.packets = List.copyOf(packets);
    this.levels = levels.clone();
  }

  /** Encodes what a microphone hears; each packet's level is that of the sound before encoding. */
  public static SpeechClip encode(SpeechTrack track) {
    List<byte[]> packets = new ArrayList<>();
    byte[] packet = new byte[MAX_PACKET_BYTES];
    try {
      OpusEncoder encoder =
          new OpusEncoder(SpeechTrack.SAMPLE_RATE, 1, OpusApplication.OPUS_APPLICATION_VOIP);
      encoder.setBitrate(BITS_PER_SECOND);
      encoder.setComplexity(COMPLEXITY);
      for (int i = 0; i < track.packets(); i++) {
        int length =
            encoder.encode(
                track.samples(),
                i * SpeechTrack.SAMPLES_PER_PACKET,
                SpeechTrack.SAMPLES_PER_PACKET,
                packet,
                0,
                packet.length);
        packets.add(Arrays.copyOf(packet, length));
      }
    } catch (OpusException e) {
      throw new IllegalStateException(e);
    }
    return new SpeechClip(packets, track.levelsMinusDbov());
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
