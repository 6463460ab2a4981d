/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.web;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import okhttp3.Call;
import okhttp3.Callback;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okhttp3.ResponseBody;
import org.jspecify.annotations.Nullable;

/**
 * A stream over HTTP requests that the server holds until it has something to say (XEP-0124, with
 * the streams of XEP-0206). One request is always there for the server to answer; a second one goes
 * out when there is something to send, and makes the server answer the first. A request that gets
 * no answer is sent again, which a server takes for the same one: a web server in between may be
 * restarted. When that has not helped for some ten seconds, or an answer is cut off, the connection
 * is broken.
 *
 * <p>Answers are taken in the order of their requests, whichever comes first, and their elements
 * are read no faster than whoever reads the stream takes them.
 */
final class BoshStreamSocket extends StreamSocket {
  private static final String BODY_START = "<body xmlns='http://jabber.org/protocol/httpbind'";
  private static final String XBOSH = " xmlns:xmpp='urn:xmpp:xbosh'";
  private static final MediaType XML = MediaType.get("text/xml; charset=utf-8");

  /** Less than the 60 s after which nginx, unless told, gives up a server that says nothing. */
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(45);

  /** How much longer than that an answer may take. */
  private static final Duration WAIT_MARGIN = Duration.ofSeconds(30);

  private static final int MAX_REQUESTS = 2;

  /** How much is sent in one request, unless one element has more. */
  private static final int MAX_REQUEST_CHARS = 64 * 1024;

  /** How much may wait to be sent, unless one element has more. */
  private static final int MAX_PENDING_CHARS = 256 * 1024;

  private static final int MAX_ATTEMPTS = 20;

  /**
   * How long to wait until a request is sent again; and from then until the next one is sent. When
   * requests come in another order than they have, Prosody gives up a session of which it has seen
   * the first one before.
   */
  private static final long RETRY_DELAY_MILLIS = 500;

  private static final long RETRY_DELAY_NANOS = TimeUnit.MILLISECONDS.toNanos(RETRY_DELAY_MILLIS);

  /** What a web server says while the server behind it does not answer. */
  private static final Set<Integer> NO_ANSWER = Set.of(502, 503, 504);

  /** Request identifiers have to stay below 2 to the 53rd (XEP-0124 section 14.1). */
  private static final int REQUEST_ID_BITS = 52;

  private final WebClient web;
  private final URI uri;
  private final String host;
  private final String domain;
  private final IncomingOctets incoming = new IncomingOctets();
  private final ElementSplitter outgoing =
      new ElementSplitter(StreamNames.ROOT, StreamNames.MAX_ELEMENT_BYTES, new Outgoing());

  /** Guards all below; nothing that may take long is done under it. */
  private final Object lock = new Object();

  private final CountDownLatch over = new CountDownLatch(1);

  private final Deque<String> pending = new ArrayDeque<>();
  private final TreeMap<Long, Call> calls = new TreeMap<>();
  private final TreeMap<Long, Response> answers = new TreeMap<>();
  private @Nullable OkHttpClient client;
  private String session = "";
  private String streamAttributes = "";
  private int pendingChars;
  private int maxRequests = MAX_REQUESTS;
  private long nextRequest;
  private long nextAnswer;
  private boolean streamStarted;
  private boolean restartWanted;
  private boolean endWanted;
  private boolean endSent;
  private boolean reading;
  private boolean ended;

  /** How many requests wait to be sent again, and when the last one that did was sent. */
  private int waiting;

  private long sentAgainAtNanos = System.nanoTime() - RETRY_DELAY_NANOS;

  BoshStreamSocket(WebClient web, URI uri, String domain, SecureRandom random)
      throws SocketException {
    this.web = web;
    this.uri = uri;
    this.host = WebClient.authority(uri);
    this.domain = domain;
    this.nextRequest = (random.nextLong() >>> (Long.SIZE - REQUEST_ID_BITS)) / 2 + 1;
    this.nextAnswer = nextRequest + 1;
  }

