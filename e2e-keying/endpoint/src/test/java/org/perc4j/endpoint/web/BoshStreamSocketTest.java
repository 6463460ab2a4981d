/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.perc4j.endpoint.web.WebException.Reason;

@Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class BoshStreamSocketTest {
  private static final WebClient WEB = WebClient.create().dangerouslyWithoutTls();
  private static final String EMPTY = "<body xmlns='http://jabber.org/protocol/httpbind'/>";
  private static final Pattern REQUEST_ID = Pattern.compile(" rid='([0-9]+)'");

  private final List<AutoCloseable> open = new ArrayList<>();

  @AfterEach
  void close() throws Exception {
    for (int i = open.size() - 1; i >= 0; i--) {
      open.get(i).close();
    }
  }

  private ScriptedBosh server(ScriptedBosh.Answers answers) throws IOException {
    ScriptedBosh server = new ScriptedBosh(answers);
    open.add(server);
    return server;
  }

  private Socket socket(ScriptedBosh server) throws IOException {
    Socket socket = XmppSockets.overBosh(WEB, server.uri(), "meet.example").createSocket();
    open.add(socket);
    return socket;
  }

  private static void connect(Socket socket) throws IOException {
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), 1), 30_000);
  }

  private Socket connected(ScriptedBosh server) throws IOException {
    Socket socket = socket(server);
    connect(socket);
    write(socket, "<stream:stream xmlns='jabber:client' to='meet.example'>");
    return socket;
  }

  private static void write(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String body(String content) {
    return "<body xmlns='http://jabber.org/protocol/httpbind'>" + content + "</body>";
  }

  private static final class Reader {
    private final InputStream input;
    private final StringBuilder got = new StringBuilder();

    Reader(Socket socket) throws IOException {
      input = socket.getInputStream();
    }

    void until(String text) throws IOException {
      while (got.indexOf(text) < 0) {
        int octet = input.read();
        assertTrue(octet >= 0, "ended behind " + got);
        got.append((char) octet);
      }
    }
  }

  @Test
  void carriesStreamBothWays() throws Exception {
    CountDownLatch sent = new CountDownLatch(1);
    AtomicInteger polls = new AtomicInteger();
    ScriptedBosh server =
        server(
            (number, request) -> {
              if (number == 0) {
                return ScriptedBosh.SESSION;
              }
              if (request.contains("type='terminate'")) {
                return "<body type='terminate' xmlns='http://jabber.org/protocol/httpbind'/>";
              }
              if (request.contains("xmpp:restart")) {
                return body("<features2/>");
              }
              if (request.contains("<message")) {
                sent.countDown();
                return body("<two/>");
              }
              if (polls.getAndIncrement() == 0) {
                // held until there is something to send
                sent.await();
                return body("<one xmlns='jabber:client'/>");
              }
              return EMPTY;
            });
    Socket socket = connected(server);
    Reader reader = new Reader(socket);
    reader.until("<stream:features/>");
    write(socket, "<message/>");
    reader.until("<two/>");
    write(socket, "<?xml version='1.0'?><stream:stream xmlns='jabber:client' to='meet.example'>");
    reader.until("<features2/>");
    write(socket, "</stream:stream>");
    reader.until("</stream:stream>");
    String header =
        "<?xml version='1.0'?><stream:stream xmlns='jabber:client'"
            + " xmlns:stream='http://etherx.jabber.org/streams' from='meet.example' id='s1'"
            + " version='1.0' xml:lang='en'>";
    assertEquals(
        header
            + "<stream:features/><one xmlns='jabber:client'/><two/>"
            + header
            + "<features2/></stream:stream>",
        reader.got.toString());
    List<String> requests = server.requests();
    assertTrue(requests.get(0).contains(" to='meet.example'"), requests.get(0));
    assertTrue(
        requests.stream().anyMatch(r -> r.contains("<message xmlns='jabber:client'/></body>")));
    List<Long> ids = requests.stream().map(BoshStreamSocketTest::requestId).sorted().toList();
    for (int i = 1; i < ids.size(); i++) {
      assertEquals(ids.get(0) + i, ids.get(i));
    }
  }

  private static long requestId(String request) {
    Matcher matcher = REQUEST_ID.matcher(request);
    assertTrue(matcher.find(), request);
    return Long.parseLong(matcher.group(1));
  }

  /** The answer to the first request comes behind that to the second one, but counts before it. */
  @Test
  void answersAreInOrderOfRequests() throws Exception {
    CountDownLatch second = new CountDownLatch(1);
    CountDownLatch never = new CountDownLatch(1);
    AtomicInteger polls = new AtomicInteger();
    ScriptedBosh server =
        server(
            (number, request) -> {
              if (number == 0) {
                return ScriptedBosh.SESSION;
              }
              if (request.contains("<message")) {
                second.countDown();
                return body("<two/>");
              }
              if (polls.getAndIncrement() == 0) {
                second.await();
                // the other answer is on its way
                assertTrue(!never.await(200, TimeUnit.MILLISECONDS));
                return body("<one/>");
              }
              never.await();
              return EMPTY;
            });
    Socket socket = connected(server);
    write(socket, "<message/>");
    Reader reader = new Reader(socket);
    reader.until("<two/>");
    assertTrue(reader.got.indexOf("<one/>") >= 0, reader.got.toString());
  }

  private WebException failureAfter(String answer) throws Exception {
    Socket socket =
        connected(server((number, request) -> number == 0 ? ScriptedBosh.SESSION : answer));
    return assertThrows(
        WebException.class,
        () -> {
          InputStream input = socket.getInputStream();
          while (input.read() >= 0) {
            // goes on
          }
        });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "text",
        "<body>",
        "<body><a></body>",
        "<body/><body/>",
        "<body/><a/>",
        "<html><body/></html>",
        "<body><!-- c --></body>",
        "<body type='error'/>"
      })
  void refusesMalformedAnswer(String answer) throws Exception {
    assertEquals(Reason.MALFORMED, failureAfter(answer).reason());
  }

  @Test
  void refusesElementThatIsTooLong() throws Exception {
    String answer = body("<a>" + "x".repeat(StreamNames.MAX_ELEMENT_BYTES) + "</a>");
    assertEquals(Reason.TOO_LARGE, failureAfter(answer).reason());
  }

  @Test
  void tellsThatTheSessionIsGone() throws Exception {
    WebException failure = failureAfter("<body type='terminate' condition='item-not-found'/>");
    assertEquals(Reason.CLOSED, failure.reason());
    assertTrue(String.valueOf(failure.getMessage()).contains("item-not-found"));
    assertEquals(Reason.REFUSED, failureAfter("!not found").reason());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"!no", "<body/>", "<body type='terminate' condition='host-unknown'/>", "x"})
  void refusesWhatMakesNoSession(String answer) throws Exception {
    Socket socket = socket(server((number, request) -> answer));
    assertThrows(WebException.class, () -> connect(socket));
  }

  @Test
  void sendsAgainWhatGotNoAnswer() throws Exception {
    Set<Long> failed = ConcurrentHashMap.newKeySet();
    ScriptedBosh server =
        server(
            (number, request) -> {
              if (number == 0) {
                return ScriptedBosh.SESSION;
              }
              if (failed.add(requestId(request))) {
                return "?";
              }
              return request.contains("<message") ? body("<answer/>") : EMPTY;
            });
    Socket socket = connected(server);
    write(socket, "<message/>");
    new Reader(socket).until("<answer/>");
  }

  @Test
  void opensAfterWebSocketWasRefused() throws Exception {
    ScriptedBosh server =
        server(
            (number, request) -> {
              if (request.isEmpty()) {
                return "!no WebSocket here";
              }
              return request.contains(" sid=") ? EMPTY : ScriptedBosh.SESSION;
            });
    URI webSocket = URI.create(server.uri().toString().replace("http", "ws"));
    Socket socket =
        XmppSockets.overWebSocket(WEB, webSocket.resolve("/xmpp-websocket"))
            .orElse(XmppSockets.overBosh(WEB, server.uri(), "meet.example"))
            .createSocket();
    open.add(socket);
    connect(socket);
    write(socket, "<stream:stream>");
    new Reader(socket).until("<stream:features/>");
  }

  @Test
  void tellsOfBothFailures() throws Exception {
    ScriptedBosh server = server((number, request) -> "!nothing here");
    URI webSocket = URI.create(server.uri().toString().replace("http:", "ws:"));
    Socket socket =
        XmppSockets.overWebSocket(WEB, webSocket)
            .orElse(XmppSockets.overBosh(WEB, server.uri(), "meet.example"))
            .createSocket();
    open.add(socket);
    WebException failure = assertThrows(WebException.class, () -> connect(socket));
    assertEquals(Reason.REFUSED, failure.reason());
    assertEquals(1, failure.getSuppressed().length);
  }
}
