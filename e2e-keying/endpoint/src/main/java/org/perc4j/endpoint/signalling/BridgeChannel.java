/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.signalling;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** The WebSocket between one endpoint and the bridge. Thread-safe. */
public final class BridgeChannel implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  /** A bridge names no more in a message than the endpoints and sources of a conference. */
  private static final int MAX_MESSAGE_CHARS = 1 << 20;

  private static final int MESSAGE_TOO_BIG = 1009;

  /** Takes what the bridge says. */
  public interface Listener {
    /**
     * A message, on a thread of the channel's that it must not block, one after the other.
     *
     * @param json as it was sent, up to a million characters; perhaps not even JSON
     */
    void received(String json);

    /** The connection is over, by the bridge or the network. */
    default void closed() {}
  }

  private final WebSocket webSocket;

  private BridgeChannel(WebSocket webSocket) {
    this.webSocket = webSocket;
  }

  /** Connects to where the bridge says that an endpoint's WebSocket is, and waits for it. */
  public static BridgeChannel open(HttpClient http, URI uri, Listener listener)
      throws IOException, InterruptedException {
    return opened(opening(http, uri, listener), uri);
  }

  /** Begins to connect, which ends within 30 s. */
  public static CompletableFuture<BridgeChannel> opening(
      HttpClient http, URI uri, Listener listener) {
    return http.newWebSocketBuilder()
        .connectTimeout(TIMEOUT)
        .buildAsync(uri, new Inbox(listener))
        .thenApply(BridgeChannel::new);
  }

  /** Waits for what was begun. */
  public static BridgeChannel opened(CompletableFuture<BridgeChannel> opening, URI uri)
      throws IOException, InterruptedException {
    return await(opening, "opening " + uri);
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

  /** Ends the connection. */
  @Override
  public void close() {
    CompletionStage<WebSocket> unused = webSocket.sendClose(WebSocket.NORMAL_CLOSURE, "");
  }

  private static <T> T await(CompletionStage<T> stage, String what)
      throws IOException, InterruptedException {
    try {
      return stage.toCompletableFuture().get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException("WebSocket to the bridge: " + what, e);
    }
  }

  private static final class Inbox implements WebSocket.Listener {
    private final Listener listener;
    private final StringBuilder partial = new StringBuilder();

    Inbox(Listener listener) {
      this.listener = listener;
    }

    @Override
    public @Nullable CompletionStage<?> onText(
        WebSocket webSocket, CharSequence data, boolean last) {
      if (partial.length() + data.length() > MAX_MESSAGE_CHARS) {
        partial.setLength(0);
        return webSocket.sendClose(MESSAGE_TOO_BIG, "");
      }
      partial.append(data);
      if (last) {
        String message = partial.toString();
        partial.setLength(0);
        listener.received(message);
      }
      webSocket.request(1);
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket webSocket, int code, String reason) {
      listener.closed();
      return null;
    }

    @Override
    public void onError(WebSocket webSocket, Throwable error) {
      listener.closed();
    }
  }
}
