/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.endpoint;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.perc4j.endpoint.media.VideoCodec;
import org.perc4j.it.media.LayerFrame;

/**
 * The account of what an endpoint sent of one source, before any protection, all encodings
 * together. Thread-safe.
 */
public final class SentStream {
  private static final int TAIL_BYTES = 48;
  private static final int ENCODING_SHIFT = 48;

  /**
   * A packet that was sent.
   *
   * @param nanos when, by {@link System#nanoTime}
   * @param encoding index in its source
   * @param timestamp RTP time, 32 bits
   * @param picture counts the pictures that were sent of the source, from 0; -1 for audio
   * @param frame null if it is not of a clip in layers
   * @param payload not copied
   */
  @SuppressWarnings("ArrayRecordComponent") // not compared
  public record Packet(
      long nanos,
      int encoding,
      int sequenceNumber,
      long timestamp,
      long picture,
      @Nullable LayerFrame frame,
      byte[] payload) {
    private long key() {
      return SentStream.key(encoding, timestamp, sequenceNumber);
    }
  }

  private final @Nullable VideoCodec codec;
  private final int capacity;
  private final Map<Long, Packet> packets = new LinkedHashMap<>();
  private final Map<ByteBuffer, List<Packet>> byTail = new HashMap<>();

  /**
   * An account.
   *
   * @param codec null for audio
   * @param capacity how many packets are kept
   */
  SentStream(@Nullable VideoCodec codec, int capacity) {
    this.codec = codec;
    this.capacity = capacity;
  }

  /** What tells the packets of a stream apart for longer than the sequence number does. */
  static long key(int encoding, long timestamp, int sequenceNumber) {
    return ((long) encoding << ENCODING_SHIFT) | (timestamp << 16) | sequenceNumber;
  }

  static int sequenceNumber(long key) {
    return (int) (key & 0xFFFF);
  }

  synchronized void add(Packet packet) {
    packets.put(packet.key(), packet);
    if (packets.size() > capacity) {
      Iterator<Packet> oldest = packets.values().iterator();
      forget(oldest.next());
      oldest.remove();
    }
    if (codec != null) {
      byTail
          .computeIfAbsent(tail(codec, packet.payload()), unused -> new ArrayList<>())
          .add(packet);
    }
  }

  private void forget(Packet packet) {
    if (codec != null) {
      ByteBuffer tail = tail(codec, packet.payload());
      List<Packet> alike = byTail.getOrDefault(tail, List.of());
      if (alike.size() > 1) {
        boolean unused = alike.remove(packet);
      } else {
        byTail.remove(tail);
      }
    }
  }

  /** The last octets without the descriptor, which a bridge that reads it also rewrites. */
  private static ByteBuffer tail(VideoCodec codec, byte[] payload) {
    int body = Math.min(codec.descriptorLength(payload), payload.length);
    return ByteBuffer.wrap(
        Arrays.copyOfRange(payload, Math.max(body, payload.length - TAIL_BYTES), payload.length));
  }

  /**
   * Finds the packet that arrived: by its number and octets, or, where the bridge has changed those
   * of an unprotected stream, the last one that was sent with the same end of its payload.
   *
   * @return null if none was sent like it
   */
  public synchronized @Nullable Packet find(ReceivedStream.Arrival arrival) {
    if (isSame(arrival)) {
      return packets.get(arrival.key());
    }
    Packet last = null;
    if (codec != null) {
      for (Packet packet : byTail.getOrDefault(tail(codec, arrival.payload()), List.of())) {
        if (packet.nanos() <= arrival.nanos()) {
          last = packet;
        }
      }
    }
    return last;
  }

  /** Tells whether a packet that arrived was sent under the same number, octet by octet. */
  public synchronized boolean isSame(ReceivedStream.Arrival arrival) {
    Packet sent = packets.get(arrival.key());
    return sent != null && Arrays.equals(sent.payload(), arrival.payload());
  }

  /** Returns the packets in the order in which they were sent. */
  public synchronized List<Packet> packets() {
    return List.copyOf(packets.values());
  }

  /** Returns the payloads by what tells packets apart, in the order in which they were sent. */
  public synchronized Map<Long, byte[]> payloads() {
    Map<Long, byte[]> payloads = new LinkedHashMap<>();
    packets.forEach((key, packet) -> payloads.put(key, packet.payload()));
    return payloads;
  }

  /** Returns how many packets were sent. */
  public synchronized int size() {
    return packets.size();
  }
}
