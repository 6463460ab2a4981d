/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.transport;

import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.bouncycastle.tls.DatagramTransport;

/** The DTLS part of a transport that carries other packets as well (RFC 7983). */
final class QueuedDatagrams implements DatagramTransport {
  private static final int LIMIT_BYTES = 1350;
  private static final int CAPACITY = 64;

  /** Sends what is no media. */
  interface Outlet {
    void send(byte[] buffer, int offset, int length) throws IOException;
  }

  private final Outlet outlet;
  private final BlockingQueue<byte[]> received = new LinkedBlockingQueue<>(CAPACITY);
  private volatile boolean closed;

  QueuedDatagrams(Outlet outlet) {
    this.outlet = outlet;
  }

  /** Takes a datagram from the network; drops it, as a network may, if there are too many. */
  void offer(byte[] buffer, int length) {
    boolean unused = received.offer(Arrays.copyOf(buffer, length));
  }

  @Override
  public int getReceiveLimit() {
    return IceTransport.MAX_DATAGRAM_BYTES;
  }

  @Override
  public int getSendLimit() {
    return LIMIT_BYTES;
  }

  @Override
  public int receive(byte[] buffer, int offset, int length, int waitMillis) throws IOException {
    if (closed) {
      throw new IOException("closed");
    }
    try {
      byte[] datagram = received.poll(waitMillis, TimeUnit.MILLISECONDS);
      if (datagram == null) {
        return -1;
      }
      int copied = Math.min(length, datagram.length);
      System.arraycopy(datagram, 0, buffer, offset, copied);
      return copied;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  @Override
  public void send(byte[] buffer, int offset, int length) throws IOException {
    outlet.send(buffer, offset, length);
  }

  @Override
  public void close() {
    closed = true;
  }
}
