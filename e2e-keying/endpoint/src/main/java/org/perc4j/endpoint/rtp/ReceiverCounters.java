/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.rtp;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.perc4j.e2e.srtp.DoubleSrtpResult;

/** What became of the packets that came. Thread-safe. */
public final class ReceiverCounters {
  private final Map<DoubleSrtpResult, AtomicLong> dropped = new EnumMap<>(DoubleSrtpResult.class);
  private final AtomicLong unknownSsrcs = new AtomicLong();
  private final AtomicLong emptyRepairs = new AtomicLong();
  private final AtomicLong repairs = new AtomicLong();
  private final AtomicLong hiddenHeaders = new AtomicLong();

  ReceiverCounters() {
    for (DoubleSrtpResult result : DoubleSrtpResult.values()) {
      dropped.put(result, new AtomicLong());
    }
  }

  /** Counts one that was dropped. */
  public void count(DoubleSrtpResult reason) {
    counter(reason).incrementAndGet();
  }

  private AtomicLong counter(DoubleSrtpResult reason) {
    AtomicLong count = dropped.get(reason);
    if (count == null) {
      throw new IllegalStateException("not counted: " + reason);
    }
    return count;
  }

  void countUnknownSsrc() {
    unknownSsrcs.incrementAndGet();
  }

  void countEmptyRepair() {
    emptyRepairs.incrementAndGet();
  }

  void countRepair() {
    repairs.incrementAndGet();
  }

  void countHiddenHeader() {
    hiddenHeaders.incrementAndGet();
  }

  /** Returns how many were dropped for a reason. */
  public long dropped(DoubleSrtpResult reason) {
    return counter(reason).get();
  }

  /** Returns how many had SSRCs that nobody announced. */
  public long unknownSsrcs() {
    return unknownSsrcs.get();
  }

  /** Returns how many of repair streams carried nothing to repair, as probes do. */
  public long emptyRepairs() {
    return emptyRepairs.get();
  }

  /** Returns how many were repair packets. */
  public long repairs() {
    return repairs.get();
  }

  /** Returns how many came with header extensions that the network could not see (RFC 9335). */
  public long hiddenHeaders() {
    return hiddenHeaders.get();
  }
}
