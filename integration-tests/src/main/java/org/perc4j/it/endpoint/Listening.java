/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.endpoint;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.perc4j.it.media.OpusMeter;
import org.perc4j.it.media.SpeechClip;

/**
 * Whether somebody else can be heard: by what came with an authentic end-to-end layer, and not by
 * the audio levels beside it, which the bridge may have made. Not thread-safe.
 */
final class Listening {
  private static final long MEMORY_NANOS = TimeUnit.MILLISECONDS.toNanos(60);

  private final Map<Integer, OpusMeter> meters = new HashMap<>();
  private long lastVoiceNanos;
  private boolean heardVoice;

  /** Listens to a packet of Opus. */
  void hear(int ssrc, byte[] packet, long nowNanos) {
    OpusMeter meter = meters.computeIfAbsent(ssrc, unused -> new OpusMeter());
    if (SpeechClip.isVoice(meter.levelMinusDbov(packet))) {
      lastVoiceNanos = nowNanos;
      heardVoice = true;
    }
  }

  boolean somebodySpeaks(long nowNanos) {
    return heardVoice && nowNanos - lastVoiceNanos <= MEMORY_NANOS;
  }
}
