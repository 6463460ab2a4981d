/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.rtp;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.perc4j.endpoint.signalling.Source;

/**
 * What comes under one SSRC of media: which numbers are missing, in which order packets were sent,
 * what is reported. Sequence numbers are the bridge's, and begin anew with another bridge. Not
 * thread-safe.
 */
public final class IncomingStream {
  private static final long MAX_WAIT_NANOS = 1_000_000_000;
  private static final long UNKNOWN = -1;

  /** How long a packet waits for those before it where numbers begin. */
  private static final long START_WAIT_NANOS = 40_000_000;

  private static final int MAX_DISTANCE = 500;
  private static final long NUMBERS = 0x10000;
  private static final int FRACTION = 256;

  private final int ssrc;
  private final boolean repairable;
  private final MediaClock clock;
  private final ReorderBuffer reorder = new ReorderBuffer(MAX_WAIT_NANOS, START_WAIT_NANOS);
  private LossTracker losses;
  private long lastOrder = UNKNOWN;
  private boolean begins = true;
  private long givenUpBefore;
  private int lastSenderReport;
  private long lastSenderReportNanos;
  private int reportedHighest;
  private int reportedLost;

  /**
   * A stream of which nothing came yet.
   *
   * @param clockRate RTP timestamp units per second
   */
  public IncomingStream(Source.Encoding encoding, int clockRate) {
    clock = new MediaClock(clockRate);
    ssrc = encoding.ssrc();
    repairable = encoding.rtxSsrc() != 0;
    losses = new LossTracker(repairable);
  }

  /** Returns the SSRC. */
  public int ssrc() {
    return ssrc;
  }

  /** A packet came, as itself or in a repair packet. */
  public void onPacket(int sequenceNumber, long nowNanos) {
    losses.onPacket(sequenceNumber, nowNanos);
  }

  /** The bridge sent padding under a number of its own that otherwise media have. */
  public void onPadding(int sequenceNumber) {
    losses.onPadding(sequenceNumber);
    if (isNear(sequenceNumber)) {
      reorder.addPadding(LossTracker.unwrap(lastOrder, sequenceNumber));
    }
  }

  private boolean isNear(int sequenceNumber) {
    return !begins
        && Math.abs(LossTracker.unwrap(lastOrder, sequenceNumber) - lastOrder) <= MAX_DISTANCE;
  }

  /** What comes from now on comes from another bridge, with numbers of its own. */
  public void onOtherBridge() {
    begins = true;
    givenUpBefore += losses.givenUp();
    losses = new LossTracker(repairable);
    reportedHighest = 0;
    reportedLost = 0;
  }

  /**
   * Unwraps a number of the bridge's, for a packet that came through all layers; a bridge's numbers
   * come behind those of another before.
   */
  public long order(int sequenceNumber) {
    long order = LossTracker.unwrap(lastOrder, sequenceNumber);
    if (begins) {
      long base = ((lastOrder + NUMBERS - 1) & -NUMBERS) + NUMBERS;
      order = base + sequenceNumber;
      // The first that comes may have been overtaken by half of all numbers at most.
      reorder.beginAt(base - NUMBERS / 2);
    }
    begins = false;
    lastOrder = Math.max(order, lastOrder);
    return order;
  }

  /** Returns its sender's time; bridges change nothing about it. */
  public MediaClock clock() {
    return clock;
  }

  /** Keeps a packet until those before it came, or can no longer come. */
  public void add(ReorderBuffer.Packet packet) {
    if (packet.payload().length > 0) {
      clock.onMedia((int) packet.timestamp(), packet.arrivalNanos());
    }
    reorder.add(packet);
  }

  /** Returns, in the bridge's order, what need not or can not wait any longer. */
  public List<ReorderBuffer.Packet> release(long nowNanos, boolean everything) {
    return reorder.release(nowNanos, everything);
  }

  /**
   * Returns the sequence numbers to ask for now; none if nobody would repair them. For what is not
   * asked for any longer, nothing waits any longer.
   */
  public List<Integer> due(long nowNanos) {
    List<Integer> due = losses.due(nowNanos);
    for (int sequenceNumber : losses.takeAbandoned()) {
      if (isNear(sequenceNumber)) {
        reorder.abandon(LossTracker.unwrap(lastOrder, sequenceNumber));
      }
    }
    return due;
  }

  /** Returns how many packets nobody repaired, though they were asked for. */
  public long unrepaired() {
    return repairable ? givenUpBefore + losses.givenUp() : 0;
  }

  /** Its sender reported; by what is said of that the bridge knows how far it is. */
  public void onSenderReport(Rtcp.SenderReport report, long nowNanos) {
    lastSenderReport = (int) (report.ntpTime() >>> 16);
    lastSenderReportNanos = nowNanos;
    clock.onReport(report, nowNanos);
  }

  /**
   * Returns what is to be reported of it (RFC 3550, section 6.4.1), with the fraction that was lost
   * since this was asked last (appendix A.3); null if nothing came through all layers yet.
   */
  public Rtcp.@Nullable ReportBlock reportBlock(long nowNanos) {
    if (lastOrder == UNKNOWN) {
      return null;
    }
    int highest = losses.extendedHighest();
    int lost = losses.cumulativeLost();
    int expectedSince = highest - reportedHighest;
    int lostSince = lost - reportedLost;
    reportedHighest = highest;
    reportedLost = lost;
    return new Rtcp.ReportBlock(
        ssrc,
        expectedSince <= 0 || lostSince <= 0
            ? 0
            : Math.min(FRACTION - 1, lostSince * FRACTION / expectedSince),
        lost,
        highest,
        lastSenderReport,
        lastSenderReport == 0 ? 0 : shortNtp(nowNanos - lastSenderReportNanos));
  }

  /** In seconds times 2<sup>16</sup>. */
  private static int shortNtp(long nanos) {
    return (int) (nanos / 1e9 * (1 << 16));
  }
}
