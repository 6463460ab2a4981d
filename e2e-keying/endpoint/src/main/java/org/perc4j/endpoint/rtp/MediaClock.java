/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.rtp;

/**
 * What time it was at a sender when it sampled what has an RTP timestamp, by its wall clock, from
 * its reports (RFC 3550, section 6.4.1). Streams of one sender have one such clock, so that its
 * sound and its pictures can be played in sync; clocks of different senders have nothing in common,
 * and none with the clock of this machine. Not thread-safe; times are nanoseconds.
 *
 * <p>Timestamps of media are the sender's. Reports are protected on the hop only: a bridge can make
 * up any. So
 *
 * <ul>
 *   <li>a report is passed over if its timestamp is not where media are by now, give or take a
 *       second;
 *   <li>what the clock says moves by {@link #MAX_STEP_NANOS} with each report, as it does when two
 *       clocks drift. If the sender set its clock, three reports in a row have to agree before the
 *       clock follows;
 *   <li>between two streams of one sender, {@link #leadNanos} says nothing beyond {@link
 *       #MAX_LEAD_NANOS}. That is what a bridge can put sound and pictures apart by, which it could
 *       do as well by delaying the one.
 * </ul>
 */
public final class MediaClock {
  /** What {@link #nanosSinceEpoch} returns as long as nothing is known. */
  public static final long UNKNOWN = Long.MIN_VALUE;

  /** By how much one report moves what the clock says. */
  public static final long MAX_STEP_NANOS = 5_000_000;

  /** What can be between the ways of sound and pictures. */
  public static final long MAX_LEAD_NANOS = 1_000_000_000;

  private static final long NANOS_PER_SECOND = 1_000_000_000;

  /** Between what a report says and where media are. */
  private static final long TOLERANCE_NANOS = NANOS_PER_SECOND;

  /** A network that stalls for longer is taken for timestamps that jump. */
  private static final long MAX_STALL_NANOS = 10 * NANOS_PER_SECOND;

  /** A clock that is further off was set. */
  private static final long MAX_ERROR_NANOS = 100_000_000;

  /** So many reports have to agree that a clock was set. */
  private static final int AGREEMENT = 3;

  /** Between 1900 and 1970. */
  private static final long NTP_EPOCH_SECONDS = 2_208_988_800L;

  /** RFC 4330, section 3: from 2036 on seconds begin anew, and the highest bit is 0. */
  private static final long ERA_SECONDS = 1L << 32;

  private final int clockRate;
  private boolean hasMedia;
  private int mediaTimestamp;
  private long mediaNanos;
  private boolean isKnown;
  private int anchorTimestamp;
  private long anchorNanos;
  private int disagreeing;
  private long disagreement;

  /**
   * A clock that knows nothing yet.
   *
   * @param clockRate RTP timestamp units per second
   */
  public MediaClock(int clockRate) {
    this.clockRate = clockRate;
  }

  /**
   * Takes note of an authentic packet. If timestamps have jumped, nothing is known any more.
   *
   * @param timestamp RTP time, 32 bits
   */
  public void onMedia(int timestamp, long nowNanos) {
    if (hasMedia) {
      boolean fits = distanceNanos(timestamp, nowNanos) <= MAX_STALL_NANOS;
      if (fits && timestamp - mediaTimestamp <= 0) {
        // One that was overtaken, or one of many packets of a picture.
        return;
      }
      isKnown &= fits;
    }
    hasMedia = true;
    mediaTimestamp = timestamp;
    mediaNanos = nowNanos;
  }

  /** Takes a report on the stream; one that cannot be is passed over. */
  public void onReport(Rtcp.SenderReport report, long nowNanos) {
    int timestamp = (int) report.rtpTimestamp();
    // A sender without a clock says 0.
    if (report.ntpTime() == 0
        || !hasMedia
        || distanceNanos(timestamp, nowNanos) > TOLERANCE_NANOS) {
      return;
    }
    long nanos = nanos(report.ntpTime());
    if (!isKnown) {
      anchor(timestamp, nanos);
      return;
    }
    long expected = nanosSinceEpoch(timestamp);
    long error = nanos - expected;
    if (Math.abs(error) <= MAX_ERROR_NANOS) {
      anchor(timestamp, expected + Math.max(-MAX_STEP_NANOS, Math.min(MAX_STEP_NANOS, error)));
    } else if (disagreeing > 0 && Math.abs(error - disagreement) <= MAX_ERROR_NANOS) {
      if (++disagreeing == AGREEMENT) {
        anchor(timestamp, nanos);
      }
    } else {
      disagreeing = 1;
      disagreement = error;
    }
  }

  private void anchor(int timestamp, long nanos) {
    isKnown = true;
    anchorTimestamp = timestamp;
    anchorNanos = nanos;
    disagreeing = 0;
  }

  /** Returns how far this is from where media are by now. */
  private long distanceNanos(int timestamp, long nowNanos) {
    long elapsed = nowNanos - mediaNanos;
    long units =
        elapsed / NANOS_PER_SECOND * clockRate
            + elapsed % NANOS_PER_SECOND * clockRate / NANOS_PER_SECOND;
    // Of 32 bits, as they wrap.
    return Math.abs(mediaNanos(timestamp - mediaTimestamp - (int) units));
  }

  private long mediaNanos(int units) {
    return units * NANOS_PER_SECOND / clockRate;
  }

  private static long nanos(long ntpTime) {
    long seconds = ntpTime >>> 32;
    long fraction = ntpTime & 0xFFFFFFFFL;
    if (ntpTime >= 0) {
      seconds += ERA_SECONDS;
    }
    return (seconds - NTP_EPOCH_SECONDS) * NANOS_PER_SECOND
        + ((fraction * NANOS_PER_SECOND) >>> 32);
  }

  /**
   * Returns the sender's time, in nanoseconds since 1970, or {@link #UNKNOWN}. It is good within
   * half of the range of timestamps around now, which is some hours.
   *
   * @param timestamp RTP time, 32 bits
   */
  public long nanosSinceEpoch(int timestamp) {
    return isKnown ? anchorNanos + mediaNanos(timestamp - anchorTimestamp) : UNKNOWN;
  }

  /**
   * Returns how much earlier sound comes than the pictures of the same moment, by the packets that
   * came last: by so much it has to be held back further. Negative if pictures come earlier; 0 if
   * one of the clocks knows nothing yet, or if what they say cannot be.
   *
   * @param sound of the same sender as
   * @param pictures of one encoding
   */
  public static long leadNanos(MediaClock sound, MediaClock pictures) {
    if (!sound.isKnown || !pictures.isKnown) {
      return 0;
    }
    long lead =
        (pictures.mediaNanos - pictures.nanosSinceEpoch(pictures.mediaTimestamp))
            - (sound.mediaNanos - sound.nanosSinceEpoch(sound.mediaTimestamp));
    return Math.abs(lead) <= MAX_LEAD_NANOS ? lead : 0;
  }
}