  /** Makes a session; what the server says first is read when the stream has started. */
  @Override
  void open(Duration timeout) throws IOException {
    String start =
        "%s%s rid='%d' to='%s' ver='1.6' wait='%d' hold='1' content='text/xml; charset=utf-8' xml:lang='en' xmpp:version='1.0'/>"
            .formatted(BODY_START, XBOSH, nextRequest, domain, LONGEST_WAIT.toSeconds());
    nextRequest++;
    OkHttpClient opening = web.http(timeout).newBuilder().callTimeout(timeout).build();
    Call call = opening.newCall(request(start));
    synchronized (lock) {
      calls.put(nextAnswer - 1, call);
    }
    StringBuilder features = new StringBuilder();
    try (Response response = call.execute()) {
      StartTag tag =
          BoshBody.read(
              body(response),
              xml -> {
                if (features.length() + xml.length() > StreamNames.MAX_ELEMENT_BYTES) {
                  throw new WebException(
                      WebException.Reason.TOO_LARGE, host + " begins with too much");
                }
                features.append(xml);
              });
      requireSession(tag);
      synchronized (lock) {
        client = web.http(LONGEST_WAIT.plus(WAIT_MARGIN));
        session = tag.attribute("sid");
        streamAttributes = streamAttributes(tag);
        maxRequests = maxRequests(tag);
      }
      incoming.putNow(StreamNames.header(streamAttributes));
      incoming.putNow(features.toString().getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw WebException.of(host, e);
    } finally {
      synchronized (lock) {
        Call unused = calls.remove(nextAnswer - 1);
      }
    }
  }

  private void requireSession(StartTag tag) throws WebException {
    if ("terminate".equals(tag.value("type"))) {
      throw terminated(tag);
    }
    if (tag.value("sid") == null) {
      throw WebException.malformed(host + " makes no BOSH session");
    }
  }

  /** The stream's identifier and its author, which are told once. */
  private String streamAttributes(StartTag tag) {
    String from = tag.attribute("from");
    String id = tag.attribute("authid");
    return (from.isEmpty() ? " from='" + domain + "'" : from)
        + (id.isEmpty() ? tag.attribute("sid").replaceFirst("sid", "id") : id)
        + " version='1.0' xml:lang='en'";
  }

  private static int maxRequests(StartTag tag) {
    String requests = tag.value("requests");
    return requests != null && requests.equals("1") ? 1 : MAX_REQUESTS;
  }

  private WebException terminated(StartTag tag) {
    String condition = tag.value("condition");
    return new WebException(
        WebException.Reason.CLOSED,
        "%s ended the BOSH session: %s"
            .formatted(
                host, condition == null ? "no reason given" : WebException.printable(condition)));
  }

  private Request request(String body) throws WebException {
    return new Request.Builder()
        .url(WebClient.httpUrl(uri))
        .post(RequestBody.create(body.getBytes(StandardCharsets.UTF_8), XML))
        .build();
  }

  private InputStream body(Response response) throws WebException {
    ResponseBody body = response.body();
    if (response.code() != 200 || body == null) {
      throw WebException.refused(host, response.code());
    }
    return body.byteStream();
  }

  @Override
  InputStream input() {
    return incoming;
  }

  @Override
  void write(byte[] octets, int offset, int length) throws IOException {
    outgoing.write(octets, offset, length);
  }

  private final class Outgoing implements ElementSplitter.Sink {
    @Override
    public void opened(StartTag root) {
      synchronized (lock) {
        if (streamStarted) {
          restartWanted = true;
        }
        streamStarted = true;
      }
      goOn();
    }

    @Override
    public void element(String xml) throws IOException {
      String element = StreamNames.standingAlone(xml);
      synchronized (lock) {
        while (pendingChars > MAX_PENDING_CHARS && !ended) {
          try {
            lock.wait();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while sending");
          }
        }
        if (ended) {
          throw new WebException(
              WebException.Reason.CLOSED, "the BOSH session at " + host + " has ended");
        }
        pending.add(element);
        pendingChars += element.length();
      }
      goOn();
    }

    @Override
    public void closed() {
      synchronized (lock) {
        endWanted = true;
      }
      goOn();
    }
  }

  /** Sends what there is to send, and gives the server something to answer. */
  private void goOn() {
    synchronized (lock) {
      while (client != null && !ended && streamStarted && hasReasonForRequest()) {
        long id = nextRequest++;
        send(new Exchange(id, nextBody(id), 1));
      }
    }
  }

  private void send(Exchange exchange) {
    synchronized (lock) {
      if (client != null && !ended) {
        try {
          Call call = client.newCall(request(exchange.body));
          calls.put(exchange.id, call);
          call.enqueue(exchange);
        } catch (WebException e) {
          throw new IllegalStateException("an address that was one before", e);
        }
      }
    }
  }

  private boolean hasReasonForRequest() {
    int open = calls.size() + answers.size() + (reading ? 1 : 0);
    if (endSent || open >= maxRequests || waiting > 0 || isSentAgainJustNow()) {
      return false;
    }
    return open == 0 || !pending.isEmpty() || restartWanted || endWanted;
  }

  private boolean isSentAgainJustNow() {
    return System.nanoTime() - sentAgainAtNanos < RETRY_DELAY_NANOS;
  }

  private String nextBody(long id) {
    String start = "%s rid='%d'%s".formatted(BODY_START, id, session);
    if (pending.isEmpty() && restartWanted) {
      restartWanted = false;
      // The restarted stream's header comes before what the server says in it.
      incoming.putNow(StreamNames.header(streamAttributes));
      return start + XBOSH + " to='" + domain + "' xml:lang='en' xmpp:restart='true'/>";
    }
    StringBuilder elements = new StringBuilder();
    while (!pending.isEmpty()
        && (elements.isEmpty()
            || elements.length() + pending.element().length() <= MAX_REQUEST_CHARS)) {
      elements.append(pending.remove());
    }
    pendingChars -= elements.length();
    lock.notifyAll();
    endSent = endWanted && pending.isEmpty();
    return start + (endSent ? " type='terminate'" : "") + ">" + elements + "</body>";
  }

  /** A request, until it is answered. */
  private final class Exchange implements Callback {
    private final long id;
    private final String body;
    private final int attempt;

    Exchange(long id, String body, int attempt) {
      this.id = id;
      this.body = body;
      this.attempt = attempt;
    }

    @Override
    public void onResponse(Call call, Response response) {
      if (NO_ANSWER.contains(response.code())) {
        response.close();
        tryAgain(WebException.refused(host, response.code()));
        return;
      }
      synchronized (lock) {
        Call unused = calls.remove(id);
        if (ended) {
          response.close();
          return;
        }
        Response before = answers.put(id, response);
        if (before != null || reading) {
          return;
        }
        reading = true;
      }
      readAnswers();
    }

    @Override
    public void onFailure(Call call, IOException e) {
      tryAgain(WebException.of(host, e));
    }

    private void tryAgain(WebException failure) {
      if (attempt >= MAX_ATTEMPTS || failure.reason().isAboutIdentity()) {
        fail(failure);
        return;
      }
      synchronized (lock) {
        waiting++;
      }
      try {
        boolean sent = false;
        while (!sent && !over.await(RETRY_DELAY_MILLIS, TimeUnit.MILLISECONDS)) {
          sent = sentInTurn();
        }
        boolean unused = over.await(RETRY_DELAY_MILLIS, TimeUnit.MILLISECONDS);
        goOn();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        fail(failure);
      }
    }

    /** Sends it again, unless one before it has to be sent first, or was sent just now. */
    private boolean sentInTurn() {
      synchronized (lock) {
        boolean isFirst = calls.firstKey() == id;
        if (!isFirst && (waiting > 1 || isSentAgainJustNow())) {
          return false;
        }
        waiting--;
        sentAgainAtNanos = System.nanoTime();
        send(new Exchange(id, body, attempt + 1));
        return true;
      }
    }
  }

  /** Reads the answers that are next in order; one thread does it at a time. */
  private void readAnswers() {
    while (true) {
      Response response;
      synchronized (lock) {
        Map.Entry<Long, Response> first = answers.firstEntry();
        if (first == null || first.getKey() != nextAnswer) {
          reading = false;
          break;
        }
        nextAnswer++;
        response = first.getValue();
        Response unused = answers.remove(first.getKey());
      }
      try (response) {
        StartTag tag = BoshBody.read(body(response), this::arrived);
        if ("terminate".equals(tag.value("type"))) {
          serverEnds(tag);
        } else if ("error".equals(tag.value("type"))) {
          throw WebException.malformed(host + " could not read a BOSH request");
        } else if (isEndAnswered()) {
          endStream();
        }
      } catch (IOException e) {
        fail(WebException.of(host, e));
      }
    }
    goOn();
  }

  private boolean isEndAnswered() {
    synchronized (lock) {
      return endSent && nextAnswer == nextRequest;
    }
  }

  private void arrived(String xml) throws IOException {
    try {
      incoming.put(xml.getBytes(StandardCharsets.UTF_8));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while reading");
    }
  }

  private void serverEnds(StartTag tag) {
    boolean asked;
    synchronized (lock) {
      asked = endSent;
    }
    if (asked || tag.value("condition") == null) {
      endStream();
    } else {
      fail(terminated(tag));
    }
  }

  private void endStream() {
    incoming.putNow(StreamNames.end());
    incoming.end();
    drop();
  }

  private void fail(WebException reason) {
    incoming.fail(reason);
    drop();
  }

  /** Nothing is sent or read any more. */
  private void drop() {
    synchronized (lock) {
      ended = true;
      over.countDown();
      pending.clear();
      pendingChars = 0;
      calls.values().forEach(Call::cancel);
      answers.values().forEach(Response::close);
      answers.clear();
      lock.notifyAll();
    }
  }

  /** Tells the server, if it was not told, and does not wait for its answer. */
  @Override
  void shut() {
    incoming.close();
    boolean isOpen;
    synchronized (lock) {
      isOpen = client != null && streamStarted && !ended;
      endWanted = true;
    }
    if (isOpen) {
      goOn();
    } else {
      drop();
    }
  }
}
