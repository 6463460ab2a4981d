/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.web;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketImpl;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What looks like a TCP socket with a stream of XML in it, and is something else. {@code connect}
 * takes any address. One thread reads, others write one at a time, any thread closes.
 */
abstract class StreamSocket extends Socket {
  private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(30);

  private final OutputStream output = new Output();
  private volatile boolean opened;
  private volatile boolean closed;

  StreamSocket() throws SocketException {
    super((@Nullable SocketImpl) null);
  }

  /**
   * Opens it, once.
   *
   * @throws WebException if it cannot be opened, or not in that time
   */
  abstract void open(Duration timeout) throws IOException;

  /** What arrives. */
  abstract InputStream input() throws IOException;

  /** Takes what is written; waits while too much of it was not sent yet. */
  abstract void write(byte[] octets, int offset, int length) throws IOException;

  /** Ends it, and wakes all that wait. Called once, maybe before it is open; does not wait. */
  abstract void shut();

  @Override
  public final void connect(SocketAddress ignored) throws IOException {
    connect(ignored, 0);
  }

  @Override
  public final void connect(SocketAddress ignored, int timeoutMillis) throws IOException {
    if (closed) {
      throw new SocketException("Socket closed");
    }
    open(timeoutMillis == 0 ? DEFAULT_TIMEOUT : Duration.ofMillis(timeoutMillis));
    opened = true;
    if (closed) {
      throw new SocketException("Socket closed");
    }
  }

  @Override
  public final InputStream getInputStream() throws IOException {
    requireOpen();
    return input();
  }

  @Override
  public final OutputStream getOutputStream() throws IOException {
    requireOpen();
    return output;
  }

  private void requireOpen() throws SocketException {
    if (closed || !opened) {
      throw new SocketException(closed ? "Socket closed" : "Socket is not connected");
    }
  }

  @Override
  public final synchronized void close() {
    if (!closed) {
      closed = true;
      shut();
    }
  }

  @Override
  public final boolean isClosed() {
    return closed;
  }

  @Override
  public final boolean isConnected() {
    return opened;
  }

  private final class Output extends OutputStream {
    @Override
    public void write(int octet) throws IOException {
      write(new byte[] {(byte) octet}, 0, 1);
    }

    @Override
    public void write(byte[] octets, int offset, int length) throws IOException {
      Objects.checkFromIndexSize(offset, length, octets.length);
      requireOpen();
      StreamSocket.this.write(octets, offset, length);
    }

    @Override
    public void close() {
      StreamSocket.this.close();
    }
  }
}
