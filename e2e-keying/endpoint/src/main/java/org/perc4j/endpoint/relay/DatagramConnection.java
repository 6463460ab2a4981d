/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.relay;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.PortUnreachableException;

/** One message in each datagram. */
final class DatagramConnection implements RelayConnection {
  private static final int RECEIVE_BUFFER_BYTES = 1 << 20;

  private final DatagramSocket socket;

  /**
   * Takes over a socket.
   *
   * @param socket connected to the server, so that nothing comes from elsewhere
   */
  DatagramConnection(DatagramSocket socket) throws IOException {
    this.socket = socket;
    socket.setReceiveBufferSize(RECEIVE_BUFFER_BYTES);
  }

  @Override
  public void send(byte[] message) throws IOException {
    try {
      socket.send(new DatagramPacket(message, message.length));
    } catch (PortUnreachableException e) {
      // Somebody on the way may say so, too: it is repeated as if it were lost.
    }
  }

  @Override
  public int receive(byte[] buffer) throws IOException {
    DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
    while (true) {
      try {
        socket.receive(packet);
        return packet.getLength();
      } catch (PortUnreachableException e) {
        // As in send.
      }
    }
  }

  @Override
  public boolean isReliable() {
    return false;
  }

  @Override
  public void close() {
    socket.close();
  }
}
