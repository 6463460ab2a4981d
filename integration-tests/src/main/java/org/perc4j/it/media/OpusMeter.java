/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.media;

import io.github.jaredmdobson.concentus.OpusDecoder;
import io.github.jaredmdobson.concentus.OpusException;
import org.perc4j.it.speech.Levels;
import org.perc4j.it.speech.SpeechTrack;

/** How loud a stream of Opus is, found out by decoding it. Not thread-safe. */
public final class OpusMeter {
  private static final int SAMPLE_RATE = SpeechTrack.SAMPLE_RATE;

  /** The longest packet there is, 120 ms (RFC 6716 section 3.2.5). */
  private static final int MAX_SAMPLES = SAMPLE_RATE / 1000 * 120;

  private final OpusDecoder decoder;
  private final short[] samples = new short[MAX_SAMPLES];

  /** A meter for one stream. */
  public OpusMeter() {
    try {
      decoder = new OpusDecoder(SAMPLE_RATE, 1);
    } catch (OpusException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Decodes the next packet.
   *
   * @param packet not kept
   * @return its level, 0 to 127 in -dBov; 127 if it is not Opus
   */
  public int levelMinusDbov(byte[] packet) {
    int decoded;
    try {
      decoded = decoder.decode(packet, 0, packet.length, samples, 0, MAX_SAMPLES, false);
    } catch (OpusException e) {
      decoded = 0;
    }
    return Levels.minusDbov(samples, 0, decoded);
  }
}
