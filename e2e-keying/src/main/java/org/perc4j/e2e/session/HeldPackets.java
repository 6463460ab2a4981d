/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.session;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.perc4j.e2e.srtp.DoubleSrtpResult;
import org.perc4j.e2e.srtp.MediaPacket;

/**
 * Copies of packets that no key opened. Some of them are ahead of the news of their epoch: a sender
 * that goes over at once is heard before the commit is. They are tried again with each epoch that
 * comes in a short time, and forgotten then.
 *
 * <p>Most of what is held in an attack is forged, so all is bounded: what is kept, and how often it
 * is tried. When all places are taken, a stream gets one of the stream that has the most, so that
 * few streams do not push others out. Nothing is done for packets that a key opens.
 *
 * <p>Thread-safe. Packets are tried and handed over without a lock.
 */
final class HeldPackets {
  static final int MAX_PACKETS = 256;

  /** Packets that are longer are not held. All that are held take 512 KiB at the most. */
  static final int MAX_PACKET_BYTES = 2048;

  static final int MAX_PACKETS_PER_SSRC = 64;

  /** How often packets are tried at the most when an epoch comes. */
  static final int MAX_ATTEMPTS_PER_EPOCH = 2 * MAX_PACKETS;

  static final long MAX_NANOS = TimeUnit.MILLISECONDS.toNanos(300);

  private static final int SSRC_OFFSET = 8;
  private static final int MIN_LENGTH_BYTES = 12;

  /** What became of a packet that was to be held. */
  enum Outcome {
    /** There is a copy of it. */
    HELD,
    /** There is no place for it. */
    NO_PLACE,
    /** An epoch has come since it was tried. */
    NEW_EPOCH
  }

  /** A copy of a packet. */
  private static final class Place {
    final byte[] octets = new byte[MAX_PACKET_BYTES];
    final MediaPacket packet = new MediaPacket();
    int ssrc;
    int length;
    long sinceNanos;

    /** Of the last attempt. */
    DoubleSrtpResult result = DoubleSrtpResult.NO_KEY_YET;

    void attempt(Function<MediaPacket, DoubleSrtpResult> opener) {
      result = opener.apply(packet.wrap(octets, 0, length));
    }
  }

  private final LongSupplier nanoTime;

  // Guarded by this.
  private final Deque<Place> free = new ArrayDeque<>();
  private final Map<Integer, Integer> packetsBySsrc = new HashMap<>();
  private List<Place> held = new ArrayList<>(); // oldest first
  private int places;
  private long inVain;
  private boolean closed;

  /** Counts the epochs. Written under the lock. */
  private volatile int epochs;

