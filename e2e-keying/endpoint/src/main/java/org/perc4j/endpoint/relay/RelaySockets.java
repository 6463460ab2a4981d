/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.relay;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.Socket;

/** Makes sockets that are bound to any port, and not connected. Thread-safe. */
public interface RelaySockets {
  /** Makes one for a stream. */
  Socket newSocket() throws IOException, InterruptedException;

  /** Makes one for datagrams. */
  DatagramSocket newDatagramSocket() throws IOException, InterruptedException;
}
