/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.embedded;

import org.perc4j.it.bridge.Bridge;
import org.perc4j.it.bridge.Room;
import org.perc4j.jvb.metrics.BridgeCounters;

/**
 * A bridge within this process. It speaks double SRTP only, forwards speech to everyone and video
 * by last-N, closes gaps in sequence numbers, answers negative acknowledgements from its cache, and
 * asks senders to repair.
 */
public final class EmbeddedBridge implements Bridge {
  private final BridgeCounters counters = new BridgeCounters();

  @Override
  public String description() {
    return "embedded bridge, not a Jitsi Videobridge";
  }

  @Override
  public Room createRoom(String name) {
    return new EmbeddedRoom(name, counters);
  }

  /** Returns what the outer layer counts. */
  public BridgeCounters counters() {
    return counters;
  }

  @Override
  public void close() {
    // Rooms close their transports themselves; there is nothing else.
  }
}
