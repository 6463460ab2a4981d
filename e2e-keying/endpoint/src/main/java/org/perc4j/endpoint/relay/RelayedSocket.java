/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.relay;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;

/**
 * An allocation that looks like a socket that is bound to the relayed address. Closing it closes
 * the allocation. Thread-safe.
 */
public final class RelayedSocket extends DatagramSocket {
  private static final int BUFFER_BYTES = 1 << 20;

  private final TurnAllocation allocation;
  private volatile int timeoutMillis;

  /** Shows an allocation, which is this socket's from now on. */
  public RelayedSocket(TurnAllocation allocation) throws SocketException {
    super((SocketAddress) null);
    this.allocation = allocation;
  }

  @Override
  public void send(DatagramPacket packet) throws IOException {
    if (!(packet.getSocketAddress() instanceof InetSocketAddress to)) {
      throw new SocketException("no address");
    }
    // ICE has a class of its own for addresses, which equals no other.
    allocation.send(
        new InetSocketAddress(to.getAddress(), to.getPort()),
        packet.getData(),
        packet.getOffset(),
        packet.getLength());
  }

  @Override
  public void receive(DatagramPacket packet) throws IOException {
    RelayedDatagram datagram;
    try {
      datagram = allocation.receive(timeoutMillis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException();
    } catch (IOException e) {
      SocketException ended = new SocketException("the relay's address is gone");
      ended.initCause(e);
      throw ended;
    }
    if (datagram == null) {
      throw new SocketTimeoutException();
    }
    int length = Math.min(datagram.data().length, packet.getData().length - packet.getOffset());
    System.arraycopy(datagram.data(), 0, packet.getData(), packet.getOffset(), length);
    packet.setLength(length);
    packet.setSocketAddress(datagram.peer());
  }

  @Override
  public InetAddress getLocalAddress() {
    return allocation.relayed().getAddress();
  }

  @Override
  public int getLocalPort() {
    return allocation.relayed().getPort();
  }

  @Override
  public SocketAddress getLocalSocketAddress() {
    return allocation.relayed();
  }

  @Override
  public boolean isBound() {
    return true;
  }

  @Override
  public boolean isClosed() {
    return allocation.isClosed();
  }

  @Override
  public void setSoTimeout(int timeout) {
    timeoutMillis = timeout;
  }

  @Override
  public int getSoTimeout() {
    return timeoutMillis;
  }

  @Override
  public int getReceiveBufferSize() {
    return BUFFER_BYTES;
  }

  @Override
  public void setReceiveBufferSize(int size) {
    // The allocation bounds what waits.
  }

  @Override
  public void close() {
    allocation.close();
    super.close();
  }
}
