/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.congestion;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Spreads what is sent over time (draft-ietf-rmcat-gcc-02, section 4). What is urgent, as speech
 * is, goes first and at once, and counts. What would have to wait too long is refused. Not
 * thread-safe.
 *
 * @param <T> a packet
 */
public final class Pacer<T> {
  /** Burst_time of section 4. */
  private static final double BURST_SECONDS = 0.005;

  /**
   * Pictures that are keys are many times as large as others. At the target itself, which the draft
   * has, one would delay what follows for a second; libwebrtc has 2.5.
   */
  private static final double FACTOR = 1.5;

  private static final int MAX_URGENT = 100;

  private record Waiting<T>(T packet, int octets) {}

  private final double maxWaitSeconds;
  private final Deque<Waiting<T>> urgent = new ArrayDeque<>();
  private final Deque<Waiting<T>> others = new ArrayDeque<>();
  private long waitingOctets;
  private double targetBps;
  private double debtBits;
  private boolean started;
  private long lastNanos;
  private long refused;

  /**
   * A pacer with nothing to send.
   *
   * @param targetBps until {@link #setTarget} says otherwise
   * @param maxWaitSeconds how long a packet may have to wait
   */
  public Pacer(double targetBps, double maxWaitSeconds) {
    this.targetBps = targetBps;
    this.maxWaitSeconds = maxWaitSeconds;
  }

  /** Sends at this rate from now on, in bits per second. */
  public void setTarget(double bps) {
    targetBps = bps;
  }

  /**
   * Takes a packet to send.
   *
   * @return whether it will be sent
   */
  public boolean offer(T packet, int octets, boolean isUrgent) {
    if (isUrgent ? urgent.size() >= MAX_URGENT : waitSeconds() > maxWaitSeconds) {
      refused++;
      return false;
    }
    if (isUrgent) {
      urgent.addLast(new Waiting<>(packet, octets));
    } else {
      others.addLast(new Waiting<>(packet, octets));
      waitingOctets += octets;
    }
    return true;
  }

  /** Returns how long a packet that is not urgent would wait, in seconds. */
  public double waitSeconds() {
    return 8 * waitingOctets / (FACTOR * targetBps);
  }

  /** Returns a packet to send now, or null. */
  public @Nullable T poll(long nowNanos) {
    if (started) {
      double paid = FACTOR * targetBps * (nowNanos - lastNanos) / 1e9;
      debtBits = Math.max(0, debtBits - paid);
    }
    started = true;
    lastNanos = nowNanos;
    Waiting<T> next = urgent.pollFirst();
    if (next == null && debtBits <= FACTOR * targetBps * BURST_SECONDS) {
      next = others.pollFirst();
      if (next != null) {
        waitingOctets -= next.octets();
      }
    }
    if (next == null) {
      return null;
    }
    debtBits += 8.0 * next.octets();
    return next.packet();
  }

  /** Something was sent beside what was offered, and counts. */
  public void sent(int octets) {
    debtBits += 8.0 * octets;
  }

  /** Returns how many packets were refused. */
  public long refused() {
    return refused;
  }
}
