/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.relay;

import java.io.Closeable;
import java.io.IOException;

/**
 * What carries messages between this side and a TURN server: STUN messages, and ChannelData (RFC
 * 8656, section 12.4). Thread-safe, for one reader; closing ends what blocks.
 */
interface RelayConnection extends Closeable {
  /** The longest message: a datagram of 1,500 octets, and what is around it. */
  int MAX_BYTES = StunMessage.MAX_BYTES;

  /** Sends a message, or drops it if too many wait already. */
  void send(byte[] message) throws IOException;

  /**
   * Waits for a message.
   *
   * @param buffer {@link #MAX_BYTES} long
   * @return its length
   * @throws IOException if the connection ended, or what came is no message
   */
  int receive(byte[] buffer) throws IOException;

  /** Whether what is sent arrives, so that it has not to be repeated. */
  boolean isReliable();

  @Override
  void close();
}
