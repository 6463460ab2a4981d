/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.congestion;

/**
 * Chooses how much to send of what there is in several qualities: encodings of a simulcast, or
 * layers of one, each of which needs those below it. Goes down at once, and up when there is room
 * to spare, later each time that it came down soon after. Not thread-safe.
 */
public final class EncodingLadder {
  /** What {@link #rung} is when nothing is to be sent. */
  public static final int NOTHING = -1;

  /** So much more than it takes there has to be to go up. */
  private static final double ROOM = 1.15;

  /** So much less than it takes may be there for a moment before it goes down. */
  private static final double TOLERANCE = 0.95;

  private static final long MIN_STAY_NANOS = 500_000_000L;
  private static final long FIRST_PAUSE_NANOS = 1_000_000_000L;
  private static final long MAX_PAUSE_NANOS = 32_000_000_000L;

  /** Who comes down within that time went up too early. */
  private static final long SOON_NANOS = 8_000_000_000L;

  private final double[] neededBps;
  private int rung = NOTHING;
  private boolean started;
  private long changedNanos;
  private long notUpBeforeNanos;
  private long pauseNanos = FIRST_PAUSE_NANOS;

  /**
   * A ladder, with nobody on it.
   *
   * @param neededBps what it takes to send each quality and all below it, ascending
   */
  public EncodingLadder(double... neededBps) {
    this.neededBps = neededBps.clone();
    for (int i = 1; i < neededBps.length; i++) {
      if (neededBps[i] <= neededBps[i - 1]) {
        throw new IllegalArgumentException("not ascending");
      }
    }
  }

  /**
   * Goes up or down.
   *
   * @param availableBps for all of it
   * @return the highest quality to send, or {@link #NOTHING}
   */
  public int update(double availableBps, long nowNanos) {
    if (!started) {
      started = true;
      notUpBeforeNanos = nowNanos;
      changedNanos = nowNanos - MIN_STAY_NANOS;
    }
    if (rung != NOTHING && availableBps < TOLERANCE * neededBps[rung]) {
      descend(availableBps, nowNanos);
    } else if (rung + 1 < neededBps.length
        && availableBps >= ROOM * neededBps[rung + 1]
        && nowNanos - notUpBeforeNanos >= 0
        && nowNanos - changedNanos >= MIN_STAY_NANOS) {
      ascend(availableBps, nowNanos);
    }
    return rung;
  }

  private void descend(double availableBps, long nowNanos) {
    while (rung != NOTHING && availableBps < TOLERANCE * neededBps[rung]) {
      rung--;
    }
    pauseNanos =
        nowNanos - changedNanos < SOON_NANOS
            ? Math.min(2 * pauseNanos, MAX_PAUSE_NANOS)
            : FIRST_PAUSE_NANOS;
    notUpBeforeNanos = nowNanos + pauseNanos;
    changedNanos = nowNanos;
  }

  private void ascend(double availableBps, long nowNanos) {
    while (rung + 1 < neededBps.length && availableBps >= ROOM * neededBps[rung + 1]) {
      rung++;
    }
    changedNanos = nowNanos;
  }

  /** Returns the highest quality to send, or {@link #NOTHING}. */
  public int rung() {
    return rung;
  }

  /** Returns what would have to be there to go up, or 0 if there is nothing above. */
  public double wantedBps() {
    return rung + 1 < neededBps.length ? ROOM * neededBps[neededBps.length - 1] : 0;
  }
}
