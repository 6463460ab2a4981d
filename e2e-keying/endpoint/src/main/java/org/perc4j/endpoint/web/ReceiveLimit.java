/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.web;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Makes TCP sockets that break when too much arrives until somebody says that a message was
 * complete. OkHttp collects a message of any length, so that the octets have to be counted below
 * it. They are those of TLS, and never less than what is in them, as nothing is compressed.
 * Thread-safe; all its sockets count together.
 */
final class ReceiveLimit extends UnconnectedSockets {
  private final long limitBytes;
  private final AtomicLong sinceMessage = new AtomicLong();

  /** Counts up to a limit. */
  ReceiveLimit(long limitBytes) {
    this.limitBytes = limitBytes;
  }

  /** Begins to count anew. What was read ahead of the message's end counts for it. */
  void messageComplete() {
    sinceMessage.set(0);
  }

  private int count(int octets) throws WebException {
    if (octets > 0 && sinceMessage.addAndGet(octets) > limitBytes) {
      throw new WebException(
          WebException.Reason.TOO_LARGE, "a message has more than " + limitBytes + " octets");
    }
    return octets;
  }

  @Override
  public Socket createSocket() {
    return new Socket() {
      @Override
      public InputStream getInputStream() throws IOException {
        return new Counted(super.getInputStream());
      }
    };
  }

  private final class Counted extends FilterInputStream {
    Counted(InputStream input) {
      super(input);
    }

    @Override
    public int read() throws IOException {
      int octet = super.read();
      int unused = count(octet < 0 ? 0 : 1);
      return octet;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      return count(super.read(buffer, offset, length));
    }
  }
}
