/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.endpoint;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.perc4j.endpoint.rtp.Rtcp;

/** What an endpoint was told in RTCP. Thread-safe. */
public final class ReceivedReports {
  /**
   * A sender report, and what had come of that stream by then.
   *
   * @param nanos when it came, by {@link System#nanoTime}
   * @param packets that had come under its SSRC, without repair packets
   * @param latestTimestamp RTP time of the last of them, 32 bits; -1 if there was none
   */
  public record Sent(long nanos, Rtcp.SenderReport report, int packets, long latestTimestamp) {}

  private final List<Sent> sent = new ArrayList<>();
  private final Map<Integer, List<Rtcp.ReportBlock>> blocks = new HashMap<>();
  private final Map<Integer, Set<Integer>> missing = new HashMap<>();

  ReceivedReports() {}

  void add(Rtcp.SenderReport report, @Nullable ReceivedStream stream) {
    int packets = 0;
    long latestTimestamp = -1;
    if (stream != null) {
      for (ReceivedStream.Arrival arrival : stream.arrivals()) {
        if (arrival.ssrc() == report.ssrc()) {
          packets++;
          latestTimestamp = arrival.timestamp();
        }
      }
    }
    synchronized (this) {
      sent.add(new Sent(System.nanoTime(), report, packets, latestTimestamp));
    }
  }

  synchronized void add(Rtcp.ReportBlock block) {
    boolean unused = blocks.computeIfAbsent(block.ssrc(), ssrc -> new ArrayList<>()).add(block);
  }

  synchronized void addMissing(int ssrc, List<Integer> sequenceNumbers) {
    boolean unused = missing.computeIfAbsent(ssrc, key -> new TreeSet<>()).addAll(sequenceNumbers);
  }

  /** Returns the reports on the stream with an SSRC by its sender, in the order they came. */
  public synchronized List<Sent> senderReports(int ssrc) {
    return sent.stream().filter(report -> report.report().ssrc() == ssrc).toList();
  }

  /** Returns the reports on the stream with an SSRC by who receives it, in the order they came. */
  public synchronized List<Rtcp.ReportBlock> receiverReports(int ssrc) {
    return List.copyOf(blocks.getOrDefault(ssrc, List.of()));
  }

  /** Returns the SSRCs that reports by receivers were about. */
  public synchronized Set<Integer> reportedSsrcs() {
    return Set.copyOf(blocks.keySet());
  }

  /** Returns the sequence numbers that were said to be missing, by SSRC. */
  public synchronized Map<Integer, Set<Integer>> missing() {
    Map<Integer, Set<Integer>> copy = new HashMap<>();
    missing.forEach((ssrc, numbers) -> copy.put(ssrc, Set.copyOf(numbers)));
    return copy;
  }
}
