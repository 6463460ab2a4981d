/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.perc4j.endpoint.web.RawWebSocketServer.Conversation;
import org.perc4j.endpoint.web.WebException.Reason;

@Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class WebSocketStreamSocketTest {
  private static final String XMPP = "Sec-WebSocket-Protocol: xmpp\r\n";
  private static final int TIMEOUT_MILLIS = 30_000;

  private static final WebClient WEB = WebClient.create().dangerouslyWithoutTls();

  private final List<AutoCloseable> open = new ArrayList<>();

  @AfterEach
  void close() throws Exception {
    for (int i = open.size() - 1; i >= 0; i--) {
      open.get(i).close();
    }
  }

  private RawWebSocketServer server(String headers, Conversation conversation) throws IOException {
    RawWebSocketServer server = new RawWebSocketServer(headers, conversation);
    open.add(server);
    return server;
  }

  private Socket socket(URI uri) throws IOException {
    Socket socket = XmppSockets.overWebSocket(WEB, uri).createSocket();
    open.add(socket);
    return socket;
  }

  private static void connect(Socket socket, int timeoutMillis) throws IOException {
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), 1), timeoutMillis);
  }

  private Socket connected(Conversation conversation) throws IOException {
    Socket socket = socket(server(XMPP, conversation).uri());
    connect(socket, TIMEOUT_MILLIS);
    return socket;
  }

  private static void write(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Holds the connection until the client goes. */
  private static void idle(RawWebSocketServer.Peer client) throws IOException {
    while (!client.receive().isEmpty()) {
      // goes on
    }
  }

  @Test
  void carriesStreamBothWays() throws Exception {
    String large = "<message><body>" + "\u00fc".repeat(100_000) + "</body></message>";
    RawWebSocketServer server =
        server(
            XMPP,
            client -> {
              String opening = client.receive();
              client.send(opening.replace("to=", "from="));
              client.send(client.receive());
              String end = client.receive();
              client.send(end);
              idle(client);
            });
    Socket socket = socket(server.uri());
    connect(socket, TIMEOUT_MILLIS);
    write(socket, "<stream:stream xmlns='jabber:client' to='a'>");
    write(socket, large);
    write(socket, "</stream:stream>");
    String got = new String(readToEnd(socket), StandardCharsets.UTF_8);
    assertEquals(
        "<?xml version='1.0'?><stream:stream xmlns='jabber:client'"
            + " xmlns:stream='http://etherx.jabber.org/streams' from='a'>"
            + large.replace("<message>", "<message xmlns='jabber:client'>")
            + "</stream:stream>",
        got);
    String request = server.requests().get(0);
    assertTrue(request.startsWith("GET /xmpp-websocket?room=r HTTP/1.1\r\n"), request);
    assertTrue(request.contains("Sec-WebSocket-Protocol: xmpp\r\n"), request);
    assertFalse(request.contains("Sec-WebSocket-Extensions"), request);
  }

  /** Up to the end of the stream; the server may leave the connection open behind it. */
  private static byte[] readToEnd(Socket socket) throws IOException {
    InputStream input = socket.getInputStream();
    StringBuilder got = new StringBuilder();
    byte[] chunk = new byte[1000];
    while (got.indexOf("</stream:stream>") < 0) {
      int count = input.read(chunk);
      if (count < 0) {
        break;
      }
      got.append(new String(chunk, 0, count, StandardCharsets.ISO_8859_1));
    }
    return got.toString().getBytes(StandardCharsets.ISO_8859_1);
  }

  private static WebException failure(Socket socket) {
    return assertThrows(WebException.class, () -> readFully(socket));
  }

  private static void readFully(Socket socket) throws IOException {
    InputStream input = socket.getInputStream();
    while (input.read() >= 0) {
      // goes on
    }
  }

  @Test
  void endsWithTheStream() throws Exception {
    Socket socket =
        connected(
            client -> {
              client.send("<close xmlns='urn:ietf:params:xml:ns:xmpp-framing'/>");
              client.sendHead(RawWebSocketServer.CLOSE, true, 0);
            });
    assertEquals(
        "</stream:stream>",
        new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
  }

  @Test
  void refusesMalformedMessage() throws Exception {
    Socket socket =
        connected(
            client -> {
              client.send("<a></a><b>");
              idle(client);
            });
    assertEquals(Reason.MALFORMED, failure(socket).reason());
  }

  @Test
  void refusesBinaryMessage() throws Exception {
    Socket socket =
        connected(
            client -> {
              client.sendHead(RawWebSocketServer.BINARY, true, 4);
              client.sendRaw("<a/>".getBytes(StandardCharsets.US_ASCII));
              idle(client);
            });
    assertEquals(Reason.MALFORMED, failure(socket).reason());
  }

  @Test
  void refusesFrameThatIsNone() throws Exception {
    Socket socket =
        connected(
            client -> {
              client.sendRaw(new byte[] {(byte) 0xF3, 0x05, 1, 2, 3, 4, 5});
              idle(client);
            });
    assertEquals(Reason.MALFORMED, failure(socket).reason());
  }

  @Test
  void refusesMessageThatIsTooLong() throws Exception {
    Socket socket =
        connected(
            client -> {
              client.send("<a>" + "x".repeat(StreamNames.MAX_ELEMENT_BYTES) + "</a>");
              idle(client);
            });
    assertEquals(Reason.TOO_LARGE, failure(socket).reason());
  }

  /** It is not collected, as it never ends. */
  @Test
  void refusesMessageWithoutEnd() throws Exception {
    AtomicInteger sentKibibytes = new AtomicInteger();
    Socket socket =
        connected(
            client -> {
              client.sendHead(RawWebSocketServer.TEXT, true, Long.MAX_VALUE);
              while (sentKibibytes.incrementAndGet() < 64 * 1024) {
                client.sendRaw(new byte[1024]);
              }
            });
    assertEquals(Reason.TOO_LARGE, failure(socket).reason());
    assertTrue(sentKibibytes.get() < 32 * 1024, "sent " + sentKibibytes);
  }

  @Test
  void refusesFragmentsWithoutEnd() throws Exception {
    Socket socket =
        connected(
            client -> {
              client.sendHead(RawWebSocketServer.TEXT, false, 1024);
              while (true) {
                client.sendRaw(new byte[1024]);
                client.sendHead(0, false, 1024);
              }
            });
    assertEquals(Reason.TOO_LARGE, failure(socket).reason());
  }

  /** What is not read is not taken from the server for ever. */
  @Test
  void takesNoMoreThanIsRead() throws Exception {
    String message = "<a>" + "x".repeat(64 * 1024) + "</a>";
    AtomicInteger sent = new AtomicInteger();
    CountDownLatch done = new CountDownLatch(1);
    int messages = 500;
    Socket socket =
        connected(
            client -> {
              for (int i = 0; i < messages; i++) {
                client.send(message);
                sent.incrementAndGet();
              }
              done.countDown();
              idle(client);
            });
    // 32 MB: more than any socket's buffers, which is what the server can get rid of
    assertFalse(done.await(2, TimeUnit.SECONDS), "the server sent all");
    InputStream input = socket.getInputStream();
    long expected = (long) messages * message.length();
    for (long got = 0; got < expected; ) {
      got += input.readNBytes((int) Math.min(1 << 20, expected - got)).length;
    }
    assertEquals(messages, sent.get());
  }

  @Test
  void refusesCompressionThatIsImposed() throws Exception {
    Socket socket =
        socket(
            server(
                    XMPP + "Sec-WebSocket-Extensions: permessage-deflate\r\n",
                    WebSocketStreamSocketTest::idle)
                .uri());
    WebException refusal = assertThrows(WebException.class, () -> connect(socket, TIMEOUT_MILLIS));
    assertEquals(Reason.MALFORMED, refusal.reason());
  }

  @Test
  void refusesOtherProtocol() throws Exception {
    Socket socket = socket(server("", WebSocketStreamSocketTest::idle).uri());
    WebException refusal = assertThrows(WebException.class, () -> connect(socket, TIMEOUT_MILLIS));
    assertEquals(Reason.MALFORMED, refusal.reason());
  }

  @Test
  void tellsThatTheServerCloses() throws Exception {
    Socket socket =
        connected(
            client -> {
              client.sendHead(RawWebSocketServer.CLOSE, true, 6);
              client.sendRaw(new byte[] {0x03, (byte) 0xE9, 'b', 'y', 'e', '\n'});
              idle(client);
            });
    WebException failure = failure(socket);
    assertEquals(Reason.CLOSED, failure.reason());
    assertTrue(String.valueOf(failure.getMessage()).contains("1001 bye?"), failure.getMessage());
  }

  @Test
  void tellsThatTheConnectionBroke() throws Exception {
    Socket socket = connected(client -> {});
    assertEquals(Reason.CLOSED, failure(socket).reason());
    assertThrows(IOException.class, () -> write(socket, "<stream:stream><a/>"));
  }

  @Test
  void givesUpServerThatSaysNothing() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      Socket socket = socket(URI.create("ws://127.0.0.1:" + silent.getLocalPort() + "/"));
      WebException refusal = assertThrows(WebException.class, () -> connect(socket, 200));
      assertEquals(Reason.TIMEOUT, refusal.reason());
    }
  }

  @Test
  void tellsThatNobodyListens() throws Exception {
    int port;
    try (ServerSocket closed = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      port = closed.getLocalPort();
    }
    Socket socket = socket(URI.create("ws://127.0.0.1:" + port + "/"));
    WebException refusal = assertThrows(WebException.class, () -> connect(socket, TIMEOUT_MILLIS));
    assertEquals(Reason.UNREACHABLE, refusal.reason());
  }

  @Test
  void closingWakesReader() throws Exception {
    Socket socket = connected(WebSocketStreamSocketTest::idle);
    InputStream input = socket.getInputStream();
    CompletableFuture<Integer> reading = readLater(input);
    socket.close();
    CompletionException end = assertThrows(CompletionException.class, reading::join);
    assertTrue(end.getCause() instanceof SocketException, String.valueOf(end));
    assertTrue(socket.isClosed());
  }

  private static CompletableFuture<Integer> readLater(InputStream input) {
    CompletableFuture<Integer> reading = new CompletableFuture<>();
    Thread reader =
        new Thread(
            () -> {
              try {
                reading.complete(input.read());
              } catch (IOException e) {
                reading.completeExceptionally(e);
              }
            });
    reader.setDaemon(true);
    reader.start();
    return reading;
  }

  @Test
  void closingWakesWhoeverConnects() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      Socket socket = socket(URI.create("ws://127.0.0.1:" + silent.getLocalPort() + "/"));
      Thread closer =
          new Thread(
              () -> {
                try {
                  open.add(silent.accept());
                  socket.close();
                } catch (IOException e) {
                  // the test fails by itself
                }
              });
      closer.start();
      assertThrows(IOException.class, () -> connect(socket, TIMEOUT_MILLIS));
      closer.join();
    }
  }

  /** A server that does not read holds up whoever writes, until the socket is closed. */
  @Test
  void closingWakesWriter() throws Exception {
    CountDownLatch end = new CountDownLatch(1);
    Socket socket =
        connected(
            client -> {
              try {
                end.await();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    AtomicInteger written = new AtomicInteger();
    CompletableFuture<Void> writing = new CompletableFuture<>();
    Thread writer =
        new Thread(
            () -> {
              try {
                write(socket, "<stream:stream>");
                while (true) {
                  write(socket, "<a>" + "x".repeat(64 * 1024) + "</a>");
                  written.incrementAndGet();
                }
              } catch (IOException e) {
                writing.completeExceptionally(e);
              }
            });
    writer.setDaemon(true);
    writer.start();
    assertThrows(TimeoutException.class, () -> writing.get(2, TimeUnit.SECONDS));
    assertTrue(written.get() < 400, "wrote " + written);
    socket.close();
    assertThrows(CompletionException.class, writing::join);
    end.countDown();
  }

  @Test
  void plainAddressIsRefused() {
    for (String address : List.of("ws://127.0.0.1/", "http://127.0.0.1/", "https://127.0.0.1/")) {
      WebException refusal =
          assertThrows(
              WebException.class,
              () -> XmppSockets.overWebSocket(WebClient.create(), URI.create(address)));
      assertEquals(Reason.NOT_SECURE, refusal.reason());
    }
    WebException refusal =
        assertThrows(
            WebException.class,
            () -> XmppSockets.overBosh(WebClient.create(), URI.create("http://127.0.0.1/"), "a.b"));
    assertEquals(Reason.NOT_SECURE, refusal.reason());
  }
}
