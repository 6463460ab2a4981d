/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.web;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** An HTTP server on the loopback interface that answers each body as a test tells it. */
final class ScriptedBosh implements AutoCloseable {
  static final String SESSION =
      "<body xmlns='http://jabber.org/protocol/httpbind' sid='s1' requests='2' wait='45'"
          + " xmlns:stream='http://etherx.jabber.org/streams'><stream:features/></body>";

  /** What a request is answered with. */
  interface Answers {
    /**
     * Returns what is sent back; with {@code !} in front it is not found, with {@code ?} there is
     * no answer.
     *
     * @param number of the request, from 0
     */
    String answer(int number, String request) throws InterruptedException;
  }

  private final HttpServer server =
      HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
  private final ExecutorService threads =
      Executors.newCachedThreadPool(
          task -> {
            Thread thread = new Thread(task, "test server");
            thread.setDaemon(true);
            return thread;
          });
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final Answers answers;
  private int count;

  ScriptedBosh(Answers answers) throws IOException {
    this.answers = answers;
    server.setExecutor(threads);
    server.createContext("/", this::serve);
    server.start();
  }

  private void serve(HttpExchange exchange) throws IOException {
    try (exchange) {
      String request = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      String answer = answers.answer(number(request), request);
      if (answer.startsWith("?")) {
        return;
      }
      byte[] octets = answer.getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(answer.startsWith("!") ? 404 : 200, octets.length);
      exchange.getResponseBody().write(octets);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized int number(String request) {
    requests.add(request);
    return count++;
  }

  URI uri() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/http-bind?room=r");
  }

  List<String> requests() {
    return requests;
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
