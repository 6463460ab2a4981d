/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.relay;

import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A connection without a server: the test takes what is sent, and says what arrives. */
final class ScriptedRelay implements RelayConnection {
  private static final byte[] END = new byte[0];

  private final BlockingQueue<byte[]> arriving = new LinkedBlockingQueue<>();
  private final BlockingQueue<byte[]> sent = new LinkedBlockingQueue<>();
  private final boolean reliable;
  private volatile boolean closed;

  ScriptedRelay(boolean reliable) {
    this.reliable = reliable;
  }

  /** Waits for what is sent next. */
  byte[] nextSent() throws InterruptedException {
    return Objects.requireNonNull(sent.poll(1, TimeUnit.MINUTES), "nothing was sent");
  }

  /** Returns what was sent, or null if there is nothing. */
  byte @Nullable [] pollSent() {
    return sent.poll();
  }

  /** Waits for a request. */
  StunMessage nextRequest() throws InterruptedException, MalformedStunException {
    byte[] next = nextSent();
    return StunMessage.parse(next, 0, next.length);
  }

  void arrives(byte[] message) {
    arriving.add(message);
  }

  boolean isClosed() {
    return closed;
  }

  @Override
  public void send(byte[] message) {
    sent.add(message);
  }

  @Override
  public int receive(byte[] buffer) throws IOException {
    try {
      byte[] next = arriving.take();
      if (next == END) {
        throw new IOException("the server ended it");
      }
      System.arraycopy(next, 0, buffer, 0, next.length);
      return next.length;
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  /** The server ends the connection. */
  void ends() {
    arriving.add(END);
  }

  @Override
  public boolean isReliable() {
    return reliable;
  }

  @Override
  public void close() {
    closed = true;
    ends();
  }
}
