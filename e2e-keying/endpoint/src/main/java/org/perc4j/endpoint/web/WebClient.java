/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.web;

import java.io.IOException;
import java.io.InputStream;
import java.net.Proxy;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import okhttp3.ConnectionPool;
import okhttp3.Dispatcher;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * How to talk to web servers: whom to trust, and how long to wait. Immutable and thread-safe.
 *
 * <p>TLS with a certificate for the host is required, of an authority that the JDK trusts unless
 * told. Redirects are not followed, cookies not kept, proxies not used.
 */
public final class WebClient {
  /** How long it may take to connect, and to get an answer, unless told. */
  public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(20);

  private static final int THREAD_IDLE_SECONDS = 5;

  /** OkHttp's own threads keep a Java machine from ending for a minute. */
  private static final ExecutorService THREADS =
      new ThreadPoolExecutor(
          0,
          Integer.MAX_VALUE,
          THREAD_IDLE_SECONDS,
          TimeUnit.SECONDS,
          new SynchronousQueue<>(),
          task -> {
            Thread thread = new Thread(task, "perc4j web");
            thread.setDaemon(true);
            return thread;
          });

  /** Made when it is first asked for: to read whom the JDK trusts takes a while. */
  private static final class Unchanged {
    static final WebClient CLIENT = make();
  }

  private final OkHttpClient client;
  private final boolean requiresTls;
  private final Duration timeout;
  private final SSLContext context;

  private WebClient(
      OkHttpClient client, SSLContext context, boolean requiresTls, Duration timeout) {
    this.client = client;
    this.context = context;
    this.requiresTls = requiresTls;
    this.timeout = timeout;
  }

  /** Trusts whom the JDK trusts, and waits as long as {@link #DEFAULT_TIMEOUT}. */
  public static WebClient create() {
    return Unchanged.CLIENT;
  }

  private static WebClient make() {
    OkHttpClient client =
        new OkHttpClient.Builder()
            .dispatcher(new Dispatcher(THREADS))
            .connectionPool(new ConnectionPool(5, THREAD_IDLE_SECONDS, TimeUnit.SECONDS))
            .protocols(List.of(Protocol.HTTP_1_1))
            .followRedirects(false)
            .followSslRedirects(false)
            // whose octets could not be counted, and which would have to be trusted with names
            .proxy(Proxy.NO_PROXY)
            .build();
    try {
      return new WebClient(client, SSLContext.getDefault(), true, DEFAULT_TIMEOUT);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("TLS is in every JDK", e);
    }
  }

  /**
   * Returns the same with other authorities. That a certificate is for the host is checked all the
   * same.
   *
   * @param trust decides about certificates in place of the JDK
   */
  public WebClient trusting(X509TrustManager trust) {
    try {
      SSLContext other = SSLContext.getInstance("TLS");
      other.init(null, new TrustManager[] {trust}, null);
      OkHttpClient trusting =
          client.newBuilder().sslSocketFactory(other.getSocketFactory(), trust).build();
      return new WebClient(trusting, other, requiresTls, timeout);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("TLS is in every JDK", e);
    }
  }

  /**
   * Returns the same with another time that it may take to connect, and as long again for an
   * answer.
   *
   * @param timeout 1 ms to one hour
   */
  public WebClient withTimeout(Duration timeout) {
    if (timeout.toMillis() < 1 || timeout.compareTo(Duration.ofHours(1)) > 0) {
      throw new IllegalArgumentException("a timeout of " + timeout);
    }
    return new WebClient(client, context, requiresTls, timeout);
  }

  /**
   * Returns the same, which takes {@code http} and {@code ws} as well: anybody on the way can read
   * and change everything. For tests on the loopback interface.
   */
  public WebClient dangerouslyWithoutTls() {
    return new WebClient(client, context, false, timeout);
  }

  /** Returns what checks certificates, for others that connect to the same deployment. */
  public SSLContext sslContext() {
    return context;
  }

  /** Whether it takes nothing but {@code https} and {@code wss}. */
  public boolean requiresTls() {
    return requiresTls;
  }

