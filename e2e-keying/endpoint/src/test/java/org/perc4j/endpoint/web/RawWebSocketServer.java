/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.web;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;

/** A WebSocket server (RFC 6455) on the loopback interface that does what a test tells it. */
final class RawWebSocketServer implements AutoCloseable {
  static final int TEXT = 1;
  static final int BINARY = 2;
  static final int CLOSE = 8;

  /** What happens after the handshake. */
  interface Conversation {
    void hold(Peer client) throws IOException;
  }

  /** The client, seen from the server. */
  static final class Peer {
    private final DataInputStream input;
    private final OutputStream output;

    Peer(Socket socket) throws IOException {
      input = new DataInputStream(socket.getInputStream());
      output = socket.getOutputStream();
    }

    void send(String text) throws IOException {
      byte[] octets = text.getBytes(StandardCharsets.UTF_8);
      sendHead(TEXT, true, octets.length);
      sendRaw(octets);
    }

    void sendHead(int opcode, boolean last, long length) throws IOException {
      sendRaw(
          ByteBuffer.allocate(10)
              .put((byte) (opcode | (last ? 0x80 : 0)))
              .put((byte) 127)
              .putLong(length)
              .array());
    }

    void sendRaw(byte[] octets) throws IOException {
      output.write(octets);
      output.flush();
    }

    /** The next text message of one frame. */
    String receive() throws IOException {
      while (true) {
        int opcode = input.readUnsignedByte() & 0x0F;
        int length = input.readUnsignedByte() & 0x7F;
        if (length == 126) {
          length = input.readUnsignedShort();
        } else if (length == 127) {
          length = Math.toIntExact(input.readLong());
        }
        byte[] mask = input.readNBytes(4);
        byte[] octets = input.readNBytes(length);
        for (int i = 0; i < octets.length; i++) {
          octets[i] ^= mask[i % 4];
        }
        if (opcode == TEXT) {
          return new String(octets, StandardCharsets.UTF_8);
        }
        if (opcode == CLOSE) {
          throw new EOFException("closed");
        }
      }
    }
  }

  private final ServerSocket listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  private final List<Socket> accepted = new CopyOnWriteArrayList<>();
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final String headers;
  private final Conversation conversation;

  /**
   * Listens.
   *
   * @param headers of the answer to the handshake, besides those that every one has
   */
  RawWebSocketServer(String headers, Conversation conversation) throws IOException {
    this.headers = headers;
    this.conversation = conversation;
    start(this::accept);
  }

  private static void start(Runnable task) {
    Thread thread = new Thread(task, "test server");
    thread.setDaemon(true);
    thread.start();
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = listening.accept();
        accepted.add(socket);
        start(() -> serve(socket));
      }
    } catch (IOException e) {
      // closed
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      String request = request(socket);
      requests.add(request);
      socket
          .getOutputStream()
          .write(
              ("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                      + "Sec-WebSocket-Accept: "
                      + accept(request)
                      + "\r\n"
                      + headers
                      + "\r\n")
                  .getBytes(StandardCharsets.US_ASCII));
      conversation.hold(new Peer(socket));
    } catch (IOException e) {
      // the client has gone
    }
  }

  private static String request(Socket socket) throws IOException {
    StringBuilder request = new StringBuilder();
    while (request.indexOf("\r\n\r\n") < 0) {
      int octet = socket.getInputStream().read();
      if (octet < 0) {
        throw new EOFException("no request");
      }
      request.append((char) octet);
    }
    return request.toString();
  }

  private static String accept(String request) {
    String key =
        request
            .lines()
            .filter(line -> line.toLowerCase(Locale.ROOT).startsWith("sec-websocket-key:"))
            .findFirst()
            .orElseThrow()
            .substring("sec-websocket-key:".length())
            .strip();
    try {
      return Base64.getEncoder()
          .encodeToString(
              MessageDigest.getInstance("SHA-1")
                  .digest(
                      (key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")
                          .getBytes(StandardCharsets.US_ASCII)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  URI uri() {
    return URI.create("ws://127.0.0.1:" + listening.getLocalPort() + "/xmpp-websocket?room=r");
  }

  List<String> requests() {
    return requests;
  }

  @Override
  public void close() throws IOException {
    listening.close();
    for (Socket socket : accepted) {
      socket.close();
    }
  }
}
