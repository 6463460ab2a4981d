/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.bench.call;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** When it becomes loud somewhere, after it was quiet. Thread-safe. */
final class Onsets implements Closeable {
  static final int SAMPLE_RATE = 48_000;

  private static final int LOUD = Short.MAX_VALUE / 10;
  private static final int QUIET_SAMPLES = SAMPLE_RATE / 4;
  private static final int BUFFER_BYTES = 1 << 14;

  private final Process recorder;
  private final List<Long> nanos = new ArrayList<>();
  private int quiet;

  private Onsets(Process recorder) {
    this.recorder = recorder;
  }

  /** Listens to what is played to a sink. */
  static Onsets of(SoundServer server, String sink) throws IOException {
    Process recorder =
        server.tool(
            "parec",
            "--device=" + sink + ".monitor",
            "--format=s16le",
            "--rate=" + SAMPLE_RATE,
            "--channels=1",
            "--latency-msec=5");
    Onsets onsets = new Onsets(recorder);
    Thread thread = new Thread(onsets::read, "onsets of " + sink);
    thread.setDaemon(true);
    thread.start();
    return onsets;
  }

  private void read() {
    byte[] buffer = new byte[BUFFER_BYTES];
    int kept = 0;
    try (InputStream in = recorder.getInputStream()) {
      for (int read = in.read(buffer, kept, buffer.length - kept);
          read >= 0;
          read = in.read(buffer, kept, buffer.length - kept)) {
        long now = System.nanoTime();
        int samples = (kept + read) / 2;
        take(buffer, samples, now);
        boolean odd = (kept + read) % 2 != 0;
        buffer[0] = odd ? buffer[2 * samples] : 0;
        kept = odd ? 1 : 0;
      }
    } catch (IOException e) {
      // Closed: nothing more is found, which whoever waits for it tells.
      return;
    }
  }

  /** The last of the samples was heard just now. */
  private synchronized void take(byte[] buffer, int samples, long now) {
    for (int i = 0; i < samples; i++) {
      int sample = (buffer[2 * i] & 0xFF) | (buffer[2 * i + 1] << 8);
      if (Math.abs(sample) < LOUD) {
        quiet++;
        continue;
      }
      if (quiet > QUIET_SAMPLES) {
        nanos.add(now - TimeUnit.SECONDS.toNanos(samples - i) / SAMPLE_RATE);
      }
      quiet = 0;
    }
  }

  /** Returns when that was, by {@link System#nanoTime}. */
  synchronized List<Long> nanos() {
    return List.copyOf(nanos);
  }

  @Override
  public void close() {
    recorder.destroy();
  }
}
