/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.metrics;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;

/**
 * One counter per {@link BridgeCounter}. Thread-safe; counting takes no lock and allocates nothing.
 */
public final class BridgeCounters {
  private final Map<BridgeCounter, LongAdder> counters = new EnumMap<>(BridgeCounter.class);

  /** All counters at zero. */
  public BridgeCounters() {
    for (BridgeCounter counter : BridgeCounter.values()) {
      counters.put(counter, new LongAdder());
    }
  }

  /** Adds one. */
  public void count(BridgeCounter counter) {
    adder(counter).increment();
  }

  /** Adds one to both counters of a failure inside the plugin that cost a packet. */
  public void countPacketLostToFailure() {
    count(BridgeCounter.HOOK_FAILURES);
    count(BridgeCounter.DROPPED_HOOK_FAILURE);
  }

  /** The number counted so far; not an atomic snapshot while others count. */
  public long get(BridgeCounter counter) {
    return adder(counter).sum();
  }

  private LongAdder adder(BridgeCounter counter) {
    return Objects.requireNonNull(counters.get(counter));
  }
}
