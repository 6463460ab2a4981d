/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.web;

import java.io.IOException;
import java.io.InputStream;
import java.net.SocketException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The first of two that can be opened. If the first one's server is not who it should be, the
 * second is not tried.
 */
final class AlternativesSocket extends StreamSocket {
  private final StreamSocket first;
  private final StreamSocket second;
  private final Object choice = new Object();
  private @Nullable StreamSocket chosen;
  private boolean shut;

  AlternativesSocket(StreamSocket first, StreamSocket second) throws SocketException {
    this.first = first;
    this.second = second;
  }

  @Override
  void open(Duration timeout) throws IOException {
    Duration half = timeout.dividedBy(2);
    try {
      choose(first);
      first.open(half);
    } catch (WebException e) {
      if (e.reason().isAboutIdentity()) {
        throw e;
      }
      openSecond(half, e);
    }
  }

  private void openSecond(Duration timeout, WebException before) throws IOException {
    first.close();
    try {
      choose(second);
      second.open(timeout);
    } catch (WebException e) {
      WebException both =
          new WebException(e.reason(), before.getMessage() + "; " + e.getMessage(), e);
      both.addSuppressed(before);
      throw both;
    }
  }

  private void choose(StreamSocket socket) throws SocketException {
    synchronized (choice) {
      if (shut) {
        throw new SocketException("Socket closed");
      }
      chosen = socket;
    }
  }

  private StreamSocket chosen() throws SocketException {
    synchronized (choice) {
      if (chosen == null) {
        throw new SocketException("Socket is not connected");
      }
      return chosen;
    }
  }

  @Override
  InputStream input() throws IOException {
    return chosen().input();
  }

  @Override
  void write(byte[] octets, int offset, int length) throws IOException {
    chosen().write(octets, offset, length);
  }

  @Override
  void shut() {
    synchronized (choice) {
      shut = true;
    }
    first.close();
    second.close();
  }
}
