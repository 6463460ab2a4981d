/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.xmpp;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.Socket;
import org.perc4j.endpoint.relay.RelaySockets;

/** Sockets of the thread that asks. */
final class PlainSockets implements RelaySockets {
  @Override
  public Socket newSocket() {
    return new Socket();
  }

  @Override
  public DatagramSocket newDatagramSocket() throws IOException {
    return new DatagramSocket();
  }
}
