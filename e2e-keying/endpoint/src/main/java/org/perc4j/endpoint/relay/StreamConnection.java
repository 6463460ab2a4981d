/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.relay;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.util.Arrays;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Messages one after the other in a stream, each a multiple of four octets (RFC 8656, section
 * 12.5). What is sent waits for a thread of its own, so that a slow stream blocks nobody: media
 * that are late are worth nothing.
 */
final class StreamConnection implements RelayConnection {
  private static final Logger LOGGER = Logger.getLogger(StreamConnection.class.getName());

  private static final int MAX_WAITING = 128;
  private static final int HEADER_BYTES = 4;

  private final Socket socket;
  private final InputStream input;
  private final BlockingQueue<byte[]> waiting = new ArrayBlockingQueue<>(MAX_WAITING);
  private final Thread writer;
  private volatile boolean closed;

  /**
   * Takes over a socket.
   *
   * @param socket connected, and secured if need be
   */
  StreamConnection(Socket socket, String name) throws IOException {
    this.socket = socket;
    this.input = new BufferedInputStream(socket.getInputStream());
    OutputStream output = socket.getOutputStream();
    writer = new Thread(() -> write(output), name + "-relay-out");
    writer.setDaemon(true);
    writer.start();
  }

  private void write(OutputStream output) {
    try {
      while (!closed) {
        output.write(waiting.take());
      }
    } catch (IOException e) {
      LOGGER.log(Level.FINE, "a relay's stream ended", e);
      close();
    } catch (InterruptedException e) {
      // closed
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void send(byte[] message) throws IOException {
    if (closed) {
      throw new IOException("closed");
    }
    byte[] padded = message;
    if (message.length % HEADER_BYTES != 0) {
      padded = Arrays.copyOf(message, StunMessage.padded(message.length));
    }
    boolean unused = waiting.offer(padded);
  }

  @Override
  public int receive(byte[] buffer) throws IOException {
    read(buffer, 0, HEADER_BYTES);
    int told = (buffer[2] & 0xFF) << Byte.SIZE | (buffer[3] & 0xFF);
    int length;
    int total;
    if (ChannelData.isChannelData(buffer, HEADER_BYTES)) {
      length = HEADER_BYTES + told;
      total = StunMessage.padded(length);
    } else if ((buffer[0] & 0xC0) == 0) {
      length = StunMessage.HEADER_BYTES + told;
      total = length;
    } else {
      throw new IOException("neither STUN nor ChannelData");
    }
    if (total > MAX_BYTES) {
      throw new IOException("a message of " + total + " octets");
    }
    read(buffer, HEADER_BYTES, total - HEADER_BYTES);
    return length;
  }

  private void read(byte[] buffer, int offset, int length) throws IOException {
    if (input.readNBytes(buffer, offset, length) < length) {
      throw new EOFException("the server ended it");
    }
  }

  @Override
  public boolean isReliable() {
    return true;
  }

  @Override
  public void close() {
    closed = true;
    writer.interrupt();
    try {
      socket.close();
    } catch (IOException e) {
      LOGGER.log(Level.FINE, "a relay's stream did not end well", e);
    }
  }
}