  HeldPackets(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /** Whether a packet that was refused so may be ahead of the news. */
  static boolean maybeAhead(DoubleSrtpResult result) {
    return result == DoubleSrtpResult.INNER_AUTHENTICATION_FAILED
        || result == DoubleSrtpResult.NO_KEY_YET;
  }

  /** Whether a key has opened it, be it for the first time or not: a repair may have been first. */
  private static boolean isAuthentic(DoubleSrtpResult result) {
    return result == DoubleSrtpResult.OK
        || result == DoubleSrtpResult.INNER_REPLAYED
        || result == DoubleSrtpResult.INNER_TOO_OLD;
  }

  /** Returns how many epochs have come; to be asked before a packet is tried. */
  int epochs() {
    return epochs;
  }

  /**
   * Keeps a copy of a packet.
   *
   * @param triedIn what {@link #epochs} said before it was tried
   */
  synchronized Outcome hold(MediaPacket packet, int triedIn) {
    if (triedIn != epochs) {
      return Outcome.NEW_EPOCH;
    }
    if (closed || packet.length() < MIN_LENGTH_BYTES || packet.length() > MAX_PACKET_BYTES) {
      return Outcome.NO_PLACE;
    }
    long now = nanoTime.getAsLong();
    expire(now);
    int ssrc = ssrc(packet);
    @Nullable Place place = placeFor(ssrc);
    if (place == null) {
      return Outcome.NO_PLACE;
    }
    System.arraycopy(packet.buffer(), packet.offset(), place.octets, 0, packet.length());
    place.length = packet.length();
    place.ssrc = ssrc;
    place.sinceNanos = now;
    held.add(place);
    packetsBySsrc.merge(ssrc, 1, Integer::sum);
    return Outcome.HELD;
  }

  private static int ssrc(MediaPacket packet) {
    int ssrc = 0;
    for (int i = 0; i < Integer.BYTES; i++) {
      ssrc = (ssrc << Byte.SIZE) | (packet.buffer()[packet.offset() + SSRC_OFFSET + i] & 0xFF);
    }
    return ssrc;
  }

  private @Nullable Place placeFor(int ssrc) {
    int own = packetsBySsrc.getOrDefault(ssrc, 0);
    if (own >= MAX_PACKETS_PER_SSRC) {
      return null;
    }
    if (free.isEmpty() && places < MAX_PACKETS) {
      places++;
      return new Place();
    }
    if (free.isEmpty()) {
      forgetOneOfMost(own + 1);
    }
    return free.poll();
  }

  /**
   * Takes its oldest packet's place from the stream that has the most, if it has more than that.
   */
  private void forgetOneOfMost(int more) {
    int most = more;
    int ssrc = 0;
    for (Map.Entry<Integer, Integer> entry : packetsBySsrc.entrySet()) {
      if (entry.getValue() > most) {
        most = entry.getValue();
        ssrc = entry.getKey();
      }
    }
    for (int i = 0; i < held.size() && most > more; i++) {
      if (held.get(i).ssrc == ssrc) {
        inVain++;
        release(held.remove(i));
        return;
      }
    }
  }

  private void expire(long now) {
    int expired = 0;
    while (expired < held.size() && now - held.get(expired).sinceNanos >= MAX_NANOS) {
      release(held.get(expired++));
    }
    inVain += expired;
    held.subList(0, expired).clear();
  }

  private void release(Place place) {
    free.add(place);
    packetsBySsrc.computeIfPresent(
        place.ssrc, (ssrc, packets) -> packets == 1 ? null : packets - 1);
  }

  /**
   * An epoch has come: tries what is held, and hands over what it opens, in the order in which it
   * came. What may be ahead of this epoch, too, is kept as long as it would have been.
   *
   * @param opener tries a packet in place, with the keys of that epoch
   * @param taker may use the packet until it returns
   */
  void newEpoch(Function<MediaPacket, DoubleSrtpResult> opener, Consumer<MediaPacket> taker) {
    List<Place> tried = takeAll();
    try {
      tryAll(tried, opener);
      for (Place place : tried) {
        if (place.result == DoubleSrtpResult.OK) {
          taker.accept(place.packet);
          Arrays.fill(place.octets, (byte) 0);
        }
      }
    } finally {
      putBack(tried);
    }
  }

  private synchronized List<Place> takeAll() {
    epochs++;
    expire(nanoTime.getAsLong());
    List<Place> all = held;
    held = new ArrayList<>();
    return all;
  }

  /**
   * Tries all, and those again that came before the first one of their stream that was opened: it
   * may have shown by whom they are.
   */
  private static void tryAll(List<Place> tried, Function<MediaPacket, DoubleSrtpResult> opener) {
    Set<Integer> opened = new HashSet<>();
    List<Place> early = new ArrayList<>();
    for (Place place : tried) {
      place.attempt(opener);
      if (place.result == DoubleSrtpResult.OK) {
        opened.add(place.ssrc);
      } else if (maybeAhead(place.result) && !opened.contains(place.ssrc)) {
        early.add(place);
      }
    }
    for (Place place : early) {
      if (opened.contains(place.ssrc)) {
        place.attempt(opener);
      }
    }
  }

  private synchronized void putBack(List<Place> tried) {
    if (closed) {
      return;
    }
    List<Place> later = held;
    held = new ArrayList<>();
    for (Place place : tried) {
      if (maybeAhead(place.result)) {
        held.add(place);
      } else {
        inVain += isAuthentic(place.result) ? 0 : 1;
        release(place);
      }
    }
    held.addAll(later);
  }

  /** Returns how many packets were held, and not opened in time. */
  synchronized long inVain() {
    expire(nanoTime.getAsLong());
    return inVain;
  }

  /** Returns how many places there are, taken or not. */
  synchronized int places() {
    return places;
  }

  /** Forgets all packets, and holds no more. */
  synchronized void close() {
    closed = true;
    held.clear();
    free.clear();
    packetsBySsrc.clear();
  }
}
