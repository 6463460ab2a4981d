/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.bridge;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.perc4j.endpoint.signalling.SignallingException;
import org.perc4j.it.harness.Await;

/** The private HTTP interface of Jitsi's servers. Thread-safe. */
public final class HttpApi {
  private final URI base;
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();

  /** An interface on the loopback interface. */
  public HttpApi(int port) {
    base = URI.create("http://127.0.0.1:" + port);
  }

  /** Returns the TCP port. */
  public int port() {
    return base.getPort();
  }

  URI base() {
    return base;
  }

  HttpClient http() {
    return http;
  }

  /**
   * Tells whether the server answers that all is well.
   *
   * @param path such as {@code /about/health}
   */
  public boolean answers(String path) {
    try {
      return http.send(
                  HttpRequest.newBuilder(base.resolve(path)).timeout(Duration.ofSeconds(5)).build(),
                  HttpResponse.BodyHandlers.discarding())
              .statusCode()
          == 200;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /**
   * Reads.
   *
   * @param path such as {@code /metrics}
   * @param accept media type that is wanted
   */
  public String get(String path, String accept) throws IOException, InterruptedException {
    HttpResponse<String> response =
        http.send(
            HttpRequest.newBuilder(base.resolve(path))
                .timeout(Await.PATIENCE)
                .header("Accept", accept)
                .build(),
            HttpResponse.BodyHandlers.ofString());
    if (response.statusCode() != 200) {
      throw new SignallingException(path + ": " + response.statusCode(), response.statusCode());
    }
    return response.body();
  }
}
