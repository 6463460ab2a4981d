/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.video;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongPredicate;
import java.util.function.LongSupplier;

/**
 * The video streams that were last sent to one receiver, so that its bandwidth can be probed by
 * sending them once more. The bridge asks by the primary SSRC of a source; encodings of a double
 * source have one each.
 *
 * <p>{@link #sent} is for the thread that sends, and allocates nothing; {@link #toProbe} is for any
 * thread.
 */
public final class SentStreams {
  /** A stream that paused for longer is not probed with. */
  static final long RECENT_NANOS = 1_000_000_000;

  /** More than a receiver is shown at a time; what is not remembered is merely not repeated. */
  static final int MAX_STREAMS = 64;

  private final LongSupplier nanoClock;
  private final LongPredicate repairable;
  private volatile Stream[] streams = new Stream[0];

  /**
   * None yet.
   *
   * @param nanoClock the time, as {@link System#nanoTime}
   * @param repairable whether an SSRC has another one for retransmissions: repeating a packet under
   *     its own would use an outer index twice
   */
  public SentStreams(LongSupplier nanoClock, LongPredicate repairable) {
    this.nanoClock = nanoClock;
    this.repairable = repairable;
  }

  /** A packet of an SSRC is being sent. */
  public void sent(long ssrc) {
    long now = nanoClock.getAsLong();
    for (Stream stream : streams) {
      if (stream.ssrc == ssrc) {
        stream.sentNanos = now;
        return;
      }
    }
    List<Stream> kept = recent(now);
    if (kept.size() < MAX_STREAMS) {
      kept.add(new Stream(ssrc, now));
    }
    streams = kept.toArray(new Stream[0]);
  }

  /** The SSRCs to probe with, those first of which most recently something was sent. */
  public List<Long> toProbe() {
    long now = nanoClock.getAsLong();
    List<Stream> recent = recent(now);
    recent.removeIf(stream -> !repairable.test(stream.ssrc));
    // Copied, as times that change while they are compared are nothing that can be sorted.
    return recent.stream()
        .map(stream -> new Stream(stream.ssrc, stream.sentNanos))
        .sorted((a, b) -> Long.signum(b.sentNanos - a.sentNanos))
        .map(stream -> stream.ssrc)
        .toList();
  }

  private List<Stream> recent(long now) {
    List<Stream> recent = new ArrayList<>();
    for (Stream stream : streams) {
      if (now - stream.sentNanos < RECENT_NANOS) {
        recent.add(stream);
      }
    }
    return recent;
  }

  private static final class Stream {
    private final long ssrc;
    private volatile long sentNanos;

    Stream(long ssrc, long sentNanos) {
      this.ssrc = ssrc;
      this.sentNanos = sentNanos;
    }
  }
}
