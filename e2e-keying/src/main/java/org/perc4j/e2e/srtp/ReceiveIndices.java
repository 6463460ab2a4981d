/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.srtp;

import org.jspecify.annotations.Nullable;
import org.perc4j.header.index.PacketIndex;
import org.perc4j.header.index.ReplayWindow;

/**
 * Under which indices a received packet may be tried, in which order, and which were received. The
 * package's documentation explains the search.
 *
 * <p>For each packet: {@link #begin}, then {@link #next} until the packet authenticates, which is
 * told by {@link #accept}, or until there is no further one, which {@link #refusal} explains. Only
 * {@code accept} makes or changes the state of a stream. Not thread-safe.
 */
final class ReceiveIndices {
  /** {@link #next} has no more. */
  static final long EXHAUSTED = -1;

  static final int WINDOW = 4096;

  /**
   * How many numbers of missed wraps the sequence number alone picks from. Prime, so that any run
   * of as many packets picks all of them, even if only each second or third packet is forwarded.
   */
  static final int SCHEDULE_LENGTH = 1021;

  /** A power of 2; see the package's documentation on streams not yet known. */
  private static final int UNKNOWN_STREAM_CURSORS = 64;

  private static final class Stream {
    final ReplayWindow window = new ReplayWindow(WINDOW);
    final SearchCursor cursor = new SearchCursor();
  }

  private final Layer layer;
  private final int initialRoc;
  private final StreamTable<Stream> streams;
  private final SearchCursor[] unknownStreamCursors = new SearchCursor[UNKNOWN_STREAM_CURSORS];

  // The packet under way.
  private int ssrc;
  private @Nullable Stream stream;
  private SearchCursor cursor;
  private int callsLeft;
  private boolean estimateUntried;
  private long estimate;
  private boolean scheduledUntried;
  private long scheduled;
  private long searchBase;
  private long current = EXHAUSTED;
  private DoubleSrtpResult refusal = DoubleSrtpResult.OK;

  /**
   * Nothing received yet.
   *
   * @param maxStreams for how many SSRCs state is kept: 1 or more
   * @param initialRoc the rollover counter that is tried first for a new SSRC, unsigned
   */
  ReceiveIndices(Layer layer, int maxStreams, int initialRoc) {
    this.layer = layer;
    this.initialRoc = initialRoc;
    this.streams = new StreamTable<>(maxStreams);
    for (int i = 0; i < UNKNOWN_STREAM_CURSORS; i++) {
      unknownStreamCursors[i] = new SearchCursor();
    }
    this.cursor = unknownStreamCursors[0];
  }

  /**
   * Starts with a packet.
   *
   * @param ssrc its SSRC
   * @param sequenceNumber its sequence number in this layer: 0 to 65535
   */
  void begin(int ssrc, int sequenceNumber) {
    this.ssrc = ssrc;
    current = EXHAUSTED;
    refusal = layer.authenticationFailed;
    callsLeft = layer.maxAeadCalls;
    stream = streams.get(ssrc);
    if (stream == null) {
      beginUnknown(sequenceNumber);
    } else {
      beginKnown(stream, sequenceNumber);
    }
    scheduled = searchBase + ((long) (sequenceNumber % SCHEDULE_LENGTH) << 16);
    scheduledUntried = scheduled != estimate && scheduled <= PacketIndex.MAX;
  }

  private void beginUnknown(int sequenceNumber) {
    if (streams.isFull()) {
      // Forgetting another stream to make room would let its packets be replayed.
      refusal = layer.tooManyStreams;
      callsLeft = 0;
    }
    cursor = unknownStreamCursor();
    estimate = PacketIndex.of(initialRoc, sequenceNumber);
    estimateUntried = true;
    searchBase = sequenceNumber;
  }

  private void beginKnown(Stream known, int sequenceNumber) {
    long highest = known.window.highest();
    cursor = known.cursor;
    estimate = PacketIndex.nearest(highest, sequenceNumber);
    searchBase = PacketIndex.next(highest, sequenceNumber);
    ReplayWindow.Verdict verdict = known.window.check(estimate);
    estimateUntried = verdict == ReplayWindow.Verdict.NEW && estimate <= PacketIndex.MAX;
    // Whatever the verdict, the search goes on above: after a gap of whole wraps the estimates of
    // new packets fall on old ones.
    if (verdict == ReplayWindow.Verdict.REPLAYED) {
      refusal = layer.replayed;
    } else if (verdict == ReplayWindow.Verdict.TOO_OLD) {
      refusal = layer.tooOld;
    }
  }

  /** The next index to try for this packet, or {@link #EXHAUSTED}. */
  long next() {
    current = callsLeft > 0 ? candidate() : EXHAUSTED;
    callsLeft--;
    return current;
  }

  private long candidate() {
    if (estimateUntried) {
      estimateUntried = false;
      return estimate;
    }
    if (scheduledUntried) {
      scheduledUntried = false;
      return scheduled;
    }
    long index = searchBase + (cursor.take() << 16);
    while (index == estimate || index == scheduled) {
      index = searchBase + (cursor.take() << 16);
    }
    if (index > PacketIndex.MAX) {
      // The end of all indices is nearer than the end of the sweep.
      cursor.startAgain();
      return EXHAUSTED;
    }
    return index;
  }

  /** The packet is authentic under the index that {@link #next} gave last. */
  void accept() {
    if (current == EXHAUSTED) {
      throw new IllegalStateException("no index was tried");
    }
    if (stream == null) {
      stream = new Stream();
      streams.put(ssrc, stream);
    }
    cursor.reset();
    stream.window.mark(current);
    current = EXHAUSTED;
  }

  private SearchCursor unknownStreamCursor() {
    return unknownStreamCursors[StreamTable.hash(ssrc) & UNKNOWN_STREAM_CURSORS - 1];
  }

  /** Why no index was found for this packet. */
  DoubleSrtpResult refusal() {
    return refusal;
  }
}
