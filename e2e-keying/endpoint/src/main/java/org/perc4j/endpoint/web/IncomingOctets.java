/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.web;

import java.io.IOException;
import java.io.InputStream;
import java.net.SocketException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What has arrived and was not read yet. Whoever brings more waits while there is {@link
 * #CAPACITY_BYTES} or more of it, so that a server can send no faster than it is read. Thread-safe;
 * for one reader.
 */
final class IncomingOctets extends InputStream {
  /** From how much on nothing more is taken; one message more than this may be waiting. */
  static final int CAPACITY_BYTES = 256 * 1024;

  private final Deque<byte[]> chunks = new ArrayDeque<>();
  private int headPosition;
  private int queuedBytes;
  private boolean ended;
  private boolean closed;
  private @Nullable IOException failure;

  /**
   * Brings octets, as soon as there is room. Does nothing if nobody reads any more.
   *
   * @param octets are kept, not copied
   */
  synchronized void put(byte[] octets) throws InterruptedException {
    while (queuedBytes >= CAPACITY_BYTES && !closed) {
      wait();
    }
    putNow(octets);
  }

  /** Brings octets at once, whether there is room or not. For little that cannot wait. */
  synchronized void putNow(byte[] octets) {
    if (!closed && !ended && failure == null && octets.length > 0) {
      chunks.add(octets);
      queuedBytes += octets.length;
      notifyAll();
    }
  }

  /** Nothing more comes. What has come can be read. */
  synchronized void end() {
    ended = true;
    notifyAll();
  }

  /** Nothing more comes, for a reason. What came before it can be read. */
  synchronized void fail(IOException reason) {
    if (failure == null && !ended) {
      failure = reason;
      notifyAll();
    }
  }

  @Override
  public int read() throws IOException {
    byte[] octet = new byte[1];
    return read(octet, 0, 1) < 0 ? -1 : octet[0] & 0xFF;
  }

  @Override
  public synchronized int read(byte[] buffer, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, buffer.length);
    if (length == 0) {
      return 0;
    }
    while (chunks.isEmpty() && !closed && !ended && failure == null) {
      try {
        wait();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new SocketException("interrupted while reading");
      }
    }
    if (closed) {
      throw new SocketException("Socket closed");
    }
    byte[] head = chunks.peek();
    if (head == null) {
      if (failure != null) {
        throw failure;
      }
      return -1;
    }
    int count = Math.min(length, head.length - headPosition);
    System.arraycopy(head, headPosition, buffer, offset, count);
    headPosition += count;
    if (headPosition == head.length) {
      byte[] unused = chunks.remove();
      headPosition = 0;
    }
    queuedBytes -= count;
    notifyAll();
    return count;
  }

  @Override
  public synchronized int available() {
    return closed ? 0 : queuedBytes;
  }

  /** Wakes whoever reads or brings. */
  @Override
  public synchronized void close() {
    closed = true;
    chunks.clear();
    headPosition = 0;
    queuedBytes = 0;
    notifyAll();
  }
}
