/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.srtp;

/**
 * A packet that remembers, while it is inside the bridge, the header fields its sender protected.
 *
 * <p>The agent adds this interface and one int field to the bridge's RTP packet class, so that the
 * state follows the packet through every copy, cache and retransmission. The int is made and read
 * by {@link OriginalHeaders}; 0 means that the packet is not a double packet.
 */
public interface OriginalHeader {
  /** The state, 0 for none. */
  int perc4jOriginalHeader();

  /** Replaces the state. */
  void perc4jOriginalHeader(int state);
}
