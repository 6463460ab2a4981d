/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.congestion;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The receiving side of transport-wide feedback: takes down which numbers arrived, and when, and
 * makes the feedback on what was not told yet. A packet that comes late is told of together with
 * what came after it, once more (the draft leaves it open; libwebrtc does so).
 *
 * <p>Not thread-safe; keeps the last {@link #CAPACITY} numbers.
 */
public final class ArrivalRecorder {
  /** How many numbers are remembered. */
  public static final int CAPACITY = 8192;

  /** Numbers so far back are told of when they come late. */
  private static final int MAX_LATE = 1024;

  /** With two octets for each delta, and its symbol, a message of some 1000 octets. */
  private static final int MAX_RECEIVED_PER_MESSAGE = 400;

  private static final long UNKNOWN = Long.MIN_VALUE;
  private static final long SPACE = 0x10000;

  private final long[] numbers = new long[CAPACITY];
  private final long[] ticks = new long[CAPACITY];
  private boolean started;
  private long epochNanos;
  private long first;
  private long highest;

  /** The first number to tell of next. */
  private long untold;

  private int feedbackCount;
  private long packets;
  private long octets;
  private long duplicates;

  /** A recorder of nothing yet. */
  public ArrivalRecorder() {
    Arrays.fill(numbers, UNKNOWN);
  }

  /**
   * Takes note of a packet, which must be authentic.
   *
   * @param sequenceNumber transport-wide, 0 to 65535
   * @param packetOctets of the packet as it came
   * @param nowNanos when it came; times may go backwards a little
   */
  public void arrived(int sequenceNumber, int packetOctets, long nowNanos) {
    if (!started) {
      started = true;
      epochNanos = nowNanos;
      // So that those which come late are not below zero.
      first = SPACE + sequenceNumber;
      highest = first;
      untold = first;
    }
    long number = highest + (short) (sequenceNumber - (int) highest);
    if (number <= highest - CAPACITY) {
      // Whether it was here before, nobody knows any more.
      duplicates++;
      return;
    }
    int slot = (int) (number & (CAPACITY - 1));
    if (numbers[slot] == number) {
      duplicates++;
      return;
    }
    numbers[slot] = number;
    ticks[slot] = Math.floorDiv(nowNanos - epochNanos, TransportFeedback.TICK_NANOS);
    packets++;
    octets += packetOctets;
    if (number > highest) {
      highest = number;
      untold = Math.max(untold, highest - CAPACITY + 1);
    } else if (number > highest - MAX_LATE) {
      untold = Math.min(untold, number);
    }
    first = Math.min(first, number);
  }

  /**
   * Tells of what arrived and was not told of, and of what is missing in between.
   *
   * @param senderSsrc who tells
   * @param mediaSsrc of some packet that arrived
   * @return messages to send; none if nothing arrived
   */
  public List<TransportFeedback> feedback(int senderSsrc, int mediaSsrc) {
    List<TransportFeedback> messages = new ArrayList<>();
    if (!started) {
      return messages;
    }
    long from = untold;
    while (from <= highest) {
      TransportFeedback message = message(from, senderSsrc, mediaSsrc);
      if (message == null) {
        break;
      }
      messages.add(message);
      feedbackCount = (feedbackCount + 1) & 0xFF;
      from += message.statusCount();
    }
    untold = highest + 1;
    return messages;
  }

  private @Nullable TransportFeedback message(long from, int senderSsrc, int mediaSsrc) {
    int[] offsets = new int[MAX_RECEIVED_PER_MESSAGE];
    int[] deltas = new int[MAX_RECEIVED_PER_MESSAGE];
    int received = 0;
    long reference = 0;
    long last = 0;
    for (long number = from; number <= highest && received < MAX_RECEIVED_PER_MESSAGE; number++) {
      int slot = (int) (number & (CAPACITY - 1));
      if (numbers[slot] != number) {
        continue;
      }
      long tick = ticks[slot];
      if (received == 0) {
        reference = Math.floorDiv(tick, (long) TransportFeedback.TICKS_PER_REFERENCE);
        last = reference * TransportFeedback.TICKS_PER_REFERENCE;
      }
      long delta = tick - last;
      if (delta != (short) delta) {
        break; // too long after the one before: begins another message
      }
      offsets[received] = (int) (number - from);
      deltas[received++] = (int) delta;
      last = tick;
    }
    if (received == 0) {
      return null;
    }
    return new TransportFeedback(
        senderSsrc,
        mediaSsrc,
        (int) (from & 0xFFFF),
        offsets[received - 1] + 1,
        (int) reference << 8 >> 8,
        feedbackCount,
        Arrays.copyOf(offsets, received),
        Arrays.copyOf(deltas, received));
  }

  /** How many packets arrived, each number once. */
  public long packets() {
    return packets;
  }

  /** How many octets these had. */
  public long octets() {
    return octets;
  }

  /** How many of the numbers between the lowest and the highest did not arrive so far. */
  public long lost() {
    return started ? highest - first + 1 - packets : 0;
  }

  /** How many came under a number that was here before, or is too far back to tell. */
  public long duplicates() {
    return duplicates;
  }
}
