/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.soak;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.perc4j.endpoint.media.MediaKind;
import org.perc4j.endpoint.rtp.LossTracker;
import org.perc4j.endpoint.signalling.Source;
import org.perc4j.it.endpoint.ArrivalListener;
import org.perc4j.it.endpoint.Endpoint;
import org.perc4j.it.endpoint.ReceivedStream.Arrival;
import org.perc4j.it.endpoint.SentStream;
import org.perc4j.it.harness.ServedTime;

/**
 * Compares what arrives with what was sent, octet by octet, and what is missing with what the
 * network is known to have lost. The latter can be told of audio, which nobody repairs and of which
 * the bridge forwards everything under its own numbers. Thread-safe.
 */
final class SoakLedger implements ArrivalListener {
  private static final int MIN_RTP_BYTES = 12;

  /** Longer than the network holds back, and than a conference pauses. */
  static final Duration PATIENCE = Duration.ofSeconds(4);

  private static final int LOSSES = 1024;

  /** Somebody's way through the network in one direction, and one stream on it. */
  private record Hop(String owner, boolean towardsBridge, int ssrc) {}

  /** The sequence numbers of the last packets that were lost, which is fewer than there are. */
  @SuppressWarnings("serial") // not serialized
  private static final class Losses extends LinkedHashMap<Integer, Boolean> {
    @Override
    protected boolean removeEldestEntry(Map.Entry<Integer, Boolean> eldest) {
      return size() > LOSSES;
    }
  }

  private static final class Progress {
    long highest = -1;

    /** Since when numbers have been missing, by {@link ServedTime#nanos}. */
    final Map<Long, Long> missing = new TreeMap<>();
  }

  private final Map<String, Endpoint> senders = new ConcurrentHashMap<>();
  private final Map<Hop, Losses> losses = new HashMap<>();
  private final Map<Hop, Progress> heard = new HashMap<>();
  private long arrived;
  private long foreign;
  private long lost;
  private long unexplained;

  /**
   * What became of all packets so far.
   *
   * @param arrived through all layers, for the first time
   * @param foreign of these are not what was sent
   * @param lost of audio, on the way to a receiver or on the way to the bridge
   * @param unexplained of audio are missing, and the network did not lose them
   */
  record Totals(long arrived, long foreign, long lost, long unexplained) {}

  /** Somebody is going to send. */
  void add(Endpoint sender) {
    senders.put(sender.id(), sender);
  }

  /** What somebody sent is not going to arrive any more, and nothing at it. */
  synchronized void remove(Endpoint endpoint) {
    senders.remove(endpoint.id());
    heard.keySet().removeIf(hop -> hop.owner().equals(endpoint.id()));
    losses.keySet().removeIf(hop -> hop.owner().equals(endpoint.id()));
  }

  /** Returns who is to be told of the packets that are lost on the way to the bridge. */
  Consumer<byte[]> lossBehind(String sender) {
    return packet -> onLoss(sender, true, packet);
  }

  /** Returns who is to be told of the packets that are lost on the way to a receiver. */
  Consumer<byte[]> lossBefore(String receiver) {
    return packet -> onLoss(receiver, false, packet);
  }

  private synchronized void onLoss(String owner, boolean towardsBridge, byte[] packet) {
    if (packet.length >= MIN_RTP_BYTES) {
      ByteBuffer header = ByteBuffer.wrap(packet);
      losses
          .computeIfAbsent(new Hop(owner, towardsBridge, header.getInt(8)), unused -> new Losses())
          .put(header.getShort(2) & 0xFFFF, true);
    }
  }

  @Override
  public void arrived(String receiver, Source source, Arrival arrival) {
    Endpoint sender = senders.get(source.owner());
    SentStream sent = sender == null ? null : sender.sent(source.kind());
    boolean same = sent != null && sent.isSame(arrival);
    synchronized (this) {
      arrived++;
      if (!same) {
        foreign++;
      }
      if (source.kind() == MediaKind.AUDIO) {
        onAudio(
            new Hop(source.owner(), true, source.ssrc()),
            new Hop(receiver, false, source.ssrc()),
            arrival);
      }
    }
  }

  private void onAudio(Hop first, Hop second, Arrival arrival) {
    Progress progress = heard.computeIfAbsent(second, unused -> new Progress());
    int number = arrival.sequenceNumber();
    long nowNanos = ServedTime.nanos();
    long unwrapped =
        progress.highest < 0 ? 0x10000L + number : LossTracker.unwrap(progress.highest, number);
    if (progress.highest >= 0) {
      for (long gap = progress.highest + 1; gap < unwrapped; gap++) {
        progress.missing.put(gap, nowNanos);
      }
    }
    progress.missing.remove(unwrapped);
    progress.highest = Math.max(progress.highest, unwrapped);
    judge(first, second, progress, nowNanos);
  }

  private void judge(Hop first, Hop second, Progress progress, long nowNanos) {
    Iterator<Map.Entry<Long, Long>> oldest = progress.missing.entrySet().iterator();
    while (oldest.hasNext()) {
      Map.Entry<Long, Long> gap = oldest.next();
      if (nowNanos - gap.getValue() < PATIENCE.toNanos()) {
        return;
      }
      oldest.remove();
      int number = (int) (gap.getKey() & 0xFFFF);
      if (wasLost(first, number) || wasLost(second, number)) {
        lost++;
      } else {
        unexplained++;
      }
    }
  }

  private boolean wasLost(Hop hop, int number) {
    Losses known = losses.get(hop);
    return known != null && known.containsKey(number);
  }

  synchronized Totals totals() {
    return new Totals(arrived, foreign, lost, unexplained);
  }
}
