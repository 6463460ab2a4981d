/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.bridge;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.perc4j.it.harness.Await;

/** The WebSocket between one endpoint and the bridge. Thread-safe. */
public final class BridgeChannel implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final WebSocket webSocket;
  private final Inbox inbox;

  private BridgeChannel(WebSocket webSocket, Inbox inbox) {
    this.webSocket = webSocket;
    this.inbox = inbox;
  }

  /** Connects to where the bridge says that an endpoint's WebSocket is. */
  public static BridgeChannel open(HttpClient http, URI uri)
      throws IOException, InterruptedException {
    Inbox inbox = new Inbox();
    WebSocket webSocket =
        await(
            http.newWebSocketBuilder().connectTimeout(Await.PATIENCE).buildAsync(uri, inbox),
            "opening " + uri);
    return new BridgeChannel(webSocket, inbox);
  }

  /** Says what video the endpoint wants. */
  public void send(ReceiverConstraints constraints) throws IOException, InterruptedException {
    ObjectNode message = JSON.createObjectNode().put("colibriClass", "ReceiverVideoConstraints");
    message.put("lastN", constraints.lastN());
    message.put("assumedBandwidthBps", constraints.assumedBandwidthBps());
    message.putObject("defaultConstraints").put("maxHeight", constraints.maxHeight());
    ArrayNode onStage = message.putArray("onStageSources");
    constraints.onStageSources().forEach(onStage::add);
    ArrayNode selected = message.putArray("selectedSources");
    constraints.selectedSources().forEach(selected::add);
    ObjectNode limits = message.putObject("constraints");
    constraints
        .limits()
        .forEach(
            (source, limit) ->
                limits
                    .putObject(source)
                    .put("maxHeight", limit.maxHeight())
                    .put("maxFrameRate", limit.maxFrameRate()));
    send(message.toString());
  }

  /** Says whether to send any audio. */
  public void sendAudioWanted(boolean wanted) throws IOException, InterruptedException {
    send(
        JSON.createObjectNode()
            .put("colibriClass", "ReceiverAudioSubscription")
            .put("all", wanted)
            .toString());
  }

  private synchronized void send(String message) throws IOException, InterruptedException {
    WebSocket unused = await(webSocket.sendText(message, true), "sending");
  }

  /** Returns who speaks, as the bridge last told, or null if it has not. */
  public @Nullable String dominantSpeaker() {
    return inbox.dominantSpeaker();
  }

  /** Returns what the bridge has told so far, oldest first. */
  public List<String> messages() {
    return inbox.messages();
  }

  /** Ends the connection. */
  @Override
  public void close() {
    CompletionStage<WebSocket> unused = webSocket.sendClose(WebSocket.NORMAL_CLOSURE, "");
  }

  private static <T> T await(CompletionStage<T> stage, String what)
      throws IOException, InterruptedException {
    try {
      return stage.toCompletableFuture().get(Await.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException("WebSocket to the bridge: " + what, e);
    }
  }

  private static final class Inbox implements WebSocket.Listener {
    private final StringBuilder partial = new StringBuilder();

    @GuardedBy("this")
    private final List<String> messages = new ArrayList<>();

    @GuardedBy("this")
    private @Nullable String dominantSpeaker;

    @Override
    public @Nullable CompletionStage<?> onText(
        WebSocket webSocket, CharSequence data, boolean last) {
      partial.append(data);
      if (last) {
        accept(partial.toString());
        partial.setLength(0);
      }
      webSocket.request(1);
      return null;
    }

    private synchronized void accept(String message) {
      messages.add(message);
      try {
        JsonNode json = JSON.readTree(message);
        if (json.path("colibriClass").asText().equals("DominantSpeakerEndpointChangeEvent")) {
          dominantSpeaker = json.path("dominantSpeakerEndpoint").asText();
        }
      } catch (JsonProcessingException e) {
        messages.add("not JSON: " + e.getOriginalMessage());
      }
    }

    synchronized @Nullable String dominantSpeaker() {
      return dominantSpeaker;
    }

    synchronized List<String> messages() {
      return List.copyOf(messages);
    }
  }
}
