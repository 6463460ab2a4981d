/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.web;

import java.io.IOException;
import java.io.InputStream;
import java.net.SocketException;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import okhttp3.Interceptor;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.WebSocket;
import okhttp3.WebSocketListener;
import okio.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * A stream over a WebSocket (RFC 7395). A message of the server's may have {@link
 * StreamNames#MAX_ELEMENT_BYTES} octets; no more is read while what has come is not read; text
 * only, without compression.
 */
final class WebSocketStreamSocket extends StreamSocket {
  private static final String SUBPROTOCOL = "xmpp";
  private static final String EXTENSIONS = "Sec-WebSocket-Extensions";
  private static final int NORMAL_CLOSURE = 1000;
  private static final int PROTOCOL_ERROR = 1002;
  private static final int NOT_SUPPORTED = 1003;

  /** What TLS and frames add to a message, and what is read ahead of the next. */
  private static final int OVERHEAD_BYTES = 256 * 1024;

  /** How much is handed over to be sent; OkHttp breaks the connection at 16 MiB. */
  private static final long MAX_UNSENT_BYTES = 512 * 1024;

  /** OkHttp does not tell when it has sent something. */
  private static final long LOOK_AGAIN_MILLIS = 10;

  private final WebClient web;
  private final URI uri;
  private final String host;
  private final IncomingOctets incoming = new IncomingOctets();
  private final WebSocketFraming framing = new WebSocketFraming(this::send);
  private final ReceiveLimit limit =
      new ReceiveLimit(StreamNames.MAX_ELEMENT_BYTES + OVERHEAD_BYTES);
  private final CompletableFuture<WebSocket> opening = new CompletableFuture<>();
  private final Object ends = new Object();
  private boolean ended;

  WebSocketStreamSocket(WebClient web, URI uri) throws SocketException {
    this.web = web;
    this.uri = uri;
    this.host = WebClient.authority(uri);
  }

  @Override
  void open(Duration timeout) throws IOException {
    OkHttpClient client =
        web.http(timeout)
            .newBuilder()
            .socketFactory(limit)
            .addInterceptor(WebSocketStreamSocket::withoutExtensions)
            .build();
    Request request =
        new Request.Builder()
            .url(WebClient.httpUrl(uri))
            .header("Sec-WebSocket-Protocol", SUBPROTOCOL)
            .build();
    WebSocket webSocket = client.newWebSocket(request, new Listener());
    boolean isOpen = false;
    try {
      WebSocket unused = opening.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
      isOpen = true;
    } catch (ExecutionException e) {
      throw WebException.of(host, e.getCause() == null ? e : e.getCause());
    } catch (TimeoutException e) {
      throw new WebException(
          WebException.Reason.TIMEOUT, host + " does not open a WebSocket in time", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SocketException("interrupted while connecting");
    } finally {
      if (!isOpen) {
        webSocket.cancel();
      }
    }
  }

  /** OkHttp offers to compress, and takes it if it is imposed: a small message could be huge. */
  private static Response withoutExtensions(Interceptor.Chain chain) throws IOException {
    Response response =
        chain.proceed(chain.request().newBuilder().removeHeader(EXTENSIONS).build());
    if (response.header(EXTENSIONS) != null) {
      response.close();
      throw WebException.malformed("the server imposes extensions on the WebSocket");
    }
    return response;
  }

  @Override
  InputStream input() {
    return incoming;
  }

  @Override
  void write(byte[] octets, int offset, int length) throws IOException {
    framing.write(octets, offset, length);
  }

  private void send(String message) throws IOException {
    WebSocket webSocket = opened();
    if (webSocket == null) {
      throw new SocketException("Socket is not connected");
    }
    synchronized (ends) {
      while (webSocket.queueSize() > MAX_UNSENT_BYTES && !ended) {
        try {
          ends.wait(LOOK_AGAIN_MILLIS);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw new SocketException("interrupted while sending");
        }
      }
      if (ended || !webSocket.send(message)) {
        throw new WebException(
            WebException.Reason.CLOSED, "the WebSocket to " + host + " has ended");
      }
    }
  }

  private @Nullable WebSocket opened() {
    return opening.isDone() && !opening.isCompletedExceptionally() ? opening.join() : null;
  }

  private void ended() {
    synchronized (ends) {
      ended = true;
      ends.notifyAll();
    }
  }

  @Override
  void shut() {
    ended();
    incoming.close();
    WebSocket webSocket = opened();
    if (webSocket == null) {
      // Whoever waits for it learns it from this.
      boolean unused = opening.completeExceptionally(new SocketException("Socket closed"));
    } else if (!webSocket.close(NORMAL_CLOSURE, null)) {
      webSocket.cancel();
    }
  }

  /** Breaks the connection: what the server sends is not to be had. */
  private void refuse(WebSocket webSocket, int code, WebException reason) {
    incoming.fail(reason);
    ended();
    boolean unused = webSocket.close(code, null);
    webSocket.cancel();
  }

  private final class Listener extends WebSocketListener {
    @Override
    public void onOpen(WebSocket webSocket, Response response) {
      if (!SUBPROTOCOL.equals(response.header("Sec-WebSocket-Protocol"))) {
        boolean unused =
            opening.completeExceptionally(
                WebException.malformed("the WebSocket of " + host + " does not speak XMPP"));
        webSocket.cancel();
      } else if (!opening.complete(webSocket)) {
        webSocket.cancel();
      }
      limit.messageComplete();
    }

    @Override
    public void onMessage(WebSocket webSocket, String text) {
      limit.messageComplete();
      try {
        framing.arrived(text, incoming::put);
      } catch (WebException e) {
        refuse(webSocket, PROTOCOL_ERROR, e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        webSocket.cancel();
      }
    }

    @Override
    public void onMessage(WebSocket webSocket, ByteString octets) {
      refuse(webSocket, NOT_SUPPORTED, WebException.malformed("a WebSocket message is not text"));
    }

    @Override
    public void onClosing(WebSocket webSocket, int code, String reason) {
      if (framing.isServerClosed()) {
        incoming.end();
      } else {
        incoming.fail(
            new WebException(
                WebException.Reason.CLOSED,
                "%s closed the WebSocket (%d %s)"
                    .formatted(host, code, WebException.printable(reason))));
      }
      ended();
      boolean unused = webSocket.close(NORMAL_CLOSURE, null);
    }

    @Override
    public void onFailure(WebSocket webSocket, Throwable failure, @Nullable Response response) {
      WebException reason =
          response != null && response.code() != 101
              ? WebException.refused(host, response.code())
              : WebException.of(host, failure);
      boolean unused = opening.completeExceptionally(reason);
      if (framing.isServerClosed()) {
        incoming.end();
      } else {
        incoming.fail(reason);
      }
      ended();
    }
  }
}
