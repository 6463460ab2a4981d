/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.relay;

import java.net.InetSocketAddress;

/** What came for an allocation. Its data are the receiver's own. */
final class RelayedDatagram {
  /** Nothing comes any more. */
  static final RelayedDatagram END = new RelayedDatagram(new InetSocketAddress(0), new byte[0]);

  private final InetSocketAddress peer;
  private final byte[] data;

  RelayedDatagram(InetSocketAddress peer, byte[] data) {
    this.peer = peer;
    this.data = data;
  }

  boolean isEnd() {
    return this == END;
  }

  /** Returns who sent it. */
  InetSocketAddress peer() {
    return peer;
  }

  byte[] data() {
    return data;
  }
}
