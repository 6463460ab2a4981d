/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.web;

import java.net.InetAddress;
import java.net.Socket;
import javax.net.SocketFactory;

/** Makes sockets that whoever asks for them connects: {@link #createSocket()} is all there is. */
abstract class UnconnectedSockets extends SocketFactory {
  @Override
  public final Socket createSocket(String host, int port) {
    throw new UnsupportedOperationException("only unconnected ones");
  }

  @Override
  public final Socket createSocket(String host, int port, InetAddress local, int localPort) {
    throw new UnsupportedOperationException("only unconnected ones");
  }

  @Override
  public final Socket createSocket(InetAddress host, int port) {
    throw new UnsupportedOperationException("only unconnected ones");
  }

  @Override
  public final Socket createSocket(InetAddress host, int port, InetAddress local, int localPort) {
    throw new UnsupportedOperationException("only unconnected ones");
  }
}
