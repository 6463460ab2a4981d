/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.jingle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.perc4j.endpoint.jingle.ConferenceRequest.Answer;
import org.perc4j.endpoint.web.WebClient;

class HttpConferenceRequestTest {
  private static final String ROOM = "room@conference.meet.example";

  private HttpServer server;
  private volatile int status = 200;
  private volatile byte[] body = new byte[0];
  private volatile @Nullable String asked;
  private volatile @Nullable String authorization;

  @BeforeEach
  void starts() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/conference-request/v1",
        exchange -> {
          asked = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
          authorization = exchange.getRequestHeaders().getFirst("Authorization");
          exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void ends() {
    server.stop(0);
  }

  private HttpConferenceRequest request(@Nullable String token) {
    URI address =
        URI.create(
            "http://127.0.0.1:" + server.getAddress().getPort() + "/conference-request/v1?room=r");
    return new HttpConferenceRequest(
        WebClient.create().dangerouslyWithoutTls(), address, ROOM, token);
  }

  private void answers(int with, String text) {
    status = with;
    body = text.getBytes(StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "200,`{\"ready\":true,\"focusJid\":\"focus@x\"}`,READY",
        "200,`{\"ready\":false}`,NOT_YET",
        "200,`{}`,NOT_YET",
        "200,`not json`,NOT_YET",
        "200,`[]`,NOT_YET",
        "401,`{}`,NOT_AUTHORIZED",
        "403,``,NOT_AUTHORIZED",
        "400,``,REFUSED",
        "404,``,AWAY",
        "500,``,AWAY",
        "502,``,AWAY",
        "302,``,AWAY",
      })
  void readsWhatJicofoSays(int with, String text, Answer answer) {
    answers(with, text);
    assertEquals(answer, request(null).ask());
  }

  @Test
  void saysWhichRoomAndWhoAsks() {
    answers(200, "{}");
    Object unused = request("ey.J.W").ask();
    assertEquals("{\"room\":\"" + ROOM + "\",\"properties\":{}}", asked);
    assertEquals("Bearer ey.J.W", authorization);
    Object unusedToo = request(null).ask();
    assertNull(authorization);
    assertFalse(request("ey.J.W").toString().contains("ey"));
  }

  @Test
  void takesNoLongAnswers() {
    answers(200, "{\"ready\":true,\"more\":\"" + "x".repeat(70_000) + "\"}");
    assertEquals(Answer.AWAY, request(null).ask());
  }

  @Test
  void findsNobodyWhereNobodyIs() {
    HttpConferenceRequest request = request(null);
    server.stop(0);
    assertEquals(Answer.AWAY, request.ask());
  }
}
