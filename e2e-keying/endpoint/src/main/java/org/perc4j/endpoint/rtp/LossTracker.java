/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.rtp;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Finds gaps in the sequence numbers of a stream on one hop, and says when to ask for what. Not
 * thread-safe.
 */
public final class LossTracker {
  private static final long UNKNOWN = -1;
  private static final int MAX_GAP = 500;
  private static final long FIRST_WAIT_NANOS = 20_000_000;
  private static final long MIN_REPEAT_NANOS = 80_000_000;
  private static final long MAX_REPEAT_NANOS = 500_000_000;
  private static final int SMOOTHING = 8;

  /** Nobody waits any longer for what is missing. */
  private static final long MAX_ASKING_NANOS = 1_000_000_000;

  private static final int MAX_REQUESTS = 10;

  /**
   * Where nobody repairs, what is missing can only have been overtaken. Ten packets of speech are
   * more than networks let overtake one.
   */
  private static final long OVERTAKING_NANOS = 200_000_000;

  private static final class Gap {
    long firstRequestNanos;
    long nextRequestNanos;
    int requests;

    Gap(long nextRequestNanos) {
      this.nextRequestNanos = nextRequestNanos;
    }
  }

  private final Map<Long, Gap> missing = new TreeMap<>();

  /** Numbers ahead that padding had: nobody asks for them. */
  private final NavigableSet<Long> padding = new TreeSet<>();

  private long highest = UNKNOWN;
  private long first = UNKNOWN;
  private long received;
  private long givenUp;

  /** Given up since this was last asked, 16 bits each. */
  private List<Integer> abandoned = new ArrayList<>();

  private final boolean isRepaired;

  /**
   * How long a repair takes: who asks again earlier has the bridge send it again, which makes a
   * queue only longer. Counted from the first request, so that it is rather too long.
   */
  private long repairNanos;

  /** A tracker of a stream that somebody repairs. */
  public LossTracker() {
    this(true);
  }

  /**
   * A tracker at the beginning of a stream.
   *
   * @param isRepaired whether what is missing can be asked for
   */
  public LossTracker(boolean isRepaired) {
    this.isRepaired = isRepaired;
  }

  /** Takes note of a packet that came, as itself or in a repair packet. */
  public void onPacket(int sequenceNumber, long nowNanos) {
    received++;
    if (highest == UNKNOWN) {
      first = 0x10000L + sequenceNumber;
      highest = first;
      return;
    }
    long unwrapped = unwrap(highest, sequenceNumber);
    if (unwrapped > highest) {
      if (unwrapped - highest > MAX_GAP) {
        missing.clear();
      } else {
        for (long gap = highest + 1; gap < unwrapped; gap++) {
          if (padding.contains(gap)) {
            received++;
          } else {
            long wait = isRepaired ? FIRST_WAIT_NANOS : OVERTAKING_NANOS;
            missing.put(gap, new Gap(nowNanos + wait));
          }
        }
      }
      highest = unwrapped;
      padding.headSet(highest, true).clear();
    } else {
      Gap gap = missing.remove(unwrapped);
      if (gap != null && gap.requests > 0) {
        long nanos = nowNanos - gap.firstRequestNanos;
        repairNanos = repairNanos == 0 ? nanos : repairNanos + (nanos - repairNanos) / SMOOTHING;
      }
    }
  }

  /** Takes note of a number that padding had, which is not to be asked for. */
  public void onPadding(int sequenceNumber) {
    if (highest == UNKNOWN) {
      return;
    }
    long unwrapped = unwrap(highest, sequenceNumber);
    if (unwrapped <= highest) {
      if (missing.remove(unwrapped) != null) {
        received++;
      }
    } else if (unwrapped - highest <= MAX_GAP) {
      boolean unused = padding.add(unwrapped);
    }
  }

  /** The number nearest to a reference whose lowest 16 bits are given. */
  public static long unwrap(long reference, int sequenceNumber) {
    return reference + (short) (sequenceNumber - (int) reference);
  }

  private void abandon(long number) {
    // Nobody keeps an account of more than can be missing at once.
    if (abandoned.size() < MAX_GAP) {
      abandoned.add((int) (number & 0xFFFF));
    }
  }

  /**
   * Returns the sequence numbers that were given up since this was asked last, 16 bits each; they
   * may come nevertheless.
   */
  public List<Integer> takeAbandoned() {
    if (abandoned.isEmpty()) {
      return List.of();
    }
    List<Integer> taken = abandoned;
    abandoned = new ArrayList<>();
    return taken;
  }

  /** Returns the sequence numbers to ask for now; none if nobody would repair them. */
  public List<Integer> due(long nowNanos) {
    if (missing.isEmpty()) {
      return List.of();
    }
    List<Integer> due = new ArrayList<>();
    Iterator<Map.Entry<Long, Gap>> gaps = missing.entrySet().iterator();
    while (gaps.hasNext()) {
      Map.Entry<Long, Gap> entry = gaps.next();
      Gap gap = entry.getValue();
      if (nowNanos - gap.nextRequestNanos >= 0) {
        boolean tooLate = gap.requests > 0 && nowNanos - gap.firstRequestNanos > MAX_ASKING_NANOS;
        if (!isRepaired || gap.requests++ == MAX_REQUESTS || tooLate) {
          gaps.remove();
          givenUp++;
          abandon(entry.getKey());
        } else {
          if (gap.requests == 1) {
            gap.firstRequestNanos = nowNanos;
          }
          gap.nextRequestNanos =
              nowNanos + Math.max(MIN_REPEAT_NANOS, Math.min(repairNanos, MAX_REPEAT_NANOS));
          due.add((int) (entry.getKey() & 0xFFFF));
        }
      }
    }
    return due;
  }

  /** How many did not come in the time, though they were asked for as often as makes sense. */
  public long givenUp() {
    return givenUp;
  }

  /** The highest number so far with its wraps counted, for receiver reports. */
  public int extendedHighest() {
    return highest == UNKNOWN ? 0 : (int) (highest - 0x10000L);
  }

  /** How many are missing so far, for receiver reports. */
  public int cumulativeLost() {
    return highest == UNKNOWN ? 0 : (int) Math.max(0, highest - first + 1 - received);
  }
}
