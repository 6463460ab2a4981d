/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.endpoint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.perc4j.it.bridge.MediaKind;
import org.perc4j.it.bridge.Source;
import org.perc4j.it.media.LossTracker;
import org.perc4j.it.media.Rtcp;

/**
 * What an endpoint received from one source: the account, the recording, and what is to be asked
 * for. Thread-safe.
 */
public final class ReceivedStream {
  private static final long MAX_WAIT_NANOS = 1_000_000_000;
  private static final long KEY_FRAME_INTERVAL_NANOS = 500_000_000;
  private static final long UNKNOWN = -1;

  private final Source source;
  private final Recording recording;
  private final LossTracker losses = new LossTracker();
  private final ReorderBuffer reorder = new ReorderBuffer(MAX_WAIT_NANOS);
  private final Map<Long, byte[]> payloads = new LinkedHashMap<>();
  private long lastOrder = UNKNOWN;
  private long lastPacketNanos;
  private long longestGapNanos;
  private long lastKeyFrameRequestNanos;
  private long duplicates;
  private long repaired;
  private boolean closed;

  ReceivedStream(Source source, Path directory, String receiver) throws IOException {
    this.source = source;
    Files.createDirectories(directory);
    String name = receiver + "-from-" + source.owner();
    recording =
        source.kind() == MediaKind.AUDIO
            ? new AudioRecording(directory.resolve(name + ".ogg"))
            : new VideoRecording(directory.resolve(name + ".ivf"));
    lastKeyFrameRequestNanos = System.nanoTime();
  }

  /** A packet came with a sequence number of the bridge's, as itself or in a repair packet. */
  synchronized void onSequenceNumber(int sequenceNumber, boolean repair, long nowNanos) {
    losses.onPacket(sequenceNumber, nowNanos);
    if (repair) {
      repaired++;
    }
  }

  /** A packet came through all layers, with the header that its sender gave it. */
  synchronized void accept(
      int sequenceNumber, long timestamp, boolean marker, byte[] payload, long nowNanos)
      throws IOException {
    if (payloads.putIfAbsent(SentStream.key(timestamp, sequenceNumber), payload) != null) {
      duplicates++;
      return;
    }
    if (lastPacketNanos != 0) {
      longestGapNanos = Math.max(longestGapNanos, nowNanos - lastPacketNanos);
    }
    lastPacketNanos = nowNanos;
    long order =
        lastOrder == UNKNOWN
            ? 0x10000L + sequenceNumber
            : LossTracker.unwrap(lastOrder, sequenceNumber);
    lastOrder = Math.max(order, lastOrder);
    if (!closed) {
      reorder.add(new ReorderBuffer.Packet(order, timestamp, marker, payload, nowNanos));
      record(nowNanos, false);
    }
  }

  private void record(long nowNanos, boolean everything) throws IOException {
    for (ReorderBuffer.Packet packet : reorder.release(nowNanos, everything)) {
      recording.write(packet);
    }
  }

  /** Returns the bridge's sequence numbers to ask for now. */
  synchronized List<Integer> missing(long nowNanos) throws IOException {
    if (!closed) {
      record(nowNanos, false);
    }
    return source.rtxSsrc() == 0 ? List.of() : losses.due(nowNanos);
  }

  /** Tells, not too often, whether to ask for a key frame. */
  synchronized boolean wantsKeyFrame(long nowNanos) {
    if (!recording.needsKeyFrame()
        || nowNanos - lastPacketNanos > KEY_FRAME_INTERVAL_NANOS
        || nowNanos - lastKeyFrameRequestNanos < KEY_FRAME_INTERVAL_NANOS) {
      return false;
    }
    lastKeyFrameRequestNanos = nowNanos;
    return true;
  }

  synchronized Rtcp.ReportBlock reportBlock() {
    return new Rtcp.ReportBlock(
        source.ssrc(), 0, losses.cumulativeLost(), losses.extendedHighest());
  }

  /** Returns the source as it was announced. */
  public Source source() {
    return source;
  }

  /** Returns the payloads by what tells packets apart, in the order in which they came. */
  public synchronized Map<Long, byte[]> payloads() {
    return new LinkedHashMap<>(payloads);
  }

  /**
   * Returns the sequence numbers that the sender gave the packets, in the order in which they came.
   */
  public synchronized List<Integer> sequenceNumbers() {
    return payloads.keySet().stream().map(SentStream::sequenceNumber).toList();
  }

  /** Returns how many different packets came. */
  public synchronized int size() {
    return payloads.size();
  }

  /** Returns the longest time without a packet since this was asked last, and begins anew. */
  public synchronized Duration takeLongestGap() {
    long gap = longestGapNanos;
    if (lastPacketNanos != 0) {
      gap = Math.max(gap, System.nanoTime() - lastPacketNanos);
    }
    longestGapNanos = 0;
    return Duration.ofNanos(gap);
  }

  /** Returns how many packets came in repair packets. */
  public synchronized long repaired() {
    return repaired;
  }

  /** Returns the video frames that are in the recording; none for audio. */
  public synchronized List<byte[]> frames() {
    return recording instanceof VideoRecording video ? video.frames() : List.of();
  }

  /** Returns the file of the recording, complete only after the endpoint was closed. */
  public Path recording() {
    return recording.file();
  }

  synchronized void close() throws IOException {
    if (!closed) {
      closed = true;
      record(System.nanoTime(), true);
      recording.close();
    }
  }

  @Override
  public synchronized String toString() {
    return source.name()
        + ": "
        + payloads.size()
        + " packets, "
        + repaired
        + " repaired, "
        + duplicates
        + " duplicates";
  }
}
