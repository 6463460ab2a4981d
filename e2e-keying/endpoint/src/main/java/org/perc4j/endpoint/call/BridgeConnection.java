/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.call;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.Closeable;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.bouncycastle.tls.TlsFatalAlert;
import org.bouncycastle.tls.TlsTimeoutException;
import org.jivesoftware.smack.AbstractXMPPConnection;
import org.jspecify.annotations.Nullable;
import org.jxmpp.jid.EntityFullJid;
import org.perc4j.e2e.session.ConferenceSession;
import org.perc4j.e2e.srtp.CryptexPolicy;
import org.perc4j.endpoint.jingle.ExternalServices;
import org.perc4j.endpoint.jingle.JingleSession;
import org.perc4j.endpoint.rtp.Line;
import org.perc4j.endpoint.rtp.MediaEngine;
import org.perc4j.endpoint.signalling.AnnouncedSources;
import org.perc4j.endpoint.signalling.BridgeChannel;
import org.perc4j.endpoint.signalling.CongestionFeedback;
import org.perc4j.endpoint.signalling.DtlsSetup;
import org.perc4j.endpoint.signalling.ReceiverConstraints;
import org.perc4j.endpoint.signalling.Source;
import org.perc4j.endpoint.transport.IceFailedException;
import org.perc4j.endpoint.transport.PacketProtection;
import org.perc4j.endpoint.transport.RelayAccess;
import org.perc4j.endpoint.transport.SecureTransport;
import org.perc4j.endpoint.transport.SessionEndToEnd;
import org.perc4j.endpoint.transport.SrtpProfile;

/**
 * The way to the bridge, as Jicofo offers it: one transport and one WebSocket after the other.
 * Everything that waits is done on one thread, in the order in which it was asked for. Thread-safe.
 */
