/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.rtp;

import java.util.ArrayList;
import java.util.List;
import org.perc4j.endpoint.signalling.Source;

/** What comes of one source, all its encodings together. Not thread-safe. */
final class IncomingSource {
  private static final long KEY_FRAME_INTERVAL_NANOS = 500_000_000;

  private final Source source;
  private final List<IncomingStream> streams = new ArrayList<>();
  private int latestSsrc;
  private long lastPacketNanos;
  private long lastKeyFrameRequestNanos;
  private boolean hasCome;
  private long unrepaired;

  IncomingSource(Source source, long nowNanos) {
    this.source = source;
    for (Source.Encoding encoding : source.encodings()) {
      streams.add(new IncomingStream(encoding, source.kind().clockRate()));
    }
    latestSsrc = source.ssrc();
    lastKeyFrameRequestNanos = nowNanos;
  }

  Source source() {
    return source;
  }

  IncomingStream stream(int encoding) {
    return streams.get(encoding);
  }

  List<IncomingStream> streams() {
    return streams;
  }

  void onOtherBridge() {
    streams.forEach(IncomingStream::onOtherBridge);
  }

  /** A packet came through all layers. */
  void accept(
      int encoding,
      int bridgeSequenceNumber,
      long timestamp,
      boolean marker,
      byte[] payload,
      long nowNanos) {
    IncomingStream stream = streams.get(encoding);
    latestSsrc = stream.ssrc();
    lastPacketNanos = nowNanos;
    hasCome = true;
    stream.add(
        new ReorderBuffer.Packet(
            stream.order(bridgeSequenceNumber), timestamp, marker, payload, nowNanos));
  }

  /** Tells, not too often, whether to ask for a key frame of what comes. */
  boolean asksForKeyFrame(long nowNanos) {
    if (!hasCome
        || nowNanos - lastPacketNanos > KEY_FRAME_INTERVAL_NANOS
        || nowNanos - lastKeyFrameRequestNanos < KEY_FRAME_INTERVAL_NANOS) {
      return false;
    }
    lastKeyFrameRequestNanos = nowNanos;
    return true;
  }

  /** Returns how many packets nobody repaired, though they were asked for, since the last time. */
  int takeUnrepaired() {
    long all = 0;
    for (IncomingStream stream : streams) {
      all += stream.unrepaired();
    }
    int more = (int) (all - unrepaired);
    unrepaired = all;
    return more;
  }

  /** Returns the SSRC of the encoding that came last. */
  int latestSsrc() {
    return latestSsrc;
  }

  List<Rtcp.ReportBlock> reportBlocks(long nowNanos) {
    List<Rtcp.ReportBlock> blocks = new ArrayList<>();
    for (IncomingStream stream : streams) {
      Rtcp.ReportBlock block = stream.reportBlock(nowNanos);
      if (block != null) {
        blocks.add(block);
      }
    }
    return blocks;
  }
}
