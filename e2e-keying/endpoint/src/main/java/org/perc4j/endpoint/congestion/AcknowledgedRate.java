/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.congestion;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The rate at which packets arrived, over a window of half a second (R_hat of
 * draft-ietf-rmcat-gcc-02, section 5.5). Not thread-safe.
 */
final class AcknowledgedRate {
  /** T of section 5.6. */
  private static final long WINDOW_NANOS = 500_000_000;

  /** Less than that tells nothing yet. */
  private static final long MIN_NANOS = 150_000_000;

  private static final double NANOS_PER_SECOND = 1e9;
  private static final int BITS = 8;

  private record Arrival(long nanos, int octets) {}

  private final Deque<Arrival> window = new ArrayDeque<>();
  private long octets;
  private boolean started;
  private long firstNanos;
  private long latestNanos;

  /** Takes a packet; times may go backwards a little. */
  void add(long arrivalNanos, int packetOctets) {
    if (!started) {
      started = true;
      firstNanos = arrivalNanos;
      latestNanos = arrivalNanos;
    }
    latestNanos = Math.max(latestNanos, arrivalNanos);
    window.addLast(new Arrival(arrivalNanos, packetOctets));
    octets += packetOctets;
    while (!window.isEmpty() && latestNanos - window.getFirst().nanos() > WINDOW_NANOS) {
      octets -= window.removeFirst().octets();
    }
  }

  /** Returns the rate up to the last packet, in bits per second; 0 if it cannot be told yet. */
  double bitsPerSecond() {
    long nanos = Math.min(WINDOW_NANOS, latestNanos - firstNanos);
    return nanos < MIN_NANOS ? 0 : octets * BITS * NANOS_PER_SECOND / nanos;
  }
}
