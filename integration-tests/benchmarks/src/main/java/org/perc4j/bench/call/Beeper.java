/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.bench.call;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Random;

/** Beeps into a microphone, at times that have nothing to do with those of packets. */
final class Beeper implements Closeable {
  private static final int BLOCK_SAMPLES = 480;
  private static final int BEEP_SAMPLES = 2_880;
  private static final int PAUSE_SAMPLES = 57_600;
  private static final int MORE_SAMPLES = 14_400;
  private static final double HERTZ = 1_000;
  private static final double AMPLITUDE = 0.5 * Short.MAX_VALUE;
  private static final long SEED = 20;

  private final Process player;
  private volatile boolean closed;

  private Beeper(Process player) {
    this.player = player;
  }

  static Beeper start(SoundServer server) throws IOException {
    Process player =
        server.tool(
            "pacat",
            "--playback",
            "--device=" + SoundServer.MOUTH,
            "--format=s16le",
            "--rate=" + Onsets.SAMPLE_RATE,
            "--channels=1",
            "--latency-msec=20");
    Beeper beeper = new Beeper(player);
    Thread thread = new Thread(beeper::write, "beeper");
    thread.setDaemon(true);
    thread.start();
    return beeper;
  }

  private void write() {
    Random random = new Random(SEED);
    byte[] block = new byte[2 * BLOCK_SAMPLES];
    int next = PAUSE_SAMPLES;
    int at = 0;
    try (OutputStream out = player.getOutputStream()) {
      while (!closed) {
        for (int i = 0; i < BLOCK_SAMPLES; i++, at++) {
          if (at == next + BEEP_SAMPLES) {
            at = 0;
            next = PAUSE_SAMPLES + random.nextInt(MORE_SAMPLES);
          }
          double phase = 2 * Math.PI * HERTZ * (at - next) / Onsets.SAMPLE_RATE;
          int sample = at < next ? 0 : (int) (AMPLITUDE * Math.cos(phase));
          block[2 * i] = (byte) sample;
          block[2 * i + 1] = (byte) (sample >> 8);
        }
        out.write(block);
        out.flush();
      }
    } catch (IOException e) {
      // The player is gone: nothing is heard any more, which the listener tells.
      closed = true;
    }
  }

  /** Whether there is somebody who plays it. */
  boolean isPlaying() {
    return player.isAlive();
  }

  @Override
  public void close() {
    closed = true;
    player.destroy();
  }
}
