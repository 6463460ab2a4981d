/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.rtp;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Puts packets in the order in which the bridge sent them, and gives up waiting for a missing one.
 * Not thread-safe.
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
  }

  private static final long UNKNOWN = -1;
  private static final byte[] NOTHING = new byte[0];

  private final long maxWaitNanos;
  private final TreeMap<Long, Packet> waiting = new TreeMap<>();

  /** Numbers of what carries nothing. */
  private final TreeSet<Long> padding = new TreeSet<>();

  private long next = UNKNOWN;

  /** A buffer at the beginning of a stream. */
  public ReorderBuffer(long maxWaitNanos) {
    this.maxWaitNanos = maxWaitNanos;
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

  /** Returns, in order, what need not or can not wait any longer. */
  public List<Packet> release(long nowNanos, boolean everything) {
    List<Packet> released = new ArrayList<>();
    while (!waiting.isEmpty()) {
      if (padding.remove(next)) {
        released.add(new Packet(next++, 0, false, NOTHING, nowNanos));
        continue;
      }
      Map.Entry<Long, Packet> head = waiting.firstEntry();
      boolean due = next != UNKNOWN && head.getKey() == next;
      if (!due && !everything && nowNanos - head.getValue().arrivalNanos < maxWaitNanos) {
        break;
      }
      waiting.remove(head.getKey());
      next = head.getKey() + 1;
      padding.headSet(next).clear();
      released.add(head.getValue());
    }
    return released;
  }
}
