/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.jingle;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.perc4j.endpoint.web.WebClient;
import org.perc4j.endpoint.web.WebException;

/**
 * Asks Jicofo over HTTP, where a deployment names an address for that ({@code
 * conferenceRequestUrl}). Thread-safe.
 */
public final class HttpConferenceRequest implements ConferenceRequest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int MAX_ANSWER_BYTES = 64 * 1024;

  private final WebClient web;
  private final URI address;
  private final String room;
  private final @Nullable String token;

  /**
   * Prepares requests.
   *
   * @param room bare JID
   * @param token a JWT that says who asks, or null
   */
  public HttpConferenceRequest(WebClient web, URI address, String room, @Nullable String token) {
    this.web = web;
    this.address = address;
    this.room = room;
    this.token = token;
  }

  @Override
  public Answer ask() {
    ObjectNode request = JSON.createObjectNode().put("room", room);
    request.putObject("properties");
    WebClient.Answer answer;
    try {
      answer =
          web.post(
              address,
              token == null ? Map.of() : Map.of("Authorization", "Bearer " + token),
              "application/json",
              request.toString().getBytes(StandardCharsets.UTF_8),
              MAX_ANSWER_BYTES);
    } catch (WebException e) {
      return Answer.AWAY;
    }
    return switch (answer.status()) {
      case 200 -> isReady(answer.body()) ? Answer.READY : Answer.NOT_YET;
      case 401, 403 -> Answer.NOT_AUTHORIZED;
      case 400, 405, 410 -> Answer.REFUSED;
      default -> Answer.AWAY;
    };
  }

  private static boolean isReady(String body) {
    try {
      return JSON.readTree(body).path("ready").asBoolean(false);
    } catch (JsonProcessingException e) {
      return false;
    }
  }

  /** Without the token. */
  @Override
  public String toString() {
    return "conference request for " + room + " at " + address.getRawAuthority();
  }
}