final class BridgeConnection implements Closeable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int MAX_ATTEMPTS = 5;
  private static final long CHANNEL_RETRY_SECONDS = 5;

  /** Most bridges are reached without relays: a server that says nothing of them must not delay. */
  private static final Duration SERVICES_PATIENCE = Duration.ofSeconds(3);

  /** Whoever is sent media protected by one layer only could read it at the bridge. */
  private static final List<SrtpProfile> PROFILES = List.of(SrtpProfile.DOUBLE_AEAD_AES_128_GCM);

  /** Hears of the bridge; must not block. */
  interface Listener {
    void event(CallEvent event);

    /** The bridge says that somebody speaks. */
    void speaks(String occupant);
  }

  private final AbstractXMPPConnection connection;
  private final String nickname;
  private final JoinOptions options;
  private final Listener listener;
  private final ScheduledExecutorService thread;
  private final JingleSession jingle;
  private final HttpClient http;
  private final CompletableFuture<Endpoint> endpoint = new CompletableFuture<>();
  private volatile Runnable whenOffered = () -> {};
  private volatile JingleSession.@Nullable Offer newest;
  private volatile @Nullable SecureTransport transport;
  private volatile @Nullable CompletableFuture<BridgeChannel> channel;
  private volatile ReceiverConstraints constraints = ReceiverConstraints.EVERYTHING;

  /** How often the bridge was not reached, one time after the other. */
  private int attempts;

  private volatile boolean closed;

  /**
   * Who connects.
   *
   * @param session protects media end to end
   * @param sources the own ones
   */
  record Endpoint(ConferenceSession session, MediaEngine engine, List<Source> sources) {}

  /** Listens for offers; takes them when there is a {@linkplain #setEndpoint endpoint}. */
  BridgeConnection(
      AbstractXMPPConnection connection,
      EntityFullJid focus,
      String nickname,
      JoinOptions options,
      Listener listener) {
    this.connection = connection;
    this.nickname = nickname;
    this.options = options;
    this.listener = listener;
    this.thread =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread one = new Thread(task, nickname + "-signalling");
              one.setDaemon(true);
              return one;
            });
    this.http = HttpClient.newBuilder().sslContext(options.network().web().sslContext()).build();
    this.jingle = new JingleSession(connection, focus, nickname, new Offers());
  }

  /** Returns who sends what, as Jicofo says. */
  AnnouncedSources sources() {
    return jingle.sources();
  }

  /** Has somebody told, on the thread that reads the connection, that there was an offer. */
  void whenOffered(Runnable told) {
    whenOffered = told;
  }

  /** There is somebody who can connect, from now on. */
  void setEndpoint(Endpoint connects) {
    boolean unused = endpoint.complete(connects);
  }

  // ---------------------------------------------------------------- the thread

  private interface Step {
    void run() throws IOException, InterruptedException;
  }

  private void later(Step step) {
    try {
      thread.execute(() -> guarded(step));
    } catch (RejectedExecutionException e) {
      if (!closed) {
        throw e;
      }
    }
  }

  private void guarded(Step step) {
    try {
      if (!closed) {
        step.run();
      }
    } catch (IOException | RuntimeException e) {
      if (!closed) {
        listener.event(new CallEvent.Failed(e));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  // ---------------------------------------------------------------- offers

  private final class Offers implements JingleSession.Listener {
    @Override
    public void offered(JingleSession.Offer offer) {
      whenOffered.run();
      newest = offer;
      // Jicofo may be quicker than the entry into the room.
      CompletableFuture<Void> unused =
          endpoint.thenAccept(connects -> later(() -> accept(offer, connects)));
    }

    @Override
    public void iceRestarted(JingleSession.IceRestart restart) {
      SecureTransport current = transport;
      if (current != null) {
        later(
            () ->
                current.restartIce(
                    restart.transport(),
                    own -> jingle.acceptIceRestart(own, restart.generation()),
                    options.network().patience()));
      }
    }

    @Override
    public void ended(@Nullable String reason) {
      CompletableFuture<Void> unused =
          endpoint.thenAccept(
              connects ->
                  later(
                      () -> {
                        disconnect(connects.engine());
                        disconnected(reason == null ? "the session ended" : reason);
                      }));
    }
  }

  private void disconnected(String detail) {
    listener.event(new CallEvent.Disconnected(detail));
  }

  private void accept(JingleSession.Offer offer, Endpoint connects)
      throws IOException, InterruptedException {
    if (offer != newest) {
      return;
    }
    disconnect(connects.engine());
    try {
      connect(offer, connects);
      attempts = 0;
      listener.event(new CallEvent.Connected());
      VideoFormat format = options.sending().video();
      if (format != null && !offer.takes(format.codec())) {
        listener.event(new CallEvent.CodecRefused(format.codec()));
      }
      useChannel(offer);
    } catch (TlsFatalAlert e) {
      disconnected("the bridge cannot keep the room private: " + e.getMessage());
    } catch (IceFailedException | TlsTimeoutException e) {
      disconnected("the bridge is not reached: " + e.getMessage());
      // Jicofo offers another session, perhaps of another bridge.
      if (++attempts <= MAX_ATTEMPTS) {
        jingle.requestRestart();
      }
    } catch (IOException e) {
      if (offer == newest && !closed) {
        disconnected("the bridge is not reached: " + e.getMessage());
      }
    }
  }

  private void connect(JingleSession.Offer offer, Endpoint connects)
      throws IOException, InterruptedException {
    CongestionFeedback feedback = offer.feedback(CongestionFeedback.TRANSPORT_WIDE);
    MediaEngine engine = connects.engine();
    AtomicReference<@Nullable Line> line = new AtomicReference<>();
    SecureTransport next =
        new SecureTransport(
            options.network().sockets(),
            new RelayAccess(
                ExternalServices.ask(connection, SERVICES_PATIENCE),
                options.network().web().sslContext()),
            nickname,
            false,
            DtlsSetup.ACTIVE,
            PROFILES,
            packet -> {
              long now = System.nanoTime();
              engine.execute(
                  () -> {
                    Line origin = line.get();
                    if (origin != null) {
                      engine.receive(origin, packet, now);
                    }
                  });
            });
    transport = next;
    jingle.accept(offer, feedback, next.description(), connects.sources());
    openChannel(offer);
    next.connect(offer.transport(), options.network().patience());
    PacketProtection protection =
        next.takeProtection(new SessionEndToEnd(connects.session()), CryptexPolicy.ALLOWED);
    Line made = new Line(protection, feedback, next::send, next::send);
    line.set(made);
    engine.execute(() -> engine.setLine(made));
  }

  private void disconnect(MediaEngine engine) {
    engine.execute(() -> engine.setLine(null));
    closeTransport();
  }

  private void closeTransport() {
    SecureTransport former = transport;
    transport = null;
    if (former != null) {
      former.close();
    }
    CompletableFuture<BridgeChannel> opened = channel;
    channel = null;
    if (opened != null) {
      CompletableFuture<Void> unused = opened.thenAccept(BridgeChannel::close);
    }
  }

  /** Nothing has come of the bridge for some seconds. */
  void silent() {
    later(
        () -> {
          disconnected("the bridge does not answer");
          jingle.requestRestart();
        });
  }

  // ---------------------------------------------------------------- the bridge's WebSocket

  private void openChannel(JingleSession.Offer offer) {
    URI address = offer.channel();
    channel =
        address == null ? null : BridgeChannel.opening(http, address, new BridgeMessages(offer));
  }

  private void useChannel(JingleSession.Offer offer) throws InterruptedException {
    URI address = offer.channel();
    CompletableFuture<BridgeChannel> opening = channel;
    if (address == null || opening == null) {
      return;
    }
    try {
      BridgeChannel.opened(opening, address).send(constraints);
    } catch (IOException e) {
      // Media flow all the same; what is wanted of whom the bridge does not know.
      listener.event(new CallEvent.Failed(e));
      reopenChannel(offer);
    }
  }

  /** On the thread: what is gone twice is opened once. */
  private void reopenChannel(JingleSession.Offer offer) {
    if (offer != newest || channel == null) {
      return;
    }
    channel = null;
    try {
      Object unused =
          thread.schedule(
              () -> guarded(() -> openChannelAgain(offer)),
              CHANNEL_RETRY_SECONDS,
              TimeUnit.SECONDS);
    } catch (RejectedExecutionException e) {
      if (!closed) {
        throw e;
      }
    }
  }

  private void openChannelAgain(JingleSession.Offer offer) throws InterruptedException {
    if (offer == newest) {
      openChannel(offer);
      useChannel(offer);
    }
  }

  private final class BridgeMessages implements BridgeChannel.Listener {
    private final JingleSession.Offer offer;

    BridgeMessages(JingleSession.Offer offer) {
      this.offer = offer;
    }

    @Override
    public void received(String message) {
      try {
        JsonNode json = JSON.readTree(message);
        switch (json.path("colibriClass").asText()) {
          case "DominantSpeakerEndpointChangeEvent" ->
              listener.speaks(json.path("dominantSpeakerEndpoint").asText());
          case "ForwardedSources" -> {
            Set<String> sources = new HashSet<>();
            json.path("forwardedSources").forEach(name -> sources.add(name.asText()));
            listener.event(new CallEvent.Forwarded(sources));
          }
          default -> {
            // nothing that this side has a use for
          }
        }
      } catch (JsonProcessingException e) {
        listener.event(new CallEvent.Failed(e));
      }
    }

    @Override
    public void closed() {
      later(() -> reopenChannel(offer));
    }
  }

  /** Says what video is wanted, now and after each move. */
  void constrain(ReceiverConstraints wanted) {
    constraints = wanted;
    later(
        () -> {
          CompletableFuture<BridgeChannel> told = channel;
          if (told != null && told.isDone() && !told.isCompletedExceptionally()) {
            told.join().send(wanted);
          }
        });
  }

  /** Ends the session with Jicofo. */
  @Override
  public void close() {
    closed = true;
    jingle.close();
    Object unused = thread.shutdownNow();
    closeTransport();
  }
}
