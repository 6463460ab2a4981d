/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.congestion;

import java.util.ArrayList;
import java.util.List;

/**
 * The sending side of transport-wide feedback: numbers what is sent on a transport and remembers
 * the last {@link #CAPACITY} packets, until the peer tells what became of them. Not thread-safe.
 */
public final class SendHistory {
  /** How many packets are remembered. */
  public static final int CAPACITY = 8192;

  private static final byte UNREPORTED = 0;
  private static final byte LOST = 1;
  private static final byte RECEIVED = 2;
  private static final int REFERENCE_BITS = 24;

  private final int[] octets = new int[CAPACITY];
  private final long[] sentNanos = new long[CAPACITY];
  private final byte[] states = new byte[CAPACITY];
  private final boolean[] probing = new boolean[CAPACITY];
  private long next = 1;
  private boolean hasReference;
  private long reference;
  private long acknowledged;
  private long lost;
  private long unknown;
  private long octetsSent;

  /** A history of nothing yet. */
  public SendHistory() {}

  /** Returns the number that the next packet gets, 0 to 65535. */
  public int nextSequenceNumber() {
    return (int) (next & 0xFFFF);
  }

  /**
   * Takes note that a packet was sent under {@link #nextSequenceNumber}.
   *
   * @param isProbing whether faster than the estimate allows, to try that
   */
  public void sent(int packetOctets, boolean isProbing, long nowNanos) {
    int slot = slot(next);
    octets[slot] = packetOctets;
    sentNanos[slot] = nowNanos;
    states[slot] = UNREPORTED;
    probing[slot] = isProbing;
    octetsSent += packetOctets;
    next++;
  }

  /**
   * Takes what the peer says.
   *
   * @return what is news, in the order of sending. Packets that are not remembered, or were never
   *     sent, are left out, and counted if they are said to have arrived
   */
  public List<PacketResult> apply(TransportFeedback feedback) {
    long base = next - 1 + (short) (feedback.baseSequenceNumber() - (int) (next - 1));
    long end = base + feedback.statusCount();
    long oldest = Math.max(1, next - CAPACITY);
    long tick = unwrap(feedback.referenceTime()) * TransportFeedback.TICKS_PER_REFERENCE;
    List<PacketResult> results = new ArrayList<>();
    long number = Math.max(base, oldest);
    for (int i = 0; i < feedback.received(); i++) {
      long arrived = base + feedback.offset(i);
      tick += feedback.deltaTicks(i);
      if (arrived < oldest || arrived >= next) {
        unknown++;
        continue;
      }
      addLost(number, arrived, results);
      number = arrived + 1;
      addReceived(arrived, tick * TransportFeedback.TICK_NANOS, results);
    }
    addLost(number, Math.min(end, next), results);
    return results;
  }

  private void addLost(long from, long end, List<PacketResult> results) {
    for (long number = from; number < end; number++) {
      int slot = slot(number);
      if (states[slot] == UNREPORTED) {
        states[slot] = LOST;
        lost++;
        results.add(result(number, slot, false, 0));
      }
    }
  }

  private void addReceived(long number, long arrivalNanos, List<PacketResult> results) {
    int slot = slot(number);
    if (states[slot] != RECEIVED) {
      if (states[slot] == LOST) {
        lost--;
      }
      acknowledged++;
      states[slot] = RECEIVED;
      results.add(result(number, slot, true, arrivalNanos));
    }
  }

  private PacketResult result(long number, int slot, boolean received, long arrivalNanos) {
    return new PacketResult(
        number, octets[slot], sentNanos[slot], probing[slot], received, arrivalNanos);
  }

  /** The reference time has 24 bits and wraps each 12 days. */
  private long unwrap(int referenceTime) {
    if (!hasReference) {
      hasReference = true;
      reference = referenceTime;
    }
    long ahead = (referenceTime - reference) << (Long.SIZE - REFERENCE_BITS);
    reference += ahead >> (Long.SIZE - REFERENCE_BITS);
    return reference;
  }

  private static int slot(long number) {
    return (int) (number & (CAPACITY - 1));
  }

  /** How many packets were sent. */
  public long packets() {
    return next - 1;
  }

  /** How many octets were sent. */
  public long octets() {
    return octetsSent;
  }

  /** How many packets the peer says have arrived. */
  public long acknowledged() {
    return acknowledged;
  }

  /** How many packets the peer says have not arrived. */
  public long lost() {
    return lost;
  }

  /** How often the peer said of a packet that it arrived which is not, or no more, known here. */
  public long unknown() {
    return unknown;
  }
}
