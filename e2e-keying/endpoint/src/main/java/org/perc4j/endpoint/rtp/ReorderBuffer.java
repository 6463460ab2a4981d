/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.rtp;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Puts packets in the order in which the bridge sent them, and gives up waiting for a missing one:
 * after some time, or as soon as somebody knows that it will not come. Not thread-safe.
 */
public final class ReorderBuffer {
  /** A packet of a recording. */
  public static final class Packet {
    private final long order;
    private final long timestamp;
    private final boolean marker;
    private final byte[] payload;
    private final long arrivalNanos;

    /**
     * Takes over the payload.
     *
     * @param order the unwrapped sequence number that the bridge gave it
     * @param timestamp RTP time, 32 bits
     */
    public Packet(long order, long timestamp, boolean marker, byte[] payload, long arrivalNanos) {
      this.order = order;
      this.timestamp = timestamp;
      this.marker = marker;
      this.payload = payload;
      this.arrivalNanos = arrivalNanos;
    }

    /** Returns the unwrapped sequence number. */
    public long order() {
      return order;
    }

    /** Returns the RTP time, 32 bits. */
    public long timestamp() {
      return timestamp;
    }

    /** Returns RTP's marker. */
    public boolean marker() {
      return marker;
    }

    /** Returns the payload, not a copy; empty for what carries nothing. */
    public byte[] payload() {
      return payload;
    }

    /** Returns when it came, by {@link System#nanoTime}. */
    public long arrivalNanos() {
      return arrivalNanos;
    }
  }

  private static final long UNKNOWN = -1;
  private static final byte[] NOTHING = new byte[0];

  private final long maxWaitNanos;
  private final long startWaitNanos;
  private final TreeMap<Long, Packet> waiting = new TreeMap<>();

  /** Numbers of what carries nothing. */
  private final TreeSet<Long> padding = new TreeSet<>();

  /** Numbers that will not come. */
  private final TreeSet<Long> abandoned = new TreeSet<>();

  private long next = UNKNOWN;

  /** Where the present bridge's numbers begin, or before. */
  private long begin;

  /**
   * A buffer at the beginning of a stream.
   *
   * @param maxWaitNanos how long a packet waits at most for those before it
   * @param startWaitNanos how long it waits where numbers begin: nobody knows of any before it, so
   *     that it waits only for what it may have overtaken
   */
  public ReorderBuffer(long maxWaitNanos, long startWaitNanos) {
    this.maxWaitNanos = maxWaitNanos;
    this.startWaitNanos = startWaitNanos;
  }

  /**
   * Numbers begin anew, as another bridge gives them: what is missing of those before does not come
   * any more.
   *
   * @param first not above any new number, and above all that were used before
   */
  public void beginAt(long first) {
    begin = first;
  }

  /** Takes a packet; one that comes too late is dropped. */
  public void add(Packet packet) {
    if (next == UNKNOWN || packet.order() >= next) {
      waiting.put(packet.order(), packet);
    }
  }

  /** Nobody has to wait for this number, as padding had it. */
  public void addPadding(long order) {
    if (next != UNKNOWN && order >= next) {
      boolean unused = padding.add(order);
    }
  }

  /** A number will not come, as far as anybody knows: nobody has to wait for it. */
  public void abandon(long order) {
    if (next != UNKNOWN && order >= next) {
      boolean unused = abandoned.add(order);
    }
  }

  /** Returns, in order, what need not or can not wait any longer. */
  public List<Packet> release(long nowNanos, boolean everything) {
    if (waiting.isEmpty()) {
      return List.of();
    }
    List<Packet> released = new ArrayList<>();
    while (!waiting.isEmpty()) {
      Packet head = waiting.firstEntry().getValue();
      if (head.order() != next) {
        if (padding.remove(next)) {
          released.add(new Packet(next++, 0, false, NOTHING, nowNanos));
          continue;
        }
        if (abandoned.remove(next)) {
          next++;
          continue;
        }
        if (!everything && nowNanos - head.arrivalNanos < waitNanos(head.order())) {
          break;
        }
      }
      waiting.remove(head.order());
      next = head.order() + 1;
      padding.headSet(next).clear();
      abandoned.headSet(next).clear();
      released.add(head);
    }
    return released;
  }

  private long waitNanos(long order) {
    if (next >= begin) {
      return maxWaitNanos;
    }
    return order >= begin ? startWaitNanos : 0;
  }
}