  /** Returns how long it may take to connect. */
  Duration timeout() {
    return timeout;
  }

  /** Returns what does the work, with a time that connecting, and each reading, may take. */
  OkHttpClient http(Duration timeout) {
    return client
        .newBuilder()
        .dispatcher(new Dispatcher(THREADS))
        .connectTimeout(timeout)
        .readTimeout(timeout)
        .writeTimeout(timeout)
        .build();
  }

  /** Name and port of an address, for messages. */
  static String authority(URI uri) {
    return WebException.printable(String.valueOf(uri.getRawAuthority()));
  }

  /** The address as OkHttp has it, which takes a WebSocket's for that of its request. */
  static HttpUrl httpUrl(URI uri) throws WebException {
    String address = uri.toString().replaceFirst("^(?i:ws)(s?:)", "http$1");
    HttpUrl url = HttpUrl.parse(address);
    if (url == null) {
      throw WebException.malformed("not an address: " + WebException.printable(address));
    }
    return url;
  }

  /**
   * Refuses what is not secure, or no address at all.
   *
   * @param secure the scheme that is taken
   * @param insecure the scheme that is taken if that was allowed
   */
  void requireSecure(URI uri, String secure, String insecure) throws WebException {
    String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
    if (uri.getHost() == null) {
      throw WebException.malformed(
          "no address with a host: " + WebException.printable(uri.getScheme() + "://..."));
    }
    if (!scheme.equals(secure) && (requiresTls || !scheme.equals(insecure))) {
      throw new WebException(
          WebException.Reason.NOT_SECURE,
          "%s of %s is refused: it has to be %s"
              .formatted(WebException.printable(scheme), authority(uri), secure));
    }
  }

  /**
   * What a server answered.
   *
   * @param status HTTP status
   * @param contentType media type without parameters in lower case, empty if none was told
   * @param location where it redirects to, as it is written, or null
   * @param body the body as UTF-8, with U+FFFD in place of what is not
   */
  public record Answer(int status, String contentType, @Nullable String location, String body) {}

  /**
   * Asks for something, and waits for it.
   *
   * @param uri {@code https}
   * @param maxBytes the longest body that is taken
   * @throws WebException if there is no answer, or a longer one
   */
  public Answer get(URI uri, int maxBytes) throws WebException {
    return execute(uri, new Request.Builder(), maxBytes);
  }

  /**
   * Sends something, and waits for the answer.
   *
   * @param uri {@code https}
   * @param headers further ones of the request
   * @param contentType media type of the body
   * @param body octets of the body
   * @param maxBytes the longest body that is taken
   * @throws WebException if there is no answer, or a longer one
   */
  public Answer post(
      URI uri, Map<String, String> headers, String contentType, byte[] body, int maxBytes)
      throws WebException {
    Request.Builder request =
        new Request.Builder().post(RequestBody.create(body, MediaType.get(contentType)));
    headers.forEach(request::header);
    return execute(uri, request, maxBytes);
  }

  private Answer execute(URI uri, Request.Builder request, int maxBytes) throws WebException {
    requireSecure(uri, "https", "http");
    OkHttpClient limited = http(timeout).newBuilder().callTimeout(timeout.multipliedBy(2)).build();
    try (Response response = limited.newCall(request.url(httpUrl(uri)).build()).execute()) {
      InputStream stream = response.body() == null ? null : response.body().byteStream();
      byte[] body = stream == null ? new byte[0] : stream.readNBytes(maxBytes + 1);
      if (body.length > maxBytes) {
        throw new WebException(
            WebException.Reason.TOO_LARGE,
            "%s answers with more than %d octets".formatted(authority(uri), maxBytes));
      }
      return new Answer(
          response.code(),
          mediaType(response.header("Content-Type")),
          response.header("Location"),
          new String(body, StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw WebException.of(authority(uri), e);
    }
  }

  private static String mediaType(@Nullable String contentType) {
    if (contentType == null) {
      return "";
    }
    int parameters = contentType.indexOf(';');
    return (parameters < 0 ? contentType : contentType.substring(0, parameters))
        .strip()
        .toLowerCase(Locale.ROOT);
  }
}
